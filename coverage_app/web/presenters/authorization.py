"""What the payer did, for the page: the line of steps, and whether the payer decides as its policy reads."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from coverage_app.models import Assessment, Edition, PayerStep
from coverage_app.services.desk_verdicts import desk_verdict
from coverage_app.services.payer_outcome import DECISIONS, DENIALS, ON_COVERAGE, Kind, compares, last_decision, standing
from coverage_app.services.payer_steps import in_the_way
from coverage_app.services.report.tags import VERDICTS, Tag
from coverage_app.services.report.words import count, day
from coverage_app.web.presenters.case_reviews import name_of

KINDS = {
    kind.value: Tag(code=kind.value, label=kind.label, tone=tone, icon=icon)
    for kind, tone, icon in (
        (Kind.SUBMITTED, "open", "elsewhere"),
        (Kind.APPROVED, "met", "met"),
        (Kind.DENIED, "invest", "not_met"),
        (Kind.PEER_TO_PEER, "review", "review"),
        (Kind.APPEALED, "open", "elsewhere"),
        (Kind.APPEAL_WON, "met", "met"),
        (Kind.APPEAL_LOST, "invest", "not_met"),
    )
}


def outcome_tag(outcome: str) -> Tag | None:
    """The chip of a case's outcome; None as long as nothing was submitted."""
    return KINDS.get(outcome)


def line_of(steps: Sequence[PayerStep]) -> list[dict[str, Any]]:
    """The steps that stand, in order. ``after``: how long a decision took; ``strike``: whether it can be struck."""
    found: list[dict[str, Any]] = []
    asked = None
    for step in standing(steps):
        after = _after(step, asked) if asked and step.kind in DECISIONS else ""
        found.append(_step(step) | {"after": after, "strike": in_the_way(step, steps) is None})
        if step.kind in (Kind.SUBMITTED, Kind.APPEALED):
            asked = step
    return found


def struck(steps: Sequence[PayerStep]) -> list[dict[str, Any]]:
    """The steps that were entered in error, with who struck them and why."""
    return [
        _step(step) | {"struck_by": name_of(step.struck_by), "struck_at": step.struck_at, "why": step.struck_why}
        for step in steps
        if step.struck_at
    ]


def _step(step: PayerStep) -> dict[str, Any]:
    return {
        "pk": step.pk,
        "tag": KINDS[step.kind],
        "on": step.happened_on,
        "reason": step.get_reason_display(),
        "reference": step.reference,
        "comment": step.comment,
        "by": name_of(step.by),
        "at": step.at,
        "number": step.assessment.number,
    }


def _after(step: PayerStep, asked: PayerStep) -> str:
    days = (step.happened_on - asked.happened_on).days
    what = "appeal" if asked.kind == Kind.APPEALED else "submission"
    return f"{count(days, 'day')} after the {what}" if days else f"on the day of the {what}"


def comparison(steps: Sequence[PayerStep]) -> dict[str, Any] | None:
    """Whether the payer's last decision is what the desk read; None without a decision.

    ``state`` is agrees, differs or silent; where it differs, the deciding provisions come along with their quotes.
    """
    decision = last_decision(steps)
    if decision is None:
        return None
    assessment = decision.assessment
    verdict = desk_verdict(assessment)
    agrees = compares(decision.kind, decision.reason, verdict)
    state = {True: "agrees", False: "differs", None: "silent"}[agrees]
    told: dict[str, Any] = {"state": state, "verdict": VERDICTS[verdict], "number": assessment.number}
    if agrees is False:
        told |= _differs(decision, assessment, verdict)
    elif agrees is None:
        told["sentence"] = _silent(decision, verdict)
    return told


def _silent(decision: PayerStep, verdict: str) -> str:
    if decision.kind in DENIALS and decision.reason not in ON_COVERAGE:
        said = f"The payer’s reason, “{decision.get_reason_display()}”, does not speak of the policy’s text"
    else:
        said = f"The verdict, “{VERDICTS[verdict]['label']}”, does not settle the case by the policy’s text"
    return f"{said}: there is nothing to compare."


def _differs(decision: PayerStep, assessment: Assessment, verdict: str) -> dict[str, Any]:
    report = assessment.report
    overridden = verdict != assessment.verdict
    what = "denied" if decision.kind in DENIALS else "approved"
    appeal = " on appeal" if decision.kind in (Kind.APPEAL_WON, Kind.APPEAL_LOST) else ""
    because = f" (“{decision.get_reason_display()}”)" if decision.reason else ""
    policy = (report.get("document") or {}).get("short_name", "its policy")
    reads = "the criteria are met" if verdict == "criteria_met" else "this use is investigational"
    reader = f"The reviewer reads {policy} otherwise:" if overridden else f"As {policy} is written,"
    decides = [provision for provision in report.get("provisions", []) if provision.get("decides")]
    return {
        "sentence": f"The payer {what} this request{appeal} on {day(decision.happened_on)}{because}. {reader} {reads}.",
        "overridden": overridden,
        "own": VERDICTS[assessment.verdict],
        "provisions": decides,
        "url": _edition_url(assessment.edition) if assessment.edition else "",
    }


def _edition_url(edition: Edition) -> str:
    url = reverse("policy_edition", args=[edition.document.code, edition.in_force.isoformat()])
    return f"{url}?withdrawn={edition.pk}" if edition.status == Edition.Status.WITHDRAWN else url
