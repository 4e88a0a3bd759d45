"""The impact of a draft on the stored cases."""

import datetime as dt
from unittest.mock import patch

import pytest

from coverage_app.models import AuditEvent, Case, Edition, ImpactRun
from coverage_app.services import impact
from coverage_app.services.editions import put_in_force
from coverage_app.services.flows import Flow
from coverage_app.services.impact import ImpactFault, cancel_run, changes, flows, is_out_of_date, start_run, table
from tests.services.impacts import SOON, draft_of, found_by, newest, run_of
from tests.services.making import MET, make_case, payer, person
from tests.services.test_cases import complete

pytestmark = pytest.mark.django_db

BREAST = {"site": "breast", "margin": "negative"}


@pytest.fixture
def draft() -> Edition:
    """FEP's next edition, under which a breast cancer with a negative margin meets the criteria, and nothing else."""
    return draft_of("fep")


def test_a_run_finds_the_cases_that_would_get_another_verdict_and_no_other(draft: Edition) -> None:
    changed = [make_case("fep", MET), make_case("fep", BREAST)]
    make_case("fep", {**BREAST, "margin": "positive"})  # investigational in both
    make_case("nia", BREAST)  # another payer's
    make_case("fep", MET, date_of_service=SOON - dt.timedelta(days=1))  # the day before
    run = run_of(draft)
    assert (run.status, run.done, run.total) == ("done", 3, 3)
    assert found_by(run) == {
        changed[0].pk: ("criteria_met", "investigational"),
        changed[1].pk: ("investigational", "criteria_met"),
    }


def test_no_case_is_changed_by_a_run(draft: Edition) -> None:
    make_case("fep", BREAST)
    before = list(Case.objects.values())
    run_of(draft)
    assert list(Case.objects.values()) == before


def test_open_and_completed_cases_are_counted_apart(draft: Edition) -> None:
    for _ in range(2):
        make_case("fep", MET)
    complete(make_case("fep", MET))
    make_case("fep", BREAST)
    assert flows(run_of(draft)) == [
        Flow("criteria_met", "investigational", open=2, completed=1),
        Flow("investigational", "criteria_met", open=1, completed=0),
    ]


def test_the_changes_of_one_kind_are_listed_alone(draft: Edition) -> None:
    one, other = make_case("fep", MET), make_case("fep", BREAST)
    run = run_of(draft)
    assert [change.case for change in changes(run)] == [other, one]
    assert [change.case for change in changes(run, before="criteria_met", after="investigational")] == [one]


def test_the_file_has_a_head_and_a_line_for_each_case(draft: Edition) -> None:
    case = make_case("fep", MET, product="Basic")
    head, line = table(run_of(draft))
    assert dict(zip(head, line, strict=True)) == {
        "Case": case.reference,
        "Status": "Draft",
        "Date of service": "2024-03-11",
        "Product": "Basic",
        "Disease": "Rectum, T4",
        "Verdict now": "Criteria met under this policy",
        "Verdict then": "Investigational",
    }


def test_pieces_of_one_case_find_the_same(draft: Edition) -> None:
    for _ in range(3):
        make_case("fep", MET)
    whole = found_by(run_of(draft))
    with patch.object(impact, "PIECE", 1):
        assert found_by(run_of(draft)) == whole
    assert len(whole) == 3


# Starting


def test_a_second_start_gives_the_run_that_waits_already(draft: Edition) -> None:
    first, begun = start_run(edition=draft, by=person("editor"))
    second, again = start_run(edition=draft, by=person("editor2"))
    assert (first.pk, begun, second.pk, again) == (first.pk, True, first.pk, False)
    assert AuditEvent.objects.filter(action="impact").count() == 1


def test_a_new_run_takes_the_place_of_the_old_one(draft: Edition) -> None:
    make_case("fep", MET)
    old = run_of(draft)
    assert run_of(draft).pk != old.pk
    assert ImpactRun.objects.count() == 1


def test_an_edition_on_file_has_no_impact_to_come(draft: Edition) -> None:
    put_in_force(edition=draft, by=None)
    draft.refresh_from_db()
    with pytest.raises(ImpactFault, match="what it changes has happened"):
        start_run(edition=draft, by=person("editor"))


def test_a_guideline_decides_no_case() -> None:
    edition = Edition.objects.create(document=payer("abs"), in_force=SOON)
    with pytest.raises(ImpactFault, match="Only a payer's policy"):
        start_run(edition=edition, by=person("editor"))


@pytest.mark.parametrize(
    ("criteria", "said"),
    [("site is brest", "Provision S1: .*did you mean breast"), ("site is breast", "last provision must be always")],
)
def test_a_draft_that_does_not_read_is_refused_with_the_reason(criteria: str, said: str) -> None:
    draft = draft_of("fep", ("S1", "always", "investigational"))
    draft.provisions.update(criteria=criteria)
    with pytest.raises(ImpactFault, match=said):
        start_run(edition=draft, by=person("editor"))
    assert not ImpactRun.objects.exists()


# Edited meanwhile


def test_a_run_is_out_of_date_once_criteria_are_edited(draft: Edition) -> None:
    run = run_of(draft)
    assert not is_out_of_date(run, draft)
    draft.provisions.filter(code="S1").update(criteria="site is rectum")
    assert is_out_of_date(run, draft)


def test_a_corrected_quote_leaves_the_result_as_good_as_it_was(draft: Edition) -> None:
    run = run_of(draft)
    draft.provisions.filter(code="S1").update(quote="Said so, indeed.")
    assert not is_out_of_date(run, draft)


def test_another_edition_published_since_makes_it_out_of_date(draft: Edition) -> None:
    run = run_of(draft)
    put_in_force(edition=draft_of("fep", in_force=SOON + dt.timedelta(days=9)), by=None)
    assert is_out_of_date(run, draft)


def test_a_draft_edited_before_the_worker_came_ends_the_run_with_the_reason(draft: Edition) -> None:
    run, _ = start_run(edition=draft, by=person("editor"))
    draft.provisions.filter(code="S1").update(criteria="site is rectum")
    impact.run_impact.func(run.pk)
    run = newest(draft)
    assert (run.status, run.fault) == ("failed", impact.EDITED)


def test_a_cancelled_run_stops_and_leaves_nothing(draft: Edition) -> None:
    make_case("fep", MET)
    run = run_of(draft)
    ImpactRun.objects.update(status="running")
    assert cancel_run(run=run, by=person("editor"))
    assert not cancel_run(run=run, by=person("editor"))
    assert (newest(draft).status, run.changes.count()) == ("cancelled", 0)
