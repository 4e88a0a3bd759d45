"""Source texts of editions, and whether the quotes of an edition stand in them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import transaction

from coverage_app.models import Edition, SourceText

from . import states  # the module: by the exchange it knows this one
from .audit import By, record
from .quote_text import Nearest, find_quote, nearest
from .source_files import LARGEST, SourceFault, SourceFile, Upload, read_upload

__all__ = [
    "LARGEST",
    "QuoteCheck",
    "Segment",
    "SourceFault",
    "check_quotes",
    "marked_text",
    "newest_source",
    "quotes_of",
    "store_source",
    "without_source",
]

STORED = "store a source text"
"""The step in the history."""
NO_SOURCE = "no_source"
QUOTE = "quote"


@dataclass(frozen=True)
class QuoteCheck:
    """One quote of an edition, and where it stands in the source text.

    ``place`` says in words whose quote it is; ``part`` is its model and ``pk`` its number. ``spans``: from and to of
    each part of the quote in the text. ``key`` is the same for the same words quoted by the same kind of part; the
    kind ``no_source`` stands for a source text that is not on file.
    """

    place: str
    quote: str
    found: bool
    key: str
    kind: str = QUOTE
    part: str = ""
    pk: int = 0
    number: int = 0
    spans: tuple[tuple[int, int], ...] = ()
    nearest: Nearest | None = None

    @property
    def sentence(self) -> str:
        """What is wrong with it, for a list of what keeps an edition from being published."""
        if self.kind == NO_SOURCE:
            return "No source text is on file, and nobody has said why."
        return f"{self.place}: the quote does not stand in the source text, and nobody has said why."


@dataclass(frozen=True)
class Segment:
    """A stretch of a source text, with the quotes that it is part of; ``begins``: those that begin with it."""

    text: str
    quotes: tuple[QuoteCheck, ...] = ()
    begins: tuple[QuoteCheck, ...] = ()


def newest_source(edition: Edition) -> SourceText | None:
    """The source text of an edition that counts; None when there is none."""
    return edition.sources.select_related("stored_by").order_by("-pk").first()


def store_source(*, edition: Edition, upload: Upload, by: By) -> SourceText:
    """Keep a file's text with the edition; it counts from now on. The same file again changes nothing.

    It is a step in the edition's history: quotes are held against it, so whoever stores one has a hand in what is
    published. The file is read before the database is asked for anything: that may take some seconds. Raises
    SourceFault.
    """
    return _store(edition=edition, file=read_upload(upload), by=by)


@transaction.atomic
def _store(*, edition: Edition, file: SourceFile, by: By) -> SourceText:
    try:
        edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=edition.pk)
    except Edition.DoesNotExist as error:
        raise SourceFault("The edition was deleted while the file was read.") from error
    checksum = hashlib.sha256(file.data).hexdigest()
    known = newest_source(edition)
    if known is not None and known.checksum == checksum:
        return known
    states.keep_state(edition=edition)
    source = SourceText.objects.create(
        edition=edition,
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        checksum=checksum,
        text=file.text,
        text_checksum=hashlib.sha256(file.text.encode()).hexdigest(),
        stored_by_id=by.pk if by else None,
    )
    record(by=by, action="store source", subject=edition, detail={"name": file.name, "checksum": checksum})
    replaced = f", in place of {known.name}" if known else ""
    why = f"{file.name} (SHA-256 {checksum[:12]}…){replaced}"
    states.note_edit(edition=edition, by=by, action=STORED, why=why)
    return source


def quotes_of(edition: Edition) -> Iterator[tuple[str, str, Any]]:
    """Each part that quotes the document, in reading order: what it is called, its kind, itself. Four queries."""
    for provision in edition.provisions.all():
        yield f"Provision {provision.code}", "provision", provision
    for row in edition.guidelinerows.all():
        yield f"Row {row.code}", "guidelinerow", row
    for rule in edition.authorizationrules.all():
        place = f"Authorization, {rule.product or 'all products'}, {rule.get_setting_display().lower()}"
        yield place, "authorizationrule", rule
    for remark in edition.remarks.exclude(quote=""):
        yield f"Remark “{remark}”", "remark", remark


def check_quotes(edition: Edition, source: SourceText | None = None) -> list[QuoteCheck]:
    """Each quote of the edition against its newest source text (or the one given); without one, none is found."""
    source = source or newest_source(edition)
    text = source.text if source else ""
    return [
        _check(number, place, kind, part, text)
        for number, (place, kind, part) in enumerate(quotes_of(edition), 1)
        if part.quote.strip()
    ]


def _check(number: int, place: str, kind: str, part: Any, text: str) -> QuoteCheck:
    spans = tuple(find_quote(part.quote, text)) if text else ()
    near = nearest(part.quote, text) if text and not spans else None
    key = hashlib.sha256(f"{kind}\n{part.quote}".encode()).hexdigest()
    return QuoteCheck(place, part.quote, bool(spans), key, QUOTE, kind, part.pk, number, spans, near)


def without_source(checks: Iterable[QuoteCheck]) -> QuoteCheck:
    """What stands for all quotes of an edition that has no source text; another once one of the quotes is another."""
    digest = hashlib.sha256("\n".join(sorted({check.key for check in checks})).encode()).hexdigest()
    return QuoteCheck("Source text", "", False, f"{NO_SOURCE}:{digest}", NO_SOURCE)


def marked_text(text: str, checks: Iterable[QuoteCheck]) -> list[Segment]:
    """The text cut where quotes begin and end; quotes may overlap."""
    found = [check for check in checks if check.found]
    edges = sorted({0, len(text), *(edge for check in found for span in check.spans for edge in span)})
    return [_segment(text, low, high, found) for low, high in pairwise(edges)]


def _segment(text: str, low: int, high: int, checks: Sequence[QuoteCheck]) -> Segment:
    quotes = tuple(c for c in checks if any(start <= low and high <= end for start, end in c.spans))
    return Segment(text[low:high], quotes, tuple(c for c in quotes if c.spans[0][0] == low))
