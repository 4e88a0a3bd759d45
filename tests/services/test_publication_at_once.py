"""A case saved at the very moment of a publication: it repeats the new verdict, or is told of it."""

import datetime as dt
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from coverage_app.models import Assessment, Case, Edition, PolicyNotice
from coverage_app.services import case_life, cases, editions
from coverage_app.services.cases import Change, complete_case, save_case, standing_of
from coverage_app.services.life import publish_edition
from tests.services.lives import edited, in_review, second_edition
from tests.services.making import answers, make_case, payer, person
from tests.services.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BREAST = {"site": "breast", "margin": "negative"}
DAY = dt.date(2025, 7, 10)
SOON = 0.4  # seconds: what does not wait has long ended


@pytest.fixture
def draft() -> Edition:
    """The small policy's next edition in review: it no longer covers a negative margin."""
    return in_review(edited(second_edition(), criteria="site is breast and margin is close"))


@pytest.fixture
def pausing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], tuple[Event, Event]]:
    """Lets a service stop after its work, before its transaction ends: (it has come there, the other has ended)."""

    def pausing(module: Any) -> tuple[Event, Event]:
        there, other, record = Event(), Event(), module.record

        def waiting(**given: Any) -> None:
            record(**given)
            there.set()
            other.wait(SOON)

        monkeypatch.setattr(module, "record", waiting)
        return there, other

    return pausing


def after(first: Event, work: Callable[[], Any], done: Event) -> Callable[[], Any]:
    """The work, begun once ``first`` has come; ``done`` says that it has ended."""

    def run() -> Any:
        assert first.wait(10)
        try:
            return work()
        finally:
            done.set()

    return run


def publishing(draft: Edition) -> Callable[[], Any]:
    by = person("editor2")
    return lambda: publish_edition(edition=draft, by=by)


def told(case: Case) -> list[tuple[str, str]]:
    return list(PolicyNotice.objects.filter(case=case).values_list("before", "after"))


def repeats_what_is_given(case: Case) -> bool:
    stored = Case.objects.select_related("document").get(pk=case.pk)
    return stored.verdict == standing_of(stored).code == "investigational"


def coming(case: Case) -> Callable[[], Any]:
    """The case gets the small policy's payer."""
    change, by = Change({"document": payer("small")}, answers({})), person("coordinator")
    return lambda: save_case(case=case, version=case.version, change=change, by=by)


def test_a_case_that_comes_to_the_payer_during_a_publication_waits_for_it(draft: Edition, pausing: Any) -> None:
    case = make_case("fep", BREAST, date_of_service=DAY)
    there, other = pausing(editions)
    found = at_once(publishing(draft), after(there, coming(case), other))
    assert [type(one) for one in found] == [Edition, Case]
    assert (repeats_what_is_given(case), told(case)) == (True, [])


def test_a_publication_waits_for_a_case_that_is_coming_and_tells_it(draft: Edition, pausing: Any) -> None:
    case = make_case("fep", BREAST, date_of_service=DAY)
    there, other = pausing(cases)
    found = at_once(coming(case), after(there, publishing(draft), other))
    assert [type(one) for one in found] == [Case, Edition]
    assert (repeats_what_is_given(case), told(case)) == (True, [("criteria_met", "investigational")])


def test_a_case_completed_meanwhile_is_told(draft: Edition, pausing: Any) -> None:
    case, by = make_case("small", BREAST, date_of_service=DAY), person("coordinator")
    there, other = pausing(cases)
    done, _ = at_once(
        lambda: complete_case(case=case, version=case.version, by=by), after(there, publishing(draft), other)
    )
    assert (type(done), done.verdict) == (Assessment, "criteria_met")
    assert told(case) == [("criteria_met", "investigational")]


def test_a_case_sent_back_meanwhile_repeats_the_new_verdict(draft: Edition, pausing: Any) -> None:
    case, reviewer = make_case("small", BREAST, date_of_service=DAY), person("reviewer")
    complete_case(case=case, version=case.version, by=person("coordinator"))
    case.refresh_from_db()
    there, other = pausing(case_life)
    at_once(
        lambda: case_life.send_back(case=case, version=case.version, by=reviewer, question="Which margin?"),
        after(there, publishing(draft), other),
    )
    assert repeats_what_is_given(case)
