"""Criteria as a tree: which facts they use, how they read, and whether they hold, leaf by leaf."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import eq, ge, gt, le, lt
from typing import Literal

from coverage_app.rules.truth import Truth, all_of, any_of, negated
from coverage_app.rules.vocabulary import Answer, Answers, plain

Operator = Literal["is", "is not", "in", "not in", ">=", ">", "<=", "<", "="]
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt, "=": eq}
_KEPT = 1000  # evaluations that a leaf remembers before it forgets them all


class Expression:
    """Criteria: Always, Leaf, Not, All or Any. ``str()`` is the canonical text, which parses to an equal one."""

    @cached_property
    def leaves(self) -> tuple["Leaf", ...]:
        """Its leaves, from left to right."""
        found: list[Leaf] = []
        waiting: list[Expression] = [self]
        while waiting:
            expression = waiting.pop()
            if isinstance(expression, Leaf):
                found.append(expression)
            waiting.extend(reversed(expression.branches))
        return tuple(found)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The codes of the facts that it uses."""
        return frozenset(leaf.fact for leaf in self.leaves)

    @cached_property
    def mentioned(self) -> frozenset[tuple[str, Answer]]:
        """The values it names, as (fact, value) as written: broader values stand for themselves only."""
        return frozenset((leaf.fact, value) for leaf in self.leaves for value in leaf.values)

    @property
    def branches(self) -> tuple["Expression", ...]:
        """The expressions that it joins or negates."""
        return ()

    def __str__(self) -> str:
        return _text(self)


@dataclass(frozen=True)
class Always(Expression):
    """Holds for every case."""


@dataclass(frozen=True)
class Leaf(Expression):
    """One condition on one fact.

    ``values`` as written: codes, or one Decimal for a comparison. ``covered`` are the codes that fulfil ``is`` and
    ``in``: the values and all narrower ones in the vocabulary that it was read with. Empty for numbers. ``open_to``
    are the answers that leave it open, since only some of the values narrower than them are covered: ``t_stage is
    t4a`` is not documented where the answer is t4.
    """

    fact: str
    operator: Operator
    values: tuple[Answer, ...]
    covered: frozenset[str] = frozenset()
    open_to: frozenset[str] = frozenset()

    @cached_property
    def _seen(self) -> "dict[Answer | None, Tree]":
        return {}

    def holds(self, answer: Answer) -> bool:
        """Whether a complete answer meets it. One from outside the vocabulary meets no ``is``, ``in``, comparison."""
        compare = COMPARISONS.get(self.operator)
        if compare is None:
            return (answer in self.covered) is (self.operator in ("is", "in"))
        threshold = self.values[0]
        return not isinstance(answer, str) and not isinstance(threshold, str) and compare(answer, threshold)


@dataclass(frozen=True)
class Not(Expression):
    """Holds when its part does not."""

    part: Expression

    @property
    def branches(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True)
class All(Expression):
    """Holds when each of its parts, two or more, holds."""

    parts: tuple[Expression, ...]

    @property
    def branches(self) -> tuple[Expression, ...]:
        return self.parts


@dataclass(frozen=True)
class Any(Expression):
    """Holds when at least one of its parts, two or more, holds."""

    parts: tuple[Expression, ...]

    @property
    def branches(self) -> tuple[Expression, ...]:
        return self.parts


def _text(expression: Expression) -> str:
    if isinstance(expression, Leaf):
        words = ", ".join(plain(value) if isinstance(value, Decimal) else value for value in expression.values)
        listed = expression.operator in ("in", "not in")
        return f"{expression.fact} {expression.operator} " + (f"({words})" if listed else words)
    if isinstance(expression, Always):
        return "always"
    texts = []
    for part in expression.branches:
        text = _text(part)
        texts.append(f"({text})" if isinstance(part, All | Any) else text)
    if isinstance(expression, Not):
        return f"not {texts[0]}"
    return (" or " if isinstance(expression, Any) else " and ").join(texts)


@dataclass(frozen=True, slots=True)
class Tree:
    """Why criteria hold or not: each part with its own truth. ``answer`` is a leaf's answer, None when absent."""

    truth: Truth
    expression: Expression
    children: tuple["Tree", ...] = ()
    answer: Answer | None = None


def evaluate(expression: Expression, answers: Answers) -> Tree:
    """The truth of the criteria under these answers, part by part; what is absent is unknown, never "no"."""
    if isinstance(expression, Leaf):
        answer = answers.get(expression.fact)
        return expression._seen.get(answer) or _leaf_tree(expression, answer)
    children = tuple([evaluate(part, answers) for part in expression.branches])
    truths = [child.truth for child in children]
    if isinstance(expression, Any):
        return Tree(any_of(truths), expression, children)
    if isinstance(expression, Not):
        return Tree(negated(truths[0]), expression, children)
    return Tree(all_of(truths), expression, children)


def _leaf_tree(leaf: Leaf, answer: Answer | None) -> Tree:
    if answer is None or answer in leaf.open_to:
        truth = Truth.UNKNOWN
    else:
        truth = Truth.MET if leaf.holds(answer) else Truth.NOT_MET
    if len(leaf._seen) >= _KEPT:
        leaf._seen.clear()
    return leaf._seen.setdefault(answer, Tree(truth, leaf, (), answer))
