from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.conditions import Conditions
from coverage_app.rules.criteria import parse
from coverage_app.rules.example import Examples, smallest_example
from coverage_app.rules.expression import Expression
from coverage_app.rules.store import NO, WORK_LIMIT, YES
from coverage_app.rules.vocabulary import Answer, Fact, Vocabulary
from tests.support.examples import examples

from . import brute
from .brute_audit import only, smallest
from .real import VOCABULARY
from .strategies import expressions, vocabularies


@st.composite
def criteria(draw: st.DrawFn) -> tuple[Vocabulary, Expression]:
    vocabulary = draw(vocabularies())
    return vocabulary, draw(expressions(vocabulary))


def example(text: str, *include: str) -> dict[str, Answer]:
    expression = parse(text, VOCABULARY)
    conditions = Conditions(VOCABULARY, [expression])
    return smallest_example(conditions, conditions.of(expression), include)


@given(criteria())
@examples(60)
def test_no_fewer_answers_would_do_and_the_first_facts_and_values_are_preferred(
    drawn: tuple[Vocabulary, Expression],
) -> None:
    vocabulary, expression = drawn
    conditions = Conditions(vocabulary, [expression])
    region = conditions.of(expression)
    expected = smallest(vocabulary, lambda case: brute.holds(expression, case, vocabulary))
    assert (region is NO) is (expected is None)
    if expected is not None:
        assert smallest_example(conditions, region) == expected


@given(criteria(), st.sets(st.sampled_from(["alpha", "beta", "gamma"]), max_size=2))
@examples(40)
def test_facts_that_are_always_included_are_answered_needed_or_not(
    drawn: tuple[Vocabulary, Expression], include: set[str]
) -> None:
    vocabulary, expression = drawn
    conditions = Conditions(vocabulary, [expression])
    region = conditions.of(expression)
    asked = only(vocabulary, conditions.facts)
    expected = smallest(asked, lambda case: brute.holds(expression, case, vocabulary), include & set(conditions.facts))
    if expected is not None:
        assert smallest_example(conditions, region, include) == expected


@given(criteria())
@examples(40)
def test_beyond_the_limit_the_shortest_path_still_settles_it(drawn: tuple[Vocabulary, Expression]) -> None:
    vocabulary, expression = drawn
    conditions = Conditions(vocabulary, [expression])
    region = conditions.of(expression)
    conditions.store.work = WORK_LIMIT
    if region is not NO:
        found = smallest_example(conditions, region)
        assert all(
            brute.holds(expression, case, vocabulary) for case in brute.fillings(vocabulary, found, complete=True)
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("margin is close and intent is boost or age >= 50", {"age": Decimal(50)}),
        ("margin is close and intent is boost or margin is positive", {"margin": "positive"}),
        ("intent is boost or central_recurrence is yes", {"intent": "boost"}),
        ("t_stage is t4", {"t_stage": "t4"}),
        ("site is colon and intent is boost or site is colon and intent is sole", {"site": "colon"}),
        ("age < 3 or age > 4", {"age": Decimal(0)}),
        ("age >= 0", {}),
    ],
)
def test_it_takes_the_fewest_answers(text: str, expected: dict[str, Answer]) -> None:
    assert example(text) == expected


def test_a_fact_that_must_be_answered_does_not_count() -> None:
    text = "intent is sole or site is colon and central_recurrence is yes"
    assert example(text, "site") == {"site": "rectum", "intent": "sole"}
    assert example("site is colon or intent is sole", "intent") == {"intent": "sole"}
    assert example("intent is sole", "site") == {"intent": "sole"}  # no criteria use the site


def test_there_is_no_example_of_nothing_and_everything_needs_no_answer() -> None:
    conditions = Conditions(VOCABULARY, [])
    assert smallest_example(conditions, YES) == {}
    with pytest.raises(ValueError, match="no case"):
        smallest_example(conditions, NO)


def test_a_search_without_end_ends_in_the_shortest_path() -> None:
    names = [f"{letter}{n}" for n in range(30) for letter in "abc"]
    vocabulary = Vocabulary(tuple(Fact(name, "yes_no") for name in names))
    text = " and ".join(f"(a{n} is yes or b{n} is yes and c{n} is yes or a{n} is no and c{n} is no)" for n in range(30))
    expression = parse(text, vocabulary)
    conditions = Conditions(vocabulary, [expression])
    region = conditions.of(expression)
    conditions.store.work = WORK_LIMIT - 400
    found = Examples(conditions).smallest(region)
    rest = [name for name in names if name not in found]
    for answer in ("yes", "no"):
        assert brute.holds(expression, {**found, **dict.fromkeys(rest, answer)}, vocabulary)
