"""The queue of reviews: whose a waiting case is, and how it gets there."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.case_life import assign
from tests.services.making import person
from tests.services.reviewing import another_reviewer, completed, now
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, shown
from tests.web.test_review import decide, page

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def desk() -> Client:
    return signed_in("reviewer")


@pytest.fixture
def coordinator() -> Client:
    return signed_in("coordinator")


def give(desk: Client, case: Case, reviewer: Any, **given: Any) -> Any:
    sent = {"reviewer": reviewer, "was": str(case.reviewer_id or ""), **given}
    return desk.post(reverse("case_assign", args=[case.reference]), sent, follow=True)


def queued(desk: Client, **query: Any) -> str:
    return shown(desk.get(reverse("reviews"), query))


def due(case: Case, days: int) -> None:
    Case.objects.filter(pk=case.pk).update(review_due=TODAY() + dt.timedelta(days=days))


def test_an_empty_queue_says_what_to_expect(desk: Client, coordinator: Client) -> None:
    assert "Nothing waits for review" in queued(desk)
    assert "as soon as a coordinator completes it" in queued(coordinator)


def test_what_waits_stands_with_its_urgency_in_words(desk: Client) -> None:
    cases = [completed(label=f"Bed {n}") for n in range(3)]
    for case, days in zip(cases, (-1, 0, 30), strict=True):
        due(case, days)
    text = queued(desk)
    for words in ("Overdue: was due", "Due today", "FEP 8.01.08", "Rectum, T4", "11 Mar 2024", "Criteria met"):
        assert words in text
    for words in ("Mara Alvarez", "Bed 0", "With me", "With nobody yet 3", "No case waits for you"):
        assert words.replace(" 3", "") in text
    assert [text.index(f"Bed {n}") for n in range(3)] == sorted(text.index(f"Bed {n}") for n in range(3))


def test_a_case_is_taken_from_the_queue_and_given_to_another(desk: Client) -> None:
    case, other = completed(), another_reviewer()
    assert f"{case.reference} is with you." in shown(give(desk, case, person("reviewer").pk))
    assert now(case).reviewer == person("reviewer")
    assert "is with Ines Dahl." in shown(give(desk, now(case), other.pk, to="case"))
    assert "is with nobody in particular." in shown(give(desk, now(case), ""))


def test_a_case_that_somebody_took_meanwhile_is_not_taken_over(desk: Client) -> None:
    case, other = completed(), another_reviewer()
    assign(case=case, reviewer=other, by=other)
    assert "was given to Ines Dahl meanwhile" in shown(give(desk, case, person("reviewer").pk))
    assert now(case).reviewer == other


@pytest.mark.parametrize("reviewer", ["editor", "nobody", "99999", "1' or 1=1"])
def test_only_a_reviewer_of_the_desk_is_assigned(desk: Client, reviewer: str) -> None:
    case = completed()
    pk = person(reviewer).pk if reviewer == "editor" else reviewer
    assert give(desk, case, pk).status_code == 400
    assert now(case).reviewer is None


def test_the_queue_is_filtered_by_reviewer_and_has_pages(desk: Client) -> None:
    other = another_reviewer()
    mine, theirs = completed(label="Mine"), completed(label="Theirs")
    for case, reviewer in ((mine, person("reviewer")), (theirs, other)):
        assign(case=case, reviewer=reviewer, by=other)
    for wanted, there, not_there in (
        ("mine", "Mine", "Theirs"),
        (other.pk, "Theirs", "Mine"),
        ("others", "Theirs", "Mine"),
    ):
        text = queued(desk, reviewer=wanted)
        assert f'd-block">{there}<' in text
        assert f'd-block">{not_there}<' not in text
    assert "All reviews are shown" in queued(desk, reviewer="nonsense")
    assert "<html" not in shown(desk.get(reverse("reviews"), {"reviewer": "mine"}, headers=HTMX))


def test_a_long_part_shows_its_first_cases_and_the_way_to_all(desk: Client) -> None:
    first = completed(label="Bed 0")
    Case.objects.bulk_create(
        Case(reference=f"x-{n}", status="completed", document=first.document, created_by=first.created_by,
             updated_by=first.updated_by, review_due=TODAY()) for n in range(26)
    )  # fmt: skip
    assert "All 27 with nobody yet" in queued(desk)
    assert 'aria-label="Page 2"' in queued(desk, reviewer="nobody")
    assert queued(desk, reviewer="nobody", page="2").count('class="when"') == 2 + 1


def test_the_queue_costs_a_constant_number_of_queries(desk: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(reverse("reviews"))
        return len(found)

    completed()
    asked()
    one = asked()
    for n in range(8):
        assign(case=completed(), reviewer=person("reviewer") if n % 2 else None, by=person("reviewer"))
    assert asked() == one
    assert one < 16


def test_coordinators_read_the_queue_and_assign_nothing(coordinator: Client) -> None:
    case = completed()
    text = queued(coordinator)
    assert case.reference in text
    assert "Take it" not in text
    assert "Record the decision" not in page(coordinator, case)
    assert give(coordinator, case, person("reviewer").pk).status_code == 403
    assert decide(coordinator, case, "agreed").status_code == 403
    assert now(case).status == "completed"


def test_policy_editors_and_strangers_see_no_review() -> None:
    case = completed()
    for client in (signed_in("editor"), Client()):
        for name, args in (("reviews", None), ("case_review", [case.reference])):
            assert client.get(reverse(name, args=args)).status_code in (302, 403)
