from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.criteria import evaluate, parse
from coverage_app.rules.truth import Truth
from tests.support.examples import examples

from .brute import fillings, holds, known
from .real import VOCABULARY
from .strategies import answers, expressions, vocabularies


def truth(text: str, **given: str | int) -> Truth:
    return evaluate(
        parse(text, VOCABULARY), {k: v if isinstance(v, str) else Decimal(v) for k, v in given.items()}
    ).truth


def test_a_broader_value_holds_for_its_narrower_ones_and_leaves_open_which_of_them_it_is() -> None:
    assert [truth("t_stage is t4", t_stage=t) for t in ("t4", "t4a", "t3")] == ["met", "met", "not_met"]
    assert [truth("t_stage is t4a", t_stage=t) for t in ("t4", "t4a", "t4b")] == ["unknown", "met", "not_met"]
    assert [truth("t_stage is not t4a", t_stage=t) for t in ("t4", "t4a", "t4b")] == ["unknown", "not_met", "met"]


def test_ages_compare_at_the_threshold() -> None:
    assert [truth("age >= 50", age=a) for a in (49, 50)] == ["not_met", "met"]
    assert [truth("age > 50", age=a) for a in (50, 51)] == ["not_met", "met"]
    assert [truth("age = 50", age=a) for a in (49, 50, 51)] == ["not_met", "met", "not_met"]


def test_what_is_absent_is_unknown_and_stays_so_under_not() -> None:
    assert truth("not margin is close") is Truth.UNKNOWN
    assert truth("margin is not close") is Truth.UNKNOWN


def test_a_value_from_outside_the_vocabulary_meets_no_leaf() -> None:
    assert truth("margin is close", margin="hairline") is Truth.NOT_MET
    assert truth("margin not in (close, positive)", margin="hairline") is Truth.MET
    assert truth("age < 18", age="young") is Truth.NOT_MET


def test_the_tree_shows_each_part_with_its_truth_and_its_answer() -> None:
    tree = evaluate(
        parse("margin is close and (age >= 50 or t_stage is t4)", VOCABULARY), {"margin": "close", "age": Decimal(49)}
    )
    assert tree.truth is Truth.UNKNOWN
    first, second = tree.children
    assert (first.truth, first.answer) == (Truth.MET, "close")
    assert [(leaf.truth, leaf.answer) for leaf in second.children] == [("not_met", Decimal(49)), ("unknown", None)]
    assert str(second.expression) == "age >= 50 or t_stage is t4"


def test_always_is_met() -> None:
    assert evaluate(parse("always", VOCABULARY), {}).truth is Truth.MET


@given(st.data())
@examples(40)
def test_a_known_truth_is_the_truth_in_every_filling(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    expression = data.draw(expressions(vocabulary))
    given_answers = data.draw(answers(vocabulary))
    found = evaluate(expression, given_answers).truth
    truths = {holds(expression, case, vocabulary) for case in fillings(vocabulary, given_answers)}
    if found is not Truth.UNKNOWN:
        assert truths == {found is Truth.MET}
    if all(fact.code in given_answers and len(known(fact, given_answers[fact.code])) == 1 for fact in vocabulary):
        assert found is not Truth.UNKNOWN
