"""Criteria as people read them, in the words of the vocabulary, from top to bottom."""

from collections.abc import Iterator
from dataclasses import dataclass

from coverage_app.rules.criteria import All, Always, Any, Expression, Leaf, Not
from coverage_app.services.report.trees import COMPARED
from coverage_app.services.report.words import listed

from .vocabulary import Wording

SHOWN = 300
"""Conditions that are spelled out; nobody reads more, and a page stays small."""

JOINTS: dict[type[Expression], tuple[str, str]] = {
    All: ("all", "All of these"),
    Any: ("any", "Any of these"),
    Not: ("not", "Not this"),
    Always: ("always", "Every case that comes this far"),
}


@dataclass(frozen=True)
class Step:
    """One line of criteria in words.

    ``kind`` is all, any, not, always or leaf; a leaf has its fact's label in ``fact``. ``covers`` says which
    narrower values count too. After the line, ``opens``: a list of its parts begins; ``closes``: so many lists end.
    """

    kind: str
    text: str
    fact: str = ""
    covers: str = ""
    opens: bool = False
    closes: int = 0

    @property
    def closing(self) -> range:
        """One for each list that ends after this line."""
        return range(self.closes)


def steps(expression: Expression, wording: Wording) -> tuple[tuple[Step, ...], int]:
    """The lines of these criteria, at most ``SHOWN`` conditions, and how many conditions are left out."""
    beyond = len(expression.leaves) - SHOWN
    return tuple(_steps(expression, wording)), max(0, beyond)


def _steps(root: Expression, wording: Wording) -> Iterator[Step]:
    """Without calls inside calls; where conditions are left out, the lists that are open still end."""
    waiting: list[tuple[Expression, int]] = [(root, 0)]  # with the number of lists that end after it
    conditions = 0
    while waiting:
        expression, closes = waiting.pop()
        conditions += not expression.branches
        if conditions == SHOWN:
            closes += sum(ending for _, ending in waiting)
            waiting.clear()
        if isinstance(expression, Leaf):
            yield _leaf(expression, wording, closes)
            continue
        kind, text = JOINTS[type(expression)]
        *parts, last = expression.branches or (None,)
        if last is None:
            yield Step(kind, text, closes=closes)
            continue
        yield Step(kind, text, opens=True)
        waiting.append((last, closes + 1))
        waiting.extend((part, 0) for part in reversed(parts) if part is not None)


def _leaf(leaf: Leaf, wording: Wording, closes: int) -> Step:
    label = wording.label(leaf.fact)
    if leaf.operator in COMPARED:
        words = COMPARED[leaf.operator].format(wording.answer(leaf.fact, leaf.values[0]))
        return Step("leaf", words, label, closes=closes)
    denied = leaf.operator in ("is not", "not in")
    values = listed([wording.answer(leaf.fact, value) for value in leaf.values])
    return Step("leaf", f"not {values}" if denied else values, label, _covers(leaf, wording), closes=closes)


def _covers(leaf: Leaf, wording: Wording) -> str:
    """``T4 covers T4a and T4b``; blank when each value stands for itself alone."""
    fact = wording.vocabulary[leaf.fact]
    said = []
    for value in map(str, leaf.values):
        narrower = [code for code in fact.domain if code != value and code in fact.covered(value)]
        if narrower:
            names = listed([wording.answer(leaf.fact, code) for code in narrower], "and")
            said.append(f"{wording.answer(leaf.fact, value)} covers {names}")
    return "; ".join(said)
