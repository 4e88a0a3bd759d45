"""Whether a workbook may be unpacked at all: its sizes, and no XML in it that could grow or reach out.

An XLSX is a ZIP of XML parts. What each part unpacks to stands in the ZIP's own list, and a part is never read beyond
it, so a bomb is refused before anything is unpacked. A document type (where entities are declared) has no place in a
workbook and is refused wherever it stands; the parts are read afterwards by the parser that has looked at them here.
"""

from typing import IO
from xml.etree.ElementTree import fromstring
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from coverage_app.services.case_files import UnreadableFile
from coverage_app.services.zip_damage import DAMAGES

from .limits import MEGABYTE

PARTS = 2000  # no worklist has more
OTHER_PART = 8 * MEGABYTE  # what is neither a sheet nor the table of strings is held in memory whole
STRINGS = 48 * MEGABYTE
_TYPES = "[Content_Types].xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_OLD = b"\xd0\xcf\x11\xe0"
DAMAGED = "the workbook is damaged: open it in a spreadsheet program and save it as .xlsx again"


class _DocumentType(Exception):
    """A part declares a document type."""


def check_archive(file: IO[bytes], unpacked: int) -> None:
    """Raises UnreadableFile, in plain words, where the workbook in ``file`` is not to be unpacked: more than
    ``unpacked`` bytes, encrypted, damaged, or with declarations in it."""
    file.seek(0)
    if file.read(4) == _OLD:
        raise UnreadableFile("an old workbook (.xls), or one with a password: save it as .xlsx, without a password")
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts, unpacked)
            _check_parts(archive, {part.filename: part for part in parts})
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, part)
    except _DocumentType:
        raise UnreadableFile("the workbook holds a document type declaration, which no spreadsheet writes") from None
    except (*DAMAGES, SyntaxError) as error:  # SyntaxError: XML that is none
        raise UnreadableFile(DAMAGED) from error


def _check_sizes(parts: list[ZipInfo], unpacked: int) -> None:
    if len(parts) > PARTS:
        raise UnreadableFile(f"the workbook has {len(parts):,} parts; at most {PARTS:,} are taken")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("the workbook has a password: save it without one")
    if len({part.filename for part in parts}) < len(parts):
        raise UnreadableFile(DAMAGED)
    size = sum(part.file_size for part in parts)
    if size > unpacked:
        raise UnreadableFile(
            f"the workbook unpacks to {-(-size // MEGABYTE):,} megabytes; at most {unpacked // MEGABYTE:,} are taken"
        )


def _check_parts(archive: ZipFile, parts: dict[str, ZipInfo]) -> None:
    """Only a sheet is read line by line, and the strings one by one: everything else has to be small."""
    types: dict[str, set[str]] = {name: set() for name in parts}
    if _TYPES not in parts or parts[_TYPES].file_size > MEGABYTE:
        raise UnreadableFile(DAMAGED)
    _check_xml(archive, parts[_TYPES])
    for element in fromstring(archive.read(_TYPES)):
        if name := element.get("PartName"):
            types.setdefault(name.lstrip("/"), set()).add(element.get("ContentType", ""))
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        sheet = types[name] == {_SHEET} and name.startswith("xl/worksheets/")
        most = part.file_size if sheet else STRINGS if types[name] == {_STRINGS} else OTHER_PART
        if part.file_size > most:
            raise UnreadableFile(f"the part {name[:60]} of the workbook is too large to be read")


def _check_xml(archive: ZipFile, part: ZipInfo) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _DocumentType

    parser.StartDoctypeDeclHandler = refuse
    try:
        with archive.open(part) as stream:
            while piece := stream.read(1 << 18):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFile(DAMAGED) from error
