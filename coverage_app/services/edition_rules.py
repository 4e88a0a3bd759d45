"""What the workbench asks an edition for: its rules by row, the edition before it, the words it is read with."""

from collections.abc import Iterable

from coverage_app.models import Edition
from coverage_app.rules.edition import Edition as Rules

from . import library
from .vocabulary import Wording, current_wording


def rules_of(edition: Edition, wording: Wording | None = None) -> dict[str, Rules]:
    """The rules of an edition: by row for a guideline, under the empty text for a payer's policy.

    Empty for a document that decides nothing. Raises CriteriaError, EditionError for a draft that does not read.
    """
    reading = library.read(edition, wording)
    found = {row.row.code: row.rules for row in reading.rows}
    return {"": reading.rules, **found} if reading.rules else found


def edition_before(edition: Edition, others: Iterable[Edition] | None = None) -> Edition | None:
    """The newest published edition of the same document that starts earlier; None when there is none.

    Gaps that withdrawn editions left are passed over: a reading is held against the last one that counted.
    ``others``: where to look instead of on file. At most one query.
    """
    if others is None:
        others = edition.document.editions.filter(status=Edition.Status.PUBLISHED, in_force__lt=edition.in_force)
        return others.select_related("document").order_by("-in_force").first()
    earlier = [one for one in others if one.status == Edition.Status.PUBLISHED and one.in_force < edition.in_force]
    return max(earlier, key=lambda one: one.in_force, default=None)


def wording_of(edition: Edition) -> Wording:
    """The vocabulary that an edition was published with; for a draft, that of now."""
    if edition.vocabulary is None:
        return current_wording()
    return Wording({fact["code"]: fact for fact in edition.vocabulary})
