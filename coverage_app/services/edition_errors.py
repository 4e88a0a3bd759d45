"""What keeps provisions that can be read from making an edition, said with the name that people know it by."""

from coverage_app.models import Edition
from coverage_app.rules.edition import EditionError


def named(error: EditionError, edition: Edition, row: str = "") -> str:
    """The error as a sentence without its full stop: the rules know only the code of a document or of a ``row``.

    Without a ``row``, those of the edition on file are looked for: one query.
    """
    said = str(error)
    rows = [row] if row else edition.guidelinerows.values_list("code", flat=True)
    for code, name in [(edition.document.code, str(edition)), *((code, f"Row {code}") for code in rows)]:
        if said.startswith((f"{code} ", f"{code}:")):
            return f"{name}{said[len(code) :]}"
    return f"{said[:1].upper()}{said[1:]}"
