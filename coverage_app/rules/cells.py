"""Cells: the answers to one fact that an edition does not tell apart.

26 sites of which the criteria name six make seven cells; ages are split at the thresholds that the criteria use.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor

from coverage_app.rules.expression import Leaf
from coverage_app.rules.vocabulary import Answer, AnswerError, Fact

_REMEMBERED = 4096  # numbers whose cell is remembered, for each fact


@dataclass(frozen=True, slots=True)
class Cell:
    """Values of a choice in the order of the vocabulary; or the numbers from ``low`` to ``high``, both included."""

    values: tuple[str, ...] = ()
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    @property
    def sample(self) -> Answer:
        """One answer of the cell, as a complete answer: what holds for it holds for all."""
        return self.values[0] if self.values else self.low


class Cells:
    """The cells of one fact under the leaves of an edition that speak of it."""

    def __init__(self, fact: Fact, leaves: Iterable[Leaf]) -> None:
        self.fact = fact
        self.all = _intervals(fact, leaves) if fact.kind == "number" else _classes(fact, leaves)
        self.known: dict[Answer, int] = {v: index for index, cell in enumerate(self.all) for v in cell.values}
        self._lows = [cell.low for cell in self.all]
        self.open = self._open()

    def _open(self) -> dict[Answer, tuple[int, ...]]:
        """The answers whose narrower values lie in several cells, with these: which of them holds is left open."""
        found = {code: {self.known[below] for below in self.fact.covered(code)} for code in self.fact.domain}
        return {code: tuple(sorted(cells)) for code, cells in found.items() if len(cells) > 1}

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many answers each cell has: values of a choice, or numbers of the grid."""
        if self.fact.kind != "number":
            return tuple(len(cell.values) for cell in self.all)
        step = Fraction(self.fact.limits[2])
        return tuple(int((Fraction(cell.high) - Fraction(cell.low)) / step) + 1 for cell in self.all)

    def index(self, answer: Answer) -> int | None:
        """The cell of an answer; None for an answer that the vocabulary of the edition does not have."""
        found = self.known.get(answer)
        if found is not None or self.fact.kind != "number" or isinstance(answer, str):
            return found
        try:
            number = self.fact.check(answer)
        except AnswerError:
            return None
        found = bisect_right(self._lows, number) - 1
        if len(self.known) < _REMEMBERED:
            self.known[answer] = found
        return found


def _classes(fact: Fact, leaves: Iterable[Leaf]) -> tuple[Cell, ...]:
    """Values that the same leaves cover, together."""
    sets = {leaf.covered: None for leaf in leaves}
    alike: dict[tuple[bool, ...], list[str]] = {}
    for value in fact.domain:
        alike.setdefault(tuple([value in covered for covered in sets]), []).append(value)
    return tuple(Cell(tuple(values)) for values in alike.values())


def _intervals(fact: Fact, leaves: Iterable[Leaf]) -> tuple[Cell, ...]:
    """The grid from least to greatest, cut where a comparison changes."""
    least, greatest, step = fact.limits
    last = int((Fraction(greatest) - Fraction(least)) / Fraction(step))
    cuts = {0, last + 1}
    for leaf in leaves:
        at = (Fraction(leaf.values[0]) - Fraction(least)) / Fraction(step)
        if leaf.operator in (">=", "<", "="):
            cuts.add(ceil(at))
        if leaf.operator in (">", "<=", "="):
            cuts.add(floor(at) + 1)
    places = sorted(cut for cut in cuts if 0 <= cut <= last + 1)
    return tuple(Cell((), least + step * start, least + step * (end - 1)) for start, end in pairwise(places))
