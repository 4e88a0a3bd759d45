"""Editions as the command line names them: on file, or in a file that need not be on file."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from coverage_app.models import Acceptance, Document, Edition, GoldenCase
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError

from .edition_rules import edition_before, rules_of
from .exchange.choosing import Reference, ReferenceFault, in_file, on_file
from .exchange.files import FileEdition, editions_in, text_of
from .exchange.levels import ImportFault
from .golden import golden_cases, golden_until

__all__ = ["ReadEdition", "ReferenceFault", "edition_meant", "resolve"]


@dataclass(frozen=True)
class ReadEdition:
    """An edition read for the rules, whether it is on file or not.

    ``rules``: by row for a guideline, under the empty text for a payer's policy, never empty. ``previous``: the same
    of the edition before it, empty where there is none. ``golden``: the cases that hold for it, its own and those of
    earlier editions, on file too. ``edition``: the stored one; None when it was read from a file.
    """

    name: str
    document: Document
    in_force: dt.date
    rules: Mapping[str, Rules]
    previous: Mapping[str, Rules] = field(default_factory=dict)
    golden: tuple[GoldenCase, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    edition: Edition | None = None

    @property
    def is_guideline(self) -> bool:
        """Whether it is read row by row."""
        return "" not in self.rules


def resolve(reference: str) -> ReadEdition:
    """The edition meant by ``CODE``, ``CODE@YYYY-MM-DD``, ``CODE@draft``, ``FILE`` or ``FILE@…``.

    A bare CODE is the edition in force today; CODE@ a day the one in force on it, or starting on it; CODE@draft the
    newest one not published yet. A FILE is read against the vocabulary on file and the facts that it brings itself;
    with several editions it needs a day. Raises ``ReferenceFault``, whose text says what is wrong and where.
    """
    try:
        meant = Reference(reference) if _is_there(reference) else Reference.of(reference)
        read = _from_file(meant) if _is_file(meant.name) else _from_desk(_stored(meant))
    except (CriteriaError, EditionError) as error:
        raise ReferenceFault(f"{reference}: {error}") from error
    if not read.rules:
        raise ReferenceFault(f"{read.name} decides nothing: it has neither provisions nor rows.")
    return read


def _is_file(name: str) -> bool:
    """Whether it means a file: one that is there, or that is written as one."""
    return Path(name).suffix in {".yaml", ".yml"} or "/" in name or _is_there(name)


def _is_there(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def edition_meant(reference: str) -> Edition:
    """The stored edition meant by ``CODE``, ``CODE@YYYY-MM-DD`` or ``CODE@draft``. Raises ``ReferenceFault``."""
    return _stored(Reference.of(reference))


def _stored(meant: Reference) -> Edition:
    document = Document.objects.filter(code=meant.name).first() if meant.name.isprintable() else None
    if document is None:
        known = ", ".join(Document.objects.values_list("code", flat=True)) or "none"
        raise ReferenceFault(f"No document {meant.name[:60]!r}; on file: {known}.")
    editions = document.editions.select_related("document").order_by("in_force", "pk")
    if meant.draft:
        editions = editions.order_by("pk")
    return on_file(list(editions), meant, timezone.localdate())


def _from_desk(edition: Edition) -> ReadEdition:
    before = edition_before(edition)
    return ReadEdition(
        name=f"{edition.document.code} {edition.in_force:%Y-%m-%d}",
        document=edition.document,
        in_force=edition.in_force,
        rules=rules_of(edition),
        previous=rules_of(before) if before else {},
        golden=tuple(golden_cases(edition)),
        acceptances=tuple(edition.acceptances.all()),
        edition=edition,
    )


def _from_file(meant: Reference) -> ReadEdition:
    try:
        found = editions_in(text_of(meant.name))
    except ImportFault as fault:
        raise ReferenceFault(f"{meant.name}: {fault}") from fault
    if not found:
        raise ReferenceFault(f"{meant.name} holds no edition.")
    rows = [each.row for each in found]
    chosen = found[rows.index(in_file(rows, meant))]
    return ReadEdition(
        name=f"{meant.name} {chosen.row.in_force:%Y-%m-%d}",
        document=chosen.row.document,
        in_force=chosen.row.in_force,
        rules=chosen.rules(),
        previous=_before(chosen, found),
        golden=tuple(_golden(chosen, found)),
        acceptances=tuple(chosen.acceptances),
    )


def _before(chosen: FileEdition, found: Sequence[FileEdition]) -> Mapping[str, Rules]:
    """The rules of the edition before: of the file's own, else of those on file."""
    own = edition_before(chosen.row, [each.row for each in found])
    if own:
        return next(each.rules() for each in found if each.row is own)
    stored = Edition.objects.filter(document__code=chosen.row.document.code).select_related("document")
    earlier = edition_before(chosen.row, stored)
    return rules_of(earlier) if earlier else {}


def _golden(chosen: FileEdition, found: Iterable[FileEdition]) -> list[GoldenCase]:
    """The golden cases that hold: those on file, of the file's earlier editions, then its own; the last of a name."""
    earlier = [each for each in found if each.row.is_on_file and each.row.in_force < chosen.row.in_force]
    earlier.sort(key=lambda each: each.row.in_force)
    held = {case.name: case for each in (*earlier, chosen) for case in each.golden}
    stored = {case.name: case for case in golden_until(chosen.row.document.code, chosen.row.in_force)}
    return [case for case in (stored | held).values() if not case.retired]
