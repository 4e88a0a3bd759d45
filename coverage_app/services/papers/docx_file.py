"""Whether a file is a plain Word document, safe to be opened here and by whoever gets the letter.

It is taken apart by hand before any library sees it: size, archive, kinds of parts, links, fields, XML. What a letter
does not need is not taken: macros, embedded objects, anything fetched from elsewhere.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from coverage_app.services.zip_damage import DAMAGES

from .faults import TemplateFault
from .placeholders import Paragraph

LARGEST = 2 * 1024 * 1024  # bytes: a letterhead with a logo
UNPACKED = 16 * 1024 * 1024
LONGEST_PART = 2 * 1024 * 1024  # of XML
MOST_PARTS = 200
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = "[Content_Types].xml"
RELATIONS = {  # the only kinds of parts that a letter's template needs
    *("officeDocument", "core-properties", "extended-properties", "custom-properties", "classificationlabels"),
    *("thumbnail", "styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "font", "theme", "numbering"),
    *("header", "footer", "footnotes", "endnotes", "image", "customXml", "customXmlProps"),
    *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people"),
}
FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME"}
RENDERED = {"document": "The letter", "header": "A header", "footer": "A footer", "footnotes": "A footnote"}
NOT_FILLED = {"endnotes": "An endnote", "comments": "A comment"}
_NAME = re.compile(r"[A-Za-z0-9_\-.\[\]/ ()%]+")


@dataclass(frozen=True)
class DocxFile:
    """A Word document taken apart: its XML parts parsed, by name."""

    data: bytes
    parts: dict[str, Any]

    def paragraphs(self, name: str) -> list[Paragraph]:
        """The paragraphs of one part, each with its text and its place in words."""
        what = _what(name)
        words = {**RENDERED, **NOT_FILLED}.get(what, name)
        found = self.parts[name].iter(f"{W}p")
        return [Paragraph(f"{words}, paragraph {n}", _text(p)) for n, p in enumerate(found, 1)]

    def named(self, whats: dict[str, str]) -> list[str]:
        """The names of the parts of these kinds."""
        return [name for name in self.parts if name.startswith("word/") and _what(name) in whats]


def _what(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")


def _text(paragraph: Any) -> str:
    """What a paragraph says; that of a text box in it stands in paragraphs of its own."""
    pieces = []
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        nearest = next(node.iterancestors(f"{W}p"))
        if nearest is paragraph:
            pieces.append(node.text or "" if node.tag == f"{W}t" else " ")
    return "".join(pieces)


def read_docx(data: bytes) -> DocxFile:
    """The document, taken apart. Raises TemplateFault, which names every fault with its place."""
    if len(data) > LARGEST:
        raise TemplateFault(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; at most {LARGEST // 1024 // 1024} are taken."
        )
    if not data.startswith(b"PK\x03\x04"):
        raise TemplateFault(_instead(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            packed = _unpacked(archive)
    except DAMAGES as error:
        raise TemplateFault("The file is damaged: it cannot be unpacked. Save it again as .docx.") from error
    if TYPES not in packed or "word/document.xml" not in packed:
        raise TemplateFault("This is not a Word document (.docx).")
    parts = {name: _parsed(name, data) for name, data in packed.items() if name.endswith((".xml", ".rels"))}
    faults = [*_kinds(parts), *_links(parts), *_fields(parts)]
    if faults:
        raise TemplateFault(*dict.fromkeys(faults))
    return DocxFile(data, parts)


def _instead(data: bytes) -> str:
    if not data:
        return "The file is empty."
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an old Word document (.doc), or one with a password. Save it as .docx without a password."
    if data.startswith(b"%PDF"):
        return "This is a PDF, not a Word document (.docx)."
    return "This is not a Word document (.docx)."


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every part's bytes. The sizes that the archive states are checked first, and hold while it is read."""
    infos = archive.infolist()
    names = [info.filename.lower() for info in infos]
    if len(infos) > MOST_PARTS:
        raise TemplateFault(f"The file holds {len(infos)} parts; at most {MOST_PARTS} are taken.")
    if len(set(names)) < len(names):
        raise TemplateFault("The file holds two parts of the same name.")
    if sum(info.file_size for info in infos) > UNPACKED:
        raise TemplateFault(f"Unpacked, the file has more than {UNPACKED // 1024 // 1024} MB.")
    found = {}
    for info in infos:
        name = info.filename
        if name.endswith("/"):
            continue
        if not _NAME.fullmatch(name) or name.startswith("/") or ".." in name.split("/"):
            raise TemplateFault(f"A part of the file has the odd name {name[:60]!r}.")
        if name.endswith((".xml", ".rels")) and info.file_size > LONGEST_PART:
            raise TemplateFault(f"{name} has more than {LONGEST_PART // 1024 // 1024} MB: too long for a letter.")
        found[name] = archive.read(info)
    return found


def _parsed(name: str, data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TemplateFault(f"{name} is not well-formed: {str(error)[:120]}") from error
    if root.getroottree().docinfo.doctype or b"<!ENTITY" in data:
        raise TemplateFault(f"{name} declares entities of its own, which Word never writes.")
    return root


def _kinds(parts: dict[str, Any]) -> list[str]:
    """What the parts say that they are: the main one a plain document, none of them a macro."""
    faults = []
    stated = {
        item.get("PartName") or item.get("Extension"): item.get("ContentType", "")
        for item in parts[TYPES].iterchildren("*")
    }
    main = stated.get("/word/document.xml", "")
    if any("macro" in kind.lower() or "vba" in kind.lower() for kind in stated.values()):
        faults.append("The file holds macros. Save it as a plain Word document (.docx) without them.")
    elif main != MAIN:
        faults.append("This is not a plain Word document: save it as .docx, not as a template or in another form.")
    return faults


def _links(parts: dict[str, Any]) -> list[str]:
    """Relationships that lead out of the file, or to parts that a letter does not need."""
    faults = []
    for name, root in parts.items():
        if not name.endswith(".rels"):
            continue
        for relation in root.iterchildren("*"):  # comments are children too
            what = str(relation.get("Type", "")).rpartition("/")[2]
            target = str(relation.get("Target", ""))[:80]
            if relation.get("TargetMode", "").lower() == "external" or "//" in target:
                faults.append(f"{name}: the file refers to {target} outside of it ({what}). Take the link out.")
            elif what not in RELATIONS:
                faults.append(f"{name}: the file holds “{what}” ({target}), which a letter does not need. Take it out.")
    return faults


def _fields(parts: dict[str, Any]) -> list[str]:
    """Fields that fetch something, run something, or only look as if they were text."""
    faults = []
    for name, root in parts.items():
        codes = [node.get(f"{W}instr", "") for node in root.iter(f"{W}fldSimple")]
        for paragraph in root.iter(f"{W}p"):
            joined = "".join(node.text or "" for node in paragraph.iter(f"{W}instrText"))
            codes += [joined] if joined.strip() else []
        for code in codes:
            word = (code.split() or [""])[0].upper()
            if word not in FIELDS:
                faults.append(f"{name}: the field {word[:30] or 'without a name'} is not taken. Put text in its place.")
    return faults
