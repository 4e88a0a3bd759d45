"""Worklists and uploads for the tests, a line each."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from coverage_app.models import Upload
from coverage_app.services import uploads
from tests.services.making import person

HEADER = ("id", "dos", "payer", "site", "t_stage", "margin")
ROWS = (("A-1", "2024-03-11", "nia", "rectum", "t4", "positive"), ("A-2", "", "fep", "breast", "", "negative"))
"""Two cases without a fault."""


def csv_text(rows: Iterable[Sequence[Any]] = ROWS, header: Sequence[str] = HEADER) -> str:
    """A worklist as CSV."""
    text = StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def many(number: int) -> str:
    """A worklist of so many cases, each with a label of its own."""
    return csv_text((f"A-{n}", "2024-03-11", "nia", "rectum", "t4", "positive") for n in range(number))


def workbook(rows: Iterable[Sequence[Any]] = ROWS, header: Sequence[Any] = HEADER, prepare: Any = None) -> bytes:
    """A worklist as XLSX; ``prepare`` gets the workbook before it is saved."""
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))  # type: ignore[union-attr]
    if prepare:
        prepare(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def sent(content: str | bytes, name: str = "cases.csv") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def checked(content: str | bytes, name: str = "cases.csv") -> Upload:
    """An upload of a file, checked here and now."""
    upload = uploads.receive(
        file=sent(content, name), by=person("coordinator"), json_lines=name.endswith("jsonl"), in_line=False
    )
    return carried_out(upload)


def carried_out(upload: Upload) -> Upload:
    """The upload after its present step was carried out here and now."""
    uploads.carry_out(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def stored(content: str | bytes, name: str = "cases.csv", *, again: bool = False) -> Upload:
    """An upload of a file, checked and stored here and now."""
    upload = checked(content, name)
    return carried_out(uploads.store(upload=upload, by=person("coordinator"), again=again, in_line=False))


def said(upload: Upload) -> list[str]:
    """Everything that is wrong with a file, as a download has it."""
    found = list(uploads.results.fault_table(upload))[1:]
    return [" | ".join(part for part in fault if part) for fault in found]


def told(upload: Upload) -> list[str]:
    """What is told of a file although nothing is wrong with it."""
    return [each["note"] for each in upload.faults if "note" in each]
