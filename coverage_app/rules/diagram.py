"""An edition compiled to a decision diagram: one walk answers which provisions can still decide.

The diagram asks the facts in the order of the vocabulary. It is reduced, so a fact stands in it exactly when there
are two complete ways of filling in the answers that differ in that fact alone and end differently.
"""

from collections.abc import Mapping, Sequence

from coverage_app.rules.conditions import Conditions
from coverage_app.rules.expression import Expression
from coverage_app.rules.store import Node, Store, end
from coverage_app.rules.vocabulary import Answer, Answers, Vocabulary

REMEMBERED_LIMIT = 200_000  # nodes and results beyond those of the compiled edition
_FOREIGN_LIMIT = 64  # diagrams kept for answers from outside the vocabulary


class Diagram:
    """The ordered criteria of one edition over its vocabulary, each with an effect; the last is ``always``.

    Ends are marked with the index of the provision that decides. ``fixed`` holds answers that the vocabulary does
    not have (an edition keeps the one it was published with): conditions on them are settled before compiling.
    Raises TooComplex past the limits of the store.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        criteria: Sequence[Expression],
        effects: Sequence[str],
        fixed: Mapping[str, Answer] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.criteria = tuple(criteria)
        self.effects = tuple(effects)
        self.fixed = dict(fixed or {})
        conditions = Conditions(vocabulary, self.criteria, self.fixed)
        self.facts = conditions.facts
        self.cells = conditions.cells
        self._ladder = [(n, f, self.cells[f].known, self.cells[f]) for n, f in enumerate(self.facts)]
        ends = {effect: end(effect) for effect in effects}
        self._effect_ends: dict[int | str, Node] = {n: ends[effect] for n, effect in enumerate(effects)}
        self.root, self._compiled = self._compile(conditions)
        self._store = Store(dict(self._compiled))
        self._foreign: dict[frozenset[tuple[str, Answer]], Diagram] = {}

    @property
    def size(self) -> int:
        """How many questions the compiled diagram asks in all its branches, ends not counted."""
        return sum(1 for node in _below(self.root) if node.children)

    def locate(self, answers: Answers) -> Node:
        """The diagram that is left under these answers. Equal functions of the absent facts: the same node,
        as long as the store is not renewed. A broader answer whose narrower values are told apart stays open among
        them."""
        store = self._current()
        node = self.root
        for level, fact, known, cells in self._ladder:
            answer = answers.get(fact)
            if answer is None:
                continue
            cell = known.get(answer)
            if cell is None:
                cell = cells.index(answer)
                if cell is None:
                    if fact in self.fixed:
                        continue
                    return self._with_foreign(answers).locate(answers)
            if answer in cells.open:
                node = store.narrow(node, level, cells.open[answer])
            elif node.level == level:
                node = node.children[cell]
            elif node.support >> level & 1:
                node = store.restrict(node, level, cell)
        return node

    def by_effect(self, node: Node) -> Node:
        """The same with effects for ends: where two provisions have one effect, they are no longer told apart."""
        return self._current().relabel(node, self._effect_ends)

    def marks(self, node: Node) -> set[int | str]:
        """The marks of the ends that can be reached: provision indexes, or effects."""
        return {below.mark for below in _below(node) if not below.children}

    def asked(self, node: Node) -> tuple[str, ...]:
        """The facts that the outcome depends on, in vocabulary order."""
        return tuple(fact for level, fact in enumerate(self.facts) if node.support >> level & 1)

    def foreign(self, answers: Answers) -> dict[str, Answer]:
        """The answers to its facts that its vocabulary does not have."""
        given = {fact: answers[fact] for fact in self.facts if answers.get(fact) is not None}
        return {fact: answer for fact, answer in given.items() if self.cells[fact].index(answer) is None}

    def _with_foreign(self, answers: Answers) -> "Diagram":
        fixed = self.foreign(answers)
        key = frozenset(fixed.items())
        found = self._foreign.get(key)
        if found is None:
            if len(self._foreign) >= _FOREIGN_LIMIT:
                self._foreign.clear()
            found = self._foreign[key] = Diagram(self.vocabulary, self.criteria, self.effects, fixed)
        return found

    def _current(self) -> Store:
        """The store to work in. When it has grown too large a new one takes its place; threads that still hold the
        old one end their walk in it, since nodes of two stores must not be mixed in one walk."""
        store = self._store
        if store.size > len(self._compiled) + REMEMBERED_LIMIT:
            store = self._store = Store(dict(self._compiled))
        return store

    def _compile(self, conditions: Conditions) -> tuple[Node, dict[tuple[int, tuple[Node, ...]], Node]]:
        """The root, and the nodes below it by level and children."""
        store = conditions.store
        decided = [
            store.combine("and", conditions.of(expression), end(index))
            for index, expression in enumerate(self.criteria)
        ]
        root = store.fold("else", decided)
        return root, {(node.level, node.children): node for node in _below(root) if node.children}


def _below(root: Node) -> set[Node]:
    """The node and every node that can be reached from it."""
    seen = {root}
    waiting = [root]
    while waiting:
        for child in waiting.pop().children:
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return seen
