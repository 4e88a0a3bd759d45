"""Word files for the tests: the supplied template with something put in, taken out or exchanged."""

import io
import zipfile
from collections.abc import Mapping

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.document import Document

from coverage_app.services.papers.letter_templates import supplied

DOCUMENT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
STATED = "{{ provenance }} Checksum {{ checksum }}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_parts(changed: Mapping[str, bytes | str | None], base: bytes | None = None) -> bytes:
    """The supplied template with these parts put in, exchanged or (None) left out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or supplied("necessity"))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part(name: str, base: bytes | None = None) -> str:
    with zipfile.ZipFile(io.BytesIO(base or supplied("necessity"))) as archive:
        return archive.read(name).decode()


def related(kind: str, target: str, *, external: bool = False) -> bytes:
    """The supplied template with one more relationship."""
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return with_parts({RELATIONS: part(RELATIONS).replace("</Relationships>", line)})


def bare_letter_of(*paragraphs: str) -> bytes:
    """A plain Word document with these paragraphs, and nothing else."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def letter_of(*paragraphs: str) -> bytes:
    """A plain Word document with these paragraphs, and what every letter has to state in its footer."""
    document = docx.Document(io.BytesIO(bare_letter_of(*paragraphs)))
    document.sections[0].footer.paragraphs[0].text = STATED
    return saved(document)


def saved(document: Document) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(data: bytes, name: str = "ours.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
