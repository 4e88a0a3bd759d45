"""Small vocabularies, criteria, editions and answers for hypothesis to make up."""

from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from hypothesis import strategies as st

from coverage_app.rules.criteria import All, Always, Any, Expression, Leaf, Not
from coverage_app.rules.edition import Edition, Provision
from coverage_app.rules.expression import Operator
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary

from .brute import grid

EFFECTS = ("criteria_met", "investigational", "physician_review")
T = TypeVar("T")
GROUP = "any_t"  # a value that is only written in criteria; it is a group in every vocabulary that has it
FOREIGN = "later_value"  # a value that was added after the edition was published


@st.composite
def facts(draw: st.DrawFn, code: str) -> Fact:
    kind = draw(one_of(("choice", "choice", "choice", "yes_no", "number")))
    if kind == "yes_no":
        return Fact(code, "yes_no")
    if kind == "number":
        step = draw(one_of((Decimal("0.1"), Decimal(1), Decimal("2.5"))))
        least = draw(one_of((Decimal(0), Decimal("-0.2"), Decimal(18))))
        return Fact(code, "number", least=least, greatest=least + step * draw(st.integers(1, 4)), step=step)
    codes = ["t1", "t2", "t3", "t4", "t5"][: draw(st.integers(1, 5))]
    groups = (GROUP,) if draw(one_of((False, False, True))) else ()
    parents = [draw(one_of((None, *groups, *codes[:index]))) for index in range(len(codes))]
    values = [Value(c, "", p) for c, p in zip(codes, parents, strict=True)]
    return Fact(code, "choice", values=(*(Value(name, group=True) for name in groups), *values))


FACTS = [facts(code) for code in ("alpha", "beta", "gamma", "delta")]


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    return Vocabulary(tuple(draw(fact) for fact in FACTS[: draw(st.integers(1, 4))]))


OPERATORS: tuple[Operator, ...] = ("is", "is not", "in", "not in")
COMPARISONS: tuple[Operator, ...] = (">=", ">", "<=", "<", "=")


@lru_cache(maxsize=1000)
def one_of(choices: tuple[T, ...]) -> st.SearchStrategy[T]:
    """One of these; kept, since making a strategy takes longer than drawing from it."""
    return st.sampled_from(choices)


def leaf(draw: st.DrawFn, vocabulary: Vocabulary) -> Leaf:
    fact = draw(one_of(vocabulary.facts))
    if fact.kind == "number":
        return Leaf(fact.code, draw(one_of(COMPARISONS)), (draw(one_of(tuple(grid(fact)))),))
    operator = draw(one_of(OPERATORS))
    more = 0 if operator.startswith("is") else draw(st.integers(0, 2))
    named = tuple(value.code for value in fact.values)  # groups too: they are written in criteria
    values = [draw(one_of(named)) for _ in range(1 + more)]
    covered: frozenset[str] = frozenset().union(*(fact.covered(value) for value in values))
    return Leaf(fact.code, operator, tuple(values), covered, fact.open_to(covered))


@st.composite
def expressions(draw: st.DrawFn, vocabulary: Vocabulary) -> Expression:
    """Anything but ``always``, which stands alone."""
    left = draw(st.integers(1, 6))  # leaves at most, so that brute force can follow

    def expression() -> Expression:
        nonlocal left
        kind = draw(one_of(("leaf", "not", "all", "any"))) if left > 1 else "leaf"
        if kind == "leaf":
            left -= 1
            return leaf(draw, vocabulary)
        if kind == "not":
            return Not(expression())
        parts = tuple(expression() for _ in range(draw(st.integers(2, 3))))
        return All(parts) if kind == "all" else Any(parts)

    return expression()


@st.composite
def editions(draw: st.DrawFn, vocabulary: Vocabulary, code: str = "made_up") -> Edition:
    criteria = expressions(vocabulary)
    made = [*(draw(criteria) for _ in range(draw(st.integers(0, 4)))), Always()]
    return Edition(
        code,
        vocabulary,
        tuple(Provision(f"P{n}", expression, draw(one_of(EFFECTS))) for n, expression in enumerate(made)),
    )


@st.composite
def answers(draw: st.DrawFn, vocabulary: Vocabulary, foreign: bool = False) -> dict[str, Answer]:
    """Answers to some of the facts; ``foreign``: also one that the vocabulary does not have, for a choice."""
    given: dict[str, Answer] = {}
    for fact in vocabulary:
        admitted = grid(fact)
        if foreign and fact.kind == "choice":
            admitted = [*admitted, FOREIGN]
        answer = draw(one_of((None, *admitted)))
        if answer is not None:
            given[fact.code] = answer
    return given


@st.composite
def cases(draw: st.DrawFn, foreign: bool = False) -> tuple[Edition, dict[str, Answer]]:
    vocabulary = draw(vocabularies())
    return draw(editions(vocabulary)), draw(answers(vocabulary, foreign))
