"""The smallest example of a region: the fewest answers that put a case into it, whatever else is answered."""

from collections.abc import Iterable
from decimal import Decimal

from coverage_app.rules.conditions import Conditions
from coverage_app.rules.store import NO, YES, Node, TooComplex
from coverage_app.rules.vocabulary import Answer, plain

# How many facts count, then their levels, then their cells. The order of these is the order of preference.
_Found = tuple[int, tuple[int, ...], tuple[int, ...]]
_NOTHING: _Found = (0, (), ())


class Examples:
    """Finds smallest examples in the regions of one store, and remembers what it found on the way.

    ``always_include`` are facts that every example answers, needed or not; those that no criteria use are passed
    over.
    """

    def __init__(self, conditions: Conditions, always_include: Iterable[str] = ()) -> None:
        self.conditions = conditions
        wanted = set(always_include)
        self._included = [level for level, fact in enumerate(conditions.facts) if fact in wanted]
        self._best: dict[Node, _Found] = {}
        self._shortest: dict[Node, _Found] = {}

    def smallest(self, region: Node) -> dict[str, Answer]:
        """Answers, in the order of the facts, all of whose completions lie in the region; no fewer would do.

        Among equally few: first those to the facts that come first in the vocabulary, then the first values. A
        number is the least of its kind. When the search passes the limits of the store: the answers along the
        shortest path of the diagram, which are right, but perhaps more than needed. Raises ValueError when no case
        lies in the region.
        """
        if region is NO:
            raise ValueError("no case lies in this region")
        try:
            found = self._search(region)
        except TooComplex:
            found = self._path(region)
        return self._answers(self._between(-1, region, found))

    def _answers(self, found: _Found) -> dict[str, Answer]:
        facts, cells = self.conditions.facts, self.conditions.cells
        chosen = [(facts[level], cells[facts[level]].all[cell].sample) for level, cell in zip(*found[1:], strict=True)]
        return {fact: Decimal(plain(answer)) if isinstance(answer, Decimal) else answer for fact, answer in chosen}

    def _search(self, node: Node) -> _Found:
        """The best way to come to YES from a node other than NO.

        Either the fact is given a value, or it is left open: then what is left has to hold for all of its values.
        """
        if node is YES:
            return _NOTHING
        best = self._best.get(node)
        if best is None:
            store, children = self.conditions.store, _children(node)
            store.spend(len(node.children))
            ways = []
            for cell, child in children:
                if child is not NO:
                    ways.append(self._chosen(node.level, cell, child, self._search(child)))
            if node.level not in self._included:
                rest = store.fold("and", [child for _, child in children])
                if rest is not NO:
                    ways.append(self._between(node.level, rest, self._search(rest)))
            best = self._best[node] = min(ways)
        return best

    def _path(self, node: Node) -> _Found:
        """The shortest way along the branches to YES; in a reduced diagram every node but NO has one."""
        if node is YES:
            return _NOTHING
        best = self._shortest.get(node)
        if best is None:
            ways = []
            for cell, child in _children(node):
                if child is not NO:
                    ways.append(self._chosen(node.level, cell, child, self._path(child)))
            best = self._shortest[node] = min(ways)
        return best

    def _chosen(self, level: int, cell: int, child: Node, found: _Found) -> _Found:
        """What was found for the child, with this cell chosen above it."""
        count, levels, cells = self._between(level, child, found)
        return count + (level not in self._included), (level, *levels), (cell, *cells)

    def _between(self, level: int, node: Node, found: _Found) -> _Found:
        """The same with the first value of each fact that is always included and stands between the two."""
        skipped = [included for included in self._included if level < included < node.level]
        count, levels, cells = found
        return (count, (*skipped, *levels), (*[0] * len(skipped), *cells)) if skipped else found


def smallest_example(conditions: Conditions, region: Node, always_include: Iterable[str] = ()) -> dict[str, Answer]:
    """The smallest example of one region; see ``Examples`` for several."""
    return Examples(conditions, always_include).smallest(region)


def _children(node: Node) -> list[tuple[int, Node]]:
    """Each child once, with the first cell that leads to it."""
    first: dict[Node, int] = {}
    for cell, child in enumerate(node.children):
        first.setdefault(child, cell)
    return [(cell, child) for child, cell in first.items()]
