"""Two editions of a document side by side: what differs in their words, and in the verdicts that they give."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coverage_app.models import Document, Edition
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.difference import Difference, compare
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError

from . import library
from .edition_parts import SECTIONS, Item, Line, parts_of
from .edition_rules import edition_before
from .library import Reading
from .marked_sides import Marked, mark
from .report.words import day
from .vocabulary import current_wording


@dataclass(frozen=True)
class FieldDifference:
    """One thing that a part says, before and after. ``code``: it is criteria, not prose."""

    label: str
    marked: Marked
    code: bool = False

    @property
    def changed(self) -> bool:
        return self.marked.changed


@dataclass(frozen=True)
class PartDifference:
    """One part of an edition (a provision, a row, a code): ``standing`` is added, removed, changed or unchanged.

    ``moved`` holds its places before and after, counted from one, where its order among those that stayed is another.
    """

    name: str
    standing: str
    fields: tuple[FieldDifference, ...]
    moved: tuple[int, int] | None = None

    @property
    def differs(self) -> bool:
        return self.standing != "unchanged" or self.moved is not None


@dataclass(frozen=True)
class SectionDifference:
    """All parts of one kind, in the newer edition's order; what was removed stands where it stood."""

    code: str
    heading: str
    parts: tuple[PartDifference, ...]

    @property
    def differing(self) -> list[PartDifference]:
        return [part for part in self.parts if part.differs]

    @property
    def same(self) -> list[PartDifference]:
        return [part for part in self.parts if not part.differs]


@dataclass(frozen=True)
class VerdictDifference:
    """How the verdicts of two editions differ; for a guideline the stances of one row.

    ``difference`` is None where it cannot be told: ``fault`` says why, in a sentence.
    """

    name: str
    difference: Difference | None
    fault: str = ""


def held_against(edition: Edition, others: Iterable[Edition]) -> Edition | None:
    """Of the other editions of its document, the one that it is compared with at first: the edition before it.

    A draft is held against the published edition of its own day, which it would replace, and one that begins before
    all others against the one that it was started from.
    """
    on_file = [other for other in others if other.pk != edition.pk and other.status == Edition.Status.PUBLISHED]
    beside = [] if edition.is_on_file else [other for other in on_file if other.in_force == edition.in_force]
    started_from = next((other for other in on_file if other.pk == edition.started_from_id), None)
    return next(iter(beside), None) or edition_before(edition, on_file) or started_from


def compare_words(before: Edition, after: Edition) -> list[SectionDifference]:
    """Every part of the two editions, matched by its id, its words marked. A constant number of queries."""
    wording = current_wording()
    old, new = parts_of(before, wording), parts_of(after, wording)
    sections = [
        SectionDifference(code, heading, tuple(compare_items(old[code], new[code]))) for code, heading in SECTIONS
    ]
    return [section for section in sections if section.parts]


def compare_verdicts(before: Edition, after: Edition) -> list[VerdictDifference]:
    """For payers' editions how the verdicts differ; for guidelines row by row how the stances do; else nothing."""
    wording = current_wording()
    readings = []
    for edition in (before, after):
        try:
            readings.append(library.read(edition, wording))
        except CriteriaError as error:
            where = f"provision {error.provision}" if error.provision else "its criteria"
            return [_untold("", edition, f"{where}: {error}")]
        except EditionError as error:
            return [_untold("", edition, str(error))]
    old, new = readings
    if after.document.kind == Document.Kind.GUIDELINE:
        return _compare_rows(old, new)
    if after.document.kind != Document.Kind.PAYER_POLICY:
        return []
    for reading in readings:
        if reading.rules is None:
            return [_untold("", reading.edition, "it has no provisions")]
    return [_compare("", old.rules, new.rules)] if old.rules and new.rules else []


def _untold(name: str, edition: Edition, why: str) -> VerdictDifference:
    why = why.rstrip(".")
    return VerdictDifference(name, None, f"The edition of {day(edition.in_force)} does not decide: {why}.")


def _compare(name: str, before: Rules, after: Rules) -> VerdictDifference:
    try:
        return VerdictDifference(name, compare(before, after))
    except EditionError as error:
        return VerdictDifference(name, None, f"This cannot be counted exactly: {str(error).rstrip('.')}.")


def _compare_rows(before: Reading, after: Reading) -> list[VerdictDifference]:
    """The rows that both have."""
    old = {row.row.code: row for row in before.rows}
    pairs = [(old[row.row.code], row) for row in after.rows if row.row.code in old]
    return [_compare(new.row.code, was.rules, new.rules) for was, new in pairs]


# Matching parts


def compare_items(before: Sequence[Item], after: Sequence[Item]) -> list[PartDifference]:
    """The items of two lists matched, in the order of the second."""
    pairs = _matched(before, after)
    stayed = _in_order(pairs)
    twins = dict(pairs)
    found = [
        _part(before, after, twins.get(place), place, twins.get(place) in stayed or place not in twins)
        for place in range(len(after))
    ]
    matched = set(twins.values())
    followed: dict[int | None, list[PartDifference]] = defaultdict(list)
    last: int | None = None
    places = {old: new for new, old in pairs}
    for place in range(len(before)):
        if place in matched:
            last = places[place]
        else:
            followed[last].append(_part(before, after, place, None, True))
    ordered = list(followed[None])
    for place, part in enumerate(found):
        ordered += [part, *followed[place]]
    return ordered


def _matched(before: Sequence[Item], after: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs (place after, place before), in the order of ``after``.

    First what is the same in every word, then what has the same key, in order: a key need not be the only one.
    """
    same: list[Callable[[Item], object]] = [lambda item: item, lambda item: item.key]
    twins: dict[int, int] = {}
    for look in same:
        waiting: dict[object, list[int]] = defaultdict(list)
        taken = set(twins.values())
        for place in reversed(range(len(before))):
            if place not in taken:
                waiting[look(before[place])].append(place)
        for place, item in enumerate(after):
            if place not in twins and waiting[look(item)]:
                twins[place] = waiting[look(item)].pop()
    return sorted(twins.items())


def _in_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The places before of those that kept their order: a longest rising run. The others have moved."""
    ends: list[int] = []  # the smallest end of a rising run of each length
    before: dict[int, int | None] = {}
    for _, place in pairs:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    kept: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _part(
    before: Sequence[Item], after: Sequence[Item], was: int | None, now: int | None, in_place: bool
) -> PartDifference:
    old = before[was] if was is not None else None
    new = after[now] if now is not None else None
    fields = tuple(_fields(old.lines if old else (), new.lines if new else ()))
    item = new or old
    assert item is not None  # for the type checker
    if old is None or new is None:
        return PartDifference(item.name, "removed" if old else "added", fields)
    standing = "changed" if any(field.changed for field in fields) else "unchanged"
    moved = None if in_place or was is None or now is None else (was + 1, now + 1)
    return PartDifference(item.name, standing, fields, moved)


def _fields(before: Sequence[Line], after: Sequence[Line]) -> Iterable[FieldDifference]:
    old, new = {line.label: line for line in before}, {line.label: line for line in after}
    for label in dict.fromkeys([*new, *old]):
        texts = [lines[label].text if label in lines else "" for lines in (old, new)]
        if any(texts):
            yield FieldDifference(label, mark(*texts), (new.get(label) or old[label]).code)
