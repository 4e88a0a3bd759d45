from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.common import common_vocabulary
from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.vocabulary import Fact, Value, Vocabulary
from tests.support.examples import examples

from . import brute
from .strategies import editions, vocabularies


def asking(fact: Fact) -> Edition:
    """An edition whose one condition asks this fact."""
    condition = f"{fact.code} = {fact.least}" if fact.kind == "number" else f"{fact.code} is {fact.domain[0]}"
    return Edition.read("made_up", Vocabulary((fact,)), [("A", condition, "x"), ("B", "always", "y")])


def number(least: str, greatest: str, step: str) -> Fact:
    return Fact("size", "number", unit="cm", least=Decimal(least), greatest=Decimal(greatest), step=Decimal(step))


def choice(*values: Value) -> Fact:
    return Fact("stage", "choice", values=values)


@given(st.data())
@examples(40)
def test_every_answer_that_either_admits_is_admitted(data: st.DataObject) -> None:
    older, newer = (data.draw(editions(data.draw(vocabularies()))) for _ in range(2))
    try:
        common = common_vocabulary(older, newer)
    except EditionError:
        return
    assert {fact.code for fact in common} == {*older.facts, *newer.facts}
    for fact in common:
        for edition in (older, newer):
            if fact.code in edition.vocabulary:
                assert set(brute.grid(edition.vocabulary[fact.code])) <= set(brute.grid(fact))


def test_the_newer_order_comes_first_of_facts_and_of_values() -> None:
    old = choice(Value("t3"), Value("t4"), Value("t4a", "", "t4"))
    new = choice(Value("t4"), Value("t2"))
    common = common_vocabulary(asking(old), asking(new))
    assert common["stage"].domain == ("t4", "t2", "t3", "t4a")
    assert common["stage"].covered("t4") == {"t4", "t4a"}


def test_values_may_have_changed_places_as_narrower_and_broader() -> None:
    old = choice(Value("a"), Value("b", "", "a"), Value("c", "", "b"))
    new = choice(Value("b"), Value("a", "", "b"))
    assert common_vocabulary(asking(old), asking(new))["stage"].covered("b") == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("old", "new", "limits"),
    [
        (("0", "120", "1"), ("0", "120", "1"), ("0", "120", "1")),
        (("0", "120", "1"), ("18", "130", "1"), ("0", "130", "1")),
        (("0", "10", "1"), ("0", "10", "0.5"), ("0", "10", "0.5")),
        (("0", "10", "0.5"), ("0", "10", "1"), ("0", "10", "0.5")),
        (("0", "12", "2"), ("0", "12", "3"), ("0", "12", "1")),
        (("0.5", "9.5", "1"), ("0", "10", "1"), ("0", "10", "0.5")),
    ],
)
def test_numbers_run_in_the_largest_step_that_meets_both(old: str, new: str, limits: tuple[str, ...]) -> None:
    fact = common_vocabulary(asking(number(*old)), asking(number(*new)))["size"]
    assert fact.limits == tuple(map(Decimal, limits))


def test_yes_no_and_a_choice_go_together() -> None:
    common = common_vocabulary(asking(Fact("stage", "yes_no")), asking(choice(Value("yes"), Value("perhaps"))))
    assert common["stage"].domain == ("yes", "perhaps", "no")


def test_a_number_and_a_choice_do_not_and_matter_only_when_asked() -> None:
    size, text = number("0", "1", "1"), Fact("size", "choice", values=(Value("small"),))
    with pytest.raises(EditionError, match="size is a number in one edition and a choice in the other"):
        common_vocabulary(asking(size), asking(text))
    rows = [("A", "always", "x")]
    silent = [Edition.read("made_up", Vocabulary((fact,)), rows) for fact in (size, text)]
    assert len(common_vocabulary(*silent)) == 0
