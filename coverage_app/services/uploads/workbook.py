"""The rows of a workbook, read by openpyxl one by one: cells as text, and what is no plain cell told by row and column.

What openpyxl passes over when it only reads (merged cells, hidden rows and columns) is looked at here, too: a worklist
is taken as people see it, or not at all.
"""

import datetime as dt
import warnings
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import IO, Any
from xml.etree.ElementTree import ParseError, iterparse
from zipfile import BadZipFile

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from coverage_app.services.case_checks import Unreadable
from coverage_app.services.case_files import Broken, Fault, UnreadableFile
from coverage_app.services.case_records import Cells

from .archive import DAMAGED, check_archive

ROW_BYTES = 2_000_000  # of one row's XML: a row of a thousand long cells has a tenth
LAST_ROW = 1_048_576  # of any sheet
MERGED_SHOWN = 100
TAGS = 2_000_000  # outside of rows: each leaves something behind
_ROW, _COLUMN, _MERGED, _STRING = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "col", "mergeCell", "si"))
_IN_ROW = frozenset(
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("c", "v", "f", "is", "t", "r", "rPr", "rPh", "phoneticPr")
)
FORMULA = "a formula: put its value in its place (copy the column, then paste only the values)"
_UNREADABLE = (
    ParseError, BadZipFile, zlib.error, LZMAError,
    ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError,
)  # fmt: skip


class _Watched:
    """A part that is read for one element at a time, so that no single one can fill the memory."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self.since = part, 0

    def read(self, size: int = -1) -> bytes:
        piece = self._part.read(size)
        self.since += len(piece)
        if self.since > ROW_BYTES:
            raise Broken("a row too large to be read", None)
        return piece


class _Reader(ExcelReader):  # type: ignore[misc]  # untyped
    """openpyxl's reader of workbooks, without what no worklist needs."""

    def read_strings(self) -> None:
        found = self.package.find(SHARED_STRINGS)
        if found is None:
            return
        with self.archive.open(found.PartName[1:]) as part:
            watched = _Watched(part)
            for _, element in iterparse(watched):
                if element.tag == _STRING:
                    watched.since = 0
                    self.shared_strings.append(Text.from_tree(element).content.replace("x005F_", ""))
                    element.clear()

    def read_properties(self) -> None: ...

    def read_custom(self) -> None: ...

    def read_theme(self) -> None: ...


class _Parser(WorkSheetParser):  # type: ignore[misc]  # untyped
    """openpyxl's reader of cells; a formula stays unread."""

    def parse_formula(self, element: object) -> str:
        return ""


class Workbook:
    """The one sheet of a workbook that holds anything. Raises UnreadableFile, in plain words, where there is none, or
    where the file must not be unpacked (see ``check_archive``)."""

    def __init__(self, file: IO[bytes], unpacked: int) -> None:
        check_archive(file, unpacked)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reader = _Reader(file, read_only=True, keep_links=False)
                reader.read()
            self._book: Any = reader.wb
            self._strings = reader.shared_strings
            filled = [sheet for sheet in self._book.worksheets if self._has_cells(sheet)]
        except Broken as broken:
            raise UnreadableFile(broken.fault.message) from broken
        except _UNREADABLE as error:
            raise UnreadableFile(DAMAGED) from error
        if len(filled) > 1:
            raise UnreadableFile(
                f"the workbook has {len(filled)} sheets ({_names(filled)}): keep the one with the cases"
            )
        if not filled:
            raise UnreadableFile("the workbook is empty: a sheet with a header and a row for each case is due")
        self._sheet: Any = filled[0]

    @property
    def rows(self) -> int:
        """How many rows the sheet says it has; 0 where it does not."""
        return int(self._sheet.max_row or 0)

    def _has_cells(self, sheet: Any) -> bool:
        return any(any(cell["value"] is not None for cell in cells) for _, _, cells in self._read(sheet, {}, []))

    def _read(
        self, sheet: Any, hidden: dict[int, None], merged: list[str]
    ) -> Iterator[tuple[int, bool, list[dict[str, Any]]]]:
        """Each row with its number, whether it is hidden, and its cells; fills in the numbers of hidden columns, and
        the ranges of merged cells, which a sheet names after its rows."""
        with sheet._get_source() as part:
            watched, tags, last = _Watched(part), 0, 0
            parser = _Parser(
                watched,
                self._strings,
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,
                timedelta_formats=self._book._timedelta_formats,
            )
            for _, element in iterparse(watched):
                if element.tag in _IN_ROW:
                    continue
                watched.since = 0
                if element.tag == _ROW:
                    number, cells = parser.parse_row(element)
                    if not last < number <= LAST_ROW:
                        raise Broken(f"the row {number} where one after row {last} is due", last + 1)
                    last = number
                    yield number, _is_on(element.get("hidden")), cells
                    parser.row_dimensions.clear()
                elif element.tag == _COLUMN and _is_on(element.get("hidden")):
                    first, final = int(element.get("min", 1)), int(element.get("max", 1))
                    hidden.update(dict.fromkeys(range(max(first, 1), min(final, 16_384) + 1)))
                elif element.tag == _MERGED:
                    merged.append(element.get("ref", ""))
                    if len(merged) > MERGED_SHOWN:
                        return
                element.clear()
                tags += element.tag != _ROW
                if tags > TAGS:
                    raise Broken("too much around its rows for a worklist", last)

    def cells(self) -> Iterator[tuple[int, Cells | Fault]]:
        """Each row that is not empty, with its number in the sheet; the first is the header, and all others are as
        wide. Raises Broken."""
        hidden: dict[int, None] = {}
        merged: list[str] = []
        header: list[Any] = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for line, out_of_sight, cells in self._read(self._sheet, hidden, merged):
                    row = _row(cells)
                    if not row:
                        continue
                    if not header:
                        header = row
                        yield from _header_faults(row, hidden, line)
                        yield line, row
                    elif out_of_sight:
                        yield line, Fault("the row is hidden: show it, or delete it", line)
                    elif len(row) > len(header):
                        yield line, _beside(row, len(header), line)
                    else:
                        yield line, row + [""] * (len(header) - len(row))
        except _UNREADABLE as error:
            raise Broken("the sheet is damaged", None) from error
        yield from (_merged_fault(place, header) for place in merged[:MERGED_SHOWN])
        if len(merged) > MERGED_SHOWN:
            yield 0, Fault(f"more than {MERGED_SHOWN} merged ranges of cells; the others are not listed", whole=True)


def _is_on(flag: str | None) -> bool:
    return flag in ("1", "true")


def _names(sheets: list[Any]) -> str:
    return ", ".join(
        sheet.title[:40] + ("" if sheet.sheet_state == "visible" else " (hidden)") for sheet in sheets[:10]
    )


def _row(cells: list[dict[str, Any]]) -> list[Any]:
    """The cells as text, up to the last that is not empty."""
    row: list[Any] = []
    for cell in cells:
        value = cell["value"]
        if value is None or (value == "" and cell["data_type"] != "f"):
            continue
        place = cell["column"]
        if len(row) < place:
            row.extend([""] * (place - len(row)))
        row[place - 1] = value if cell["data_type"] == "s" else _text(value, cell["data_type"])
    return row


def _text(value: Any, kind: str) -> str | Unreadable:
    if kind == "f":
        return Unreadable(FORMULA)
    if kind == "e":
        return Unreadable(f"the fault {value} of a formula or a date: put a value in its place")
    if isinstance(value, bool):
        return Unreadable(f"{str(value).upper()} is no answer: write a code, such as yes or no")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _header_faults(header: list[Any], hidden: dict[int, None], line: int) -> Iterator[tuple[int, Fault]]:
    """Names that cannot be read, which are then without text, and names of hidden columns."""
    for place, name in enumerate(header, 1):
        if isinstance(name, Unreadable):
            yield line, Fault(name.message, line, get_column_letter(place), whole=True)
            header[place - 1] = ""
        elif place in hidden and name:
            yield line, Fault("the column is hidden: show it, or delete it", line, name, whole=True)


def _beside(row: list[Any], width: int, line: int) -> Fault:
    place = next(place for place, cell in enumerate(row, 1) if place > width and cell)
    return Fault("a value beside the table: the header has no name for this column", line, get_column_letter(place))


def _merged_fault(place: str, header: list[Any]) -> tuple[int, Fault]:
    first, _, last = place[:40].partition(":")
    letters, digits = first.rstrip("0123456789"), first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    names = {get_column_letter(number): str(name) for number, name in enumerate(header, 1) if name}
    line = int(digits) if digits.isdecimal() else None
    message = (
        f"the cells {first} to {last} are merged: unmerge them, and write the value into each that it is meant for"
    )
    return line or 0, Fault(message, line, names.get(letters, letters), whole=True)
