"""What a spreadsheet would take for a formula is made harmless, and can be read back."""

import re

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
    "\ttext",
    "\rtext",
    "\ntext",
    " =1",
    "'=1",
    '"=1"',
    "\u00a0+1",
    "＝1",
    "-A1",
)
PLAIN = ("", "a=1", "-12", "-1.5", "2024-03-11", "O'Brien", "'quoted'", "12", " a", "A-1", "a, b; c-d|e", "1;-2")
WITHIN = {
    "x;=1+1": "x;'=1+1",
    "x\t=1": "x\t'=1",
    "x|@A": "x|'@A",
    'x,"+1': "x,'\"+1",
    "x\n=1": "x\n'=1",
    "T4; -margin": "T4;' -margin",
    "x;'=1": "x;''=1",
    "=1;=2;3": "'=1;'=2;3",
    "\t=1": "'\t'=1",
}
"""What a formula behind a separator of cells becomes: an apostrophe before all of the text would not reach it."""


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_harmless_and_read_back(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize(("text", "harmless"), WITHIN.items())
def test_a_formula_behind_a_separator_is_made_harmless_where_it_stands(text: str, harmless: str) -> None:
    assert neutral(text) == harmless
    assert restored(harmless) == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@examples(120)
@given(text=st.text(alphabet="'\"=+-@ \t\r\na1.;|,", max_size=8))
@example(text="''=1")
@example(text="a;''=1")
def test_reading_back_gives_what_was_written(text: str) -> None:
    assert restored(neutral(text)) == text


@examples(60)
@given(text=st.text(alphabet="'\"=-@ \ta;|,", max_size=8))
def test_no_part_of_a_cell_is_a_formula_whatever_separates_the_parts(text: str) -> None:
    parts = re.split("[;|,\t]", neutral(text))
    assert not [part for part in parts if part.lstrip(' "')[:1] in {"=", "-", "@"}]


def test_each_cell_of_a_file_is_neutral() -> None:
    assert "".join(csv_lines([["id", "=1"], ["a,b", "-2"]])) == 'id,\'=1\r\n"a,b",-2\r\n'
