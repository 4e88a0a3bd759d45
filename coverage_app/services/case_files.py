"""Files of cases: opening them, their format, their lines; and how what is wrong with them is said."""

import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Literal

from coverage_app.rules.vocabulary import nearest, shown

Format = Literal["csv", "jsonl"]
STANDARD_INPUT = "-"
LINE_LIMIT = 1_000_000  # characters in one line: a record is a case, not a document
_EXTENSIONS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
_LOOKED_AT = 65_536  # bytes of a file without a telling name
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # how `surrogateescape` shows a byte that is not UTF-8


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file: ``line`` counts from 1, ``column`` is its name; each may be unknown."""

    message: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {printable(self.column)}"] if self.column else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class UnreadableFile(Exception):
    """The file cannot be read at all; the text says why."""


class Broken(Exception):
    """From ``fault`` on nothing in the file can be made sense of."""

    def __init__(self, message: str, line: int) -> None:
        self.fault = Fault(f"{message}; what follows was not read", line)


def printable(name: str) -> str:
    """A name from outside, clipped and fit for a message."""
    return shown(name)[1:-1]


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """``unknown column "tstage"; did you mean t_stage?``"""
    hint = _nearest(name[:60], tuple(known))
    return f"unknown {what} {shown(name)}" + (f"; did you mean {hint}?" if hint else "")


@lru_cache(1024)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    return nearest(name, known)


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The file, or with ``-`` standard input, so that it can be read twice. Raises UnreadableFile."""
    try:
        stream = _open(name)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        where = "standard input" if name == STANDARD_INPUT else printable(name)
        raise UnreadableFile(f"{where}: {said}") from error
    with stream:
        yield stream


def _open(name: str) -> IO[bytes]:
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError("it is closed")
        return _kept(sys.stdin.buffer)
    if stat.S_ISREG(Path(name).stat().st_mode):
        return open(name, "rb")
    with open(name, "rb") as pipe:
        return _kept(pipe)


def _kept(source: IO[bytes]) -> IO[bytes]:
    """What can be read only once, in a temporary file."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    shutil.copyfileobj(source, copy)
    return copy


def format_of(name: str, stream: IO[bytes]) -> Format:
    """By the file's extension; where that does not tell, JSON Lines begin with a brace."""
    known = _EXTENSIONS.get(Path(name).suffix.lower())
    if known:
        return known
    stream.seek(0)
    start = stream.read(_LOOKED_AT).removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if start[:1] in (b"{", b"[") else "csv"


def lines_of(stream: IO[bytes], form: Format) -> Iterator[str]:
    """The lines of the file from its beginning, with their ends. Raises Broken where it is not text in UTF-8."""
    stream.seek(0)
    # CSV lines may end in any way; in JSON Lines only a line feed ends one.
    newline = "" if form == "csv" else "\n"
    text = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=newline)
    try:
        number = 0
        while line := text.readline(LINE_LIMIT):
            number += 1
            if not line.isascii() or "\0" in line:
                _check_text(line, number)
            if len(line) >= LINE_LIMIT:
                raise Broken(f"a line of more than {LINE_LIMIT:,} characters", number)
            yield line
    finally:
        if not stream.closed:
            text.detach()  # or it would close the stream, which is read twice


def _check_text(line: str, number: int) -> None:
    found = _NOT_TEXT.search(line)
    if found:
        what = "a NUL byte" if found[0] == "\0" else f"the byte 0x{ord(found[0]) - 0xDC00:02x}, which is not UTF-8"
        raise Broken(f"{what} (character {found.start() + 1}): save the file as text in UTF-8", number)
