"""What differs between two assessments, in words."""

from typing import Any

from coverage_app.services.assessment_changes import changes, evidence_words
from tests.services.making import MET, report


def lines(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    parts = changes(before, after)
    return {part.title: {line.label: (line.before, line.after) for line in part.lines} for part in parts}


def test_two_that_read_alike_have_no_differences() -> None:
    parts = changes(report("fep", MET), report("fep", MET))
    assert not [line for part in parts for line in part.lines]
    assert next(part.alike for part in parts if part.title == "Answers") == 7


def test_a_changed_answer_shows_with_what_it_leads_to() -> None:
    found = lines(report("fep", MET), report("fep", {**MET, "margin": "negative"}))
    assert found["Answers"]["Margin"] == ("Positive", "Negative")
    assert found["Verdict and what decides"]["Verdict"] == ("Criteria met under this policy", "Investigational")
    assert found["Verdict and what decides"]["Deciding provision"] == ("F1", "F2")


def test_an_answer_that_no_longer_counts_says_so() -> None:
    found = lines(report("fep", MET), report("fep", {**MET, "site": "kidney"}))
    assert found["Answers"]["Margin basis"] == ("Final pathology", "Final pathology (does not count)")


def test_another_payer_day_and_code_are_told_in_words() -> None:
    found = lines(report("fep", MET, diagnosis_code="C20"), report("bcbsma", MET, setting="inpatient"))
    assert found["Verdict and what decides"]["Edition in force from"] == ("1 Oct 2023", "1 Sep 2020")
    assert found["Coverage"] == {
        "Diagnosis code": ("C20 Malignant neoplasm of rectum", ""),
        "Setting": ("", "Inpatient"),
    }
    assert found["Codes and authorization"]["CPT 77425"] == ("No list in this document", "Listed")


def test_evidence_is_compared_as_it_is_read() -> None:
    before, after = report("fep", MET), report("fep", MET)
    margin = next(question for question in after["questions"] if question["fact"] == "margin")
    margin["rests_on"] = {"document": "Pathology report", "dated": "2024-03-02", "place": "page 2", "note": "R1"}
    assert evidence_words(margin["rests_on"]) == "Pathology report, 2 Mar 2024, page 2: R1"
    assert lines(before, after)["What the answers rest on"]["Margin"] == (
        "",
        "Pathology report, 2 Mar 2024, page 2: R1",
    )


def test_a_day_without_an_edition_is_told() -> None:
    without = report("fep", MET)
    without |= {"edition": None, "provisions": []}
    assert lines(report("fep", MET), without)["Verdict and what decides"]["Edition in force from"] == (
        "1 Oct 2023", "No edition on file"
    )  # fmt: skip
