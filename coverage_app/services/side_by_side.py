"""One case under every payer on file: what each says, an aspect at a time, and where they differ."""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from coverage_app.models import AuthorizationRule, DiagnosisCode, Document, Edition, ListedCode

from . import library
from .report.codes import NO_CODE, NOT_STATED, diagnosis, listed_tag, not_coverage, products
from .report.sentences import sentences
from .report.tags import NO_PAYER, VERDICTS, Tag
from .report.words import age_note, count, listed
from .standing import CaseFacts, Standing, rows_of, stand_by
from .vocabulary import Wording, current_wording


@dataclass(frozen=True)
class Column:
    """One payer. ``starts`` are the days from which its published editions are in force."""

    document: Document
    standing: Standing
    own: bool
    starts: tuple[dt.date, ...]

    @property
    def edition(self) -> Edition | None:
        return self.standing.reading.edition if self.standing.reading else None


@dataclass(frozen=True)
class Cell:
    """What one payer says on one aspect. ``key`` is what is compared; None where there is nothing to compare."""

    column: Column
    data: dict[str, Any]
    key: Hashable
    differs: bool = False


@dataclass(frozen=True)
class Aspect:
    """One line of the comparison. ``compared``: at least two payers say something."""

    code: str
    heading: str
    cells: tuple[Cell, ...]
    compared: bool
    differs: bool


@dataclass(frozen=True)
class SideBySide:
    """The case under each payer on ``day``; the case's own first, if it has one."""

    day: dt.date
    dated: bool
    columns: tuple[Column, ...]
    aspects: tuple[Aspect, ...]
    diagnosis: DiagnosisCode | None

    @property
    def own(self) -> Column | None:
        return next((column for column in self.columns if column.own), None)

    @property
    def verdicts(self) -> list[tuple[Tag, list[str]]]:
        """The verdicts given, each with the short names of the payers that give it, in the order of the columns."""
        found: dict[str, list[str]] = {}
        for column in self.columns:
            found.setdefault(column.standing.code, []).append(column.document.short_name)
        return [(VERDICTS[code], names) for code, names in found.items()]


def side_by_side(facts: CaseFacts, today: dt.date | None = None) -> SideBySide:
    """``facts`` under every payer with an edition ever published, on the date of service (without one: ``today``).

    A constant number of queries, once each edition was read.
    """
    wording = current_wording()
    day = facts.date_of_service or today or timezone.localdate()
    columns = tuple(_columns(facts, wording, day))
    aspects = tuple(_aspect(code, heading, columns, say) for code, heading, say in ASPECTS)
    known = diagnosis(facts.diagnosis_code) if facts.diagnosis_code else None
    return SideBySide(day, facts.date_of_service is not None, columns, aspects, known)


def _columns(facts: CaseFacts, wording: Wording, day: dt.date) -> list[Column]:
    rows, starts = rows_of(facts), _starts()
    own = facts.document.pk if facts.document else None
    found = []
    for document, edition in library.payers_on(day):
        reading = library.read(edition) if edition else None
        standing = stand_by(replace(facts, document=document), reading, rows, wording, day)
        found.append(Column(document, standing, document.pk == own, tuple(starts.get(document.pk, ()))))
    return sorted(found, key=lambda column: not column.own)


def _starts() -> dict[int, list[dt.date]]:
    published = Edition.objects.filter(document__kind=Document.Kind.PAYER_POLICY, status=Edition.Status.PUBLISHED)
    found: dict[int, list[dt.date]] = {}
    for document, day in published.order_by("in_force").values_list("document_id", "in_force"):
        found.setdefault(document, []).append(day)
    return found


Said = tuple[dict[str, Any], Hashable]
Say = Callable[[Column], Said]


def _aspect(code: str, heading: str, columns: tuple[Column, ...], say: Say) -> Aspect:
    cells = [Cell(column, *say(column)) for column in columns]
    keys = {cell.key for cell in cells if cell.key is not None}
    own = next((cell.key for cell in cells if cell.column.own), None)
    marked = tuple(replace(cell, differs=None not in (own, cell.key) and cell.key != own) for cell in cells)
    return Aspect(code, heading, marked, sum(cell.key is not None for cell in cells) > 1, len(keys) > 1)


# What a payer says, for the page, and what of it is compared


def _verdict(column: Column) -> Said:
    standing = column.standing
    open_ = standing.verdict.possible if standing.verdict and standing.code == "undetermined" else ()
    shown = {"tag": VERDICTS.get(standing.code, NO_PAYER), "possible": [VERDICTS[effect] for effect in open_]}
    return shown, (standing.code, frozenset(open_))


def _decides(column: Column) -> Said:
    """The sentences of the provisions that decide or still can, each once, in the edition's order."""
    standing = column.standing
    if not standing.verdict:
        return {}, None
    found = sentences(standing)
    certain = len(standing.verdict.provisions) == 1
    return {"sentences": found, "certain": certain}, frozenset(sentence["quote"] for sentence in found)


def _missing(column: Column) -> Said:
    standing = column.standing
    if not standing.verdict:
        return {}, None
    labels = [standing.wording.label(fact) for fact in standing.verdict.missing]
    return {"labels": labels}, frozenset(standing.verdict.missing)


def _authorization(column: Column) -> Said:
    """By the case's setting and product; where the product is another payer's, by all products that this one names."""
    standing = column.standing
    if not standing.reading:
        return {}, None
    rules = standing.reading.authorization
    if not rules:
        return {"lines": [], "note": NOT_STATED}, ()
    facts, names = standing.facts, products(standing)
    product = facts.product if facts.product in names else ""
    settings = [facts.setting] if facts.setting else list(dict.fromkeys(rule.setting for rule in rules))
    lines = [_line(setting, rules, product) for setting in settings]
    foreign = ""
    if facts.product and not product:
        own = "All of its own are shown." if names else "It names none."
        foreign = f"“{facts.product}” is not a product of this payer. {own}"
    possible = [r.rule for r in rules if r.setting in settings and (not product or r.product in ("", product))]
    note = not_coverage(standing, possible)
    return {"lines": lines, "note": note, "foreign": foreign}, tuple(line["answer"] for line in lines)


def _line(setting: str, rules: tuple[AuthorizationRule, ...], product: str) -> dict[str, Any]:
    by_rule: dict[str, list[str]] = {}
    for rule in rules:
        if rule.setting == setting and (not product or rule.product in ("", product)):
            by_rule.setdefault(rule.get_rule_display(), []).append(rule.product)
    named = AuthorizationRule.Setting(setting).label
    if not by_rule:
        return {"setting": named, "answer": "Not stated", "products": ""}
    if len(by_rule) == 1:
        [(answer, found)] = by_rule.items()
        which = "" if found == [""] else found[0] if len(found) == 1 else f"for all {count(len(found), 'product')}"
        return {"setting": named, "answer": answer, "products": which}
    parts = [
        f"{answer}: {listed([name or 'all others' for name in found], 'and')}" for answer, found in by_rule.items()
    ]
    return {"setting": named, "answer": "Depends on the product", "products": "; ".join(parts)}


def _codes(column: Column) -> Said:
    """The technique's CPT code, the case's own where it is another, and its diagnosis code, against the lists."""
    standing = column.standing
    if not standing.reading:
        return {}, None
    facts, wording = standing.facts, standing.wording
    technique = facts.answers.get("technique")
    value = (wording.value("technique", str(technique)) if technique else None) or {}
    cpt = dict.fromkeys(code for code in (value.get("cpt"), facts.cpt_code) if code)
    given = [(ListedCode.System.CPT, code) for code in cpt]
    if facts.diagnosis_code:
        given.append((ListedCode.System.ICD10CM, facts.diagnosis_code))
    tags = [listed_tag(standing, system, code) for system, code in given]
    lines = [{"system": s.label, "code": code, "tag": tag} for (s, code), tag in zip(given, tags, strict=True)]
    note = NO_CODE.format(wording.answer("technique", technique)) if value and not value.get("cpt") else ""
    if not technique and not facts.cpt_code:
        note = "The technique, which the CPT code goes with, is not documented."
    return {"lines": lines, "note": note}, tuple(tag["code"] for tag in tags) or None


def _edition(column: Column) -> Said:
    edition = column.edition
    if edition is None:
        return {}, None
    note = age_note(edition.last_reviewed, column.standing.day)
    return {"edition": edition, "age_note": note}, (edition.in_force, edition.last_reviewed)


ASPECTS: tuple[tuple[str, str, Say], ...] = (
    ("verdict", "Verdict", _verdict),
    ("decides", "What decides", _decides),
    ("missing", "Not documented", _missing),
    ("authorization", "Authorization", _authorization),
    ("codes", "Codes", _codes),
    ("edition", "Edition", _edition),
)
