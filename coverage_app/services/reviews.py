"""Reviews: when somebody last compared an edition with the payer's current text, and when that is due again.

Two reviews count. The payer's own is the month that its document states. Ours is written down here by an editor.
"""

import calendar
import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from coverage_app.models import Edition, EditionReview

from .audit import By, record
from .report.words import day

NOTE_LIMIT = 2000


class ReviewFault(Exception):
    """What keeps a review from being written down, in a sentence."""


@transaction.atomic
def record_review(*, edition: Edition, by: By, on: dt.date, note: str = "") -> EditionReview:
    """Write down that ``by`` compared a published edition with the payer's current text on the day ``on``.

    The same said twice (a form sent twice) is written down once. Raises ``ReviewFault`` when the edition is not
    published, the day lies in the future or the note is too long.
    """
    edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=edition.pk)
    note = note.strip()
    if edition.status != Edition.Status.PUBLISHED:
        raise ReviewFault(f"{edition} is {edition.get_status_display().lower()}: only a published edition is reviewed.")
    if on > timezone.localdate():
        raise ReviewFault(f"{day(on)} has not come yet: a review is written down once it is done.")
    if len(note) > NOTE_LIMIT:
        raise ReviewFault(f"The note has {len(note)} characters; at most {NOTE_LIMIT} are kept.")
    newest = edition.reviews.first()
    if newest and (newest.on, newest.by_id, newest.note) == (on, by.pk if by else None, note):
        return newest
    review = EditionReview.objects.create(edition=edition, on=on, by_id=by.pk if by else None, note=note)
    record(by=by, action="review", subject=edition, detail={"on": on.isoformat(), "note": note})
    return review


def stated_on(edition: Edition) -> dt.date:
    """The payer's own last review: the last day of the month stated, else the first day in force."""
    if not edition.last_reviewed:
        return edition.in_force
    year, month = map(int, edition.last_reviewed.split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def newest_review(edition: Edition) -> EditionReview | None:
    """Our own last review; no query when ``reviews`` was prefetched."""
    return max(edition.reviews.all(), key=lambda review: (review.on, review.pk), default=None)


def reviewed_on(edition: Edition) -> dt.date:
    """The later of the payer's own last review and ours."""
    ours = newest_review(edition)
    return max(stated_on(edition), ours.on) if ours else stated_on(edition)


def due_on(edition: Edition) -> dt.date:
    """The last day on which the last review is not older than twelve months; a month's end stays a month's end."""
    following = reviewed_on(edition) + dt.timedelta(days=1)
    leaps = (following.month, following.day) == (2, 29) and not calendar.isleap(following.year + 1)
    in_a_year = dt.date(following.year + 1, 3, 1) if leaps else following.replace(year=following.year + 1)
    return in_a_year - dt.timedelta(days=1)


def asked_for(editions: Iterable[Edition], today: dt.date) -> list[Edition]:
    """Of one document's editions on file those that are kept up to date: the one in force, and those to come."""
    published = Edition.Status.PUBLISHED
    on_file = [edition for edition in editions if edition.is_on_file]
    started = [edition for edition in on_file if edition.in_force <= today]
    now = max(started, key=lambda edition: (edition.in_force, edition.status == published), default=None)
    kept = [now, *(edition for edition in on_file if edition.in_force > today)]
    return [edition for edition in kept if edition and edition.status == published]


def is_overdue(edition: Edition, today: dt.date) -> bool:
    """Whether its last review is older than twelve months."""
    return due_on(edition) < today


def overdue(today: dt.date) -> list[Edition]:
    """The editions in force or to come whose last review is older than twelve months, longest due first.

    Two queries, however many there are.
    """
    by_document: dict[int, list[Edition]] = {}
    for edition in Edition.objects.on_file().select_related("document").prefetch_related("reviews__by"):
        by_document.setdefault(edition.document_id, []).append(edition)
    kept = [edition for editions in by_document.values() for edition in asked_for(editions, today)]
    late = [edition for edition in kept if is_overdue(edition, today)]
    return sorted(late, key=lambda edition: (due_on(edition), edition.document.code, edition.in_force))
