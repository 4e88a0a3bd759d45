"""What is due, and for whom."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.due import due_cases, due_for, may
from coverage_app.services.notices import mark_seen, unseen
from tests.services.due_cases import changed, near, overdue
from tests.services.making import MET, make_case, person
from tests.services.test_cases import complete, save

pytestmark = pytest.mark.django_db


def due(kind: str, who: str = "coordinator") -> list[str]:
    return [case.reference for case in due_cases(kind, person(who))]


def colleague() -> User:
    other = User.objects.create_user("colleague", email="")
    other.groups.set(person("coordinator").groups.all())
    return other


def other_reviewer() -> User:
    other = User.objects.create_user("other")
    other.groups.add(Group.objects.get(name="reviewer"))
    return other


def test_nothing_is_due_at_an_empty_desk() -> None:
    assert due_for(person("coordinator")) == []
    assert due_for(person("reviewer")) == []


def test_a_review_is_overdue_after_its_day() -> None:
    late, today = overdue(1), overdue(0)
    assert due("reviews", "reviewer") == [late.reference]
    assert today.review_due == timezone.localdate()


def test_an_overdue_review_is_its_reviewer_s_and_one_of_nobody_everybody_s() -> None:
    nobodys = overdue(9)
    mine = overdue(1, reviewer=person("reviewer"))
    overdue(5, reviewer=other_reviewer())
    [found] = due_for(person("reviewer"))
    assert (found.kind, found.count, found.yours) == ("reviews", 2, 1)
    assert list(found.cases) == [mine, nobodys]


def test_nobody_is_told_to_review_what_they_completed() -> None:
    both = person("reviewer")
    both.groups.add(*person("coordinator").groups.all())
    case = overdue()
    Case.objects.filter(pk=case.pk).update(updated_by=both)
    assert due("reviews", "reviewer") == [case.reference]
    person("coordinator").groups.add(*person("reviewer").groups.all())
    assert due("reviews", "coordinator") == []


@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_date_of_service_counts_from_today_to_a_week_from_now(days: int, told: bool) -> None:
    case = near(days)
    assert due("dates") == ([case.reference] if told else [])


def test_a_date_of_service_is_told_only_while_something_is_missing() -> None:
    case, unchosen = near(), near(code=None)
    whole = near(given=MET)
    assert due("dates") == [case.reference, unchosen.reference]
    save(case, {fact: answer for fact, answer in MET.items() if fact != "site"})
    assert due("dates") == [unchosen.reference]
    assert whole.missing == []


def test_what_is_missing_is_told_also_of_a_completed_case_until_the_payer_approves() -> None:
    case = near()
    complete(case)
    assert due("dates") == [case.reference]
    Case.objects.filter(pk=case.pk).update(outcome="approved")
    assert due("dates") == []


def test_an_overdue_review_of_somebody_who_reviews_no_more_is_everybody_s() -> None:
    left = other_reviewer()
    case = overdue(reviewer=left)
    assert due("reviews", "reviewer") == []
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert due("reviews", "reviewer") == [case.reference]


def test_a_coordinator_sees_all_and_their_own_first() -> None:
    other = colleague()
    make_case("fep", MET)
    theirs, mine = near(1), near(5, by=other)
    found = due_for(other)[0]
    assert (found.count, found.yours) == (2, 1)
    assert list(found.cases) == [mine, theirs]
    save(theirs, {"margin": "close"}, by="colleague")
    assert due_for(other)[0].yours == 2


def test_a_case_touched_by_a_policy_change_is_due_until_somebody_has_seen_it() -> None:
    case, _ = changed()
    found = due_cases("policy", person("coordinator")).get()
    assert (found, found.was, found.reads) == (case, "criteria_met", "physician_review")
    mark_seen(notice=unseen(person("coordinator")).get(case=case), by=person("coordinator"))
    assert due("policy") == []


def test_nobody_is_told_what_is_not_theirs_to_do() -> None:
    overdue(), near(), changed()
    assert [found.kind for found in due_for(person("coordinator"))] == ["dates", "policy"]
    assert [found.kind for found in due_for(person("reviewer"))] == ["reviews"]
    assert due_for(person("editor")) == []
    assert not may(AnonymousUser(), "dates")  # type: ignore[arg-type]  # whoever asks
    assert due("dates", "editor") == []


def test_only_the_first_few_are_named_and_the_queries_stay_the_same() -> None:
    user = person("coordinator")
    near(), changed()
    due_for(user)  # the permissions are kept with the user
    with CaptureQueriesContext(connection) as few:
        due_for(user)
    for _ in range(4):
        near()
    with CaptureQueriesContext(connection) as many:
        found = due_for(user)[0]
    assert (found.count, len(found.cases)) == (5, 3)
    assert len(many) == len(few) == 4


def test_a_day_may_be_named() -> None:
    case = near(3)
    day = timezone.localdate() + dt.timedelta(days=100)
    assert list(due_cases("dates", person("coordinator"), today=day)) == []
    assert list(due_cases("dates", person("coordinator"))) == [case]
