"""What a spreadsheet would take for a formula is made harmless, and can be read back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coverage_app.services.neutral import csv_lines, neutral, restored
from tests.support.examples import examples

FORMULAS = (
    "=1",
    "+1",
    "@SUM(A1)",
    "-1+1",
    "-",
    "\t=1",
    "\r=1",
    "\ntext",
    " =1",
    "'=1",
    '"=1"',
    "\u00a0+1",
    "＝1",
    "-A1",
)
PLAIN = ("", "a=1", "-12", "-1.5", "2024-03-11", "O'Brien", "'quoted'", "12", " a", "A-1")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_harmless_and_read_back(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@examples(80)
@given(text=st.text(alphabet="'\"=+-@ \t\r\na1.", max_size=6))
@example(text="''=1")
def test_reading_back_gives_what_was_written(text: str) -> None:
    assert restored(neutral(text)) == text


def test_each_cell_of_a_file_is_neutral() -> None:
    assert "".join(csv_lines([["id", "=1"], ["a,b", "-2"]])) == 'id,\'=1\r\n"a,b",-2\r\n'
