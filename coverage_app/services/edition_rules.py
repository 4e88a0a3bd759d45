"""What the workbench asks an edition for: its rules by row, the edition before it, the words it is read with."""

import datetime as dt

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


def edition_before(edition: Edition) -> Edition | None:
    """The edition of the same document in force on the day before this one starts; None when there is none."""
    if edition.in_force == dt.date.min:  # the first day that there is
        return None
    try:
        return library.edition_in_force(edition.document, edition.in_force - dt.timedelta(days=1))
    except library.NoEditionInForce:
        return None


def wording_of(edition: Edition) -> Wording:
    """The vocabulary that an edition was published with; for a draft, that of now."""
    if edition.vocabulary is None:
        return current_wording()
    return Wording({fact["code"]: fact for fact in edition.vocabulary})
