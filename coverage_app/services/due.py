"""What is due for one person: overdue reviews, dates of service that come near, cases that a policy changed.

The home page, the worklist's filter and the daily mail all ask here, so they tell the same.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db.models import Case as Choice
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils import timezone

from coverage_app.models import Assessment, Case

from .case_life import reviewers
from .notices import unseen
from .payer_outcome import APPROVALS

KINDS = ("reviews", "dates", "policy")
WEEK = dt.timedelta(days=7)
FIRST = 3
"""So many cases of each kind are named on the home page."""

NEEDED = {
    "reviews": ("coverage_app.view_case", "coverage_app.add_casereview"),
    "dates": ("coverage_app.view_case", "coverage_app.change_case"),
    "policy": ("coverage_app.view_case", "coverage_app.change_policynotice"),
}
"""The permissions without which nothing of a kind is one's own to do."""


@dataclass(frozen=True)
class Due:
    """How many cases are due in one way, how many of them are the person's own, and the first of them."""

    kind: str
    count: int
    yours: int
    cases: tuple[Case, ...]


def due_for(user: AbstractBaseUser, *, today: dt.date | None = None, first: int = FIRST) -> list[Due]:
    """What is due for ``user``; a kind of which nothing is due is left out. At most two queries a kind."""
    return [found for kind in KINDS if (found := _due(kind, user, today, first)).count]


def _due(kind: str, user: AbstractBaseUser, today: dt.date | None, first: int) -> Due:
    if not may(user, kind):
        return Due(kind, 0, 0, ())
    cases = due_cases(kind, user, today=today)
    totals = cases.order_by().aggregate(count=Count("pk"), own=Sum("yours", default=0))
    shown = tuple(cases.select_related("document")[:first]) if totals["count"] else ()
    return Due(kind, totals["count"], totals["own"], shown)


def may(user: AbstractBaseUser, kind: str) -> bool:
    """Whether what is due in this way is the person's to do."""
    return isinstance(user, PermissionsMixin) and all(user.has_perm(needed) for needed in NEEDED[kind])


def due_cases(kind: str, user: AbstractBaseUser, *, today: dt.date | None = None) -> QuerySet[Case, Any]:
    """The cases of one of ``KINDS``, those of the ``user`` first (``yours``); none without the permission.

    Raises ``KeyError`` for another kind.
    """
    if not may(user, kind):
        return Case.objects.none()
    find = {"reviews": _reviews, "dates": _dates, "policy": _policy}[kind]
    return find(Case.objects.all(), user, today or timezone.localdate())


def _reviews(cases: QuerySet[Case], user: AbstractBaseUser, today: dt.date) -> QuerySet[Case, Any]:
    """Reviews that were due before today: assigned to the user, to nobody, or to somebody who reviews no more.

    Nobody reviews what they completed.
    """
    newest = Assessment.objects.filter(case=OuterRef("pk")).order_by("-number").values("completed_by")[:1]
    theirs = Q(reviewer=user.pk) | Q(reviewer=None) | ~Q(reviewer__in=reviewers())
    waiting = cases.filter(theirs, status=Case.Status.COMPLETED, review_due__lt=today)
    own = waiting.alias(completer=Subquery(newest)).exclude(completer=user.pk)
    return _marked(own, Q(reviewer=user.pk), "review_due", "pk")


def _dates(cases: QuerySet[Case], user: AbstractBaseUser, today: dt.date) -> QuerySet[Case, Any]:
    """Cases with a date of service from today to a week from now that still lack answers, or the payer.

    Also those completed so: what is missing in a chart is missing still. Not where the payer has approved by now.
    """
    near = cases.filter(date_of_service__range=(today, today + WEEK)).exclude(outcome__in=APPROVALS)
    lacking = near.exclude(missing=[], document__isnull=False)
    return _marked(lacking, _works(user), "date_of_service", "pk")


def _policy(cases: QuerySet[Case], user: AbstractBaseUser, today: dt.date) -> QuerySet[Case, Any]:
    """Cases to which an edition gives another verdict, as long as the ``user`` is to see the notice of it.

    Each has ``was`` and ``reads``, the verdicts of the newest such notice.
    """
    notices = unseen(user).order_by()
    newest = notices.filter(case=OuterRef("pk")).order_by("-pk")
    told = {"was": Subquery(newest.values("before")[:1]), "reads": Subquery(newest.values("after")[:1])}
    touched = cases.filter(pk__in=notices.values("case"))
    return _marked(touched, _works(user), "-created_at", "-pk").annotate(**told)


def _works(user: AbstractBaseUser) -> Q:
    return Q(created_by=user.pk) | Q(updated_by=user.pk)


def _marked(cases: QuerySet[Case], yours: Q, *order: str) -> QuerySet[Case, Any]:
    mark = Choice(When(yours, then=Value(1)), default=Value(0))
    return cases.annotate(yours=mark).order_by(F("yours").desc(), *order)
