"""Writing down what the payer did: each step after the one before it, struck rather than changed."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coverage_app.models import Assessment, Case, PayerStep

from .audit import record
from .cases import locked_case
from .payer_outcome import DENIALS, Kind, Reason, last_step, note_outcome, standing
from .report.words import day, listed

EARLIEST = dt.date(1990, 1, 1)  # as for a date of service

NEXT: dict[str, tuple[Kind, ...]] = {
    "": (Kind.SUBMITTED,),
    Kind.SUBMITTED: (Kind.APPROVED, Kind.DENIED, Kind.SUBMITTED),
    Kind.APPROVED: (Kind.SUBMITTED,),
    Kind.DENIED: (Kind.PEER_TO_PEER, Kind.APPEALED, Kind.SUBMITTED),
    Kind.PEER_TO_PEER: (Kind.APPROVED, Kind.DENIED),
    Kind.APPEALED: (Kind.APPEAL_WON, Kind.APPEAL_LOST),
    Kind.APPEAL_WON: (Kind.SUBMITTED,),
    Kind.APPEAL_LOST: (Kind.APPEALED, Kind.SUBMITTED),
}
"""What can follow a step (blank: none yet). A request can be submitted again while no talk or appeal is open."""


class StepFault(Exception):
    """The step cannot be written down, or not be struck, and why."""


class StaleSteps(StepFault):
    """Somebody wrote down or struck a step since ``after`` was read; nothing was written now."""


def steps_of(case: Case) -> list[PayerStep]:
    """Every step of the case, struck ones too, in the order in which they happened. One query."""
    steps = PayerStep.objects.filter(assessment__case=case)
    return list(steps.select_related("by", "struck_by", "assessment__review", "assessment__edition__document"))


def next_kinds(steps: Iterable[PayerStep]) -> tuple[Kind, ...]:
    """What the payer, or the desk, can do next."""
    last = last_step(steps)
    return NEXT[last.kind if last else ""]


@transaction.atomic
def add_step(
    *,
    case: Case,
    kind: str,
    happened_on: dt.date,
    by: AbstractBaseUser,
    reason: str = "",
    reference: str = "",
    comment: str = "",
    after: int | None = None,
) -> PayerStep:
    """Write down one step and what it makes of the case.

    A submission hangs on the case's newest assessment, every other step on that of the step which it answers.
    ``after`` is the last step that the user saw (0: none). The same step come twice is written once.
    Raises ``StepFault`` for what cannot be, ``StaleSteps`` when ``after`` is not the last step any more.
    """
    case = locked_case(case)
    steps = standing(steps_of(case))
    last = last_step(steps)
    step = PayerStep(kind=kind, happened_on=happened_on, reason=reason, reference=reference, comment=comment)
    if last and after != last.pk and _is_same(step, last):
        return last
    if after is not None and after != (last.pk if last else 0):
        raise StaleSteps(_since(last))
    _check(step, steps)
    step.assessment = _assessment(case, kind, last)
    step.at, step.by_id = timezone.now(), by.pk
    try:
        step.full_clean()
    except ValidationError as error:
        raise StepFault(" ".join(error.messages)) from error
    step.save()
    note_outcome(case=case)
    record(by=by, action="payer step", subject=case, detail=_detail(step))
    return step


def _is_same(step: PayerStep, last: PayerStep) -> bool:
    """Whether ``step`` says nothing that ``last`` does not say."""
    return (
        (step.kind, step.happened_on, step.reason) == (last.kind, last.happened_on, last.reason)
        and step.reference in ("", last.reference)
        and step.comment in ("", last.comment)
    )


def _since(last: PayerStep | None) -> str:
    if last is None:
        return "The steps that this page showed have been struck since. Nothing was written."
    who = last.by.get_full_name() or last.by.get_username()
    return (
        f"The steps have changed since this page was opened: the last one now is “{last.get_kind_display()}” of "
        f"{day(last.happened_on)}, recorded by {who}. Nothing was written."
    )


def _check(step: PayerStep, steps: Sequence[PayerStep]) -> None:
    """Raise ``StepFault`` for a step that cannot follow ``steps``, or not on that day."""
    last, on = last_step(steps), step.happened_on
    possible = next_kinds(steps)
    if step.kind not in possible:
        choice = listed([f"“{kind.label}”" for kind in possible])
        before = f"After “{last.get_kind_display()}” comes" if last else "The first step is"
        raise StepFault(f"{before} {choice}.")
    if on > timezone.localdate():
        raise StepFault("That day is still to come: a step is recorded once it has happened.")
    if on < EARLIEST:
        raise StepFault(f"A step happened in {EARLIEST.year} or later.")
    if last and on < last.happened_on:
        what = f"“{last.get_kind_display()}” on {day(last.happened_on)}"
        raise StepFault(f"A step cannot come before the one before it: {what}.")
    if step.kind in DENIALS and step.reason not in Reason.values:
        raise StepFault("A denial needs the payer's reason.")
    if step.kind not in DENIALS and step.reason:
        raise StepFault("Only a denial has a reason.")


def _assessment(case: Case, kind: str, last: PayerStep | None) -> Assessment:
    """The assessment that a step hangs on. Raises ``StepFault`` for a case that was never completed."""
    if last and kind != Kind.SUBMITTED:
        return last.assessment  # what was submitted or denied, also when answers or payer have been amended since
    newest = case.assessments.order_by("-number").first()
    if newest is None:
        raise StepFault("Complete the case first: what is submitted is its assessment.")
    return newest


def _detail(step: PayerStep) -> dict[str, object]:
    told = {name: getattr(step, name) for name in ("kind", "reason", "reference", "comment")}
    return {"step": step.pk, "assessment": step.assessment.number, "happened_on": step.happened_on.isoformat(), **told}


@transaction.atomic
def strike_step(*, step: PayerStep, why: str, by: AbstractBaseUser) -> PayerStep:
    """Strike a step entered in error, and note what the case comes to without it.

    Striking twice for the same reason by the same person changes nothing. Raises ``StepFault`` without a reason, for a
    step that somebody struck before, and where the later steps could not stand without it.
    """
    case = locked_case(step.assessment.case)
    steps = steps_of(case)
    step = next(each for each in steps if each.pk == step.pk)
    why = why.strip()
    if step.struck_by:
        if (step.struck_by.pk, step.struck_why) == (by.pk, why):
            return step
        who = step.struck_by.get_full_name() or step.struck_by.get_username()
        raise StepFault(f"{who} has struck this step already: {step.struck_why}")
    if not why:
        raise StepFault("Say why the step is struck.")
    if stuck := in_the_way(step, steps):
        raise StepFault(
            f"“{stuck.get_kind_display()}” of {day(stuck.happened_on)} rests on this step. Strike that one first."
        )
    step.struck_at, step.struck_by_id, step.struck_why = timezone.now(), by.pk, why
    try:
        step.clean_fields(exclude=["assessment", "by", "struck_by"])
    except ValidationError as error:
        raise StepFault(" ".join(error.messages)) from error
    step.save(update_fields=["struck_at", "struck_by", "struck_why"])
    note_outcome(case=case)
    record(by=by, action="strike payer step", subject=case, detail={"step": step.pk, "kind": step.kind, "why": why})
    return step


def in_the_way(step: PayerStep, steps: Iterable[PayerStep]) -> PayerStep | None:
    """The later step that could not stand without ``step``; None when ``step`` can be struck."""
    before = ""
    for each in standing(steps):
        if each.pk == step.pk:
            continue
        if each.kind not in NEXT[before]:
            return each
        before = each.kind
    return None
