"""A case whose edition was superseded or withdrawn: what is told of it, and that nothing stored changes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_app.models import Assessment, Case, Edition
from coverage_app.services.life import withdraw_edition
from coverage_app.services.superseded import Superseded, superseded
from tests.services.editions_made import add, copy_of, published
from tests.services.making import DAY, MET, edition_of, make_case, person
from tests.services.test_cases import complete

pytestmark = pytest.mark.django_db

AGO = dt.date(2025, 3, 1)
TODAY = dt.date(2026, 5, 4)


def newer(code: str = "fep", day: dt.date = AGO) -> Edition:
    """The payer's next edition: rectal cancers that it covered before need a physician now."""
    draft = copy_of(code, day)
    add(draft, "X1", 1, "site is rectum and nodes is clinically_negative", "not_addressed")
    add(draft, "X2", 2, "site is rectum", "physician_review")
    return published(draft)


def withdraw(edition: Edition) -> None:
    withdraw_edition(edition=edition, by=person("editor"), reason="It was wrong.")


def told(case: Case, assessment: Assessment | None = None) -> Superseded:
    found = superseded(Case.objects.get(pk=case.pk), assessment, today=TODAY)
    assert found is not None
    return found


def test_nothing_is_told_while_the_edition_is_the_newest_in_force() -> None:
    case = make_case("fep", MET)
    newer(day=dt.date(2090, 1, 1))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert superseded(case, today=TODAY) is None
    assert len(asked) == 1
    assert superseded(case, complete(case), today=TODAY) is None
    assert superseded(make_case(None, MET), today=TODAY) is None


def test_a_day_before_the_first_edition_has_none_that_could_be_superseded() -> None:
    assert superseded(make_case("fep", MET, date_of_service=dt.date(2020, 1, 1)), today=TODAY) is None


def test_a_date_of_service_keeps_an_open_case_under_the_older_text() -> None:
    case = make_case("fep", MET)
    old, new = edition_of("fep"), newer()
    found = told(case)
    assert (found.edition, found.newer, found.kept, found.assessment) == (old, new, True, None)
    assert found.before
    assert found.after
    assert (found.before["code"], found.after["code"], found.changes) == ("criteria_met", "undetermined", True)


def test_a_completed_case_is_held_against_its_assessment_which_stands() -> None:
    case = make_case("fep", MET)
    assessment = complete(case)
    newer()
    before = Assessment.objects.values().get(pk=assessment.pk)
    found = told(case, assessment)
    assert found.kept
    assert found.before
    assert found.before["code"] == assessment.verdict
    assert found.missing == ["Lymph nodes"]
    assert [sentence["provisions"] for sentence in found.sentences] == [["X1", "X2"]]
    assert found.sentences[0]["quote"] == "A new sentence."
    assert Assessment.objects.values().get(pk=assessment.pk) == before


def test_a_day_that_has_another_edition_by_now_is_told_so() -> None:
    case = make_case("fep", MET, date_of_service=dt.date(2026, 9, 1))
    assessment = complete(case)
    new = newer(day=dt.date(2026, 8, 1))  # to come on TODAY, and in force on the day of service
    found = told(case, assessment)
    assert (found.newer, found.same_day, found.kept, found.begun) == (new, True, False, False)


def test_a_case_without_a_date_of_service_is_read_by_the_edition_of_today() -> None:
    case = make_case("fep", MET, date_of_service=None)
    assessment = complete(case)
    newer(day=AGO)
    found = told(case, assessment)
    assert found.same_day
    assert not found.dated
    assert superseded(make_case("fep", MET, date_of_service=None), today=TODAY) is None


def test_a_withdrawn_edition_leaves_the_day_without_one() -> None:
    case = make_case("fep", MET)
    assessment, old = complete(case), edition_of("fep")
    withdraw(old)
    for frozen in (assessment, None):
        found = told(case, frozen)
        assert found.withdrawn
        assert (found.newer, found.says, found.after, found.sentences) == (None, None, None, [])
    new = newer()
    found = told(case, assessment)
    assert (found.newer, found.same_day, found.kept) == (new, False, False)


def test_the_day_of_a_later_edition_that_was_withdrawn_has_none_any_more() -> None:
    case = make_case("fep", MET, date_of_service=dt.date(2026, 1, 5))
    assessment = complete(case)
    withdraw(newer(day=dt.date(2025, 12, 1)))
    found = told(case, assessment)
    assert (found.newer, found.same_day, found.kept, found.withdrawn) == (None, False, False, False)
    latest = published(copy_of("fep", dt.date(2026, 4, 1)))
    found = told(case, assessment)
    assert (found.newer, found.same_day, found.kept) == (latest, False, False)


def test_a_withdrawn_edition_that_was_replaced_is_held_against_its_replacement() -> None:
    case = make_case("fep", MET)
    assessment, old = complete(case), edition_of("fep")
    draft = copy_of("fep", old.in_force)
    withdraw(old)
    published(draft)
    found = told(case, assessment)
    assert (found.newer, found.same_day, found.changes) == (draft, True, False)


def test_the_same_verdict_is_told_as_the_same() -> None:
    case = make_case("fep", {"site": "breast"}, date_of_service=DAY)
    newer()
    assert not told(case).changes
