"""Criteria and provisions as an editor types them: where they cannot be read, and what they say."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_app.services.criteria_words import SHOWN
from coverage_app.services.drafting import Checked, Line, check_criteria, read_lines
from coverage_app.services.vocabulary import Wording, current_wording

pytestmark = pytest.mark.django_db


@pytest.fixture
def wording(db: None) -> Wording:
    return current_wording()


def outline(checked: Checked) -> list[str]:
    """The tree as indented lines."""
    depth, lines = 0, []
    for step in checked.steps:
        words = ": ".join(filter(None, (step.fact, step.text))) + (f" ({step.covers})" if step.covers else "")
        lines.append("  " * depth + words)
        depth += step.opens - step.closes
    assert depth == 0
    return lines


def test_criteria_are_said_in_the_words_of_the_vocabulary(wording: Wording) -> None:
    text = "margin in (positive, close) and (t_stage is t4 or not recurrence is primary) and age >= 50"
    assert outline(check_criteria(text, wording)) == [
        "All of these",
        "  Margin: Positive or Close",
        "  Any of these",
        "    T category: T4 (T4 covers T4a and T4b)",
        "    Not this",
        "      Primary or recurrent: Primary tumor",
        "  Age: 50 years or more",
    ]


def test_what_is_denied_and_always_are_said_too(wording: Wording) -> None:
    assert outline(check_criteria("margin not in (close, negative)", wording)) == ["Margin: not Close or Negative"]
    assert outline(check_criteria("always", wording)) == ["Every case that comes this far"]


def test_a_fault_says_its_place_what_stands_there_and_what_was_meant(wording: Wording) -> None:
    fault = check_criteria("site is breast and\nmargin is clse and age > 1", wording).fault
    assert fault
    assert (fault.line, fault.column, fault.hint) == (2, 11, "close")
    assert (fault.before, fault.marked, fault.after) == ("margin is ", "clse", " and age > 1")
    assert fault.message == 'Unknown value "clse" of margin'


def test_a_long_line_is_clipped_around_the_fault(wording: Wording) -> None:
    text = " and ".join(["site is breast"] * 40 + ["nonsense is breast"] + ["site is breast"] * 40)
    fault = check_criteria(text, wording).fault
    assert fault
    assert fault.marked == "nonsense"
    assert fault.before.startswith("…")
    assert fault.after.endswith("…")
    assert len(fault.before + fault.after) < 120


@pytest.mark.parametrize("text", ["site is", "site is breast and\n", "(", "site is breast)", "@", "é é", "\n\n\n"])
def test_whatever_is_half_typed_has_a_place(wording: Wording, text: str) -> None:
    fault = check_criteria(text, wording).fault
    assert fault
    assert fault.line >= 1
    assert fault.column >= 1


def test_criteria_that_may_stay_empty_have_no_fault(wording: Wording) -> None:
    assert check_criteria("  ", wording, blank=True) == Checked("  ")
    assert check_criteria("  ", wording).fault


def test_ten_thousand_conditions_are_read_and_the_first_are_spelled_out(wording: Wording) -> None:
    text = " or ".join(f"age = {n % 100}" for n in range(10_000))
    begun = time.process_time()
    checked = check_criteria(text, wording)
    assert time.process_time() - begun < 3
    assert (len(outline(checked)), checked.more) == (SHOWN + 1, 10_000 - SHOWN)


def test_what_is_left_out_leaves_no_list_open(wording: Wording) -> None:
    text = " and ".join(f"(age = {n} or not (margin is close and age > {n}))" for n in range(100))
    checked = check_criteria(text, wording)
    assert outline(checked)
    assert checked.more == 0
    longer = f"{text} and (age = 1 or age = 2)"
    assert outline(check_criteria(longer, wording))
    assert check_criteria(longer, wording).more == 2


def test_deep_nesting_is_refused_in_words(wording: Wording) -> None:
    fault = check_criteria("(" * 5000 + "age > 1" + ")" * 5000, wording).fault
    assert fault
    assert fault.message.startswith("More than 100 parentheses")


def lines(*given: tuple[str, str, str]) -> list[Line]:
    return [Line(*one) for one in given]


def test_provisions_that_read_make_rules(wording: Wording) -> None:
    drafted = read_lines(
        "x", lines(("A", "site is breast", "criteria_met"), ("B", "always", "investigational")), wording
    )
    assert drafted.faults == ()
    assert drafted.rules
    assert [provision.id for provision in drafted.rules.provisions] == ["A", "B"]


def test_every_fault_is_found_at_its_provision(wording: Wording) -> None:
    given = lines(("A", "sit is breast", "criteria_met"), ("", "always", ""), ("A", "", "approved"))
    drafted = read_lines("x", given, wording)
    assert drafted.rules is None
    assert [(fault.number, fault.message[:22]) for fault in drafted.faults] == [
        (1, "Line 1, column 1: unkn"),
        (2, "It has no id."),
        (2, "It has no effect."),
        (3, "Provision 1 has this i"),
        (3, "Its effect is unknown."),
        (3, "Line 1, column 1: the "),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [([], "no provisions"), (lines(("A", "site is breast", "criteria_met")), "the last provision must be always")],
)
def test_what_is_wrong_with_all_of_them_has_no_number(wording: Wording, given: list[Line], said: str) -> None:
    (fault,) = read_lines("x", given, wording).faults
    assert fault.number == 0
    assert said in fault.message


def test_reading_asks_the_database_nothing(wording: Wording) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read_lines("x", lines(("A", "always", "criteria_met")), wording)
        check_criteria("always", wording)
    assert len(asked) == 0
