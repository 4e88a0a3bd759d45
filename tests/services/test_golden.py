"""Golden cases: which hold for an edition, what comes out for them, and how a draft changes what is expected."""

import datetime as dt
from typing import Any

import pytest

from coverage_app.models import AuditEvent, Edition, FactValue, GoldenCase
from coverage_app.services.edition_rules import rules_of
from coverage_app.services.golden import (
    GoldenFault,
    GoldenTaken,
    golden_cases,
    remove_golden,
    retire_golden,
    run_golden,
    run_of,
    set_golden,
)
from coverage_app.services.golden_seen import seen_of
from coverage_app.services.life import publication_faults, withdraw_edition
from coverage_app.services.states import states_of
from tests.services.editions_made import copy_of
from tests.services.lives import in_review, published, second_edition
from tests.services.making import edition_of, import_small, person

pytestmark = pytest.mark.django_db

NAME = "Small covers breast cancer with a close margin"
GIVEN = {"site": "breast", "margin": "close"}


def keep(edition: Edition, name: str = NAME, **changed: Any) -> GoldenCase:
    """A golden case of the small policy, as the editor sets it."""
    fields: dict[str, Any] = {"answers": GIVEN, "verdict": "criteria_met", "why": "It says so."} | changed
    return set_golden(edition=edition, by=person("editor"), name=name, **fields)


def names(edition: Edition) -> list[str]:
    return [case.name for case in golden_cases(edition)]


@pytest.fixture
def small() -> Edition:
    return import_small(draft="published")


# Running


def test_a_case_passes_with_the_verdict_that_is_expected(small: Edition) -> None:
    keep(small)
    (result,) = run_of(small)
    assert (result.passed, result.got, result.provisions, result.missing) == (True, "criteria_met", ("S1",), ())


def test_a_failing_case_says_what_came_out_and_what_is_missing(small: Edition) -> None:
    keep(small, answers={"site": "breast"})
    (result,) = run_of(small)
    assert (result.passed, result.got) == (False, "undetermined")
    assert (result.provisions, result.missing) == (("S1", "S2"), ("margin",))


def test_undetermined_can_be_expected(small: Edition) -> None:
    keep(small, answers={}, verdict="undetermined")
    assert run_of(small)[0].passed


def test_numbers_are_kept_as_they_are_written(small: Edition) -> None:
    small.provisions.filter(code="S1").update(criteria="age >= 50")
    case = keep(small, answers={"age": " 62 "})
    assert case.answers == {"age": "62"}
    assert run_of(small)[0].passed


def test_an_answer_that_the_vocabulary_lost_is_a_failure_with_its_fault(small: Edition) -> None:
    keep(small)
    GoldenCase.objects.create(edition=small, name="Old", answers={"margin": "near"}, verdict="criteria_met")
    GoldenCase.objects.create(edition=small, name="Older", answers={"sight": "colon"}, verdict="investigational")
    faults = [result.fault for result in run_of(small) if not result.passed]
    assert faults == ['Unknown value "near" of margin.', 'Unknown fact "sight"; did you mean site?']


def test_an_edition_that_does_not_read_fails_them_all(small: Edition) -> None:
    keep(small)
    small.provisions.filter(code="S1").update(criteria="site is brest")
    (result,) = run_of(small)
    assert (result.passed, result.fault.startswith("The edition does not read")) == (False, True)


def test_one_that_reads_and_cannot_be_assessed_is_named_as_people_know_it(small: Edition) -> None:
    keep(small)
    small.provisions.filter(code="S2").update(criteria="site is colon")
    (result,) = run_of(small)
    assert result.fault == f"{small}: the last provision must be always, so that each case is answered."


def test_a_published_edition_is_run_with_the_words_it_was_published_with() -> None:
    edition = import_small()
    keep(edition)
    FactValue.objects.filter(fact__code="margin", code="close").update(label="Narrow")
    assert run_of(edition)[0].passed


def test_a_row_is_asked_for_its_stance() -> None:
    abs_ = copy_of("abs", dt.date(2031, 1, 1))
    case = set_golden(
        edition=abs_, by=person("editor"), name="Boost", row="abs-breast",
        answers={"intent": "boost", "recurrence": "primary"}, verdict="supports", why="Table 1.",
    )  # fmt: skip
    assert next(result for result in run_of(abs_) if result.case == case).passed


def test_rules_can_be_run_by_themselves(small: Edition) -> None:
    case = GoldenCase(name="x", answers=GIVEN, verdict="investigational")
    assert [(result.passed, result.got) for result in run_golden(rules_of(small)[""], [case])] == [
        (False, "criteria_met")
    ]


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_the_golden_cases_on_file_all_pass(code: str) -> None:
    results = run_of(edition_of(code))
    assert len(results) > 20
    assert [result for result in results if not result.passed] == []


# Which hold


def test_they_hold_for_later_editions_until_one_expects_something_else() -> None:
    draft = second_edition()
    first = draft.started_from
    assert first
    keep(first)
    assert [result.passed for result in run_of(draft)] == [True]
    keep(draft, verdict="physician_review")
    assert [(case.edition, case.verdict) for case in golden_cases(draft)] == [(draft, "physician_review")]
    assert [case.verdict for case in golden_cases(first)] == ["criteria_met"]


def test_they_are_read_without_the_vocabularies_that_editions_were_published_with() -> None:
    keep(import_small())
    (case,) = golden_cases(edition_of("small"))
    assert case.edition.get_deferred_fields() == {"vocabulary"}


def test_a_retired_one_holds_no_more_and_can_be_brought_back() -> None:
    draft = second_edition()
    first = draft.started_from
    assert first
    keep(first)
    retire_golden(edition=draft, by=person("editor"), name=NAME, why="No longer spoken of.")
    assert (names(first), names(draft)) == ([NAME], [])
    remove_golden(edition=draft, by=person("editor"), name=NAME)
    assert names(draft) == [NAME]


def test_those_of_a_withdrawn_edition_still_hold() -> None:
    second = published(in_review(second_edition()))
    keep(second)
    withdraw_edition(edition=second, by=person("editor"), reason="Misread.")
    later = copy_of("small", dt.date(2026, 1, 1))
    assert names(later) == [NAME]


def test_those_of_another_draft_do_not_hold() -> None:
    other = second_edition()
    keep(other)
    assert names(copy_of("small", dt.date(2026, 1, 1))) == [NAME]  # the copy brings its own
    fresh = Edition.objects.create(document=other.document, in_force=dt.date(2027, 1, 1))
    assert names(fresh) == []


# Setting


def test_setting_one_is_an_edit_with_an_event_and_a_state(small: Edition) -> None:
    keep(small)
    small.refresh_from_db()
    assert small.edited_by == person("editor")
    assert AuditEvent.objects.filter(action="set golden case").count() == 1
    state = states_of(small.pk).first()
    assert state
    assert NAME in state.content


@pytest.mark.parametrize(
    ("field", "changed", "said"),
    [
        ("name", {"name": " "}, "Give it a name."),
        ("name", {"name": "x" * 201}, "at most 200 characters"),
        ("why", {"why": " "}, "Say why"),
        ("verdict", {"verdict": ""}, "Choose what is expected."),
        ("verdict", {"verdict": "criteria_mett"}, "did you mean criteria_met?"),
        ("verdict", {"verdict": "supports"}, "Unknown verdict"),
        ("row", {"row": "abs-breast"}, "Unknown row"),
        ("margin", {"answers": {"margin": "closed"}}, "did you mean close?"),
        ("sight", {"answers": {"sight": "breast"}}, "did you mean site?"),
        ("age", {"answers": {"age": "sixty"}}, "is not a plain number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(small: Edition, field: str, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(GoldenFault) as fault:
        keep(small, **changed)
    assert list(fault.value.faults) == [field]
    assert said in fault.value.faults[field]
    assert not small.goldencases.exists()


def test_a_published_edition_takes_further_ones_and_changes_none() -> None:
    edition = import_small()
    keep(edition)
    for change in (
        lambda: keep(edition, verdict="investigational"),
        lambda: retire_golden(edition=edition, by=person("editor"), name=NAME, why="Why not."),
        lambda: remove_golden(edition=edition, by=person("editor"), name=NAME),
    ):
        with pytest.raises(GoldenFault, match="only a draft can change"):
            change()
    assert golden_cases(edition)[0].verdict == "criteria_met"


def test_what_is_no_longer_as_its_editor_saw_it_is_told_and_not_replaced(small: Edition) -> None:
    seen = seen_of(keep(small))
    keep(small, why="Changed.", seen=seen)
    with pytest.raises(GoldenTaken, match=r"editor changed this case on .*, after you opened this page"):
        keep(small, why="Changed otherwise.", seen=seen)
    with pytest.raises(GoldenTaken, match="A golden case of this name holds already"):
        keep(small, why="Added.", seen="")
    for step in (
        lambda: retire_golden(edition=small, by=person("editor"), name=NAME, why="Gone.", seen=seen),
        lambda: remove_golden(edition=small, by=person("editor"), name=NAME, seen=seen),
    ):
        with pytest.raises(GoldenTaken):
            step()
    assert small.goldencases.get().why == "Changed."


def test_retiring_wants_a_reason_and_a_case_that_holds(small: Edition) -> None:
    keep(small)
    with pytest.raises(GoldenFault, match="Say why"):
        retire_golden(edition=small, by=person("editor"), name=NAME, why=" ")
    with pytest.raises(GoldenFault, match="No golden case"):
        retire_golden(edition=small, by=person("editor"), name="Another", why="So.")


# Publishing


def test_an_edition_with_a_failing_one_waits_until_the_expectation_is_changed() -> None:
    draft = second_edition()
    assert draft.started_from
    keep(draft.started_from, verdict="investigational")
    assert any(NAME in fault for fault in publication_faults(draft, person("editor2")))
    keep(draft, verdict="criteria_met")
    assert not any(NAME in fault for fault in publication_faults(draft, person("editor2")))
