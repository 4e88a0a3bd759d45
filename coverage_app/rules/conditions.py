"""Conditions: criteria compiled to diagrams with the ends YES and NO, all in one store and over the same cells."""

from collections.abc import Iterable, Mapping, Sequence

from coverage_app.rules.cells import Cells
from coverage_app.rules.expression import Always, Any, Expression, Leaf, Not
from coverage_app.rules.store import LEVELS_LIMIT, NO, YES, Node, Store, TooComplex
from coverage_app.rules.vocabulary import Answer, Vocabulary


class Conditions:
    """Compiles criteria, of one edition or of several over one vocabulary.

    ``facts`` are those that the criteria use, in the order of the vocabulary: the place of a fact is its level.
    ``cells`` are cut by the leaves of all the criteria. ``fixed`` holds answers that the vocabulary does not have:
    leaves that speak of them are settled at once. Raises TooComplex past the limits of the store.
    """

    def __init__(
        self, vocabulary: Vocabulary, criteria: Iterable[Expression], fixed: Mapping[str, Answer] | None = None
    ) -> None:
        self.criteria = tuple(criteria)
        self.fixed = dict(fixed or {})
        used: frozenset[str] = frozenset().union(*(expression.facts for expression in self.criteria))
        self.facts = tuple(fact.code for fact in vocabulary if fact.code in used)
        if len(self.facts) > LEVELS_LIMIT:
            raise TooComplex
        self.cells = _cells(vocabulary, self.facts, self.criteria)
        self.store = Store()
        self._levels = {fact: level for level, fact in enumerate(self.facts)}
        self._leaves: dict[Leaf, Node] = {}
        self._joined: dict[int, tuple[Expression, Node]] = {}  # by identity: equality would read the whole tree

    def of(self, expression: Expression) -> Node:
        """The diagram of the criteria, or of a part of them."""
        if isinstance(expression, Always):
            return YES
        if isinstance(expression, Leaf):
            leaf = self._leaves.get(expression)
            if leaf is None:
                leaf = self._leaves[expression] = self._leaf(expression)
            return leaf
        found = self._joined.get(id(expression))
        if found is None:
            parts = []
            for part in expression.branches:
                parts.append(self.of(part))
            found = self._joined[id(expression)] = (expression, self._join(expression, parts))
        return found[1]

    def negated(self, node: Node) -> Node:
        """Where the condition does not hold."""
        return self.store.relabel(node, {"yes": NO, "no": YES})

    def _join(self, expression: Expression, parts: list[Node]) -> Node:
        if isinstance(expression, Not):
            return self.negated(parts[0])
        return self.store.fold("or" if isinstance(expression, Any) else "and", parts)

    def _leaf(self, leaf: Leaf) -> Node:
        if leaf.fact in self.fixed:
            return YES if leaf.holds(self.fixed[leaf.fact]) else NO
        cells = self.cells[leaf.fact].all
        self.store.spend(len(cells))
        children = tuple([YES if leaf.holds(cell.sample) else NO for cell in cells])
        return self.store.node(self._levels[leaf.fact], children)


def _cells(vocabulary: Vocabulary, facts: Sequence[str], criteria: Sequence[Expression]) -> dict[str, Cells]:
    leaves: dict[str, list[Leaf]] = {fact: [] for fact in facts}
    for expression in criteria:
        for leaf in expression.leaves:
            leaves[leaf.fact].append(leaf)
    return {fact: Cells(vocabulary[fact], leaves[fact]) for fact in facts}
