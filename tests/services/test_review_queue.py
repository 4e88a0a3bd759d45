"""Whose case waits for review, in which order, and how urgent it is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_app.models import Case
from coverage_app.services.case_life import assign, reviewers
from coverage_app.services.review_queue import queue, urgency, waiting
from tests.services.making import MET, make_case, person
from tests.services.reviewing import agreed, another_reviewer, completed, sent
from tests.services.test_cases import save

MONDAY = dt.date(2024, 3, 11)


def due(case: Case, day: dt.date | None) -> Case:
    Case.objects.filter(pk=case.pk).update(review_due=day)
    return case


def test_the_queue_is_mine_nobodys_and_the_others() -> None:
    me, other = person("reviewer"), another_reviewer()
    cases = [completed() for _ in range(3)]
    for case, reviewer in zip(cases, (me, other), strict=False):
        assign(case=case, reviewer=reviewer, by=me)
    found = queue(me)
    assert [list(part) for part in (found.mine, found.others, found.nobodys)] == [[case] for case in cases]
    assert set(found.everybodys) == set(cases)
    assert list(queue(person("coordinator")).mine) == []


def test_what_is_due_first_stands_first_and_what_has_no_day_last() -> None:
    days = (None, MONDAY, MONDAY - dt.timedelta(days=3), MONDAY + dt.timedelta(days=1))
    cases = [due(completed(), day) for day in days]
    assert list(waiting()) == [cases[2], cases[1], cases[3], cases[0]]


def test_only_what_nobody_has_decided_waits() -> None:
    make_case("fep", MET)
    agreed(completed())
    sent(completed())
    save(completed(), {"margin": "close"})
    assert not waiting().exists()


def test_a_waiting_case_says_what_it_reads_and_who_completed_it() -> None:
    case = completed("fep", {**MET, "margin": "negative"})
    found = waiting().get()
    assert (found.reads, found.completer, found.completed) == (
        "investigational", person("coordinator").pk, case.assessments.get().completed_at
    )  # fmt: skip


def test_a_hundred_waiting_cases_are_read_in_one_query() -> None:
    for _ in range(3):
        completed()
    with CaptureQueriesContext(connection) as asked:
        assert [(case.document.code, case.reviewer) for case in waiting()] == [("fep", None)] * 3
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (MONDAY - dt.timedelta(days=1), "overdue"),
        (MONDAY, "soon"),
        (MONDAY + dt.timedelta(days=1), "soon"),
        (MONDAY + dt.timedelta(days=2), ""),
        (None, ""),
    ],
)
def test_urgency_is_overdue_soon_or_nothing(day: dt.date | None, said: str) -> None:
    assert urgency(day, MONDAY) == said


def test_on_a_friday_what_is_due_on_monday_is_soon() -> None:
    assert urgency(MONDAY, MONDAY - dt.timedelta(days=3)) == "soon"


def test_reviewers_are_those_who_may_decide_and_are_still_here() -> None:
    other = another_reviewer()
    assert list(reviewers()) == [person("reviewer"), other]
    other.is_active = False
    other.save()
    assert list(reviewers()) == [person("reviewer")]
