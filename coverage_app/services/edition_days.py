"""The days of an edition: whether they are to come, in force or over, and which cases it decided in them."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coverage_app.models import Assessment, Case, Document, Edition, PolicyNotice

from . import library
from .library import NoEditionInForce


def standing_on(edition: Edition, today: dt.date) -> str:
    """How far an edition has come by ``today``.

    One of draft, in_review, to_come, in_force, superseded, withdrawn. At most one query.
    """
    if edition.status != Edition.Status.PUBLISHED:
        return str(edition.status)
    if edition.in_force > today:
        return "to_come"
    following = library.next_start(edition.document, edition.in_force)
    return "superseded" if following and following <= today else "in_force"


def to_copy(document: Document, today: dt.date) -> Edition | None:
    """What a new edition starts from: the one in force, else the newest on file, else nothing."""
    try:
        return library.edition_in_force(document, today)
    except NoEditionInForce:
        return document.editions.on_file().order_by("-in_force", "-pk").first()


def before(edition: Edition) -> Edition | None:
    """The published edition that is in force when this one starts, and then ends."""
    earlier = edition.document.editions.on_file().filter(in_force__lt=edition.in_force)
    newest = earlier.order_by("-in_force", "status").first()  # of one start, "published" sorts before "withdrawn"
    return newest if newest and newest.status == Edition.Status.PUBLISHED else None


def decided_cases(edition: Edition) -> QuerySet[Case]:
    """The cases that an edition has decided: assessments frozen with it, and open cases of its days.

    An open case without a date of service counts as one of today. Once another edition has taken over the days of a
    withdrawn one, its open cases are those that were told of it. Newest first.
    """
    end = library.next_start(edition.document, edition.in_force)
    today = timezone.localdate()
    dated = Q(date_of_service__gte=edition.in_force)
    if end:
        dated &= Q(date_of_service__lt=end)
    if edition.in_force <= today and not (end and end <= today):
        dated |= Q(date_of_service=None)
    told = Exists(PolicyNotice.objects.filter(case=OuterRef("pk"), edition=edition))
    of_its_days = Q(told) if _taken_over(edition) else Q(document=edition.document) & dated
    open_ones = Q(status=Case.Status.DRAFT) & of_its_days
    frozen = Exists(Assessment.objects.filter(case=OuterRef("pk"), edition=edition))
    return Case.objects.filter(frozen | open_ones).order_by("-created_at", "-pk")


def _taken_over(edition: Edition) -> bool:
    """Whether another edition of the same start was published since: only a withdrawn one's days are free for it."""
    same = edition.document.editions.on_file().filter(in_force=edition.in_force).exclude(pk=edition.pk)
    return edition.published_at is not None and same.filter(published_at__gt=edition.published_at).exists()
