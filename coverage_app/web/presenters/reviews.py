"""When an edition was reviewed, by its publisher and by us, and when that is due again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from coverage_app.models import Edition
from coverage_app.services import reviews
from coverage_app.services.report.tags import Tag

LATE = Tag(code="not_reviewed", label="Not reviewed for 12 months", tone="review", icon="warn")


def review(edition: Edition, siblings: Sequence[Edition], today: dt.date, user: Any) -> dict[str, Any]:
    """What the page says of an edition's reviews. At most two queries.

    ``asked``: whether it is still kept up to date; ``url``: where to say so, for who may.
    """
    prefetch_related_objects([edition], "reviews__by")
    asked = edition in reviews.asked_for(siblings, today)
    ours = reviews.newest_review(edition)
    may = asked and user.is_staff and user.has_perm("coverage_app.add_editionreview")
    return {
        "asked": asked,
        "overdue": reviews.is_overdue(edition, today),
        "tag": LATE,
        "stated": reviews.stated_on(edition),
        "ours": ours,
        "who": (ours.by.get_full_name() or ours.by.get_username()) if ours and ours.by else "",
        "due": reviews.due_on(edition),
        "url": reverse("admin:coverage_app_edition_reviewed", args=[edition.pk]) if may else "",
    }
