"""Workbooks: what people do in a spreadsheet is told by row and column, and nothing hostile is unpacked."""

import datetime as dt
import tracemalloc
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from coverage_app.services import uploads
from coverage_app.services.uploads import archive, workbook

from .sending import HEADER, ROWS, checked, said
from .sending import workbook as made

pytestmark = pytest.mark.django_db
DAMAGED = "the workbook is damaged: open it in a spreadsheet program and save it as .xlsx again"
PASTE = "a formula: put its value in its place (copy the column, then paste only the values)"


def check(content: bytes) -> Any:
    return checked(content, "cases.xlsx")


def with_part(content: bytes, name: str, text: bytes, **written: Any) -> bytes:
    """The workbook with one part in the place of another, or besides."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text, **written)
    return file.getvalue()


def sheet(rows: str, after: str = "") -> bytes:
    """The XML of a sheet with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def text_row(number: int, *cells: str) -> str:
    inside = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inside}</row>'


# What is read


def test_a_sheet_is_read_as_it_is_seen() -> None:
    rows = [
        (17, dt.date(2024, 3, 11), "nia", "rectum", "t4", "62"),
        ("A-2", dt.datetime(2024, 3, 1), "", None, "", 62.0),
    ]
    upload = check(made(rows, ("id", "dos", "payer", "site", "t_stage", "age")))
    assert said(upload) == []
    first, second = upload.all_rows.values_list("cells", flat=True)
    assert first == {"id": "17", "dos": "2024-03-11", "payer": "nia", "site": "rectum", "t_stage": "t4", "age": "62"}
    assert second == {"id": "A-2", "dos": "2024-03-01", "age": "62"}


def test_empty_rows_are_passed_over_and_lines_are_those_of_the_sheet() -> None:
    upload = check(made([(None,) * 6, ROWS[0], ("", "", " ", "", "", ""), ROWS[1]]))
    assert list(upload.all_rows.values_list("line", flat=True)) == [3, 5]


def test_empty_sheets_beside_the_cases_are_passed_over() -> None:
    assert uploads.is_ready(check(made(prepare=lambda book: book.create_sheet("Empty"))))


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("1", "=TODAY()", "nia", "rectum", "t4", ""), f"2 | dos | {PASTE}"),
        (("1", 45352, "", "", "", ""), '2 | dos | "45352" is not a date written YYYY-MM-DD'),
        (("1", dt.datetime(2024, 3, 1, 10, 30), "", "", "", ""), '2 | dos | "2024-03-01 10:30" is not a date written YYYY-MM-DD'),
        (("1", "", "", dt.date(2024, 3, 1), "", ""), '2 | site | unknown value "2024-03-01" of site'),
        (("1", "", "", True, "", ""), "2 | site | TRUE is no answer: write a code, such as yes or no"),
        (("1", "", "", "#REF!", "", ""), "2 | site | the fault #REF! of a formula or a date: put a value in its place"),
        (("1", "", "", "", "", "", "", "more"), "2 | H | a value beside the table: the header has no name for this column"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_plain_value_is_told(row: tuple[Any, ...], found: str) -> None:
    assert said(check(made([row]))) == [found]


def merged(book: Workbook) -> None:
    book.active.merge_cells("C2:C3")  # type: ignore[union-attr]


def hidden_row(book: Workbook) -> None:
    book.active.row_dimensions[3].hidden = True  # type: ignore[union-attr]


def hidden_column(book: Workbook) -> None:
    book.active.column_dimensions["D"].hidden = True  # type: ignore[union-attr]


def second_sheet(book: Workbook) -> None:
    book.create_sheet("Notes").append(["Ask Mara"])
    book["Notes"].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("prepare", "found"),
    [
        (merged, "2 | payer | the cells C2 to C3 are merged: unmerge them, and write the value into each that it is meant for"),
        (hidden_row, "3 | the row is hidden: show it, or delete it"),
        (hidden_column, "1 | site | the column is hidden: show it, or delete it"),
        (second_sheet, "the workbook has 2 sheets (Sheet, Notes (hidden)): keep the one with the cases"),
    ],
)  # fmt: skip
def test_what_a_reader_would_not_see_is_told(prepare: Any, found: str) -> None:
    upload = check(made(prepare=prepare))
    assert found in said(upload)
    assert not uploads.is_ready(upload)


def test_300_columns_are_refused_with_words() -> None:
    header = [*HEADER, *(f"c{n}" for n in range(294))]
    assert said(check(made(header=header))) == [
        "1 | 300 columns; there can be no more than 24; what follows was not read"
    ]


def test_a_formula_in_the_header_is_told() -> None:
    assert f"1 | C | {PASTE}" in said(check(made(header=("id", "dos", "=A1", "site", "t_stage", "margin"))))


def test_an_empty_workbook_is_told() -> None:
    found = "the workbook is empty: a sheet with a header and a row for each case is due"
    assert said(check(made([], ()))) == [found]


# What is hostile


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part(made(), "xl/media/bomb.bin", b"\0" * 3_000_000)
    monkeypatch.setattr(archive.ZipFile, "open", None)
    with pytest.raises(archive.UnreadableFile, match="unpacks to 3 megabytes; at most 1 are taken"):
        archive.check_archive(BytesIO(bomb), 1024**2)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_entities_are_refused_wherever_they_are_declared(part: str) -> None:
    text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><x>&a;&b;</x>'
    found = "the workbook holds a document type declaration, which no spreadsheet writes"
    assert said(check(with_part(made(), part, text))) == [found]


def test_a_large_part_that_is_no_sheet_is_refused() -> None:
    text = b"<x>" + b" " * (archive.OTHER_PART + 1) + b"</x>"
    assert said(check(with_part(made(), "xl/styles.xml", text))) == [
        "the part xl/styles.xml of the workbook is too large to be read"
    ]


def test_a_row_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROW_BYTES", 100_000)
    rows = sheet(text_row(1, *HEADER) + text_row(2, *["1"] * 20_000))
    assert "a row too large to be read; what follows was not read" in said(
        check(with_part(made(), "xl/worksheets/sheet1.xml", rows))
    )


def test_rows_out_of_their_order_are_refused() -> None:
    rows = sheet(text_row(1, "id", "dos") + text_row(3, "1", "") + text_row(2, "2", ""))
    found = said(check(with_part(made(), "xl/worksheets/sheet1.xml", rows)))
    assert found == ["4 | the row 2 where one after row 3 is due; what follows was not read"]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing more",
        made()[:-200],
        with_part(made(), "xl/worksheets/sheet1.xml", b"<worksheet><row"),
        with_part(made(), "[Content_Types].xml", b"<Types/>"),
        with_part(made(), "xl/worksheets/sheet1.xml", sheet('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')),
        with_part(made(), "xl/worksheets/sheet1.xml", sheet('<row r="x"/>')),
    ],
)
def test_a_damaged_workbook_is_told_as_such(content: bytes) -> None:
    upload = check(content)
    assert (upload.status, said(upload)) == ("done", [DAMAGED])


def test_an_old_workbook_is_told_what_to_do() -> None:
    found = said(check(b"\xd0\xcf\x11\xe0" + b"\0" * 600))
    assert found == ["an old workbook (.xls), or one with a password: save it as .xlsx, without a password"]


def test_columns_hidden_from_far_before_the_first_take_no_memory() -> None:
    """A range of a hundred million columns to the left of A."""
    name, part = "xl/worksheets/sheet1.xml", made()
    with zipfile.ZipFile(BytesIO(part)) as archive_:
        text = archive_.read(name).decode()
    hidden = text.replace("<sheetFormatPr", '<cols><col hidden="1" min="-99999999" max="1"/></cols><sheetFormatPr', 1)
    assert hidden != text
    tracemalloc.start()
    upload = check(with_part(part, name, hidden.encode()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said(upload) == ["1 | id | the column is hidden: show it, or delete it"]
    assert peak < 50_000_000


def test_a_broken_stream_is_a_damaged_workbook() -> None:
    whole = made()
    assert DAMAGED in said(check(whole[:300] + bytes(byte ^ 255 for byte in whole[300:330]) + whole[330:]))
