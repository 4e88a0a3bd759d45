"""The worklist as a whole: with nothing in it, with many cases, and as the policies change."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.cases import standing_of
from coverage_app.services.editions import put_in_force
from coverage_app.services.exchange import import_text
from coverage_app.services.life import withdraw_edition
from coverage_app.services.notices import mark_seen
from coverage_app.services.noting import renote_due
from tests.services.impacts import draft_of
from tests.services.making import MET, SMALL, edition_of, import_small, make_case, person
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import listed, shown

pytestmark = pytest.mark.django_db


# Empty


def test_an_empty_worklist_says_how_to_begin(desk: Client) -> None:
    text = shown(desk.get(reverse("worklist")))
    assert "No cases yet" in text
    assert "Begin the first case" in text


def test_a_reviewer_is_not_told_to_begin_a_case() -> None:
    text = shown(signed_in("reviewer").get(reverse("worklist")))
    assert "Coordinators begin cases." in text
    assert "New case</button>" not in text


# Many


def begin(number: int) -> None:
    for n in range(number):
        Case.objects.create(
            reference=f"x-{n:03}", created_by=person("coordinator"), updated_by=person("reviewer"), label=f"Number {n}"
        )


def test_pages_hold_25_cases_each_and_keep_the_filter(desk: Client) -> None:
    begin(60)
    pages = [listed(desk, page=n, status="draft") for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({reference for page in pages for reference in page}) == 60
    assert 'href="/?status=draft&page=2"' in shown(desk.get(reverse("worklist"), {"status": "draft"}))
    assert listed(desk, page=99) == listed(desk, page=3)


def queries(desk: Client) -> int:
    with CaptureQueriesContext(connection) as found:
        desk.get(reverse("worklist"))
    return len(found)


def test_thirty_cases_cost_no_more_queries_than_one(desk: Client) -> None:
    make_case("fep", MET)
    desk.get(reverse("worklist"))
    one = queries(desk)
    begin(20)
    for _ in range(9):
        make_case("nia", {"site": "breast"})
    assert queries(desk) == one
    assert one < 16


def test_a_full_page_is_small(desk: Client) -> None:
    begin(60)
    response = desk.get(reverse("worklist"), headers={"accept-encoding": "gzip"})
    assert len(response.content) < 12 * 1024


# A draft without a date of service speaks of today


def test_the_verdict_of_a_draft_follows_the_edition_that_comes_into_force(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_small()
    import_text(text=SMALL.replace("2025-01-01", "2099-01-01").replace("breast", "colon"), by=person("editor"))
    for given in ({"site": "breast", "margin": "close"}, {"site": "breast"}, {"site": "colon"}):
        make_case("small", given, date_of_service=None)
    dated = make_case("small", {"site": "breast", "margin": "close"}, date_of_service=dt.date(2026, 1, 1))
    done = make_case("small", {"site": "breast", "margin": "negative"}, date_of_service=None)
    complete(done)
    before = {case.pk: case.verdict for case in Case.objects.all()}
    assert set(before.values()) == {"criteria_met", "undetermined", "investigational"}
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    given = {case.reference: standing_of(case).code for case in Case.objects.select_related("document")}
    given[done.reference] = before[done.pk]
    assert given[dated.reference] == before[dated.pk]
    for verdict in set(given.values()):
        assert set(listed(desk, verdict=verdict)) == {case for case in given if given[case] == verdict}
    assert [given[case] for case in listed(desk, sort="verdict")] == sorted(given.values())
    renote_due()
    assert {case.reference: case.verdict for case in Case.objects.all()} == given


def test_looking_at_the_list_writes_nothing(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import_small()
    import_text(text=SMALL.replace("2025-01-01", "2099-01-01").replace("breast", "colon"), by=person("editor"))
    make_case("small", {"site": "breast", "margin": "close"}, date_of_service=None)
    desk.get(reverse("worklist"))  # a first request of a session may note its time
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    with CaptureQueriesContext(connection) as found:
        desk.get(reverse("worklist"), {"verdict": "investigational"})
    verbs = {query["sql"].split(maxsplit=1)[0].upper() for query in found}
    assert verbs <= {"SELECT"}, verbs


def test_what_is_missing_is_counted_by_the_edition_of_today(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import_small()
    import_text(text=SMALL.replace("2025-01-01", "2099-01-01"), by=person("editor"))
    make_case("small", {"site": "breast"}, date_of_service=None)
    Case.objects.update(missing=["margin", "age", "technique"])
    assert "3 answers missing" in shown(desk.get(reverse("worklist")))
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    assert "1 answer missing" in shown(desk.get(reverse("worklist")))


def test_an_edition_withdrawn_before_its_day_leaves_the_drafts_without_an_edition(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_small()
    import_text(text=SMALL.replace("2025-01-01", "2099-01-01"), by=person("editor"))
    case = make_case("small", {"site": "breast", "margin": "close"}, date_of_service=None)
    withdraw_edition(edition=edition_of("small"), by=person("editor"), reason="An error.")
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2098, 12, 31))
    assert listed(desk, verdict="criteria_met") == [case.reference]
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    assert listed(desk, verdict="criteria_met") == []
    assert listed(desk, verdict="no_edition") == [case.reference]


def test_once_noted_the_list_costs_as_many_queries_as_ever(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import_small()
    import_text(text=SMALL.replace("2025-01-01", "2099-01-01"), by=person("editor"))
    make_case("small", {"site": "breast"}, date_of_service=None)
    desk.get(reverse("worklist"))
    before = queries(desk)
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    renote_due()
    assert queries(desk) == before


# A case that an edition has changed


def test_a_case_whose_policy_has_changed_is_marked_until_somebody_has_seen_it(desk: Client) -> None:
    case = make_case("fep", MET)
    put_in_force(edition=draft_of("fep"), by=None)
    assert "Policy changed: Criteria met under this policy → Investigational" in shown(desk.get(reverse("worklist")))
    mark_seen(notice=case.policy_notices.get(), by=person("coordinator"))
    assert "Policy changed" not in shown(desk.get(reverse("worklist")))
