"""Cells that no spreadsheet takes for a formula, and files made of them."""

import csv
import re
from collections.abc import Iterable, Iterator

_FORMULA = re.compile("[\\s'\"`‘’“”\ufeff]*[=+\\-@＝＋－＠]|'*[\t\r\n]")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")
_BEHIND_A_SEPARATOR = re.compile("(?<=[;|,\t\r\n])[^;|,\t\r\n]+")


def neutral(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula.

    That is text that begins with ``= + - @``, a tab or a line break, also after white space and quotes; a plain
    negative number is none. A part behind ``; | ,``, a tab or a line break gets an apostrophe of its own: where that
    is the mark between cells, the part is a cell, whatever stands before it.
    """
    return _marked(_BEHIND_A_SEPARATOR.sub(lambda part: _marked(part[0]), text))


def restored(text: str) -> str:
    """What ``neutral`` was given: ``restored(neutral(text)) == text``, whatever the text."""
    return _BEHIND_A_SEPARATOR.sub(lambda part: _unmarked(part[0]), _unmarked(text))


def _marked(text: str) -> str:
    return f"'{text}" if _is_formula(text) else text


def _unmarked(text: str) -> str:
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NEGATIVE.fullmatch(text) is None


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The rows as lines of CSV, piece by piece, each cell neutral."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
