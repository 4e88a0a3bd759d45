"""What is missing from the chart, as a page to print for the clinic."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.web.presenters.evidence import checklist
from tests.services.making import MET, make_case, report
from tests.services.notes import READ_ON, answer, note
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db
OPEN = {"site": "rectum", "recurrence": "local", "margin": "close"}


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def page(desk: Client, case: Case) -> str:
    return shown(desk.get(reverse("checklist", args=[case.reference])))


def test_it_names_the_case_the_payer_and_the_day(desk: Client) -> None:
    text = page(desk, make_case("fep", OPEN, label="Bed 4"))
    for words in ("Bed 4", "Federal Employee Program", "FEP 8.01.08, in force since 1 Oct 2023", "11 Mar 2024"):
        assert words in text
    assert "Patient</dt><dd></dd>" in text


def test_what_is_missing_stands_with_question_help_and_the_sentence_that_asks_for_it(desk: Client) -> None:
    text = page(desk, make_case("fep", OPEN))
    for words in (
        "What can still decide",
        "How was the margin determined?",
        "Choose the firmest basis",
        "Rectal cancer with positive or close margins with T4 lesions or recurrent disease.",
        "FEP 8.01.08, Policy statement",
    ):
        assert words in text


def test_what_rests_on_nothing_is_listed_and_what_rests_on_a_document_is_not(desk: Client) -> None:
    case = note(make_case("fep", OPEN), "site", dated=READ_ON)
    case = answer(note(case, "margin", "imaging"), margin="positive")
    text = page(desk, case)
    assert "<strong>Margin</strong>: Positive" in text
    assert "Noted for “Close”: Imaging report" in text
    assert "<strong>Cancer site</strong>" not in text


def test_it_never_asks_for_one_answer_rather_than_another() -> None:
    for code in ("fep", "bcbsma", "nia"):
        for given in ({}, OPEN, {"site": "colon"}, {"site": "breast"}):
            lists = checklist(report(code, given))
            assert {item.label for item in lists["missing"]} == {m["label"] for m in report(code, given)["missing"]}
            assert all(item.answer == "" and item.why for item in lists["missing"])


def test_a_row_of_a_guideline_asks_apart_from_the_payer() -> None:
    lists = checklist(report("fep", MET))
    assert lists["missing"] == []
    assert [item.label for item in lists["for_rows"]] == ["Intent"]
    assert lists["for_rows"][0].why[0]["source"].startswith("NCCN")


def test_a_case_that_lacks_nothing_says_so(desk: Client) -> None:
    case = make_case("fep", {**MET, "intent": "boost"})
    for fact in (*MET, "intent"):
        note(case, fact)
    assert "Nothing is missing" in page(desk, case)


def test_without_a_payer_or_an_edition_it_says_what_it_cannot_know(desk: Client) -> None:
    assert "No payer is chosen yet" in page(desk, make_case(None, OPEN))
    assert "no edition on file for the date" in page(desk, make_case("fep", OPEN, date_of_service=dt.date(2020, 1, 1)))
    assert "Nothing is answered yet" in page(desk, make_case(None, {}))


def test_a_completed_case_prints_what_was_frozen(desk: Client) -> None:
    case = make_case("fep", OPEN)
    complete(case)
    text = page(desk, case)
    assert "assessment 1" in text
    assert "How was the margin determined?" in text


def test_it_is_linked_from_the_verdict_and_open_to_those_who_may_see_cases(desk: Client) -> None:
    case = make_case("fep", OPEN)
    path = reverse("checklist", args=[case.reference])
    assert path in shown(desk.get(reverse("case", args=[case.reference])))
    assert signed_in("reviewer").get(path).status_code == 200
    assert signed_in("editor").get(path).status_code == 403
    assert Client().get(path).status_code == 302
    assert desk.post(path).status_code == 405
    assert desk.get(reverse("checklist", args=["none"])).status_code == 404
