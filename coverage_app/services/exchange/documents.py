"""Documents with their editions, to YAML and back."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from coverage_app.models import Document, Edition
from coverage_app.services import golden, states  # the modules: they know this package too
from coverage_app.services.audit import By, record
from coverage_app.services.editions import EditionFault, faults, put_in_force, take_out_of_force
from coverage_app.services.vocabulary import Wording, current_wording

from .choosing import Reference, ReferenceFault, in_file
from .contents import EDITION, GOLDEN, read_edition, store_draft
from .levels import ImportFault, Level, Read, exported, instance_of, items_of, left_as_on_file, same
from .merging import Merge, identical, merge

DOCUMENT = Level(
    Document,
    same("code", "kind", "short_name", "number", "title", "publisher", "letters_to", "note"),
    (("editions", "editions", EDITION),),
)


class Mode(Enum):
    """What becomes of an edition that is not on file."""

    PUBLISH = "it comes in with the status of the file; where its day is taken by another text, as a draft"
    DRAFT = "it comes in as a draft"
    FILL = "it comes in with the status of the file; where its day is taken by another text, not at all"


def document_data(document: Document, editions: Sequence[Edition], sources: bool) -> dict[str, Any]:
    """A document with these editions as data, in the form of the files."""
    data = exported(DOCUMENT, document, ("editions",))
    if editions:
        data["editions"] = [exported(EDITION, each, () if sources else ("sources",)) for each in editions]
    return data


def with_all_golden(data: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """The ``data`` of an edition that leaves its document alone, with the golden cases that hold from earlier ones."""
    rows = {"", *(row["id"] for row in data.get("rows", ()))}
    holding = [
        case
        for case in golden.all_golden(edition)
        if case.edition_id == edition.pk or (not case.retired and case.row in rows)
    ]
    parts = data | {"golden": [exported(GOLDEN, case) for case in holding]}
    order = [*(key for key, _ in EDITION.keys), *(key for key, _, _ in EDITION.lists)]
    return {key: parts[key] for key in order if parts.get(key)}


def import_document(data: dict[str, Any], by: By, mode: Mode, only: str = "") -> list[str]:
    """Take in one document; a line for each of its editions, or for the one named by ``only``.

    A line before them says what of the document is on file otherwise and stays so.

    Raises ``ImportFault``.
    """
    document = instance_of(DOCUMENT, data, "document")
    assert isinstance(document, Document)  # for the type checker
    # The row is locked: of two imports at once the second finds what the first has brought in.
    known = Document.objects.select_for_update().filter(code=document.code).first()
    lines = []
    if known is None:
        _store(document, by)
    elif known.kind != document.kind:
        raise ImportFault(f"{document.code} is on file as {known.kind}.", "document.kind")
    elif left := left_as_on_file(DOCUMENT, data, document, known):
        lines = [f"{document.code} is on file already: {', '.join(left)}"]
    editions = items_of(data, "editions", "")
    lines += [] if editions else [f"{document.code}: the file holds no editions"]
    return lines + _Import(known or document, by, mode).editions(editions, only)


def _store(document: Document, by: By) -> None:
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise ImportFault(f"{document.code} is being imported by somebody else: try again.", "document.code") from error
    record(by=by, action="import", subject=document)


def _meant(read: list[Read], only: str, code: str) -> Read:
    """The edition of the file that ``only`` names; of several, a bare code is the one of today."""
    try:
        reference = Reference.of(only)
        if reference.name != code:
            raise ReferenceFault(f"The file holds {code}, not {reference.name[:60]}.")
        editions = [each.row for each in read if isinstance(each.row, Edition)]
        meant = Reference(
            code, reference.day or (None if len(editions) == 1 else timezone.localdate()), reference.draft
        )
        return read[editions.index(in_file(editions, meant))]
    except ReferenceFault as fault:
        raise ImportFault(str(fault)) from fault


class _Import:
    """The editions of one file, against those that were on file before."""

    def __init__(self, document: Document, by: By, mode: Mode) -> None:
        self.document, self.by, self.mode = document, by, mode
        self.wording: Wording = current_wording()
        self.before = list(document.editions.order_by("in_force", "pk"))
        self.unmatched = list(self.before)

    def editions(self, items: list[Any], only: str) -> list[str]:
        """Read all, so that a fault in the last changes nothing either; then bring in all, or the one meant."""
        read = [read_edition(self.document, item, f"editions[{n}]", self.wording) for n, item in enumerate(items)]
        meant = _meant(read, only, self.document.code) if only else None
        return [self._edition(each, f"editions[{n}]") for n, each in enumerate(read) if meant in (None, each)]

    def _edition(self, read: Read, where: str) -> str:
        edition = read.row
        assert isinstance(edition, Edition)  # for the type checker
        name = f"{self.document.code} {edition.in_force:%Y-%m-%d}"
        same_day = [each for each in self.before if each.in_force == edition.in_force]
        match = identical(read, [each for each in self.unmatched if each.in_force == edition.in_force])
        if match:
            self.unmatched.remove(match)  # a withdrawn edition and its replacement begin on the same day
        if self.mode == Mode.FILL and same_day:
            published = [each for each in same_day if each.status == Edition.Status.PUBLISHED]
            other = "" if match else ", with another text"
            return f"{name} is on file already{other}: {self._add(read, match or (published or same_day)[-1])}"
        if match and not (self.mode == Mode.DRAFT and Merge.of(read, match).any):
            return f"{name} is on file already: {self._add(read, match)}{_status_left(read, match)}"
        try:
            with transaction.atomic():
                return f"{name} {self._bring_in(read, taken=bool(same_day))}"
        except EditionFault as error:
            raise ImportFault(str(error), where) from error

    def _add(self, read: Read, edition: Edition) -> str:
        """Add what stands beside the text in the file alone, and say so."""
        if not Merge.of(read, edition).adds:
            return Merge.of(read, edition).words()
        edition = states.lock(edition)
        states.keep_state(edition=edition)
        words = merge(read, edition, self.by).words()
        states.note_edit(edition=edition, by=self.by, action="import")
        return words

    def _bring_in(self, read: Read, *, taken: bool) -> str:
        """Store the edition as a draft, and take it as far as the file says."""
        assert isinstance(read.row, Edition)  # for the type checker
        wanted, on_file = read.row.status, Edition.ON_FILE
        as_draft = self.mode == Mode.DRAFT or taken
        edition = store_draft(read=read, by=self.by, edited=as_draft or wanted not in on_file)
        record(by=self.by, action="import", subject=edition, detail={"status": wanted})
        fails = ""
        if not as_draft and wanted in on_file:
            fails = _failing(edition) if wanted == Edition.Status.PUBLISHED else ""
            edition = put_in_force(edition=edition, by=self.by)
            if wanted == Edition.Status.WITHDRAWN:
                edition = take_out_of_force(edition=edition, by=self.by, reason="Withdrawn in the imported file.")
        elif not as_draft and wanted == Edition.Status.IN_REVIEW:
            if found := faults(edition):
                raise EditionFault(*found)
            edition.status = wanted
            edition.save(update_fields=["status"])
        states.append_state(edition=edition, by=self.by, action="import")
        if taken:
            return "is on file with another text: this one imported, draft"
        return f"imported, {edition.get_status_display().lower()}{fails}"


def _status_left(read: Read, edition: Edition) -> str:
    """That the file says another status of an edition on file, for its line."""
    said = read.data()["status"]
    if edition.status == said or not edition.is_on_file:
        return ""
    return f"; status {said} left as {edition.status}"


def _failing(edition: Edition) -> str:
    """How many golden cases fail, for the line of an edition; of a draft still, whose reading is not kept."""
    results = golden.run_of(edition)
    failed = sum(not result.passed for result in results)
    return f"; {failed} of {len(results)} golden cases {'fails' if failed == 1 else 'fail'}" if failed else ""
