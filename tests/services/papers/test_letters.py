"""The letters as Word documents: what each verdict lets them say, and what they never say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.papers import NoLetter, cautions, paper, prospects
from coverage_app.services.papers.letter import POSITION, letter_data, supporting
from coverage_app.services.papers.source import Source, source_of
from tests.services.making import MET
from tests.services.papers.cases import (
    OF_VERDICT,
    SARCOMA,
    again_under,
    completed,
    completed_again,
    docx_text,
    either_way,
    letter_text,
    of_verdict,
    overridden,
    sent_back,
    step,
)
from tests.services.reports import EITHER_WAY
from tests.services.test_cases import save

pytestmark = pytest.mark.django_db

LETTERS = ("necessity", "appeal")
CLAIM = "the criteria of this passage are met"
REFUSED = {
    ("undetermined", "necessity"), ("undetermined", "appeal"), ("no_edition", "necessity"), ("no_edition", "appeal"),
    ("governed_elsewhere", "necessity"),
}  # fmt: skip


@pytest.mark.parametrize("verdict", OF_VERDICT)
@pytest.mark.parametrize("kind", LETTERS)
def test_each_verdict_has_its_own_words_and_no_other_claims_that_criteria_are_met(verdict: str, kind: str) -> None:
    case = of_verdict(verdict)
    if (verdict, kind) in REFUSED:
        with pytest.raises(NoLetter):
            paper(case=case, kind=kind)
        return
    text = letter_text(case, kind)
    assert POSITION["asked_by_policy" if verdict == "physician_review" else verdict] in text  # NIA, pancreas
    assert "governs" not in text
    assert (CLAIM in text) is (verdict == "criteria_met")
    assert ("How this case meets it" in text) is (verdict == "criteria_met")
    assert not any(word in text.lower() for word in ("approved", "denied"))


OPEN = "This text does not settle a case like this one."
EITHER = "The sentence can be read either way: margins asked of T4 lesions alone, or of recurrent disease too."
EXPECTED = "The text does not say whether an expected margin suffices."
DISTANT = "The text does not say whether recurrent disease includes distant disease."
JUNCTION = "The text does not say whether the rectosigmoid junction is rectum."


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize(
    ("code", "given", "position"),
    [
        ("nia", {"site": "pancreas"}, "This text itself asks for review by a physician."),
        ("fep", EITHER_WAY, f"{OPEN} {EITHER}"),
        ("bcbsma", {**MET, "margin_basis": "anticipated"}, f"{OPEN} {EXPECTED}"),
        # two reasons that apply; others may apply by what is not documented, and a letter leaves those out
        ("fep", {"site": "rectosigmoid", "recurrence": "distant", "margin": "close"}, f"{OPEN} {DISTANT} {JUNCTION}"),
    ],
    ids=["asked", "either way", "anticipated", "several"],
)
def test_a_letter_says_why_a_physician_has_to_look_with_the_reasons_that_apply(
    code: str, given: dict[str, str], position: str, kind: str
) -> None:
    case = completed(code, given)
    reasons = case.assessments.get().report["verdict"]["reasons"]
    assert data(case, kind)["position"] == position
    text = letter_text(case, kind)
    assert position in text
    assert not any(reason["text"] in text for reason in reasons if not reason["applies"])


@pytest.mark.parametrize("kind", LETTERS)
def test_every_letter_states_edition_date_and_checksum(kind: str) -> None:
    case = completed("fep", MET)
    text = letter_text(case, kind)
    checksum = case.assessments.get().checksum
    for words in (f"Case {case.reference}, assessment 1 of", "FEP 8.01.08, in force since 1 Oct 2023", checksum):
        assert words in text
    assert "Rectal cancer with positive or close margins with T4 lesions or recurrent disease." in text


def test_people_fill_in_the_patient_the_plan_and_what_is_not_on_file() -> None:
    text = letter_text(completed("fep", MET, label="Somebody"), "necessity")
    for words in ("[Patient name]", "[Member ID]", "[Plan or group number]", "[Diagnosis code]", "CPT 77425"):
        assert words in text
    assert "Somebody" not in text


def test_an_answer_with_a_document_names_it_without_our_own_note_and_one_without_says_so() -> None:
    text = letter_text(completed("fep", MET, {"margin": "3", "t_stage": "1"}), "necessity")
    assert "Pathology report, 11 Mar 2024, page 3" in text
    assert text.count("Pathology report, 11 Mar 2024\n") == 1  # among the enclosures, one document
    assert "an aside of ours" not in text
    assert "As recorded by us" in text
    assert "Enclosures, to be added" in text


def data(case: Case, kind: str = "necessity") -> dict[str, list[dict[str, str]]]:
    return letter_data(source_of(case), kind)


def test_an_alternative_that_is_not_met_or_not_documented_is_not_mentioned() -> None:
    local = {**MET, "recurrence": "local"}
    del local["t_stage"]
    criteria = [line["text"] for line in data(completed("fep", local))["criteria"]]
    assert "“recurrent disease” (read as Primary or recurrent: Local recurrence or Regional recurrence)" in criteria
    assert "“T4 lesions”" not in criteria
    primary = [line["text"] for line in data(completed("fep", MET))["criteria"]]
    assert "“T4 lesions”" in primary
    assert not any("recurren" in text for text in primary)


# Whose criteria are listed: reading.md, section 8

BREAST = {
    "site": "breast", "technique": "electron", "age": "62", "t_stage": "t1", "nodes": "clinically_negative",
    "margin": "negative", "margin_basis": "final", "recurrence": "primary", "intent": "sole", "prior_rt": "none",
    "histology": "invasive", "apbi_suitable": "yes",
}  # fmt: skip
LISTED = {
    "FEP": ("fep", MET, [
        "“Rectal cancer” (read as Cancer site: Rectum)", "“positive or close margins”", "“T4 lesions”",
    ]),
    "278": ("bcbsma", MET, [
        "“Rectal cancer” (read as Cancer site: Rectum)", "“positive or close margins”", "“T4 lesions”",
    ]),
    "NIA breast": ("nia", BREAST, [
        "“Breast Cancer”", "“Single Fraction Electron-beam IORT”", "“50 years of age or older”",
        "“invasive cancer”", "“Tis or T1” (read as T category: T1)", "“Clinically node negative”",
        "“Negative surgical margins”",
        "“in accordance with ASTRO guidelines” (read as ASTRO suitable group: Yes)",
    ]),
    "NIA cervix": ("nia", {
        "site": "cervix", "recurrence": "local", "central_recurrence": "yes", "prior_rt": "ebrt",
        "technique": "electron",
    }, [
        "“cervical cancer”", "“local or regional recurrence”", "“centralized disease”",
        "“previous radiation therapy has occurred” (read as Prior radiation: External beam (EBRT), Brachytherapy or"
        " External beam and brachytherapy)",
    ]),
    "NIA colon": ("nia", {"site": "colon", "recurrence": "regional", "intent": "boost", "technique": "electron"}, [
        "“Colon Cancer”",
        "“recurrent cancer” (read as Primary or recurrent: Local recurrence or Regional recurrence)", "“as a boost”",
    ]),
    "NIA rectum": ("nia", MET, [
        "“rectal cancer” (read as Cancer site: Rectum)", "“positive or close margins”", "“T4 lesions”",
    ]),
    "NIA sarcoma": ("nia", {
        "site": "sarcoma_other", "recurrence": "primary", "intent": "boost", "technique": "electron",
        "high_risk": "documented",
    }, [
        "“soft tissue sarcomas”", "“boost treatment at time of surgery”",
        "“Tumor has a high risk of recurring” (read as High risk of recurrence: Documented)",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("of", LISTED)
def test_a_letter_lists_the_policys_criteria_in_its_words_and_no_condition_of_ours(of: str, kind: str) -> None:
    code, given, listed = LISTED[of]
    case = completed(code, given)
    assert [line["text"] for line in data(case, kind)["criteria"]] == listed
    ours = {leaf["text"] for leaf in leaves(case) if leaf["whose"] == "ours"}
    assert ours
    criteria, found, clinical = letter_text(case, kind).partition("Clinical information")
    assert found
    assert not any(text in criteria for text in ours)
    assert not any(f"\n{text}\n" in clinical for text in listed)


def leaves(case: Case) -> list[dict[str, Any]]:
    """The conditions of the provision that decides, as the frozen report has them."""

    def within(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if node["kind"] == "leaf":
            yield node
        for child in node["children"]:
            yield from within(child)

    return [leaf for provision in source_of(case).deciding for leaf in within(provision["tree"])]


def test_what_answers_a_condition_of_ours_is_clinical_information_beside_the_criteria() -> None:
    found = {line["label"]: line["answer"] for line in data(completed("fep", MET))["findings"]}
    assert found == {
        "Primary or recurrent": "Primary tumor", "Margin basis": "Final pathology", "Technique": "Electrons (IOERT)",
    }  # fmt: skip


def test_where_no_criteria_are_claimed_every_answer_is_clinical_information() -> None:
    said = data(completed("fep", {**MET, "margin": "negative"}))
    found = {line["label"]: line["answer"] for line in said["findings"]}
    assert (found["Margin"], found["T category"], found["Cancer site"]) == ("Negative", "T4", "Rectum")
    assert said["criteria"] == []


def test_an_answer_that_does_not_count_is_a_finding_and_gives_the_code() -> None:
    case = completed("fep", {**SARCOMA, "central_recurrence": "yes", "technique": "electron"})
    counting = {question["label"]: question["counts"] for question in source_of(case).report["questions"]}
    assert (counting["Central recurrence"], counting["Technique"]) == (False, False)
    text = letter_text(case, "appeal")
    for words in ("Central recurrence", "Electrons (IOERT)", "CPT 77425"):
        assert words in text
    assert "High risk" not in text  # what was not answered is not mentioned


def test_without_a_technique_the_code_is_left_to_be_filled_in() -> None:
    assert "CPT [CPT code]" in letter_text(completed("fep", SARCOMA), "appeal")


def test_a_letter_goes_to_the_plan_that_the_document_names_and_else_to_its_publisher() -> None:
    plan = "Blue Cross and Blue Shield Service Benefit Plan (Federal Employee Program)"
    assert data(completed("fep", MET))["payer"] == plan
    nia = data(completed("nia", MET))["payer"]
    assert nia == "[Health plan that delegates to National Imaging Associates (Evolent)]"
    assert data(completed("bcbsma", MET))["payer"] == "Blue Cross Blue Shield of Massachusetts"


def test_an_appeal_quotes_the_opening_of_the_document_first_and_a_request_does_not() -> None:
    case, opening = completed("nia", {"site": "kidney"}), "determinations will be made on a case-by-case basis"
    assert opening in letter_text(case, "appeal")
    assert opening not in letter_text(case, "necessity")
    assert [quote["section"] for quote in data(case, "appeal")["quotes"]] == [
        "Indications for IORT", "Contraindications for IORT",
    ]  # fmt: skip


def test_an_appeal_of_a_use_whose_criteria_are_met_does_not_call_it_one_that_is_not_addressed() -> None:
    case = completed("nia", MET)
    assert [remark["kind"] for remark in source_of(case).report["remarks"]].count("opening") == 1
    assert [quote["section"] for quote in data(case, "appeal")["quotes"]] == ["Rectal Cancer"]
    assert "case-by-case" not in letter_text(case, "appeal")


AGAINST = {
    "site": "breast", "recurrence": "primary", "intent": "sole", "clinical_trial": "no", "technique": "electron",
}  # fmt: skip


def test_rows_that_name_an_option_stand_as_summarized_with_their_versions_and_no_others() -> None:
    text = letter_text(completed("fep", SARCOMA), "appeal")
    table = "as summarized in FEP 8.01.08 (2023), Table"
    assert f"NCCN, version 2.2023, category 2A, {table} 2: Soft tissue sarcoma" in text
    assert f"ABS, version 2019, not rated, {table} 1: Sarcoma, extremity" in text
    assert "National Comprehensive Cancer Network. Soft tissue sarcoma. Version 2.2023." in text
    text = letter_text(completed("fep", AGAINST), "necessity")
    assert "ABS" not in text
    assert "What guidelines say" not in text


def test_category_3_is_never_all_that_supports() -> None:
    case = completed("fep", SARCOMA)
    source = source_of(case)
    for row in source.report["rows"]:
        row["category"] = "3"
    assert supporting(source) == []


def test_a_row_against_is_told_to_the_people_and_not_to_the_payer() -> None:
    found = {p.kind: p for p in prospects(completed("fep", AGAINST))[1]}
    assert any("ABS 2019 advises against this use." in caution for caution in found["necessity"].cautions)
    assert any("names this use as an option: the letter cites none" in c for c in found["necessity"].cautions)


# Overrides


@pytest.mark.parametrize("verdict", ["criteria_met", "investigational", "physician_review"])
def test_an_override_takes_every_claim_out_and_adds_none(verdict: str) -> None:
    case = overridden(of_verdict(verdict), "not_addressed" if verdict == "criteria_met" else "criteria_met")
    text = letter_text(case, "necessity")
    assert CLAIM not in text
    assert "investigational." not in text.split("for reference")[1]
    assert "individual consideration" in text
    assert "The chart says more." not in text


def test_an_override_does_not_make_up_for_what_is_not_documented() -> None:
    with pytest.raises(NoLetter, match="not documented"):
        paper(case=overridden(of_verdict("undetermined"), "criteria_met"), kind="necessity")


def test_a_reviewer_who_points_to_a_related_policy_stops_the_request() -> None:
    with pytest.raises(NoLetter, match=r"lists a related policy .* Read it before anything is requested"):
        paper(case=overridden(of_verdict("criteria_met"), "governed_elsewhere"), kind="necessity")


# What changed since


@pytest.mark.parametrize("kind", LETTERS)
def test_a_case_that_was_sent_back_has_no_letter_until_it_is_completed_again(kind: str) -> None:
    case = sent_back(completed("fep", MET))
    with pytest.raises(NoLetter, match=r"sent assessment 1 back: .*complete the case again first"):
        paper(case=case, kind=kind)
    assert CLAIM in letter_text(completed_again(save(case, {"margin": "close"})), kind)


@pytest.mark.parametrize("kind", LETTERS)
def test_answers_that_changed_since_leave_no_letter_to_be_written_from_those_of_before(kind: str) -> None:
    case = save(completed("fep", MET), {"margin": "negative"})
    with pytest.raises(NoLetter, match="open again since assessment 1"):
        paper(case=case, kind=kind)


# Several passages that decide


def test_where_no_passage_is_met_for_sure_none_is_claimed_and_what_is_open_is_listed() -> None:
    case = either_way({"site": "breast"})
    text = letter_text(case, "necessity")
    assert "Whichever of these passages applies, the policy's criteria are met" in text
    assert "Not documented: Margin." in text
    assert CLAIM not in text
    assert "How this case meets it" not in text
    assert "negative margins" in text
    assert "other margins" in text
    found = {p.kind: p for p in prospects(case)[1]}
    assert "whichever of its passages applies" in found["necessity"].line
    assert "Not documented, and left open in the letter: Margin." in found["necessity"].cautions


def test_a_passage_that_is_met_is_quoted_alone() -> None:
    text = letter_text(either_way({"site": "breast", "margin": "positive"}), "appeal")
    assert CLAIM in text
    assert "other margins" in text
    assert "negative margins" not in text


# What the payer did


def test_an_appeal_names_the_denial_and_leaves_places_where_there_is_none() -> None:
    case = completed("fep", MET)
    assert "[Date of the denial]" in letter_text(case, "appeal")
    step(case, "submitted", day=1)
    step(case, "denied", day=4, reason="investigational", reference="A-17 & more")
    text = letter_text(case, "appeal")
    assert "your decision of 4 Mar 2024 (reference A-17 & more)" in text
    assert "Investigational or experimental" in text
    assert "[Date of the denial]" not in text


def test_a_denial_on_appeal_is_named_as_such_and_a_struck_one_not_at_all() -> None:
    case = completed("fep", MET)
    step(case, "denied", day=4, reason="criteria")
    step(case, "appeal_lost", day=9, reason="criteria")
    assert "your decision on our appeal of 9 Mar 2024" in letter_text(case, "appeal")
    other = completed("fep", MET)
    step(other, "denied", day=4, reason="criteria", struck=True)
    assert "[Date of the denial]" in letter_text(other, "appeal")


def test_nothing_is_appealed_once_the_payer_has_approved() -> None:
    case = completed("fep", MET)
    step(case, "denied", day=4, reason="criteria")
    step(case, "appeal_won", day=9)
    with pytest.raises(NoLetter, match="nothing to appeal"):
        paper(case=case, kind="appeal")


def test_what_another_payer_denied_is_not_appealed_to_this_one() -> None:
    case = completed("fep", MET)
    step(case, "submitted", day=1)
    step(case, "denied", day=4, reason="criteria", reference="FEP-REF-1")
    case = again_under(case, "nia")
    with pytest.raises(NoLetter, match=r"denial of 4 Mar 2024 is by FEP 8\.01\.08.* NIA_CG_226"):
        paper(case=case, kind="appeal")
    text = letter_text(case, "necessity").replace("as summarized in FEP 8.01.08 (2023)", "")
    assert "FEP" not in text
    step(case, "denied", day=9, reason="coding", reference="NIA-7")
    assert "your decision of 9 Mar 2024 (reference NIA-7)" in letter_text(case, "appeal")


def test_what_another_payer_approved_leaves_the_denial_of_this_one_to_be_appealed() -> None:
    case = completed("fep", MET)
    step(case, "approved", day=4)
    case = again_under(case, "nia")
    assert "[Date of the denial]" in letter_text(case, "appeal")
    case = again_under(case, "fep")
    with pytest.raises(NoLetter, match="nothing to appeal"):
        paper(case=case, kind="appeal")


# What is said before it is written


def test_the_prospects_say_what_is_missing() -> None:
    source, found = prospects(completed("fep", MET, {"margin": "3"}))
    assert list(cautions(source)) == [f"No document is noted for {source.resting_on_nothing} answers."]
    assert [prospect.kind for prospect in found] == ["summary", "necessity", "appeal"]
    assert any("No denial is recorded" in caution for caution in found[2].cautions)


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_of_answers_that_contradict_each_other_comes_with_a_warning(kind: str) -> None:
    assert paper(case=completed("fep", MET), kind=kind).warning == ""
    case = completed("fep", MET, diagnosis_code="C50.911")
    said = paper(case=case, kind=kind).warning
    assert said == "1 contradiction between answers: look at the verdict page first."
    assert said in cautions(source_of(case))


# Hostile text


def test_text_of_people_is_never_a_tag_or_a_placeholder() -> None:
    case = completed("fep", MET)
    step(case, "denied", day=4, reason="other", reference="</w:t>{{ 7*7 }}{% x %}\u202e\U0001f642 <b>&amp;")
    text = letter_text(case, "appeal")
    assert "</w:t>{{ 7*7 }}{% x %}\U0001f642 <b>&amp;" in text
    assert "49" not in text.split("reference")[1][:60]


def test_a_report_with_odd_text_still_makes_a_document() -> None:
    case = completed("fep", MET)
    assessment = case.assessments.get()
    assessment.report["document"]["letters_to"] = "A & B <plan> \x0b\x00\ud800 " + "x" * 5000
    source = Source(case, assessment, None, ())
    assert letter_data(source, "necessity")["payer"].startswith("A & B <plan>")
    assert timezone.is_aware(assessment.completed_at)
    assert docx_text(paper(case=case, kind="necessity").content)
