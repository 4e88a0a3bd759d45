"""What the payer did: which step follows which, on which days, once, and struck rather than changed."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from coverage_app.models import AuditEvent, Case, PayerStep
from coverage_app.services.case_life import agree, amend_case, override
from coverage_app.services.payer_steps import (
    NEXT,
    StaleSteps,
    StepFault,
    add_step,
    next_kinds,
    steps_of,
    strike_step,
)
from tests.services.at_payers import FIRST, NOT_MET, UNSETTLED, again, completed, step, steps
from tests.services.making import make_case, payer, person
from tests.services.test_cases import save
from tests.services.test_two_at_once import at_once

pytestmark = pytest.mark.django_db


def reviewed(case: Case, **own: str) -> Case:
    """The case closed by the reviewer, who agrees or gives a verdict of their own."""
    act = partial(override, **own, reason="reading", comment="The text says so.") if own else agree
    act(case=case, version=case.version, by=person("reviewer"))  # type: ignore[operator]
    case.refresh_from_db()
    return case


def strike(made: PayerStep, why: str = "The wrong case.", by: str = "coordinator") -> PayerStep:
    return strike_step(step=made, why=why, by=person(by))


# Which step follows which


@pytest.mark.parametrize(
    "course",
    [
        ("submitted 0", "approved 3"),
        ("submitted 0", "denied 3 coding", "submitted 4", "approved 9"),
        ("submitted 0", "denied 3 criteria", "peer_to_peer 5", "approved 5"),
        ("submitted 0", "denied 3 criteria", "peer_to_peer 5", "denied 6 criteria", "appealed 9", "appeal_won 40"),
        ("submitted 0", "denied 3 other", "appealed 9", "appeal_lost 40 benefit", "appealed 50", "appeal_won 60"),
        ("submitted 0", "submitted 2", "approved 3", "submitted 8"),
    ],
)
def test_a_course_at_the_payer_is_written_down_step_by_step(course: tuple[str, ...]) -> None:
    case = steps(completed(), *course)
    assert [f"{each.kind}" for each in steps_of(case)] == [said.split()[0] for said in course]
    assert case.outcome == course[-1].split()[0]


@pytest.mark.parametrize(
    ("course", "wrong"),
    [
        ((), ("approved 1", "denied 1 criteria", "peer_to_peer 1", "appealed 1")),
        (("submitted 0",), ("appealed 1", "peer_to_peer 1", "appeal_won 1")),
        (("submitted 0", "approved 1"), ("denied 2 criteria", "approved 2", "appealed 2")),
        (("submitted 0", "denied 1 criteria"), ("approved 2", "appeal_lost 2 criteria")),
        (("submitted 0", "denied 1 criteria", "peer_to_peer 2"), ("submitted 3", "appealed 3")),
        (("submitted 0", "denied 1 criteria", "appealed 2"), ("approved 3", "submitted 3", "peer_to_peer 3")),
    ],
)
def test_a_step_that_cannot_come_now_is_refused(course: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    case = steps(completed(), *course)
    for said in wrong:
        with pytest.raises(StepFault, match=r"comes|first step"):
            step(case, said)
    assert len(steps_of(case)) == len(course)


def test_what_can_come_next_is_what_is_accepted() -> None:
    case = completed()
    assert next_kinds(steps_of(case)) == ("submitted",)
    steps(case, "submitted 0", "denied 1 criteria")
    assert next_kinds(steps_of(case)) == NEXT["denied"]


def test_a_case_that_was_never_completed_has_nothing_to_submit() -> None:
    with pytest.raises(StepFault, match="Complete the case first"):
        step(make_case("fep", {}), "submitted 0")


# Days, reasons, texts


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"happened_on": timezone.localdate() + dt.timedelta(days=1)}, "still to come"),
    ({"happened_on": FIRST - dt.timedelta(days=1)}, "before the one before it: “Submitted” on 1 Mar 2024"),
    ({"happened_on": dt.date(1, 1, 1)}, "1990 or later"),
    ({"kind": "denied", "reason": ""}, "needs the payer's reason"),
    ({"kind": "denied", "reason": "mood"}, "needs the payer's reason"),
    ({"reason": "criteria"}, "Only a denial"),
    ({"kind": "lost"}, "“Approved”, “Denied” or “Submitted”"),
    ({"reference": "x" * 61}, "at most 60 characters"),
    ({"comment": "x" * 501}, "at most 500 characters"),
]


def test_a_step_that_is_wrong_is_refused_in_plain_words() -> None:
    case = steps(completed(), "submitted 0")
    for wrong, words in WRONG:
        with pytest.raises(StepFault, match=words):
            add_step(case=case, by=person("coordinator"), **{"kind": "approved", "happened_on": FIRST, **wrong})
    assert (len(steps_of(case)), Case.objects.get().outcome) == (1, "submitted")


# Once


def test_the_same_step_come_twice_is_written_once() -> None:
    case = completed()
    first = step(case, "submitted 0", after=0, reference="A-1")
    assert step(case, "submitted 0", after=0, reference="A-1") == first
    assert step(case, "submitted 0") == first
    assert len(steps_of(case)) == 1
    assert AuditEvent.objects.filter(action="payer step").count() == 1


def test_the_same_kind_on_the_same_day_by_somebody_who_saw_the_first_is_a_step_of_its_own() -> None:
    case = completed()
    first = step(case, "submitted 0")
    assert step(case, "submitted 0", after=first.pk) != first


@pytest.mark.parametrize("said", ["approved 2", "denied 3 coding", "approved 3"])
def test_a_page_that_did_not_see_the_last_step_is_told(said: str) -> None:
    case = completed()
    first = step(case, "submitted 0")
    step(case, "denied 3 criteria", by="reviewer")
    with pytest.raises(StaleSteps, match=r"“Denied” of 4 Mar 2024, recorded by Robin Chen. Nothing was written"):
        step(case, said, after=first.pk)
    strike(steps_of(case)[1])
    strike(first)
    with pytest.raises(StaleSteps, match="have been struck"):
        step(case, said, after=first.pk)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_write_one_step() -> None:
    case, people = completed(), [person("coordinator"), person("reviewer")]
    both = at_once(
        *(partial(add_step, case=case, kind="submitted", happened_on=FIRST, by=by, after=0) for by in people)
    )
    assert both[0] == both[1]
    assert len(steps_of(case)) == 1


# What it comes to


@pytest.mark.parametrize(
    ("given", "course", "outcome", "differs"),
    [
        (None, (), "", False),
        (None, ("submitted 0",), "submitted", False),
        (None, ("submitted 0", "approved 1"), "approved", False),
        (None, ("submitted 0", "denied 1 criteria"), "denied", True),
        (None, ("submitted 0", "denied 1 investigational"), "denied", True),
        (None, ("submitted 0", "denied 1 not_necessary", "appealed 2"), "appealed", True),
        (None, ("submitted 0", "denied 1 coding"), "denied", False),
        (None, ("submitted 0", "denied 1 criteria", "appealed 2", "appeal_won 3"), "appeal_won", False),
        (None, ("submitted 0", "denied 1 coding", "appealed 2", "appeal_lost 3 criteria"), "appeal_lost", True),
        (NOT_MET, ("submitted 0", "approved 1"), "approved", True),
        (NOT_MET, ("submitted 0", "denied 1 investigational"), "denied", False),
        (NOT_MET, ("submitted 0", "denied 1 criteria", "appealed 2", "appeal_won 3"), "appeal_won", True),
        (UNSETTLED, ("submitted 0", "denied 1 investigational"), "denied", False),
        (UNSETTLED, ("submitted 0", "approved 1"), "approved", False),
    ],
)
def test_the_case_says_its_outcome_and_whether_the_payer_differs(
    given: dict[str, str] | None, course: tuple[str, ...], outcome: str, differs: bool
) -> None:
    case = steps(completed("fep", given), *course)
    assert (case.outcome, case.differs) == (outcome, differs)


def test_a_reviewer_s_verdict_is_what_the_payer_is_held_against() -> None:
    case = steps(completed("fep", UNSETTLED), "submitted 0", "denied 1 criteria")
    assert not case.differs
    assert reviewed(case, verdict="criteria_met").differs


def test_an_answer_hangs_on_what_was_submitted_and_a_new_request_on_the_newest_assessment() -> None:
    case = reviewed(steps(completed(), "submitted 0"))
    amend_case(case=case, version=case.version, by=person("coordinator"), why="The margin was read anew.")
    case.refresh_from_db()
    again(save(case, {"margin": "negative"}))
    steps(case, "denied 5 criteria", "submitted 9", "approved 10")
    assert [each.assessment.number for each in steps_of(case)] == [1, 1, 2, 2]
    case.refresh_from_db()
    assert case.differs  # approved, and the second assessment reads investigational


@pytest.mark.parametrize("later", [("appealed 5", "appeal_won 40"), ("peer_to_peer 5", "approved 6")])
def test_what_answers_a_denial_stays_with_what_was_denied_when_the_payer_has_changed(later: tuple[str, ...]) -> None:
    case = steps(completed("fep"), "submitted 0", "denied 1 criteria")
    again(save(case, document=payer("nia")))
    steps(case, *later, "submitted 50", "denied 51 other")
    hang_on = [(each.assessment.number, each.assessment.report["document"]["code"]) for each in steps_of(case)]
    assert hang_on == [(1, "fep")] * 4 + [(2, "nia")] * 2


def test_a_second_appeal_is_against_what_was_denied_too() -> None:
    case = steps(completed(), "submitted 0", "denied 1 criteria", "appealed 2", "appeal_lost 3 criteria")
    again(save(case, {"margin": "negative"}))
    steps(case, "appealed 4", "appeal_won 5")
    assert {each.assessment.number for each in steps_of(case)} == {1}
    assert not case.differs  # what was denied, and is approved now, reads criteria met


def test_a_step_leaves_an_audit_event_and_does_not_touch_the_answers_version() -> None:
    case = completed()
    made = step(case, "submitted 0", reference="A-1")
    event = AuditEvent.objects.filter(action="payer step").get()
    assert event.detail["step"] == made.pk
    assert (event.detail["kind"], event.detail["reference"], event.subject_id) == ("submitted", "A-1", str(case.pk))
    assert case.version == Case.objects.get(pk=case.pk).version


# Struck


def test_a_struck_step_counts_no_more_and_stays_on_file() -> None:
    case = steps(completed(), "submitted 0", "denied 1 criteria")
    struck = strike(steps_of(case)[1])
    case.refresh_from_db()
    assert (case.outcome, case.differs) == ("submitted", False)
    assert (struck.struck_by, struck.struck_why) == (person("coordinator"), "The wrong case.")
    assert len(steps_of(case)) == 2
    assert AuditEvent.objects.filter(action="strike payer step").count() == 1
    assert steps(case, "approved 1").outcome == "approved"


def test_a_step_on_which_a_later_one_rests_is_not_struck() -> None:
    case = steps(completed(), "submitted 0", "denied 1 criteria", "appealed 2")
    with pytest.raises(StepFault, match="“Appealed” of 3 Mar 2024 rests on this step"):
        strike(steps_of(case)[1])
    with pytest.raises(StepFault, match="“Denied”"):
        strike(steps_of(case)[0])


def test_a_step_on_which_nothing_rests_is_struck_from_the_middle() -> None:
    case = steps(completed(), "submitted 0", "submitted 1", "approved 2")
    strike(steps_of(case)[1])
    assert next_kinds(steps_of(case)) == ("submitted",)


def test_striking_needs_a_reason_and_happens_once() -> None:
    case = steps(completed(), "submitted 0")
    made = steps_of(case)[0]
    for why, words in (("  ", "Say why"), ("x" * 201, "at most 200")):
        with pytest.raises(StepFault, match=words):
            strike(made, why)
    assert strike(made) == strike(made)
    with pytest.raises(StepFault, match=r"Mara Alvarez has struck this step already: The wrong case\."):
        strike(made, "Another reason.", by="reviewer")
