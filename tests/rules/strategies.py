"""Small vocabularies, criteria, editions and answers for hypothesis to make up."""

from decimal import Decimal

from hypothesis import strategies as st

from coverage_app.rules.criteria import All, Always, Any, Expression, Leaf, Not
from coverage_app.rules.edition import Edition, Provision
from coverage_app.rules.expression import Operator
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary

from .brute import grid

EFFECTS = ("criteria_met", "investigational", "physician_review")
FOREIGN = "later_value"  # a value that was added after the edition was published


@st.composite
def facts(draw: st.DrawFn, code: str) -> Fact:
    kind = draw(st.sampled_from(["choice", "choice", "choice", "yes_no", "number"]))
    if kind == "yes_no":
        return Fact(code, "yes_no")
    if kind == "number":
        step = draw(st.sampled_from([Decimal("0.1"), Decimal(1), Decimal("2.5")]))
        least = draw(st.sampled_from([Decimal(0), Decimal("-0.2"), Decimal(18)]))
        return Fact(code, "number", least=least, greatest=least + step * draw(st.integers(1, 4)), step=step)
    codes = ["t1", "t2", "t3", "t4", "t5"][: draw(st.integers(1, 5))]
    parents = [draw(st.none() | st.sampled_from(codes[:index])) if index else None for index in range(len(codes))]
    return Fact(code, "choice", values=tuple(Value(c, "", p) for c, p in zip(codes, parents, strict=True)))


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    return Vocabulary(
        tuple(draw(facts(code)) for code in ("alpha", "beta", "gamma", "delta")[: draw(st.integers(1, 4))])
    )


@st.composite
def leaves(draw: st.DrawFn, vocabulary: Vocabulary) -> Leaf:
    fact = draw(st.sampled_from(vocabulary.facts))
    if fact.kind == "number":
        operators: list[Operator] = [">=", ">", "<=", "<", "="]
        return Leaf(fact.code, draw(st.sampled_from(operators)), (draw(st.sampled_from(grid(fact))),))
    operator: Operator = draw(st.sampled_from(["is", "is not", "in", "not in"]))
    most = 1 if operator.startswith("is") else 3
    values = draw(st.lists(st.sampled_from(fact.domain), min_size=1, max_size=most))
    return Leaf(fact.code, operator, tuple(values), frozenset().union(*(fact.covered(value) for value in values)))


def expressions(vocabulary: Vocabulary) -> st.SearchStrategy[Expression]:
    """Anything but ``always``, which stands alone."""

    def longer(shorter: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        parts = st.lists(shorter, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, shorter) | st.builds(All, parts) | st.builds(Any, parts)

    return st.recursive(leaves(vocabulary), longer, max_leaves=6)


@st.composite
def editions(draw: st.DrawFn, vocabulary: Vocabulary, code: str = "made_up") -> Edition:
    criteria = draw(st.lists(expressions(vocabulary), max_size=4))
    made = [*criteria, Always()]
    return Edition(
        code,
        vocabulary,
        tuple(Provision(f"P{n}", expression, draw(st.sampled_from(EFFECTS))) for n, expression in enumerate(made)),
    )


@st.composite
def answers(draw: st.DrawFn, vocabulary: Vocabulary, foreign: bool = False) -> dict[str, Answer]:
    """Answers to some of the facts; ``foreign``: also one that the vocabulary does not have, for a choice."""
    given: dict[str, Answer] = {}
    for fact in vocabulary:
        admitted = grid(fact)
        if foreign and fact.kind == "choice":
            admitted = [*admitted, FOREIGN]
        answer = draw(st.none() | st.sampled_from(admitted))
        if answer is not None:
            given[fact.code] = answer
    return given


@st.composite
def cases(draw: st.DrawFn, foreign: bool = False) -> tuple[Edition, dict[str, Answer]]:
    vocabulary = draw(vocabularies())
    return draw(editions(vocabulary)), draw(answers(vocabulary, foreign))
