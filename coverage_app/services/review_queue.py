"""The cases that wait for review: whose they are, and how urgent each is."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, QuerySet, Subquery

from coverage_app.models import Assessment, Case

from .working_days import working_day


@dataclass(frozen=True)
class Queue:
    """The waiting cases as one user sees them, the most urgent first."""

    mine: QuerySet[Case]
    nobodys: QuerySet[Case]
    others: QuerySet[Case]
    everybodys: QuerySet[Case]


def waiting() -> QuerySet[Case]:
    """The completed cases that nobody has decided on, the first due first.

    Each has ``reads``: the verdict of its newest assessment, ``completer`` who completed that, and ``completed``
    when.
    """
    newest = Assessment.objects.filter(case=OuterRef("pk")).order_by("-number")
    return (
        Case.objects.filter(status=Case.Status.COMPLETED)
        .select_related("document", "reviewer", "site")
        .annotate(
            reads=Subquery(newest.values("verdict")[:1]),
            completer=Subquery(newest.values("completed_by")[:1]),
            completed=Subquery(newest.values("completed_at")[:1]),
        )
        .order_by(F("review_due").asc(nulls_last=True), F("date_of_service").asc(nulls_last=True), "pk")
    )


def queue(user: User) -> Queue:
    """The waiting cases: those of ``user``, those of nobody, those of other reviewers."""
    found = waiting()
    return Queue(
        mine=found.filter(reviewer=user),
        nobodys=found.filter(reviewer=None),
        others=found.exclude(reviewer=None).exclude(reviewer=user),
        everybodys=found,
    )


def urgency(due: dt.date | None, today: dt.date) -> str:
    """``overdue`` after its day; ``soon`` on that day and on the working day before; else blank."""
    if due is None:
        return ""
    if due < today:
        return "overdue"
    return "soon" if due <= working_day(today, 1) else ""
