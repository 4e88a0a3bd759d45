"""Opening a closed case again, what a further assessment changed, and starting a case from another."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from tests.services.making import MET, make_case
from tests.services.reviewing import amended, closed, completed, now, overridden
from tests.services.test_cases import complete, save
from tests.support.sessions import signed_in
from tests.web.asking import questions, send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def ask(desk: Client, case: Case, why: str, version: int | None = None) -> object:
    sent = {"version": now(case).version if version is None else version, "why": why}
    return desk.post(reverse("case_amend", args=[case.reference]), sent)


def test_a_closed_case_is_read_only_and_names_the_way_to_amend_it(desk: Client) -> None:
    case = closed()
    text = shown(desk.get(questions(case)))
    assert "its answers stand still" in text
    assert reverse("case_amend", args=[case.reference]) in text
    assert 'type="radio"' not in text
    verdict = shown(desk.get(reverse("case", args=[case.reference])))
    assert "Amend" in verdict
    assert "Edit answers" not in verdict
    assert "Complete case" not in verdict


def test_amending_asks_why_and_opens_the_questions_again(desk: Client) -> None:
    case = closed()
    assert "Why is this case amended?" in shown(desk.get(reverse("case_amend", args=[case.reference])))
    response = ask(desk, case, " Final pathology. ")
    assert response.url == questions(case)  # type: ignore[attr-defined]
    text = shown(desk.get(questions(case)))
    assert "This closed case is open again." in text
    assert "Final pathology." in text
    assert send(desk, now(case), margin="negative").status_code == 302


@pytest.mark.parametrize("why", ["", "   ", "x" * 201, "a\nb", "a\x00b"])
def test_amending_without_a_reason_that_can_be_kept_is_asked_again(desk: Client, why: str) -> None:
    case = closed()
    assert ask(desk, case, why).status_code == 422  # type: ignore[attr-defined]
    assert now(case).status == "closed"


def test_amending_from_an_old_page_or_what_is_not_closed_is_told(desk: Client) -> None:
    case = closed()
    amended(case)
    response = ask(desk, case, "Me too.", version=case.version)
    assert response.status_code == 409  # type: ignore[attr-defined]
    assert "It was not opened again." in shown(response)
    waiting = completed()
    assert ask(desk, waiting, "Because.").url == questions(waiting)  # type: ignore[attr-defined]
    assert now(waiting).status == "completed"
    assert desk.get(reverse("case_amend", args=[waiting.reference])).status_code == 302


def test_the_further_assessment_shows_what_it_changed_side_by_side(desk: Client) -> None:
    case = closed()
    amended(case, "Final pathology.")
    save(now(case), {"margin": "negative"})
    complete(case)
    text = shown(desk.get(reverse("assessment_changes", args=[case.reference, 2])))
    for words in ("Assessment 1", "Assessment 2", "Why again:", "Final pathology.", "Agreed"):
        assert words in text
    for words in ("Positive", "Negative", "Criteria met", "Investigational", "F1", "F2", "All else here reads alike"):
        assert words in text
    path = reverse("assessment_changes", args=[case.reference, 2])
    assert path in shown(desk.get(reverse("case", args=[case.reference])))
    for number in (1, 3, 0, 2**63):
        assert desk.get(reverse("assessment_changes", args=[case.reference, number])).status_code == 404


def test_a_case_is_copied_into_a_new_one_that_says_so(desk: Client) -> None:
    case = closed(given=MET, label="Bed 4")
    overridden_too = completed()
    overridden(overridden_too)
    response = desk.post(reverse("case_copy", args=[case.reference]), follow=True)
    copy = Case.objects.latest("pk")
    assert copy.copied_from == case
    text = shown(response)
    assert "Started as a copy of" in text
    assert 'value="positive" id="id_margin_2" checked' in text
    assert "Bed 4" not in text


def test_only_who_may_work_on_cases_amends_and_copies() -> None:
    case, reviewer = closed(), signed_in("reviewer")
    assert reviewer.get(reverse("case_amend", args=[case.reference])).status_code == 403
    assert ask(reviewer, case, "Because.").status_code == 403  # type: ignore[attr-defined]
    assert reviewer.post(reverse("case_copy", args=[case.reference])).status_code == 403
    assert "Amend" not in shown(reviewer.get(reverse("case", args=[case.reference])))
    assert (Case.objects.count(), now(case).status) == (1, "closed")


def test_a_copy_is_made_by_a_button_alone(desk: Client) -> None:
    assert desk.get(reverse("case_copy", args=[make_case("fep", MET).reference])).status_code == 405
