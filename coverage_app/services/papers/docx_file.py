"""Whether a file is a plain Word document, safe to be opened here and by whoever gets the letter.

It is taken apart by hand before any library sees it: size, archive, kinds of parts, links, fields, XML. What a letter
does not need is not taken: macros, embedded objects, anything fetched from elsewhere.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from coverage_app.services.zip_damage import DAMAGES

from .faults import TemplateFault
from .fields import W, field_faults
from .placeholders import Paragraph

LARGEST = 2 * 1024 * 1024  # bytes: a letterhead with a logo
UNPACKED = 16 * 1024 * 1024
LONGEST_PART = 2 * 1024 * 1024  # of XML
MOST_PARTS = 200
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = "[Content_Types].xml"
RELATIONS = {  # the only kinds of parts that a letter's template needs
    *("officeDocument", "core-properties", "extended-properties", "custom-properties", "classificationlabels"),
    *("thumbnail", "styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "font", "theme", "numbering"),
    *("header", "footer", "footnotes", "endnotes", "image", "customXml", "customXmlProps"),
    *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people"),
}
RENDERED = {"document": "The letter", "header": "A header", "footer": "A footer", "footnotes": "A footnote"}
BESIDE = [  # what else than text can stand in a paragraph, and is seen
    W + name
    for name in ("drawing", "pict", "object", "sym", "fldChar", "fldSimple", "footnoteReference", "endnoteReference",
                 "sectPr")
]  # fmt: skip
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
        found, rows = self.parts[name].iter(f"{W}p"), _Rows()
        return [_paragraph(f"{words}, paragraph {n}", p, rows) for n, p in enumerate(found, 1)]

    def named(self, whats: dict[str, str]) -> list[str]:
        """The names of the parts of these kinds."""
        return [name for name in self.parts if name.startswith("word/") and _what(name) in whats]

    def on_each(self) -> set[str]:
        """The parts that every letter shows: the text itself, and the header and footer of a first page."""
        relations = self.parts.get("word/_rels/document.xml.rels")
        targets = {} if relations is None else {one.get("Id"): one.get("Target", "") for one in relations.iter("{*}*")}
        shown = {"word/document.xml"}
        for section in self.parts["word/document.xml"].iter(f"{W}sectPr"):
            first = "first" if _is_on(section.find(f"{W}titlePg")) else "default"
            for reference in section.iter(f"{W}headerReference", f"{W}footerReference"):
                if reference.get(f"{W}type", "default") == first:
                    target = str(targets.get(reference.get(f"{R}id"), ""))
                    shown.add(posixpath.normpath(posixpath.join("word", target)).lstrip("/"))
        return shown


def _what(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")


def _is_on(switch: Any) -> bool:
    """Whether a property is set: it is there, and not said to be off."""
    return switch is not None and switch.get(f"{W}val", "on") not in ("0", "false", "off")


class _Rows(dict[Any, tuple[str, bool]]):
    """What table rows say, and whether there is more than text in them, each read once."""

    def __missing__(self, row: Any) -> tuple[str, bool]:
        self[row] = " ".join(_text(p) for p in row.iter(f"{W}p")), _more_than_text(row)
        return self[row]


def _paragraph(place: str, paragraph: Any, rows: _Rows) -> Paragraph:
    text = _text(paragraph)
    if "{%" not in text:  # the rest is asked of tags that take their paragraph or row with them
        return Paragraph(place, text)
    row = next(paragraph.iterancestors(f"{W}tr"), None)
    said, beside = (None, False) if row is None else rows[row]
    return Paragraph(place, text, _more_than_text(paragraph), said, beside)


def _more_than_text(element: Any) -> bool:
    page_or_column = any(node.get(f"{W}type") in ("page", "column") for node in element.iter(f"{W}br"))
    return page_or_column or next(element.iter(*BESIDE), None) is not None


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
    parts = {name: _parsed(name, data) for name, data in packed.items() if _is_xml(name)}
    faults = [*_kinds(parts), *_links(parts), *field_faults(parts)]
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
        if _is_xml(name) and info.file_size > LONGEST_PART:
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
    for name, kind in stated.items():  # what is not named so is not read here, but would be by Word
        if "officedocument" in kind.lower() and kind.lower().endswith("xml") and not _is_xml(str(name)):
            faults.append(
                f"The file holds {str(name)[:60]}, a part of a document under an odd name. Save it with Word."
            )
    return faults


def _is_xml(name: str) -> bool:
    return name.lower().rpartition(".")[2] in ("xml", "rels")


def _links(parts: dict[str, Any]) -> list[str]:
    """Relationships that lead out of the file, or to parts that a letter does not need."""
    faults = []
    for name, root in parts.items():
        if not name.lower().endswith(".rels"):
            continue
        for relation in root.iterchildren("*"):  # comments are children too
            what = str(relation.get("Type", "")).rpartition("/")[2]
            target = str(relation.get("Target", ""))[:80]
            if relation.get("TargetMode", "").lower() == "external" or "//" in target:
                faults.append(f"{name}: the file refers to {target} outside of it ({what}). Take the link out.")
            elif what not in RELATIONS:
                faults.append(f"{name}: the file holds “{what}” ({target}), which a letter does not need. Take it out.")
    return faults
