"""Reading a worklist row by row: CSV, XLSX or JSON Lines, each row as its cells or with what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Any

from coverage_app.services.case_checks import Unreadable, cells_of
from coverage_app.services.case_files import Broken, Encoding, Fault, encoding_of
from coverage_app.services.case_records import Record, Shape, ignored, records, table_records
from coverage_app.services.neutral import restored

from .columns import OF_AN_EXPORT, Columns
from .limits import Limits
from .workbook import Workbook

CSV, XLSX, JSON_LINES = "csv", "xlsx", "json"
ENCODINGS: dict[Encoding, str] = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}
FREE_TEXT = ("id", "product")
SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a worklist: ``texts`` and what they mean by column, or its ``faults``."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be told of a file although nothing is wrong with it."""

    message: str


class RowReader:
    """Reads the worklist in ``file``; ``form`` is "csv", "xlsx" or "json". Raises UnreadableFile for a workbook that
    is not to be unpacked. ``about`` is how many rows there may be."""

    def __init__(self, file: IO[bytes], form: str, columns: Columns, most: Limits) -> None:
        self._file, self._form, self._columns, self._most = file, form, columns, most
        self._book = Workbook(file, most.unpacked) if form == XLSX else None
        self._encoding: Encoding = "utf-8" if self._book else encoding_of(file)
        self._separator = self._separated_by() if form == CSV else ","
        self._shape = Shape(
            columns=columns.columns.keys(),
            passed_over=OF_AN_EXPORT,
            most_columns=most.columns,
            encoding=self._encoding,
            delimiter=self._separator,
            blank_rows=True,
        )
        self.about = min(self._book.rows if self._book else _lines(file), most.rows)

    def read(self) -> Iterator[Row | Note | Fault]:
        """The rows in their order; faults and notes of the file as a whole where they come up. It ends after too many
        rows or faults, and says so."""
        yield from self._parts()
        yield from map(Note, ignored(self._shape.met))

    def _parts(self) -> Iterator[Row | Note | Fault]:
        rows, faults = 0, 0
        if self._encoding in ENCODINGS:
            found = ENCODINGS[self._encoding]
            yield Note(f"The file is not UTF-8; it was read as {found}. Look at the labels.")
        if self._separator in SEPARATORS:
            yield Note(f"Its cells are separated by {SEPARATORS[self._separator]}; it was read so.")
        for (whole, line), group in groupby(self._records(), _place):
            if whole:
                told = [part for part in group if isinstance(part, Fault)]
                faults += len(told)
                yield from told
            else:
                row = self._row(line, list(group))
                rows += 1
                faults += len(row.faults)
                if rows > self._most.rows:
                    yield Fault(f"more than {self._most.rows:,} rows: split the file", line, whole=True)
                    return
                yield row
            if faults > self._most.faults:
                yield Fault(f"more than {self._most.faults:,} faults: what follows was not checked", line, whole=True)
                return
        if not rows and not faults:
            yield Fault("the file has a header and no case", whole=True)

    def _records(self) -> Iterator[Record | Fault]:
        shape = self._shape
        if self._book is None:
            yield from records(self._file, "csv" if self._form == CSV else "jsonl", shape)
            return
        try:
            yield from table_records(self._book.cells(), shape)
        except Broken as broken:
            yield broken.fault

    def _row(self, line: int, parts: list[Record | Fault]) -> Row:
        """What is at one line: a record, or what is wrong with its shape; in JSON Lines both."""
        texts: dict[str, str] = {}
        meanings: dict[str, Any] = {}
        faults = [part for part in parts if isinstance(part, Fault)]
        for record in parts:
            if isinstance(record, Record):
                self._prepare(record.cells)
                texts, meanings, wrong = cells_of(record, self._columns.columns)
                faults += wrong
        return Row(line, texts, meanings, tuple(faults))

    def _prepare(self, cells: dict[str, Any]) -> None:
        for name, raw in cells.items():
            if isinstance(raw, str) and len(raw) > self._most.cell:
                cells[name] = Unreadable(f"{len(raw):,} characters; at most {self._most.cell:,} are taken")
            elif name in FREE_TEXT and isinstance(raw, str) and self._form != JSON_LINES:
                cells[name] = restored(raw.strip())

    def _separated_by(self) -> str:
        """A comma, or what stands in the place of it in a first line without one."""
        self._file.seek(0)
        first = self._file.read(65_536).decode(self._encoding, errors="replace").lstrip("\ufeff\r\n").splitlines()
        if not first or "," in first[0]:
            return ","
        return next((each for each in SEPARATORS if each in first[0]), ",")


def _place(part: Record | Fault) -> tuple[bool, int]:
    return isinstance(part, Fault) and part.whole, part.line or 0


def _lines(file: IO[bytes]) -> int:
    file.seek(0)
    lines = 0
    while piece := file.read(1 << 20):
        lines += len(re.findall(b"\n", piece))
    return lines
