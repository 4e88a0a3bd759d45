"""The summary as a PDF: opened by a real reader, tagged, and saying what the assessment says."""

from typing import Any

import pytest

from coverage_app.models import Assessment
from coverage_app.services.papers import NoAssessment, PaperFault, paper
from coverage_app.services.papers.source import Source
from coverage_app.services.papers.summary import summary_data
from tests.services.making import MET, make_case
from tests.services.papers.cases import OF_VERDICT, SARCOMA, completed, of_verdict, overridden, pdf, pdf_text, sent_back
from tests.services.test_cases import save

pytestmark = pytest.mark.django_db


def test_it_is_a_tagged_pdf_for_universal_access_with_language_and_title_on_letter_paper() -> None:
    case = completed("fep", MET)
    read = pdf(case)
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].lower() == "en-us"
    assert read.metadata is not None
    assert read.metadata.title == f"Case summary {case.reference}"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages} == {(612, 792)}


def test_its_structure_has_headings_tables_and_lists() -> None:
    found = set(_structure(pdf(of_verdict("undetermined")).trailer["/Root"]["/StructTreeRoot"]))  # type: ignore[index]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= found


def _structure(node: Any) -> list[str]:
    node = node.get_object()
    if isinstance(node, list):
        return [name for child in node for name in _structure(child)]
    if not isinstance(node, dict):
        return []
    return [str(node.get("/S", "")), *(_structure(node["/K"]) if "/K" in node else [])]


def test_every_page_states_case_assessment_date_edition_checksum_and_its_number() -> None:
    case = of_verdict("undetermined")
    checksum = case.assessments.get().checksum
    pages = [" ".join(page.extract_text().split()) for page in pdf(case).pages]
    for number, text in enumerate(pages, 1):
        for words in (f"Case {case.reference}, assessment 1 of ", "NIA_CG_226, in force since 1 Jan 2023", checksum):
            assert words in text
        assert f"Page {number} of {len(pages)}" in text


@pytest.mark.parametrize("verdict", OF_VERDICT)
def test_every_verdict_is_said_with_its_sentence(verdict: str) -> None:
    case = of_verdict(verdict)
    report, text = case.assessments.get().report, pdf_text(case)
    assert report["verdict"]["headline"] in text
    assert report["verdict"]["sentence"] in text
    assert "Not a determination of benefits" in text


def test_it_quotes_the_deciding_sentence_and_the_rows_with_their_versions() -> None:
    given = {**MET, "intent": "boost"}
    text = pdf_text(completed("bcbsma", given, diagnosis_code="C20", setting="outpatient"))
    assert "Rectal cancer with positive or close margins with T4 lesions or recurrent disease." in text
    for words in (
        "NCCN, version 3.2023", "category 2A", "ABS, version 2019", "As summarized in FEP 8.01.08 (2023), Table 1.",
        "77425", "C20", "Not required", "Other services of the session",
    ):  # fmt: skip
        assert words in text
    assert "DDY7CZZ" not in text
    assert "DDY7CZZ" in pdf_text(completed("bcbsma", given, diagnosis_code="C20", setting="inpatient"))


def test_each_answer_says_what_it_rests_on_and_which_rest_on_nothing() -> None:
    text = pdf_text(completed("fep", MET, {"margin": "3"}))
    assert "Positive Pathology report, 11 Mar 2024, page 3, an aside of ours" in text
    assert "T4 Nothing on file" in text


def test_what_is_missing_and_what_does_not_fit_together_is_there() -> None:
    assert "Is the recurrence central?" in pdf_text(of_verdict("undetermined"))
    assert "does not fit the site Rectum" in pdf_text(completed("fep", MET, diagnosis_code="C50.911"))


def test_where_only_the_closing_provision_decides_the_nearest_criteria_are_shown() -> None:
    text = pdf_text(completed("fep", {**MET, "margin": "negative"}))
    assert "Criteria met under this policy (does not decide)" in text
    criterion = "Margin: Close or Positive The policy's criterion: “positive or close margins”"
    assert f"{criterion} Negative Nothing on file Not met" in text


def test_each_criterion_says_whose_it_is_and_a_provision_that_is_a_reading_says_so() -> None:
    text = pdf_text(completed("fep", {**MET, "margin": "negative"}))
    assert "The policy's criterion, read narrower by us: “Rectal cancer”" in text
    assert "Margin basis: Frozen section or Final pathology Our condition, not stated as a criterion" in text
    assert "These conditions are our reading as a whole" in text  # F1r, for review, is not met either


def test_an_answer_that_does_not_count_is_listed_and_named_as_set_aside() -> None:
    text = pdf_text(completed("fep", {**SARCOMA, "central_recurrence": "yes"}))
    assert "Recorded, and not counted for the verdict, which they cannot change: Central recurrence." in text
    assert "Central recurrence Yes Nothing on file" in text
    assert "Technique Not documented" in text  # asked for the code


@pytest.mark.parametrize("case", [
    ("nia", {"site": "pancreas"}, "The policy asks for it.", []),
    ("fep", {**MET, "margin_basis": "anticipated"}, "The policy's text does not settle this case.",
     ["The text does not say whether an expected margin suffices."]),
])  # fmt: skip
def test_a_review_says_whether_the_policy_asks_for_it_or_why_its_text_does_not_settle_the_case(case: Any) -> None:
    code, given, why, reasons = case
    text = pdf_text(completed(code, given)).replace("’", "'")
    assert "Physician review needed" in text
    for words in (why, *reasons):
        assert words in text


def test_a_reviewers_own_verdict_stands_beside_the_assessments() -> None:
    text = pdf_text(overridden(of_verdict("criteria_met"), "physician_review"))
    assert "The reviewer's verdict is another: Physician review needed" in text.replace("’", "'")
    assert "Clinical judgment. The chart says more." in text
    assert "Criteria met under this policy" in text


def test_it_is_written_from_the_frozen_assessment_whatever_changed_since() -> None:
    case = completed("fep", MET)
    before = paper(case=case, kind="summary").content
    assert paper(case=case, kind="summary").content == before
    case = save(case, {"margin": "negative"})
    text = pdf_text(case)
    assert "The case is open again since." in text
    assert "Criteria met under this policy" in text
    assert "Margin Positive" in text
    assert "The case is open again" in paper(case=case, kind="summary").warning


def test_what_a_reviewer_sent_back_is_said_on_it() -> None:
    text = pdf_text(sent_back(completed("fep", MET)))
    assert "Which margin is it?" in text
    assert "The case is open again since." in text


HOSTILE = [
    '#import "@preview/x:1.0.0" $x$ `raw` *b* _i_ <a> @b \\ // ]) } #{panic()}',
    "{{ 7*7 }} {% include 'x' %} </w:t> & \"' <script>",
    "W" * 80,
    "מקרה של המעבדה ABC 12",
    "حالة المريض في الغرفة",
    "Room 4 \U0001f642\U0001f468\u200d\U0001f469 中文 x\u0304",
    "turned \u202egnuor\u202c \u0007bell\u0000"[:-1],
]


@pytest.mark.parametrize("label", HOSTILE)
def test_whatever_a_label_holds_is_text_on_paper(label: str) -> None:
    case = completed("fep", MET, label=label)
    text = pdf_text(case).replace("\u200b", "")
    assert "Criteria met under this policy" in text
    if label.isascii() and label.isprintable():
        assert label.replace(" ", "") in text.replace(" ", "")


def test_characters_without_a_glyph_are_boxes_that_are_explained() -> None:
    text = pdf_text(completed("fep", MET, label="Room 4 \U0001f642"))
    assert "Room 4 □" in text
    assert "□ stands for a character" in text


def test_a_case_that_was_never_completed_has_no_paper() -> None:
    with pytest.raises(NoAssessment, match="complete it first"):
        paper(case=make_case("fep", MET), kind="summary")


def test_an_assessment_that_does_not_match_its_checksum_gives_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    case = completed("fep", MET)
    monkeypatch.setattr("coverage_app.services.papers.source.checksum", lambda report: "0" * 64)
    with pytest.raises(PaperFault, match="does not match its checksum"):
        paper(case=case, kind="summary")


def test_an_assessment_of_before_evidence_was_asked_for_still_gives_a_paper() -> None:
    case = completed("fep", MET)
    report = case.assessments.get().report
    for question in report["questions"]:
        question.pop("rests_on", None)
    old = Assessment(case=case, report=report, number=1, completed_at=case.created_at, completed_by=case.created_by)
    answers = summary_data(Source(case, old, None, ()))["answers"]
    assert {line["rests_on"] for line in answers if line["answer"]} == {"Nothing on file"}


def test_names_of_files_tell_reference_and_kind_alone() -> None:
    case = completed("fep", MET, label="Somebody")
    assert paper(case=case, kind="summary").name == f"{case.reference}-summary.pdf"
    assert paper(case=case, kind="appeal").name == f"{case.reference}-appeal.docx"
    with pytest.raises(PaperFault, match="There is no paper"):
        paper(case=case, kind="../x")
