"""Care: in which cases a provision, or a part of its criteria, makes a difference to which provision decides.

Everything is combined by halves, so that the work grows with the number of parts times its logarithm.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coverage_app.rules.conditions import Conditions
from coverage_app.rules.edition import Provision
from coverage_app.rules.expression import All, Any, Expression, Leaf, Not
from coverage_app.rules.store import NO, YES, Node, Operation, Store

Split = Callable[[Node, Node, Node], tuple[Node, Node]]
Layers = list[list[Node]]


@dataclass(frozen=True)
class Regions:
    """For each provision, in order: where its criteria hold, where no earlier one decides, and both: it decides."""

    met: tuple[Node, ...]
    reached: tuple[Node, ...]
    decided: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class IdleLeaf:
    """The leaf at this place in ``Expression.leaves``; what could stand for it: True, False, or None for either."""

    index: int
    leaf: Leaf
    constant: bool | None


def regions_of(conditions: Conditions, provisions: Sequence[Provision]) -> Regions:
    """The regions of an edition's provisions. Raises TooComplex."""
    store = conditions.store
    met = [conditions.of(provision.criteria) for provision in provisions]

    def after(care: Node, left: Node, right: Node) -> tuple[Node, Node]:
        return care, store.combine("and", care, conditions.negated(left))

    found = _spread(layered(store, "or", met), YES, after)
    reached = [found.get(index, NO) for index in range(len(met))]
    decided = [store.combine("and", care, node) for care, node in zip(reached, met, strict=True)]
    return Regions(tuple(met), tuple(reached), tuple(decided))


def effect_regions(conditions: Conditions, provisions: Sequence[Provision], regions: Regions) -> dict[str, Node]:
    """Where each effect holds; effects that no complete case has are left out. Raises TooComplex."""
    decided: dict[str, list[Node]] = {}
    for provision, node in zip(provisions, regions.decided, strict=True):
        if node is not NO:
            decided.setdefault(provision.effect, []).append(node)
    return {effect: conditions.store.fold("or", nodes) for effect, nodes in decided.items()}


def overlaps(store: Store, layers: Layers, region: Node) -> dict[int, Node]:
    """Of the conditions that were layered with ``or``: what each has in common with the region, where anything."""

    def both(care: Node, left: Node, right: Node) -> tuple[Node, Node]:
        return store.combine("and", care, left), store.combine("and", care, right)

    return _spread(layers, store.combine("and", region, layers[-1][0]), both)


def idle_leaves(conditions: Conditions, criteria: Expression, reached: Node) -> Iterator[IdleLeaf]:
    """The leaves that make no difference where the criteria are reached, from left to right. Raises TooComplex.

    Each is judged by itself, with all the others in place.
    """
    store, index = conditions.store, 0
    waiting = [(criteria, reached)]
    while waiting:
        expression, care = waiting.pop()
        if isinstance(expression, Leaf):
            node = conditions.of(expression)
            holds, fails = store.meets(care, node), store.meets(care, conditions.negated(node))
            if not (holds and fails):
                yield IdleLeaf(index, expression, holds if holds or fails else None)
            index += 1
        else:
            waiting.extend(reversed(_shared(conditions, expression, care)))


def layered(store: Store, operation: Operation, nodes: Sequence[Node]) -> Layers:
    """The nodes, then pairs of them combined, then pairs of pairs, up to the one that combines them all."""
    layers = [list(nodes)]
    while len(layers[-1]) > 1:
        last = layers[-1]
        pairs = [store.combine(operation, a, b) for a, b in zip(last[::2], last[1::2], strict=False)]
        layers.append(pairs + last[len(pairs) * 2 :])
    return layers


def _spread(layers: Layers, care: Node, split: Split) -> dict[int, Node]:
    """What is left of ``care`` for each node of the first layer; those for which nothing is left are not named."""
    cares = {0: care} if care is not NO else {}
    for layer in reversed(layers[:-1]):
        below: dict[int, Node] = {}
        for index, above in cares.items():
            left, right = 2 * index, 2 * index + 1
            shares = split(above, layer[left], layer[right]) if right < len(layer) else (above,)
            below.update((left + n, share) for n, share in enumerate(shares) if share is not NO)
        cares = below
    return cares


def _shared(conditions: Conditions, expression: Expression, care: Node) -> list[tuple[Expression, Node]]:
    """The parts of an expression, each with its care: where the others leave the decision to it."""
    parts = expression.branches
    if isinstance(expression, Not):
        return [(parts[0], care)]
    if not isinstance(expression, All | Any) or care is NO:
        return [(part, NO) for part in parts]
    store = conditions.store
    nodes = [conditions.of(part) for part in parts]
    if isinstance(expression, Any):
        nodes = [conditions.negated(node) for node in nodes]

    def others(care: Node, left: Node, right: Node) -> tuple[Node, Node]:
        return store.combine("and", care, right), store.combine("and", care, left)

    found = _spread(layered(store, "and", nodes), care, others)
    return [(part, found.get(index, NO)) for index, part in enumerate(parts)]
