"""One edition with all its parts, to its canonical text and back to a draft."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from coverage_app.models import (
    Acceptance,
    AuthorizationRule,
    Document,
    Edition,
    GoldenCase,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
    SourceText,
)
from coverage_app.rules.criteria import CriteriaError, parse
from coverage_app.services import yaml_form
from coverage_app.services.audit import By
from coverage_app.services.criterion_sources import source_errors
from coverage_app.services.editions import note_uses
from coverage_app.services.vocabulary import Wording, current_wording

from .golden import check_golden
from .levels import ImportFault, Level, Read, exported, read, same
from .reading import data_of, with_line

STATEMENT = Level(GuidelineStatement, same("criteria", "stance", "note"), owner="row")
PROVISION = Level(
    Provision,
    (
        ("id", "code"),
        *same(
            "criteria", "ours", "narrowed", "stated", "effect", "asked_by_policy", "reasons", "quote", "locator", "note"
        ),
    ),
)
ROW = Level(
    GuidelineRow,
    (("id", "code"), *same("title", "version", "category", "sites", "quote", "locator", "citation", "note")),
    (("statements", "statements", STATEMENT),),
)
AUTHORIZATION = Level(AuthorizationRule, same("product", "setting", "rule", "quote", "locator"))
LISTED_CODE = Level(ListedCode, same("system", "code", "description", "sites"))
REMARK = Level(
    Remark, same("kind", "title", "dated", "statement", "sites", "effects", "criteria", "quote", "text", "locator")
)
GOLDEN = Level(GoldenCase, same("name", "row", "answers", "verdict", "why", "retired"))
ACCEPTANCE = Level(Acceptance, same("kind", "key", "reason"), order=("kind", "key"), later=("by",))
SOURCE = Level(
    SourceText,
    same("name", "media_type", "size", "checksum", "text"),
    order=("pk",),
    later=("text_checksum", "stored_by"),
)
EDITION = Level(
    Edition,
    same("in_force", "in_force_basis", "in_force_note", "last_reviewed", "original", "status"),
    (
        ("provisions", "provisions", PROVISION),
        ("rows", "guidelinerows", ROW),
        ("authorization", "authorizationrules", AUTHORIZATION),
        ("codes", "listedcodes", LISTED_CODE),
        ("remarks", "remarks", REMARK),
        ("golden", "goldencases", GOLDEN),
        ("accepted", "acceptances", ACCEPTANCE),
        ("sources", "sources", SOURCE),
    ),
    order=("in_force", "pk"),
    owner="document",
)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)  # of an edition's first day
CONTENT_LEAVES_OUT = ("status", "sources")


def content_of(edition: Edition) -> str:
    """The canonical YAML of one edition: the keys under ``editions:`` in a file, its status and source texts aside.

    With its own golden cases and acceptances; the same for the same content on every database.
    """
    return yaml_form.dump(exported(EDITION, edition, CONTENT_LEAVES_OUT))


def read_edition(document: Document, data: Any, where: str, wording: Wording) -> Read:
    """An edition of a file, checked against ``wording``, nothing stored; raises ``ImportFault`` at ``where``."""
    edition = read(EDITION, data, where, document=document)
    if not EARLIEST <= (start := edition.row.in_force) <= LATEST:  # type: ignore[attr-defined]
        raise ImportFault(f"expected a day between {EARLIEST} and {LATEST}, found {start}.", f"{where}.in_force")
    for here, criteria in _criteria(edition, where):
        try:
            parse(criteria, wording.vocabulary)
        except CriteriaError as error:
            raise ImportFault(str(error), here) from error
    for n, item in enumerate(edition.below["provisions"]):
        provision = item.row
        assert isinstance(provision, Provision)  # for the type checker
        expression = parse(provision.criteria, wording.vocabulary)
        for name, said in source_errors(provision, expression, wording.vocabulary):
            raise ImportFault(said, f"{where}.provisions[{n}].{name}")
    rows = [str(getattr(row.row, "code", "")) for row in edition.below["rows"]]
    check_golden(edition.below["golden"], document.kind, rows, wording.vocabulary, f"{where}.golden")
    return edition


def _criteria(edition: Read, where: str) -> Iterator[tuple[str, str]]:
    """Each criteria text below, with its place."""
    for key, items in edition.below.items():
        for n, item in enumerate(items):
            here = f"{where}.{key}[{n}]"
            if criteria := getattr(item.row, "criteria", ""):
                yield f"{here}.criteria", criteria
            yield from _criteria(item, here)


def store_draft(*, read: Read, by: By, edited: bool = True) -> Edition:
    """Store an edition that was read as a draft, ``edited`` by whoever brings it in; inside the caller's transaction.

    It is not ``edited`` where the text is taken over as published: then its publisher may be the same person.
    """
    edition = read.row
    assert isinstance(edition, Edition)  # for the type checker
    edition.status = Edition.Status.DRAFT
    if edited:
        edition.edited_at = timezone.now()
        edition.edited_by_id = by.pk if by else None
    try:
        edition.validate_constraints()
    except ValidationError as error:
        raise ImportFault(" ".join(error.messages)) from error
    edition.save()
    for kept in (*read.below["accepted"], *read.below["sources"]):
        stamp(kept.row, by)
    read.save()
    note_uses(edition=edition)
    return edition


def stamp(row: models.Model, by: By) -> None:
    """Fill in what the file does not say of an acceptance or a source text: who brought it in, its checksum."""
    if isinstance(row, Acceptance):
        row.by_id = by.pk if by else None
    elif isinstance(row, SourceText):
        row.stored_by_id = by.pk if by else None
        row.text_checksum = yaml_form.checksum(row.text)


@transaction.atomic
def make_draft(*, document: Document, content: str, by: By, in_force: dt.date | None = None) -> Edition:
    """A new draft of ``document`` with the ``content`` that ``content_of`` gave, on its own day or ``in_force``.

    All parts, golden cases and acceptances come with it, and the facts it uses are noted; no state is recorded.
    Raises ``ImportFault`` when it does not read, against the vocabulary of now.
    """
    with with_line(content, "edition"):
        data = data_of(content)
        if isinstance(data, dict) and "status" in data:
            raise ImportFault("an edition's content has no status.", "edition.status")
        made = read_edition(document, data, "edition", current_wording())
    if in_force is not None:
        made.row.in_force = in_force  # type: ignore[attr-defined]
    return store_draft(read=made, by=by)
