"""Turning points: the smallest changes of the answers that would lead to another effect."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from coverage_app.rules.cells import Cell, Cells
from coverage_app.rules.edition import Edition
from coverage_app.rules.verdict import Verdict, assess
from coverage_app.rules.vocabulary import Answers

_Outcome = tuple[tuple[str, ...], tuple[str, ...]]  # possible effects, deciding provisions


@dataclass(frozen=True, slots=True)
class Change:
    """One answered fact given another value: one of ``values``, or a number from ``low`` to ``high`` inclusive."""

    fact: str
    values: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Changes, one or two, that together lead away from the verdict.

    ``effects`` are possible after them (sorted), ``provisions`` then decide (in the edition's order).
    """

    changes: tuple[Change, ...]
    effects: tuple[str, ...]
    provisions: tuple[str, ...]


def turning_points(edition: Edition, answers: Answers, fixed: Collection[str] = ()) -> tuple[TurningPoint, ...]:
    """Return where a settled verdict turns: by one answered fact; only where there is none, by two.

    A change counts when the verdict's effect is no longer possible after it. The facts named in ``fixed`` are what
    they are: they are never changed. Values with the same outcome come together. In the order of the facts, then of
    their values. Nothing while the verdict is undetermined.
    """
    verdict = assess(edition, answers)
    if len(verdict.possible) > 1:
        return ()
    facts = [fact for fact in edition.facts if answers.get(fact) is not None and fact not in fixed]
    others = {fact: _others(edition, answers, fact) for fact in facts}
    singles = [point for fact in facts for point in _singles(edition, answers, verdict, fact, others[fact])]
    if singles:
        return tuple(singles)
    points: list[TurningPoint] = []
    for first, second in combinations(facts, 2):
        if _both_matter(edition, answers, first, second):
            points.extend(_pairs(edition, answers, verdict, (first, second), others))
    return tuple(points)


def depends_on(edition: Edition, answers: Answers, facts: Collection[str]) -> tuple[str, ...]:
    """Return those of ``facts`` without whose answers the settled verdict would be open, in the order of the facts.

    Nothing while the verdict is undetermined.
    """
    if len(assess(edition, answers).possible) > 1:
        return ()
    found = []
    for fact in edition.facts:
        if fact in facts and answers.get(fact) is not None:
            rest = {code: answer for code, answer in answers.items() if code != fact}
            if len(assess(edition, rest).possible) > 1:
                found.append(fact)
    return tuple(found)


def _others(edition: Edition, answers: Answers, fact: str) -> list[Cell]:
    """The cells of a fact but what is like its answer: there nothing changes.

    Answers that leave open which narrower value holds are apart from the complete ones of their cell.
    """
    cells, answer = edition.diagram.cells[fact], answers[fact]
    current = cells.index(answer)
    return [
        part
        for index, cell in enumerate(cells.all)
        for part in _apart(cells, cell)
        if index != current or (part.values and answer not in part.values)
    ]


def _apart(cells: Cells, cell: Cell) -> list[Cell]:
    """The values of a cell by what they leave open."""
    alike: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for value in cell.values:
        alike[cells.open.get(value, ())].append(value)
    return [Cell(tuple(values)) for values in alike.values()] if len(alike) > 1 else [cell]


def _singles(
    edition: Edition, answers: Answers, verdict: Verdict, fact: str, others: Iterable[Cell]
) -> Iterator[TurningPoint]:
    found: dict[_Outcome, list[Cell]] = defaultdict(list)
    for cell in others:
        after = assess(edition, {**answers, fact: cell.sample})
        if verdict.effect not in after.possible:
            found[after.possible, after.provisions].append(cell)
    changes = [(change, out) for out, cells in found.items() for change in _changes(edition, fact, cells)]
    for change, (effects, provisions) in sorted(changes, key=lambda item: _place(edition, item[0])):
        yield TurningPoint((change,), effects, provisions)


def _both_matter(edition: Edition, answers: Answers, first: str, second: str) -> bool:
    """Whether both can matter once they are absent; if one cannot, the other would turn the verdict alone.

    That holds for answers that the edition knows; for others there is no telling without a try.
    """
    if edition.diagram.foreign(answers):
        return True
    rest = {fact: answer for fact, answer in answers.items() if fact not in (first, second)}
    missing = assess(edition, rest).missing
    return first in missing and second in missing


def _pairs(
    edition: Edition,
    answers: Answers,
    verdict: Verdict,
    facts: tuple[str, str],
    others: dict[str, list[Cell]],
) -> Iterator[TurningPoint]:
    first, second = facts
    rows: dict[_Outcome, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, one in enumerate(others[first]):
        for j, other in enumerate(others[second]):
            after = assess(edition, {**answers, first: one.sample, second: other.sample})
            if verdict.effect not in after.possible:
                rows[after.possible, after.provisions][i].append(j)
    points: list[TurningPoint] = []
    for (effects, provisions), by_first in rows.items():
        for ones, twos in _rectangles(by_first):
            for a in _changes(edition, first, [others[first][i] for i in ones]):
                for b in _changes(edition, second, [others[second][j] for j in twos]):
                    points.append(TurningPoint((a, b), effects, provisions))
    yield from sorted(points, key=lambda point: [_place(edition, change) for change in point.changes])


def _rectangles(by_first: dict[int, list[int]]) -> list[tuple[list[int], tuple[int, ...]]]:
    """Rows with the same columns, together: one rectangle where all agree, else several that do not overlap."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row, columns in by_first.items():
        alike[tuple(columns)].append(row)
    return [(rows, columns) for columns, rows in alike.items()]


def _changes(edition: Edition, fact: str, cells: list[Cell]) -> list[Change]:
    """One change for all values of a choice; for a number one for each interval without a gap."""
    known = edition.vocabulary[fact]
    if known.kind != "number":
        values = {value for cell in cells for value in cell.values}
        return [Change(fact, tuple(value for value in known.domain if value in values))]
    _, _, step = known.limits
    joined: list[tuple[Decimal, Decimal]] = []
    for cell in cells:
        if joined and joined[-1][1] + step == cell.low:
            joined[-1] = (joined[-1][0], cell.high)
        else:
            joined.append((cell.low, cell.high))
    return [Change(fact, (), low, high) for low, high in joined]


def _place(edition: Edition, change: Change) -> Decimal:
    """Where a change stands among those of its fact: by its first value."""
    if change.low is not None:
        return change.low
    return Decimal(edition.vocabulary[change.fact].domain.index(change.values[0]))
