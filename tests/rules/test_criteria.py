from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.criteria import All, Always, Any, CriteriaError, Expression, Leaf, Not, parse
from coverage_app.rules.edition import Edition
from tests.support.examples import examples

from .real import PAYERS, ROWS, VOCABULARY
from .strategies import expressions, vocabularies


def leaf(text: str) -> Expression:
    return parse(text, VOCABULARY)


def test_always_stands_alone() -> None:
    assert parse(" always ", VOCABULARY) == Always()


def test_a_leaf_keeps_what_is_written_and_what_it_covers() -> None:
    parsed = parse("t_stage in (t3, t4)", VOCABULARY)
    assert parsed == Leaf("t_stage", "in", ("t3", "t4"), frozenset({"t3", "t4", "t4a", "t4b"}))


def test_a_comparison_holds_a_decimal() -> None:
    assert parse("age>=50", VOCABULARY) == Leaf("age", ">=", (Decimal(50),))


def test_and_binds_closer_than_or_and_not_closest() -> None:
    parsed = parse("margin is close or not age < 18 and intent is boost", VOCABULARY)
    inner = All((Not(leaf("age < 18")), leaf("intent is boost")))
    assert parsed == Any((leaf("margin is close"), inner))


def test_parentheses_are_kept_where_they_were_meant() -> None:
    text = "margin is close and (age < 18 and (intent is boost or not (age = 3 or age > 5)))"
    assert str(parse(text, VOCABULARY)) == text


def test_superfluous_parentheses_and_white_space_are_dropped() -> None:
    assert str(parse("((margin  is\n\tclose))", VOCABULARY)) == "margin is close"


def test_it_knows_its_facts_and_the_values_it_mentions() -> None:
    parsed = parse("t_stage is t4 and (age >= 50 or not margin in (close, positive))", VOCABULARY)
    assert parsed.facts == {"t_stage", "age", "margin"}
    assert parsed.mentioned == {("t_stage", "t4"), ("age", Decimal(50)), ("margin", "close"), ("margin", "positive")}
    assert Always().facts == frozenset()


@given(st.data())
@examples(50)
def test_canonical_text_parses_to_the_same_expression(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    expression = data.draw(expressions(vocabulary))
    parsed = parse(str(expression), vocabulary)
    assert parsed == expression
    assert hash(parsed) == hash(expression)


@pytest.mark.parametrize("edition", [*PAYERS, *ROWS], ids=lambda edition: edition.code)
def test_criteria_of_the_real_documents_survive_being_written(edition: Edition) -> None:
    for provision in edition.provisions:
        assert parse(str(provision.criteria), VOCABULARY) == provision.criteria


FAULTS = [
    ("margin is clse", 'line 1, column 11: unknown value "clse" of margin; did you mean close?'),
    ("margin is Close", 'line 1, column 11: unknown value "Close" of margin; did you mean close?'),
    ("margin is qqqq", 'line 1, column 11: unknown value "qqqq" of margin'),
    ("margin in (close, postive)", 'line 1, column 19: unknown value "postive" of margin; did you mean positive?'),
    ("marign is close", 'line 1, column 1: unknown fact "marign"; did you mean margin?'),
    ("Margin is close", 'line 1, column 1: unknown fact "Margin"; did you mean margin?'),
    ("age >= 50 and\n  nods is x", 'line 2, column 3: unknown fact "nods"; did you mean nodes?'),
    ("age is yes", 'line 1, column 5: age is a number: compare it with >= > <= < or =, not "is"'),
    ("age not in (3)", 'line 1, column 5: age is a number: compare it with >= > <= < or =, not "not in"'),
    ("margin >= 3", 'line 1, column 8: margin is not a number: write is, is not, in or not in, not ">="'),
    ("preop_ebrt = yes", "line 1, column 12: preop_ebrt is not a number"),
    ("preop_ebrt is 1", 'line 1, column 15: unknown value "1" of preop_ebrt'),
    ("age >= fifty", 'line 1, column 8: "fifty" is not a plain number'),
    ("age >= 50.5", 'line 1, column 8: "50.5" falls between the steps; age is 0 to 120 years in steps of 1'),
    ("age >= 50.5.5", 'line 1, column 8: "50.5.5" is not a plain number'),
    ("age >= 121", 'line 1, column 8: "121" is out of range; age is 0 to 120 years in steps of 1'),
    ("age >= -1", 'line 1, column 8: "-1" is out of range'),
    ("age => 50", 'line 1, column 5: unknown comparison "=>": write >= > <= < or =; did you mean >=?'),
    ("age == 50", "did you mean =?"),
    ("age ≥ 50", "did you mean >=?"),
    ("margin != close", "line 1, column 8: unknown comparison \"!=\": write >= > <= < or =; did you mean is not?"),
    ("margin si close", "line 1, column 8: unexpected \"si\": after a fact comes is, is not"),
    ("margin is close adn age > 3", "line 1, column 17: unexpected \"adn\": after a condition comes and, or, or the end; did you mean and?"),
    ("margin is close AND age > 3", "line 1, column 17: unexpected \"AND\": after a condition comes and, or, or the end; did you mean and?"),
    ("NOT margin is close", 'line 1, column 1: "NOT" is no fact; did you mean not?'),
    ("Always", 'line 1, column 1: "Always" is no fact; did you mean always?'),
    ("", "line 1, column 1: the criteria are empty: write a condition, or always"),
    (" \n ", "line 2, column 2: the criteria are empty"),
    ("()", "line 1, column 2: unexpected \")\": a condition is due"),
    ("(margin is close", 'line 1, column 17: the text ends early: a ")" is missing'),
    ("margin in (close", 'line 1, column 17: the text ends early: after a value comes "," or ")"'),
    ("margin in close", 'line 1, column 11: unexpected "close": after in comes a list of values in parentheses: "("'),
    ("margin in ()", 'line 1, column 12: unexpected ")": a value is due'),
    ("margin in (close,)", 'line 1, column 18: unexpected ")": a value is due'),
    ("margin is close)", 'line 1, column 16: unexpected ")": after a condition comes and, or, or the end'),
    ("margin is", "line 1, column 10: the text ends early: a value is due"),
    ("margin", "line 1, column 7: the text ends early: after a fact comes is, is not, in"),
    ("margin is close and", "line 1, column 20: the text ends early: a condition is due"),
    ("and margin is close", 'line 1, column 1: unexpected "and": a condition is due'),
    ("margin is close or always", 'line 1, column 20: "always" stands alone'),
    ("always and margin is close", 'line 1, column 8: "always" stands alone'),
    ("(always)", 'line 1, column 2: "always" stands alone'),
    ("margin is $", 'line 1, column 11: unexpected character "$"'),
    ("margin is \x00", "line 1, column 11: unexpected character"),
    ("margin is 'close'", "line 1, column 11: unexpected character"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[repr(text) for text, _ in FAULTS])
def test_a_fault_is_told_with_its_place_and_the_nearest_name(text: str, message: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        parse(text, VOCABULARY)
    assert message in str(caught.value)


WORDS = ["margin", "close", "age", "50", "is", "not", "in", "(", ")", ",", ">=", "=", "and", "or", "always", "t_stage"]


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*WORDS, "t4", "AND", "-1", "\n", "é"]), max_size=25).map(" ".join)
)
@examples(140)
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    fault = None
    try:
        parsed = parse(text, VOCABULARY)
        assert parse(str(parsed), VOCABULARY) == parsed
    except CriteriaError as error:
        fault = error
    if fault is not None:
        lines = text.split("\n")
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


@pytest.mark.parametrize(
    ("opening", "closing", "times"),
    [("(", ")", 100), ("not ", "", 100), ("(age > 5 or ", ")", 100), ("(age > 5 or age < 3 and ", ")", 50)],
)
def test_a_hundred_levels_are_read_and_one_more_is_refused(opening: str, closing: str, times: int) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "margin is close" + closing * depth

    parsed = parse(nested(times), VOCABULARY)
    assert parse(str(parsed), VOCABULARY) == parsed
    assert isinstance(hash(parsed), int)
    with pytest.raises(CriteriaError, match="more than 100 parentheses or joined conditions inside one another"):
        parse(nested(times + 1), VOCABULARY)


@pytest.mark.parametrize("text", ["(" * 300_000, "not " * 90_000, "margin " * 50_000, "(age>1 and " * 30_000])
def test_very_deep_or_long_nonsense_is_refused(text: str) -> None:
    with pytest.raises(CriteriaError):
        parse(text, VOCABULARY)


def test_text_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(CriteriaError, match="longer than 400000 characters"):
        parse("x" * 10_000_000, VOCABULARY)
