"""Filling a letter's template in: docxtpl, in Jinja's sandbox, with every value escaped and no name left open."""

import copy
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from .docx_file import NOT_FILLED, RENDERED, DocxFile, read_docx
from .faults import TemplateFault
from .fields import W
from .letter import FILL_IN
from .placeholders import beginnings, faults_in, faults_of_tree, unstated

_FILL_IN = re.compile(f"({'|'.join(map(re.escape, FILL_IN.values()))})")
# The schema gives a run's properties an order; these stand after the marker's color.
_AFTER_HIGHLIGHT = {
    W + name
    for name in ("u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout")
}
NOT_OF_WORD = (
    "Parts of the file are missing or do not belong together: open it in Word, save it again, and upload that."
)
BROKEN = "{}: filled in, the letter is no longer a Word document: a “for” or “if” begins and ends in different places."


@contextmanager
def _of_word(*more: type[Exception]) -> Iterator[None]:
    """The libraries trip over a file that is well packed, but in which parts do not belong together."""
    tripped: tuple[type[Exception], ...] = (KeyError, AttributeError, TypeError, ValueError, IndexError, *more)
    try:
        yield
    except tripped as error:
        raise TemplateFault(NOT_OF_WORD) from error


def _environment() -> ImmutableSandboxedEnvironment:
    """Escapes every value, has no filters, functions or templates to load, and fails on a name not given."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


class _Letter(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """docxtpl mends broken XML without a word: here it is told."""

    def init_docx(self, reload: bool = True) -> None:
        super().init_docx(reload)
        for relation in self.docx.part.package.rels.values():
            if relation.reltype.endswith("/core-properties"):  # LibreOffice's own name for it gives a second such part
                relation._reltype = RELATIONSHIP_TYPE.CORE_PROPERTIES

    def fix_tables(self, xml: str) -> Any:
        try:
            etree.fromstring(xml.encode())
        except etree.XMLSyntaxError as error:
            raise TemplateFault(BROKEN.format(RENDERED["document"])) from error
        tree = super().fix_tables(xml)
        for run in list(tree.iter(f"{W}r")):
            _mark(run)
        return tree


def _mark(run: Any) -> None:
    """Mark in a run what people are to fill in, as a marker would: it is not to be overlooked."""
    texts = run.findall(f"{W}t")
    if len(texts) != 1 or not _FILL_IN.search(texts[0].text or ""):
        return
    for piece in filter(None, _FILL_IN.split(texts[0].text)):
        part = copy.deepcopy(run)
        (text,) = part.findall(f"{W}t")
        text.text = piece
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if _FILL_IN.fullmatch(piece):
            _highlight(part)
        run.addprevious(part)
    run.getparent().remove(run)


def _highlight(run: Any) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    if properties.find(f"{W}highlight") is None:
        marker = etree.Element(f"{W}highlight", {f"{W}val": "yellow"})
        later = [element for element in properties if element.tag in _AFTER_HIGHLIGHT]
        later[0].addprevious(marker) if later else properties.append(marker)


@lru_cache(maxsize=8)  # letters are written with the same few
def check_template(data: bytes) -> DocxFile:
    """Whether the file is a template that can be filled in. Raises TemplateFault with every fault and its place."""
    file = read_docx(data)
    faults: list[str] = []
    always: set[str] = set()
    on_each = file.on_each()
    for name in file.named(RENDERED):
        paragraphs = file.paragraphs(name)
        faults += faults_in(paragraphs, always if name in on_each else None)
        if beginnings(etree.tostring(file.parts[name], encoding="unicode")) > sum(
            beginnings(p.text) for p in paragraphs
        ):
            faults.append(f"{name}: a placeholder stands outside of the text, in a field, a name or a property.")
    for name in file.named(NOT_FILLED):
        faults += [
            f"{paragraph.place}: a placeholder would not be filled in there."
            for paragraph in file.paragraphs(name)
            if "{{" in paragraph.text or "{%" in paragraph.text
        ]
    faults += unstated(always)
    if not faults:
        with _of_word(etree.XMLSyntaxError):
            faults = _faults_as_rendered(data)
    if faults:
        raise TemplateFault(*dict.fromkeys(faults))
    return file


def _faults_as_rendered(data: bytes) -> list[str]:
    """What Jinja is going to get is held against the list too: attributes and properties are part of it."""
    environment, letter = _environment(), _Letter(io.BytesIO(data))
    letter.render_init()
    texts = [(RENDERED["document"], letter.patch_xml(letter.get_xml()))]
    for uri, what in ((letter.HEADER_URI, "header"), (letter.FOOTER_URI, "footer")):
        texts += [
            (RENDERED[what], letter.patch_xml(letter.get_part_xml(p))) for _, p in letter.get_headers_footers(uri)
        ]
    for part in letter.docx.part.package.parts:
        if part.content_type.endswith("footnotes+xml"):
            texts.append((RENDERED["footnotes"], letter.patch_xml(part.blob.decode("utf-8", "replace"))))
    about = letter.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        texts.append((f"The document's property “{name}”", getattr(about, name)))
    return [fault for place, text in texts for fault in faults_of_tree(environment, text, place)]


def render(data: bytes, values: dict[str, Any]) -> bytes:
    """The letter as DOCX. The template is checked each time: what is on file may be older than the list.

    Raises TemplateFault.
    """
    check_template(data)
    letter, out = _Letter(io.BytesIO(data)), io.BytesIO()
    try:
        with _of_word():
            letter.render(values, _environment())
            letter.save(out)
    except TemplateError as error:
        raise TemplateFault(f"A placeholder cannot be filled in: {str(error)[:200]}") from error
    except etree.XMLSyntaxError as error:
        raise TemplateFault(BROKEN.format("A header or footer")) from error
    made = out.getvalue()
    _check_well_formed(made)
    return made


def _check_well_formed(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise TemplateFault("Filled in, the letter holds two parts of the same name. Save the template with Word.")
        for name in names:
            if name.startswith("word/") and name.endswith(".xml"):
                try:
                    etree.fromstring(archive.read(name))
                except etree.XMLSyntaxError as error:
                    raise TemplateFault(BROKEN.format(name)) from error
