"""The templates of letters: the supplied ones, and an organization's own in their place."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from coverage_app.models import LetterTemplate
from coverage_app.services.audit import record

from .docx_file import LARGEST
from .faults import TemplateFault
from .placeholders import LISTS, PLAIN
from .rendering import check_template, render
from .text import clean

HERE = Path(__file__).parent / "templates"
SUPPLIED = "Supplied template"


class Upload(Protocol):
    """A file as a browser sends it."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, length: int, /) -> bytes: ...


@dataclass(frozen=True)
class InUse:
    """The template that letters of a kind are written with; ``own`` is the row on file, None for the supplied one."""

    kind: LetterTemplate.Kind
    name: str
    content: bytes
    own: LetterTemplate | None


def template_in_use(kind: str) -> InUse:
    """The newest template of a kind; the supplied one where there is none, or where an empty one was put last."""
    known = LetterTemplate.Kind(kind)
    newest = LetterTemplate.objects.filter(kind=known).select_related("by").order_by("-pk").first()
    if newest is not None and newest.content:
        return InUse(known, newest.name, bytes(newest.content), newest)
    return InUse(known, SUPPLIED, supplied(known), None)


def supplied(kind: str) -> bytes:
    """The template that comes with the product."""
    return (HERE / f"{LetterTemplate.Kind(kind)}.docx").read_bytes()


def store_template(*, kind: str, upload: Upload, by: AbstractBaseUser) -> LetterTemplate:
    """Put an organization's own template in use; the one in use already changes nothing.

    It is read, and filled in with a made-up case, before anything is stored. Raises TemplateFault.
    """
    if (upload.size or 0) > LARGEST:
        raise TemplateFault(f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    data = upload.read(LARGEST + 1)
    check_template(data)
    for values in (sample_values(), bare_values()):
        render(data, values)
    return _store(kind=kind, name=_name(upload.name), content=data, by=by)


@transaction.atomic
def _store(*, kind: str, name: str, content: bytes, by: AbstractBaseUser) -> LetterTemplate:
    checksum = hashlib.sha256(content).hexdigest()
    now = template_in_use(kind)
    if now.own is not None and now.own.checksum == checksum:
        return now.own
    template = LetterTemplate.objects.create(kind=kind, name=name, content=content, checksum=checksum, by_id=by.pk)
    record(by=by, action="store", subject=template, detail={"kind": kind, "name": name, "checksum": checksum})
    return template


@transaction.atomic
def restore_supplied(*, kind: str, by: AbstractBaseUser) -> None:
    """Go back to the supplied template; an organization's own stays on file. Nothing happens if it is in use."""
    if template_in_use(kind).own is None:
        return
    template = LetterTemplate.objects.create(kind=kind, name=SUPPLIED, content=b"", checksum="", by_id=by.pk)
    record(by=by, action="restore", subject=template, detail={"kind": kind})


def preview(kind: str) -> bytes:
    """A letter of the template in use for a made-up case. Raises TemplateFault."""
    return render(template_in_use(kind).content, sample_values())


def _name(name: str | None) -> str:
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return clean(last)[-120:] or "template.docx"


# A made-up case


def bare_values() -> dict[str, Any]:
    """Every placeholder, and not a line in any list."""
    return {**dict.fromkeys(PLAIN, ""), **{name: [] for name in LISTS}}


def sample_values() -> dict[str, Any]:
    """Every placeholder of a made-up case, in which something stands in every list."""
    return {
        "reference": "0000-0000",
        "payer": "A made-up payer",
        "policy": "Policy 0",
        "policy_title": "Intraoperative Radiotherapy",
        "edition": "in force since 1 Jan 2024",
        "indication": "Rectum, T4",
        "diagnosis": "C20 Malignant neoplasm of rectum",
        "procedure": "Intraoperative radiotherapy (IORT): Electrons (IOERT)",
        "cpt": "77425",
        "date_of_service": "11 Mar 2024",
        "setting": "Inpatient",
        "product": "A made-up product",
        "position": "On the answers listed below, the criteria of this passage are met.",
        "request": "We ask for coverage of intraoperative radiotherapy for this patient under the policy named above.",
        "denial": "your decision",
        "denial_date": "4 Mar 2024",
        "denial_reason": "Investigational or experimental",
        "denial_reference": "MADE-UP-1",
        "provenance": "Case 0000-0000, assessment 1 of 1 Mar 2024. Policy 0, in force since 1 Jan 2024.",
        "assessment": "1",
        "assessed_on": "1 Mar 2024",
        "checksum": "0" * 64,
        "quotes": [{"text": "A made-up sentence of a policy.", "section": "Policy statement"}],
        "criteria": [
            {"text": "Margin: Close or Positive", "answer": "Positive", "rests_on": "Pathology report, 1 Mar 2024"},
            {"text": "T category: T4", "answer": "T4", "rests_on": "Imaging report, 20 Feb 2024, page 2"},
        ],
        "findings": [
            {"label": "Margin", "answer": "Positive", "rests_on": "Pathology report, 1 Mar 2024"},
            {"label": "T category", "answer": "T4", "rests_on": "Imaging report, 20 Feb 2024, page 2"},
        ],
        "support": [
            {"source": "NCCN, version 0.0000, category 2A", "title": "Rectal", "quote": "A made-up row.", "note": ""}
        ],
        "enclosures": ["Pathology report, 1 Mar 2024", "Imaging report, 20 Feb 2024"],
    }
