"""What the payer's steps come to: the outcome of a case, and whether the payer decided otherwise than was read."""

from collections.abc import Iterable

from coverage_app.models import Case, PayerStep

from .desk_verdicts import desk_verdict

Kind = PayerStep.Kind
Reason = PayerStep.Reason

APPROVALS = (Kind.APPROVED, Kind.APPEAL_WON)
DENIALS = (Kind.DENIED, Kind.APPEAL_LOST)
DECISIONS = (*APPROVALS, *DENIALS)
ON_COVERAGE = (Reason.INVESTIGATIONAL, Reason.NOT_NECESSARY, Reason.CRITERIA)
"""The reasons of a denial that speak of the policy's text; the others say nothing about it."""


def standing(steps: Iterable[PayerStep]) -> list[PayerStep]:
    """Those that are not struck, in order."""
    return [step for step in steps if step.struck_at is None]


def last_step(steps: Iterable[PayerStep]) -> PayerStep | None:
    """The last one that is not struck."""
    return next(reversed(standing(steps)), None)


def last_decision(steps: Iterable[PayerStep]) -> PayerStep | None:
    """The last approval or denial that is not struck."""
    return next((step for step in reversed(standing(steps)) if step.kind in DECISIONS), None)


def compares(kind: str, reason: str, verdict: str) -> bool | None:
    """Whether a decision is what ``verdict`` reads in the policy; None where one of them claims nothing.

    An approval and a denial on coverage speak of the policy's text, and so do the verdicts criteria_met and
    investigational: the first two agree with one of these each.
    """
    if verdict not in ("criteria_met", "investigational") or kind not in DECISIONS:
        return None
    if kind in DENIALS and reason not in ON_COVERAGE:
        return None
    return (kind in APPROVALS) == (verdict == "criteria_met")


def note_outcome(*, case: Case) -> None:
    """Repeat on the case what the payer did last, and whether its decision differs from the desk's verdict.

    Call it under the case's lock whenever a step or a reviewer's verdict has changed; nothing else of the case does.
    """
    steps = PayerStep.objects.filter(assessment__case=case, struck_at__isnull=True)
    found = list(steps.select_related("assessment__review"))
    decision = last_decision(found)
    case.outcome = found[-1].kind if found else ""
    case.differs = False
    if decision:
        verdict = desk_verdict(decision.assessment)
        case.differs = compares(decision.kind, decision.reason, verdict) is False
    Case.objects.filter(pk=case.pk).update(outcome=case.outcome, differs=case.differs)
