from itertools import product

import pytest

from coverage_app.rules.truth import Truth, all_of, any_of, negated

MET, NOT_MET, UNKNOWN = Truth


def complete(truth: Truth) -> set[bool]:
    """What an unknown can still turn out to be."""
    return {True, False} if truth is UNKNOWN else {truth is MET}


def of(results: set[bool]) -> Truth:
    return UNKNOWN if len(results) == 2 else MET if True in results else NOT_MET


@pytest.mark.parametrize("pair", list(product(Truth, Truth)))
def test_and_and_or_say_what_every_completion_agrees_on(pair: tuple[Truth, Truth]) -> None:
    ways = list(product(complete(pair[0]), complete(pair[1])))
    assert all_of(pair) is of({a and b for a, b in ways})
    assert any_of(pair) is of({a or b for a, b in ways})


def test_not_turns_met_round_and_leaves_unknown() -> None:
    assert [negated(truth) for truth in (MET, NOT_MET, UNKNOWN)] == [NOT_MET, MET, UNKNOWN]


def test_nothing_joined_by_and_is_met_and_by_or_is_not() -> None:
    assert (all_of([]), any_of([])) == (MET, NOT_MET)


def test_its_values_are_the_words_that_are_stored() -> None:
    assert [str(truth) for truth in Truth] == ["met", "not_met", "unknown"]
