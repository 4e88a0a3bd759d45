"""Assessments frozen in form 2, before it was said whose each criterion is: they go on being read (decision 0006)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.papers.letter import POSITION, WHY_UNKNOWN, letter_data
from coverage_app.services.papers.source import source_of
from coverage_app.services.report import build_report
from coverage_app.services.report.trees import WHOSE
from tests.services.making import MET
from tests.services.papers.cases import completed, letter_text, pdf_text
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "criteria_met": ("fep", {**MET, "intent": "boost"}),
    "investigational": ("fep", {**MET, "intent": "boost", "t_stage": "t3", "downstaged_from_t4": "no"}),
    "physician_review": ("fep", {**MET, "margin_basis": "anticipated"}),
}
CRITERION = {
    "criteria_met": "Margin: Close or Positive Positive",
    "investigational": "T category: T4, T4a or T4b T3",
    "physician_review": "Margin: Close, Positive or Indeterminate Positive",
}
LETTERS = ("necessity", "appeal")
STATED = {**POSITION, "physician_review": POSITION[WHY_UNKNOWN]}
"""What a letter says of a verdict: form 2 did not say why a case goes to review."""
POINT = {
    "changes": [{"fact": "margin", "label": "Margin", "now": "Positive", "to": "Negative"}],
    "effects": [{"code": "investigational", "label": "Investigational", "tone": "invest", "icon": "not_met"}],
    "provisions": [{"id": "F2", "locator": "Policy statement", "quote": "Investigational for all other uses."}],
}
"""A turning point; form 2 had some among what is fixed, too."""
SITE = {**POINT, "changes": [{"fact": "site", "label": "Cancer site", "now": "Rectum", "to": "Kidney"}]}


def as_form_2(report: dict[str, Any]) -> dict[str, Any]:
    """A report as form 2 had it: without what was added since, and with what was dropped."""

    def strip(node: dict[str, Any]) -> None:
        _without(node, "whose", "whose_words", "policy_words")
        for child in node["children"]:
            strip(child)

    for provision in report["provisions"]:
        strip(provision["tree"])
        _without(provision, "reading", "reasons")
    for row in report["rows"]:
        _without(row, "contrast", "citation")
        row["agreement"] = {"tone": "met", "text": f"{row['society']} and the payer agree."}
    for question in [*report["questions"], *report["missing"]]:
        question.pop("purpose", None)
        _without(question, "nature")
    for remark in (r for kind in ("remarks", "evidence", "disclaimers", "misprints") for r in report[kind]):
        _without(remark, "dated")
    _without(report["verdict"], "why", "reasons")
    _without(report["codes"], "other_services")
    _without(report["document"], "letters_to")
    _without(report, "contrast")
    assert report["editions_on_file"] == []
    return {**report, "turning": {"documentation": [POINT], "fixed": [SITE]}, "form": 2}


def _without(part: dict[str, Any], *names: str) -> None:
    for name in names:
        del part[name]  # a name that is gone since has to be dropped here too


def frozen(verdict: str) -> Case:
    """A completed case whose only assessment was frozen in form 2."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coverage_app.services.cases.build_report", lambda standing: as_form_2(build_report(standing)))
        case = completed(*CASES[verdict])
    assessment = case.assessments.get()
    assert (assessment.report["form"], assessment.verdict) == (2, verdict)
    return case


@pytest.mark.parametrize("verdict", CASES)
def test_it_gives_a_summary_that_says_of_no_criterion_whose_it_is(verdict: str) -> None:
    case = frozen(verdict)
    text = pdf_text(case)
    verdict_block = case.assessments.get().report["verdict"]
    assert verdict_block["headline"] in text
    assert verdict_block["sentence"] in text
    assert "The policy's text does not settle" not in text.replace("’", "'")
    assert not any(words in text.replace("’", "'") for words in WHOSE.values())
    assert CRITERION[verdict] in text  # with the answer beside it


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("verdict", CASES)
def test_it_gives_a_letter_that_lists_no_criteria_and_every_answer_as_a_finding(verdict: str, kind: str) -> None:
    case = frozen(verdict)
    data = letter_data(source_of(case), kind)
    assert (data["criteria"], data["position"]) == ([], STATED[verdict])
    assert {line["label"] for line in data["findings"]} == {
        question["label"] for question in case.assessments.get().report["questions"] if question["answer"]
    }
    text = letter_text(case, kind)
    assert STATED[verdict] in text
    assert "How this case meets it" not in text
    assert not any(f"“{words}”" in text for words in ("positive or close margins", "T4 lesions"))


@pytest.mark.parametrize("verdict", CASES)
def test_it_gives_a_verdict_page(verdict: str) -> None:
    case = frozen(verdict)
    desk, old = signed_in("coordinator"), case.assessments.get().report
    for address in (reverse("case", args=[case.reference]), reverse("case_assessment", args=[case.reference, 1])):
        text = _page(desk, address)
        assert old["verdict"]["headline"] in text
        assert "Margin: Close or Positive" in text
        assert "Check the chart; do not answer to fit the policy." in text
        assert "Clinical facts that this verdict depends on" not in text  # form 2 had changes in their place
        assert "Kidney" not in text
        assert "the payer agree" not in text
        assert not any(words in text for words in WHOSE.values())


def _page(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return shown(answer)
