"""Files of cases: opening them, their format, their lines; and how what is wrong with them is said."""

import codecs
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
Encoding = Literal["utf-8", "utf-16", "cp1252"]
STANDARD_INPUT = "-"
LINE_LIMIT = 1_000_000  # characters in one line: a record is a case, not a document
_EXTENSIONS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
_LOOKED_AT = 65_536  # bytes of a file without a telling name
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # how `surrogateescape` shows a byte that is not UTF-8


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file: ``line`` counts from 1, ``column`` is its name; each may be unknown.

    ``hint`` is the known name that was most likely meant. ``whole``: it is about the file, not about one row.
    """

    message: str
    line: int | None = None
    column: str | None = None
    hint: str | None = None
    whole: bool = False

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {printable(self.column)}"] if self.column else []
        said = hinted(self.message, self.hint)
        return f"{', '.join(place)}: {said}" if place else said


class UnreadableFile(Exception):
    """The file cannot be read at all; the text says why."""


class Broken(Exception):
    """From ``fault`` on nothing in the file can be made sense of."""

    def __init__(self, message: str, line: int | None) -> None:
        self.fault = Fault(f"{message}; what follows was not read", line, whole=True)


def printable(name: str) -> str:
    """A name from outside, clipped and fit for a message."""
    return shown(name)[1:-1]


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """``unknown column "tstage"; did you mean t_stage?``"""
    return hinted(f"unknown {what} {shown(name)}", nearest_of(name[:60], tuple(known)))


def hinted(message: str, hint: str | None) -> str:
    """The message with what was most likely meant."""
    return f"{message}; did you mean {hint}?" if hint else message


@lru_cache(1024)
def nearest_of(name: str, known: tuple[str, ...]) -> str | None:
    """The known name that was most likely meant, in whatever case, or None; remembered."""
    names = {each.lower(): each for each in known}
    found = nearest(name, names)
    return names[found] if found else None


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


def encoding_of(stream: IO[bytes]) -> Encoding:
    """What the file is written in: UTF-16 where its first two bytes say so; Windows-1252 where all of it can be read
    as that and not as UTF-8; else UTF-8. A file that is none of these is told by ``lines_of``."""
    stream.seek(0)
    if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "cp1252" if not _decodes(stream, "utf-8") and _decodes(stream, "cp1252") else "utf-8"


def _decodes(stream: IO[bytes], encoding: Encoding) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while piece := stream.read(_LOOKED_AT):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(stream: IO[bytes], form: Format, encoding: Encoding = "utf-8") -> Iterator[str]:
    """The lines of the file from its beginning, with their ends. Raises Broken where it is not text in ``encoding``."""
    stream.seek(0)
    # CSV lines may end in any way; in JSON Lines only a line feed ends one.
    newline = "" if form == "csv" else "\n"
    utf_8 = encoding == "utf-8"
    errors = "surrogateescape" if utf_8 else "strict"
    text = TextIOWrapper(stream, encoding="utf-8-sig" if utf_8 else encoding, errors=errors, newline=newline)
    number = 0
    try:
        while line := text.readline(LINE_LIMIT):
            number += 1
            if not line.isascii() or "\0" in line:
                _check_text(line, number)
            if len(line) >= LINE_LIMIT:
                raise Broken(f"a line of more than {LINE_LIMIT:,} characters", number)
            yield line
    except UnicodeError as error:
        raise Broken(f"bytes that are not {encoding.upper()}: save the file as text in UTF-8", number + 1) from error
    finally:
        if not stream.closed:
            text.detach()  # or it would close the stream, which is read twice


def _check_text(line: str, number: int) -> None:
    found = _NOT_TEXT.search(line)
    if found:
        what = "a NUL byte" if found[0] == "\0" else f"the byte 0x{ord(found[0]) - 0xDC00:02x}, which is not UTF-8"
        raise Broken(f"{what} (character {found.start() + 1}): save the file as text in UTF-8", number)
