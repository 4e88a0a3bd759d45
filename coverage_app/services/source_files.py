"""What an editor uploads as a source text: a text or a PDF, told apart by content, and read whole or not at all."""

import codecs
from dataclasses import dataclass
from typing import Protocol

from .pdf_text import PdfFault, text_of_pdf
from .quote_text import unified

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST = 1_000_000  # characters: ten times the longest policy on file
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_OTHERS = (
    (b"PK\x03\x04", "an office document or an archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a document in Rich Text Format"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_WHITE = frozenset("\t\n\r\f\v\x85")
INSTEAD = "Save the policy as PDF or as plain text, and upload that."


class SourceFault(Exception):
    """Why a file cannot be the source text of an edition, in plain words."""


class Upload(Protocol):
    """A file as a browser sends it."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, length: int, /) -> bytes: ...


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its bytes, and what it says."""

    name: str
    media_type: str
    data: bytes
    text: str


def read_upload(upload: Upload) -> SourceFile:
    """The file with its text. Takes bounded time and memory; raises SourceFault."""
    if (upload.size or 0) > LARGEST:
        raise SourceFault(f"The file is {_megabytes(upload.size or 0)}; at most {_megabytes(LARGEST)} are taken.")
    data = upload.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceFault(f"The file is larger than {_megabytes(LARGEST)}.")
    if not data.strip():
        raise SourceFault("The file is empty.")
    media_type, text = _pdf(data) if b"%PDF-" in data[:1024] else _text(data)
    text = unified(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST:
        raise SourceFault(f"The text has {len(text):,} characters; at most {LONGEST:,} are taken.")
    return SourceFile(_name(upload.name), media_type, data, text)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB"


def _name(name: str | None) -> str:
    """The file's name without folders, fit to be stored and shown."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[-200:] or "source text"


def _pdf(data: bytes) -> tuple[str, str]:
    try:
        text = text_of_pdf(data)
    except PdfFault as fault:
        raise SourceFault(str(fault)) from fault
    # Fonts without a proper table give characters that no database takes: a gap is seen, and quotes across it fail.
    text = "".join("\N{REPLACEMENT CHARACTER}" if _is_odd(c) else c for c in text)
    if not text.strip():
        raise SourceFault(
            "This PDF holds no text, only pictures of pages. Let a program recognize its text (OCR), or upload a text."
        )
    return "application/pdf", text


def _text(data: bytes) -> tuple[str, str]:
    for opening, said in _OTHERS:
        if data[:200].lstrip().lower().startswith(opening.lower()):
            raise SourceFault(f"This is {said}, not a text and not a PDF. {INSTEAD}")
    text, charset = _decoded(data)
    for number, line in enumerate(text.splitlines(), 1):
        if odd := next((c for c in line if _is_odd(c)), None):
            where = f"line {number} holds the control character U+{ord(odd):04X}"
            raise SourceFault(f"This is neither a text nor a PDF: {where}. {INSTEAD}")
    if not text.strip():
        raise SourceFault("The file holds nothing but white space.")
    return f"text/plain; charset={charset.lower()}", text


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding that it was read in. Western texts of old programs are Windows-1252."""
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(codec), name
            except UnicodeDecodeError as error:
                raise SourceFault(f"The file begins as {name} and then breaks off at byte {error.start:,}.") from error
    for codec, name in (("utf-8", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise SourceFault(f"This is neither a text nor a PDF: its bytes are not those of any text read here. {INSTEAD}")


def _is_odd(character: str) -> bool:
    """Control characters, halves of characters, and those that stand for none."""
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return character not in _WHITE
    return 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE
