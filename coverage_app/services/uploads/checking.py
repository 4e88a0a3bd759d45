"""Checking an uploaded worklist: each row is read and kept, with its cells or its faults; no case is stored."""

import tempfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.db.models import BinaryField
from django.db.models.functions import Substr

from coverage_app.models import Upload, UploadRow
from coverage_app.services import jobs
from coverage_app.services.audit import record
from coverage_app.services.case_files import Fault, UnreadableFile, printable

from .columns import Columns
from .inserting import Table
from .limits import MEGABYTE, limits
from .reading import Note, Row, RowReader

PIECE = 2500  # rows between two checkpoints
AT_ONCE = 4 * MEGABYTE  # of a file, from the database to a temporary one
WHOLE_FAULTS = 500  # about the file as a whole; more are counted, not listed


class Checking:
    """One worker's work on checking an upload. One that takes over reads the file from its beginning, and passes over
    the rows that are kept."""

    def __init__(self) -> None:
        self._parts: Iterator[Row | Note | Fault] | None = None
        self._rows = self._faulty = self._more = 0
        self._said: list[dict[str, Any]] = []

    def __call__(self, run: Upload) -> bool:
        """The next piece; False once all is checked."""
        if self._parts is None:
            if not Upload.objects.filter(pk=run.pk, content__isnull=False).exists():
                return False  # the worker before was lost after its last piece
            self._parts = self._begin(run)
        some = list(islice(self._parts, PIECE))
        if not some:
            return self._finish(run)
        rows = [part for part in some if isinstance(part, Row)]
        for part in some:
            if not isinstance(part, Row):
                self._say(part)
        self._rows += len(rows)
        self._faulty += sum(1 for row in rows if row.faults)
        new = [row for row in rows if row.line > run.checkpoint]
        last = max([run.checkpoint, *(row.line for row in new)])
        with jobs.piece(run, checkpoint=last, done=max(run.done, self._rows)):
            _keep(run, new)
        return True

    def _begin(self, run: Upload) -> Iterator[Row | Note | Fault]:
        """The file's rows, after a first sign of life: opening a workbook takes seconds."""
        with tempfile.TemporaryFile() as file:
            _copy(run, file)
            try:
                reader = RowReader(file, run.form, Columns(), limits())
            except UnreadableFile as error:
                yield Fault(str(error), whole=True)
                return
            Upload.objects.filter(pk=run.pk).update(total=reader.about)
            run.total = reader.about
            yield from reader.read()

    def _say(self, part: Note | Fault) -> None:
        if isinstance(part, Note):
            self._said.append({"note": part.message})
        elif len(self._said) < WHOLE_FAULTS:
            self._said.append(as_data(part))
        else:
            self._more += 1

    def _finish(self, run: Upload) -> bool:
        if self._more:
            self._said.append(as_data(Fault(f"{self._more:,} more faults of this kind are not listed", whole=True)))
        with jobs.piece(run, checkpoint=run.checkpoint, done=self._rows):
            Upload.objects.filter(pk=run.pk).update(
                rows=self._rows, faulty=self._faulty, faults=self._said, content=None
            )
            detail = {"rows": self._rows, "faulty": self._faulty}
            record(by=run.asked_by, action="check", subject=run, detail=detail)
        return False


def as_data(fault: Fault) -> dict[str, Any]:
    """A fault as it is kept: ``message``, and where they are known ``line``, ``column`` and ``hint``."""
    column = printable(fault.column) if fault.column else None
    parts = {"message": fault.message, "line": fault.line, "column": column, "hint": fault.hint}
    return {name: value for name, value in parts.items() if value}


def _keep(run: Upload, rows: list[Row]) -> None:
    table = Table(UploadRow(upload=run), "line", "cells", "faults", "faulty")
    table.insert(
        (row.line, {} if row.faults else row.texts, [as_data(fault) for fault in row.faults], bool(row.faults))
        for row in rows
    )


def _copy(run: Upload, file: IO[bytes]) -> None:
    """The uploaded file, piece by piece, so that it is never in memory whole."""
    place, unpacking = 1, zlib.decompressobj()
    while True:
        piece = Substr("content", place, AT_ONCE, output_field=BinaryField())
        found = Upload.objects.filter(pk=run.pk).values_list(piece, flat=True).get()
        if not found:
            return
        while found:
            file.write(unpacking.decompress(found, AT_ONCE))
            found = unpacking.unconsumed_tail
        place += AT_ONCE
