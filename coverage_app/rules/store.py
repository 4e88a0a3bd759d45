"""Nodes of reduced, ordered, multi-valued decision diagrams, and the store that keeps equal nodes one.

Threads may share a store: a node enters it by ``dict.setdefault``, which is atomic, and everything else that is
remembered can be computed again with the same result.
"""

from collections.abc import Mapping
from itertools import repeat
from typing import Any, Literal

LEVELS_LIMIT = 200  # facts in one edition: bounds how deep the calls go
NODE_LIMIT = 200_000
WORK_LIMIT = 5_000_000  # branches visited while diagrams are combined: some seconds
_LEAF = 1 << 30

Operation = Literal["and", "or", "else"]


class TooComplex(ValueError):
    """Combining diagrams takes more nodes or more work than the limits of this module allow."""


class Node:
    """A question (``level`` in the order of facts, one child a cell), or an end with its ``mark``.

    ``support`` has a bit for each level that it or a node below asks. In a reduced diagram those are exactly the
    facts that the outcome depends on. ``note`` is for who walks the diagram, to remember a conclusion.
    """

    __slots__ = ("children", "level", "mark", "note", "support")

    def __init__(self, level: int, children: "tuple[Node, ...]", mark: int | str = "") -> None:
        self.level = level
        self.children = children
        self.mark = mark
        self.note: Any = None
        self.support: int = 1 << level if children else 0
        for child in children:
            self.support |= child.support


def end(mark: int | str) -> Node:
    """A node without questions. Ends are compared by identity: make each once for a diagram."""
    return Node(_LEAF, (), mark)


NO = end("no")
YES = end("yes")


class Store:
    """Equal nodes are one object, and what was restricted or combined before is looked up."""

    def __init__(self, nodes: "dict[tuple[int, tuple[Node, ...]], Node] | None" = None) -> None:
        self.nodes = nodes or {}
        self.restricted: dict[tuple[Node, int, int], Node] = {}
        self.narrowed: dict[tuple[Node, int, tuple[int, ...]], Node] = {}
        self.combined: dict[tuple[str, Node, Node], Node] = {}
        self.relabelled: dict[Node, Node] = {}
        self.met: dict[tuple[Node, Node], bool] = {}
        self.work = 0

    @property
    def size(self) -> int:
        """How much it holds: nodes and remembered results."""
        return len(self.nodes) + len(self.restricted) + len(self.narrowed) + len(self.relabelled)

    def node(self, level: int, children: tuple[Node, ...]) -> Node:
        """The node with these children: one that makes no difference is left out."""
        first = children[0]
        for child in children:
            if child is not first:
                break
        else:
            return first
        key = (level, children)
        found = self.nodes.get(key)
        return found if found is not None else self.nodes.setdefault(key, Node(level, children))

    def restrict(self, node: Node, level: int, cell: int) -> Node:
        """What is left of a diagram once the fact at this level is answered with this cell."""
        if not node.support >> level & 1:
            return node
        if node.level == level:
            return node.children[cell]
        key = (node, level, cell)
        found = self.restricted.get(key)
        if found is None:
            children = tuple(map(self.restrict, node.children, repeat(level), repeat(cell)))
            found = self.restricted[key] = self.node(node.level, children)
        return found

    def narrow(self, node: Node, level: int, cells: tuple[int, ...]) -> Node:
        """What is left of a diagram once the fact at this level is known to lie in one of these cells.

        It still asks for the fact where they differ; the other cells are like the first of these, so that they add
        nothing.
        """
        if not node.support >> level & 1:
            return node
        key = (node, level, cells)
        found = self.narrowed.get(key)
        if found is None:
            if node.level == level:
                allowed = [n if n in cells else cells[0] for n in range(len(node.children))]
                children = tuple([node.children[n] for n in allowed])
            else:
                children = tuple(map(self.narrow, node.children, repeat(level), repeat(cells)))
            found = self.narrowed[key] = self.node(node.level, children)
        return found

    def relabel(self, node: Node, ends: Mapping[int | str, Node]) -> Node:
        """The diagram with its ends replaced by mark; always by the same ends in one store."""
        if not node.children:
            return ends[node.mark]
        found = self.relabelled.get(node)
        if found is None:
            children = tuple(map(self.relabel, node.children, repeat(ends)))
            found = self.relabelled[node] = self.node(node.level, children)
        return found

    def combine(self, operation: Operation, a: Node, b: Node) -> Node:
        """``and``, ``or`` of two conditions; ``else``: what a says, and where it says NO, what b says.

        ``and`` also takes any other diagram for b: it is let through where a holds. Raises TooComplex.
        """
        found = _at_once(operation, a, b)
        if found is not None:
            return found
        key = (operation, a, b)
        found = self.combined.get(key)
        if found is None:
            level = a.level if a.level < b.level else b.level
            fan = len(a.children if a.level == level else b.children)
            self.spend(fan)
            left = a.children if a.level == level else repeat(a, fan)
            right = b.children if b.level == level else repeat(b, fan)
            children = tuple(map(self.combine, repeat(operation), left, right))
            found = self.combined[key] = self.node(level, children)
        return found

    def fold(self, operation: Operation, nodes: list[Node]) -> Node:
        """One or more diagrams combined, in order, halving: the work grows with their length, not its square."""
        while len(nodes) > 1:
            pairs = [self.combine(operation, a, b) for a, b in zip(nodes[::2], nodes[1::2], strict=False)]
            nodes = pairs + nodes[len(pairs) * 2 :]
        return nodes[0]

    def meets(self, a: Node, b: Node) -> bool:
        """Whether some case lies in both conditions; looks no further than the first. Raises TooComplex."""
        if a is NO or b is NO:
            return False
        if a is b or not a.children or not b.children:
            return True
        found = self.met.get((a, b))
        if found is None:
            level = a.level if a.level < b.level else b.level
            fan = len(a.children if a.level == level else b.children)
            self.spend(fan)
            left = a.children if a.level == level else repeat(a, fan)
            right = b.children if b.level == level else repeat(b, fan)
            found = self.met[a, b] = any(map(self.meets, left, right))
        return found

    def spend(self, branches: int) -> None:
        """Counts work; raises TooComplex when it, or the number of nodes, passes the limit."""
        self.work += branches
        if self.work > WORK_LIMIT or len(self.nodes) > NODE_LIMIT:
            raise TooComplex


def _at_once(operation: Operation, a: Node, b: Node) -> Node | None:
    """The result where it needs no look at the children."""
    if a is b:
        return a
    if operation == "and":
        if a is NO or b is NO:
            return NO
        return b if a is YES else a if b is YES else None
    if operation == "or" and (a is YES or b is YES):
        return YES
    if a is NO:
        return b
    return a if b is NO or not a.children else None
