"""The documents on file, read for the rules: which edition is in force, and its whole content compiled."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from coverage_app.models import (
    AuthorizationRule,
    Document,
    Edition,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.rules.criteria import Expression, parse
from coverage_app.rules.edition import Edition as Rules

from .criterion_sources import CriterionSource, criterion_sources
from .vocabulary import Wording, current_wording


class NoEditionInForce(Exception):
    """No edition of ``document`` is on file for ``day``."""

    def __init__(self, document: Document, day: dt.date) -> None:
        self.document, self.day = document, day
        super().__init__(f"No edition of {document} is on file for {day:%Y-%m-%d}.")


@dataclass(frozen=True)
class Row:
    """A guideline row with its statements, and the rules that give its stance. ``sites``: groups are spelled out."""

    row: GuidelineRow
    statements: tuple[GuidelineStatement, ...]
    rules: Rules
    sites: frozenset[str]

    def statement(self, provision: str) -> GuidelineStatement | None:
        """The statement behind a provision id of ``rules``; None for the closing one."""
        return None if provision == "-" else self.statements[int(provision) - 1]


@dataclass(frozen=True)
class Reason:
    """Why a provision sends a case to review: ``text`` applies where ``criteria`` are met."""

    criteria: Expression
    text: str


@dataclass(frozen=True)
class Reading:
    """An edition with all its parts, compiled. ``rules`` is None for a document that decides nothing.

    By provision: ``sources`` has whose criterion each of its conditions is, ``reasons`` why it sends to review.
    """

    edition: Edition
    wording: Wording
    rules: Rules | None
    provisions: tuple[Provision, ...]
    rows: tuple[Row, ...]
    authorization: tuple[AuthorizationRule, ...]
    codes: tuple[ListedCode, ...]
    remarks: tuple[tuple[Remark, Expression | None], ...]
    sources: Mapping[str, tuple[CriterionSource, ...]]
    reasons: Mapping[str, tuple[Reason, ...]]

    def rows_for(self, site: str) -> list[Row]:
        return [row for row in self.rows if site in row.sites]


_published: dict[int, Reading] = {}


def forget() -> None:
    """Empty the store of published editions: one was withdrawn, or a test's database was rolled back."""
    _published.clear()


def read(edition: Edition, wording: Wording | None = None) -> Reading:
    """The edition with its parts. A published one never changes, so it is read once a process.

    ``wording`` is the current vocabulary, used for a draft. Raises ``CriteriaError`` or ``EditionError``
    for a draft that does not read.
    """
    if edition.is_on_file and edition.pk in _published:  # its vocabulary, long and read once, is deferred by all above
        known = _published[edition.pk]
        known.edition.document = edition.document  # the edition is frozen, its document's name is not
        return known
    if edition.vocabulary is not None:
        wording = Wording({fact["code"]: fact for fact in edition.vocabulary})
    reading = _read(edition, wording or current_wording())
    if edition.is_on_file:
        _published[edition.pk] = reading
    return reading


def _read(edition: Edition, wording: Wording) -> Reading:
    provisions, vocabulary = tuple(edition.provisions.all()), wording.vocabulary
    lines = [(provision.code, provision.criteria, provision.effect) for provision in provisions]
    rules = Rules.read(edition.document.code, vocabulary, lines) if lines else None
    criteria = {provision.id: provision.criteria for provision in rules.provisions} if rules else {}
    return Reading(
        edition=edition,
        wording=wording,
        rules=rules,
        provisions=provisions,
        rows=tuple(_row(row, wording) for row in edition.guidelinerows.prefetch_related("statements")),
        authorization=tuple(edition.authorizationrules.all()),
        codes=tuple(edition.listedcodes.all()),
        remarks=tuple(
            (remark, parse(remark.criteria, wording.vocabulary) if remark.criteria else None)
            for remark in edition.remarks.all()
        ),
        sources={p.code: criterion_sources(p, criteria[p.code], vocabulary) for p in provisions},
        reasons={
            p.code: tuple(Reason(parse(each["criteria"], vocabulary), each["text"]) for each in p.reasons)
            for p in provisions
        },
    )


def _row(row: GuidelineRow, wording: Wording) -> Row:
    statements = tuple(row.statements.all())
    return Row(row, statements, row_rules(row.code, statements, wording), wording.covered("site", row.sites))


def row_rules(code: str, statements: Iterable[GuidelineStatement], wording: Wording) -> Rules:
    """The rules of a guideline's row."""
    lines = closed((statement.criteria, statement.stance) for statement in statements)
    return Rules.read(code, wording.vocabulary, lines)


def closed(statements: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The lines of a row's rules: criteria and stance by number, closed where the last of them leaves cases open."""
    lines = [(str(n), criteria, stance) for n, (criteria, stance) in enumerate(statements, 1)]
    if not lines or lines[-1][1].strip() != "always":
        lines.append(("-", "always", "conditions_not_met"))
    return lines


def in_force_on(editions: Iterable[Edition], day: dt.date) -> Edition | None:
    """Of one document's editions, the one of ``day``; None before the first and in a withdrawn one's days.

    A withdrawn edition that was replaced by a published one of the same start leaves no gap.
    """
    started = [edition for edition in editions if edition.is_on_file and edition.in_force <= day]
    newest = max(started, key=lambda e: (e.in_force, e.status == Edition.Status.PUBLISHED), default=None)
    return newest if newest and newest.status == Edition.Status.PUBLISHED else None


def edition_in_force(document: Document, day: dt.date) -> Edition:
    """The edition of ``document`` in force on ``day`` (inclusive); raises ``NoEditionInForce``."""
    edition = in_force_on(document.editions.select_related("document").defer("vocabulary"), day)
    if edition is None:
        raise NoEditionInForce(document, day)
    return edition


def next_start(document: Document, day: dt.date) -> dt.date | None:
    """The first day after ``day`` on which another edition of ``document`` begins, withdrawn or not. One query."""
    later = document.editions.on_file().filter(in_force__gt=day).order_by("in_force")
    return later.values_list("in_force", flat=True).first()


def payers_on(day: dt.date) -> list[tuple[Document, Edition | None]]:
    """Every payer policy that has ever been published, with its edition of ``day``. Two queries."""
    documents = Document.objects.filter(kind=Document.Kind.PAYER_POLICY).order_by("code")
    editions = Edition.objects.on_file().select_related("document").defer("vocabulary")
    by_document: dict[int, list[Edition]] = {}
    for edition in editions.filter(document__kind=Document.Kind.PAYER_POLICY):
        by_document.setdefault(edition.document_id, []).append(edition)
    return [(d, in_force_on(by_document[d.pk], day)) for d in documents if d.pk in by_document]


def payers_to_choose() -> list[Document]:
    """The payers to choose from: those with an edition that was ever published. One query."""
    published = Edition.objects.on_file().values("document")
    return list(Document.objects.filter(kind=Document.Kind.PAYER_POLICY, pk__in=published))


def newest(kind: Document.Kind) -> list[Reading]:
    """The edition of today of each document of ``kind``, whatever the date of service: none where none is in force.

    After a withdrawal the older text does not come back, and an edition to come waits for its day.
    """
    editions = Edition.objects.on_file().filter(document__kind=kind)
    by_document: dict[int, list[Edition]] = {}
    for edition in editions.select_related("document").defer("vocabulary").order_by("document__code"):
        by_document.setdefault(edition.document_id, []).append(edition)
    today = timezone.localdate()
    found = [in_force_on(each, today) for each in by_document.values()]
    return [read(each) for each in found if each]


def rows_for(site: str | None) -> list[Row]:
    """The guideline rows that apply to ``site``, by row id; none without a site."""
    if not site:
        return []
    rows = [row for reading in newest(Document.Kind.GUIDELINE) for row in reading.rows_for(site)]
    return sorted(rows, key=lambda row: row.row.code)
