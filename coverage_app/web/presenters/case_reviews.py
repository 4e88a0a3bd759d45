"""The life of a case in words: its status, a reviewer's decision, when a review is due."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.urls import reverse

from coverage_app.models import Assessment, Case, CaseReview
from coverage_app.services.decisions import review_of, sent_back
from coverage_app.services.report.tags import VERDICTS, Tag
from coverage_app.services.report.words import day
from coverage_app.services.review_queue import urgency

STATUSES = {
    "draft": Tag(code="draft", label="Draft", tone="quiet", icon="pencil"),
    "completed": Tag(code="completed", label="Awaiting review", tone="open", icon="review"),
    "sent_back": Tag(code="sent_back", label="Sent back", tone="review", icon="back"),
    "closed": Tag(code="closed", label="Closed", tone="quiet", icon="met"),
}
DECISIONS = {
    "agreed": Tag(code="agreed", label="Agreed", tone="met", icon="met"),
    "overridden": Tag(code="overridden", label="Overridden", tone="review", icon="review"),
    "sent_back": Tag(code="sent_back", label="Sent back", tone="review", icon="back"),
}


def name_of(person: AbstractUser | None) -> str:
    """A person's full name, else the username; blank for nobody."""
    return (person.get_full_name() or person.get_username()) if person else ""


def status_of(case: Case, review: CaseReview | None) -> Tag:
    """The status in the words of the desk; ``review`` is the decision on the case's newest assessment."""
    asked = case.status == Case.Status.DRAFT and review and review.decision == CaseReview.Decision.SENT_BACK
    return STATUSES["sent_back" if asked else case.status]


def decision(review: CaseReview | None) -> dict[str, Any] | None:
    """What is shown of a reviewer's decision; None where there is none."""
    if review is None:
        return None
    return {
        "tag": DECISIONS[review.decision],
        "verdict": VERDICTS.get(review.verdict),
        "reason": review.get_reason_display(),
        "comment": review.comment,
        "by": name_of(review.by),
        "at": review.at,
        "number": review.assessment.number,
    }


def question_of(case: Case) -> dict[str, Any] | None:
    """The reviewer's question that a draft waits with; None without one. One query at most."""
    if case.status != Case.Status.DRAFT:
        return None
    return decision(sent_back().filter(assessment__case=case).select_related("by", "assessment").first())


def due(case: Case, today: dt.date) -> Tag | None:
    """When the review of a waiting case is due, with the tone of its urgency."""
    if case.review_due is None:
        return None
    state, on = urgency(case.review_due, today), day(case.review_due)
    if state == "overdue":
        return Tag(code=state, label=f"Overdue: was due {on}", tone="invest", icon="warn")
    if state == "soon":
        words = "Due today" if case.review_due == today else f"Due soon: {on}"
        return Tag(code=state, label=words, tone="review", icon="date")
    return Tag(code="due", label=f"Due {on}", tone="quiet", icon="date")


def history(case: Case, assessments: Iterable[Assessment], shown: Assessment | None = None) -> list[dict[str, Any]]:
    """The assessments of a case, each with its decision, its page, and what it changed.

    ``assessments`` come with ``completed_by`` and ``review__by``; ``shown`` is the one on the page.
    """
    return [
        {
            "number": item.number,
            "at": item.completed_at,
            "by": item.completer,
            "verdict": VERDICTS.get(item.verdict),
            "why": item.why,
            "decision": decision(review_of(item)),
            "url": reverse("case_assessment", args=[case.reference, item.number]),
            "changes": reverse("assessment_changes", args=[case.reference, item.number]) if item.number > 1 else "",
            "current": shown is not None and item.pk == shown.pk,
        }
        for item in assessments
    ]
