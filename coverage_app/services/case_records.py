"""CSV and JSON Lines: from lines to records, each at its line, or to what is wrong with the shape of the file."""

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn

from coverage_app.rules.vocabulary import shown

from .case_files import Broken, Encoding, Fault, Format, lines_of, nearest_of

REQUIRED = ("id", "dos")
COLUMNS_LIMIT = 1000  # more are not even looked at
Cells = Sequence[Any]  # text, or what stands in the place of it and is told when it is looked at


@dataclass(frozen=True, slots=True)
class Record:
    """One case as the file writes it, at the line where it begins. In ``cells`` are known columns only, raw."""

    line: int
    cells: dict[str, Any]


RETIRED: Mapping[str, str] = {
    "perforation": "it is no longer asked, since a T4 colon cancer has penetrated by definition",
}
"""Columns of earlier files whose fact is gone: each is ignored with a word, not refused."""


def ignored(names: Iterable[str]) -> list[str]:
    """Return a sentence for each retired column that a file has."""
    return [f"The column {name} is ignored: {RETIRED[name]}." for name in sorted(names)]


@dataclass(frozen=True)
class Shape:
    """What a file may look like: the ``columns`` known, those that it may have besides (``passed_over``), how many
    at most; and how a CSV is written. ``blank_rows``: a row without any text is passed over as a blank line is.

    The retired columns that the file has are passed over too, and noted in ``met`` while it is read, to be told.
    """

    columns: Set[str]
    passed_over: Set[str] = frozenset()
    met: set[str] = field(default_factory=set)
    most_columns: int = COLUMNS_LIMIT
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    blank_rows: bool = False


def records(stream: IO[bytes], form: Format, shape: Shape) -> Iterator[Record | Fault]:
    """Every record of the file from its beginning, and every fault of its shape.

    A file that does not go on making sense (not UTF-8, a quote never closed) ends with that fault.
    """
    lines = lines_of(stream, form, shape.encoding)
    try:
        if form == "csv":
            yield from table_records(_rows(lines, shape.delimiter), shape)
        else:
            yield from _json_records(lines, shape)
    except Broken as broken:
        yield broken.fault


def table_records(rows: Iterator[tuple[int, Cells | Fault]], shape: Shape) -> Iterator[Record | Fault]:
    """The records of a table whose first row names the columns. Raises Broken."""
    header: list[str] | None = None
    known: list[tuple[str, int]] = []
    for line, row in rows:
        if isinstance(row, Fault):
            yield row
        elif header is None:
            header = [str(cell).strip() for cell in row]
            known = [(name, place) for place, name in enumerate(header) if name in shape.columns]
            yield from _header_faults(header, line, shape)
        elif shape.blank_rows and not any(cell.strip() if isinstance(cell, str) else cell for cell in row):
            continue
        elif len(row) != len(header):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            yield Fault(f"{cells} where the header has {len(header)}", line)
        else:
            yield Record(line, {name: row[place] for name, place in known})
    if header is None:
        yield Fault("the file is empty: a header with the columns id and dos is due", 1, whole=True)


# CSV


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | Fault]]:
    """The rows that are not blank, each with the line where it begins."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _csv_fault(error, line)
            continue
        if len(row) > 1 or (row and row[0].strip()):
            yield line, row


def _csv_fault(error: csv.Error, line: int) -> Fault:
    said = str(error)
    if "unexpected end" in said:
        return Fault("a quotation mark is opened here and never closed", line)
    if "field larger" in said:
        limit = f"{csv.field_size_limit():,}"
        raise Broken(f"a cell of more than {limit} characters (is a quotation mark not closed?)", line) from error
    if "expected after" in said:
        return Fault("after the quotation mark that closes a cell comes a comma or the end of the line", line)
    return Fault(f"not CSV: {said}", line)


def _header_faults(header: list[str], line: int, shape: Shape) -> Iterator[Fault]:
    if len(header) == 1 and (found := re.search("[;\t|]", header[0])):
        yield Fault(f"the cells are separated by {found[0]!r}; commas are due", line, whole=True)
        return
    if len(header) > shape.most_columns:
        raise Broken(f"{len(header):,} columns; there can be no more than {len(shape.columns)}", line)
    for place, name in enumerate(header, 1):
        if not name:
            yield Fault("a column without a name", line, str(place), whole=True)
        elif name in header[: place - 1]:
            yield Fault(f"the column {shown(name)} is repeated", line, name, whole=True)
    yield from _column_faults(header, line, shape, whole=True)


def _column_faults(names: Collection[str], line: int, shape: Shape, *, whole: bool = False) -> Iterator[Fault]:
    """Columns that are not known, and columns that have to be there and are not."""
    for name in dict.fromkeys(names):
        if name in RETIRED and name not in shape.columns:
            shape.met.add(name)
        elif name and name not in shape.columns and name not in shape.passed_over:
            hint = nearest_of(name[:60], tuple(shape.columns))
            yield Fault(f"unknown column {shown(name)}", line, name, hint, whole)
    for name in REQUIRED:
        if name not in names:
            yield Fault(f"the column {name} is missing", line, name, whole=whole)


# JSON Lines

_KINDS = {list: "a list", str: "a text or a number", bool: "true or false", type(None): "null"}


class _Pairs(list[tuple[str, Any]]):
    """An object as its pairs, so that a name given twice can be seen."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


# Numbers stay as they are written: an id is text, and a fact checks its own numbers.
_JSON = json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=_no_constant)


def _json_records(lines: Iterator[str], shape: Shape) -> Iterator[Record | Fault]:
    empty = True
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        empty = False
        try:
            found = _JSON.decode(text.rstrip())
        except json.JSONDecodeError as error:
            yield Fault(f"not JSON: {error.msg} (character {error.colno})", line)
        except RecursionError:
            yield Fault("lists or objects nested too deeply", line)
        except ValueError as error:
            yield Fault(f"not JSON: {error}", line)
        else:
            yield from _object(found, line, shape)
    if empty:
        yield Fault("the file is empty: one object a line is due, with id and dos", 1, whole=True)


def _object(found: object, line: int, shape: Shape) -> Iterator[Record | Fault]:
    if not isinstance(found, _Pairs):
        yield Fault(f"{_KINDS.get(type(found), 'a value')} where an object in braces is due, one a line", line)
        return
    cells = dict(found)
    if len(cells) < len(found):
        names = [name for name, _ in found]
        for name in cells:
            if names.count(name) > 1:
                yield Fault(f"the column {shown(name)} is repeated", line, name)
    if not (cells.keys() <= shape.columns and "id" in cells and "dos" in cells):
        yield from _column_faults(cells, line, shape)
    yield Record(line, {name: value for name, value in cells.items() if name in shape.columns})
