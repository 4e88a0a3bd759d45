"""The life of an edition: draft → in review → published → superseded or withdrawn, and back by a new draft.

Each step holds the edition's row first, leaves an audit event, and writes down the edition as it stands after it.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from coverage_app.models import Acceptance, Document, Edition, EditionState
from coverage_app.rules.vocabulary import AnswerError, UnknownFact

from . import exchange, yaml_form
from .audit import By, record
from .edition_days import decided_cases, standing_on, to_copy
from .editions import EditionFault, faults, note_uses, put_in_force, take_out_of_force
from .holding import change_editions
from .publication import on_day, publication_faults
from .sources import NO_SOURCE, QUOTE
from .state_changes import called
from .states import append_state, keep_state, lock, note_edit

__all__ = [
    "EditionFault",
    "decided_cases",
    "discard_draft",
    "note_edit",
    "publication_faults",
    "publish_edition",
    "restore",
    "send_back",
    "standing_on",
    "start_draft",
    "submit_for_review",
    "withdraw_edition",
]

NOT_COPIED = ("golden", "in_force_basis", "in_force_note")
"""Golden cases hold on for later editions by themselves; how the day is known was said of another day."""

SAID_OF_ONE_TEXT = (QUOTE, NO_SOURCE)
"""Kinds of acceptances that are not copied: why a text is missing or a quote not in it is said anew of another one."""


@transaction.atomic
def start_draft(*, document: Document, by: By, why: str = "", in_force: dt.date | None = None) -> Edition:
    """A new draft: a copy of the edition in force today, else of the newest on file, else empty.

    It starts on ``in_force``, today unless said otherwise. Raises ``EditionFault`` when what is to be copied no
    longer reads with the vocabulary of now.
    """
    today = timezone.localdate()
    source = to_copy(document, today)
    if source is None:
        edition = Edition.objects.create(document=document, in_force=in_force or today)
    else:
        edition = _made(document, _copied(source), by, in_force or today)
        _began_from(edition, source)
    note_edit(edition=edition, by=by, action="start", why=why)
    record(by=by, action="start", subject=edition, detail={"from": str(source) if source else ""})
    return lock(edition)


def _copied(source: Edition) -> str:
    """The content that a new edition begins with."""
    data = {key: value for key, value in yaml_form.load(exchange.content_of(source)).items() if key not in NOT_COPIED}
    if "accepted" in data:
        data["accepted"] = [one for one in data["accepted"] if one["kind"] not in SAID_OF_ONE_TEXT]
    return yaml_form.dump({key: value for key, value in data.items() if key != "accepted" or value})


def _made(document: Document, content: str, by: By, in_force: dt.date | None) -> Edition:
    try:
        return exchange.make_draft(document=document, content=content, by=by, in_force=in_force)
    except exchange.ImportFault as fault:
        raise EditionFault(_unread(fault, content)) from fault


def _unread(fault: exchange.ImportFault, content: str) -> str:
    """Why there is no copy: what is wrong, where, and whether it is that the facts are others today."""
    place = called(content, fault.where)
    said = f"{place}: {fault.said}" if place else f"{fault.said[:1].upper()}{fault.said[1:]}"
    today = " with the facts of today" if _names_what_is_gone(fault) else ""
    return f"It does not read{today}, so there is no copy. {said}{'' if said.endswith(('.', '?')) else '.'}"


def _names_what_is_gone(fault: BaseException | None) -> bool:
    """Whether a fault comes of a fact or a value that the vocabulary lacks, and not of the text by itself."""
    while fault is not None:
        if isinstance(fault, UnknownFact | AnswerError):
            return True
        fault = fault.__cause__ or fault.__context__  # the criteria say it anew at their place, and hide it
    return False


def _began_from(edition: Edition, source: Edition | None) -> None:
    """Note what a draft is a copy of; what was accepted there stays with who accepted it first, and when."""
    edition.started_from = source
    edition.save(update_fields=["started_from"])
    first = {(one.key, one.reason): one for one in source.acceptances.all()} if source else {}
    carried = [one for one in edition.acceptances.all() if (one.key, one.reason) in first]
    for one in carried:
        accepted = first[one.key, one.reason]
        one.by_id, one.at = accepted.by_id, accepted.at
    Acceptance.objects.bulk_update(carried, ["by", "at"])


def _step(edition: Edition, wanted: str, *, said: str) -> Edition:
    """The edition, held, if it stands where a step begins; raises ``EditionFault``."""
    held = lock(edition)
    if held.status != wanted:
        raise EditionFault(f"{held} is {held.get_status_display().lower()}, not {said}.")
    keep_state(edition=held)
    return held


@transaction.atomic
def submit_for_review(*, edition: Edition, by: By, why: str = "") -> Edition:
    """Hand a draft in: its content stands still until it is published or sent back.

    Raises ``EditionFault`` for another than a draft, and for one that does not read: nobody can review it.
    """
    edition = _step(edition, Edition.Status.DRAFT, said="a draft")
    if found := faults(edition):
        raise EditionFault(*found)
    note_uses(edition=edition)
    edition.status = Edition.Status.IN_REVIEW
    edition.save(update_fields=["status"])
    append_state(edition=edition, by=by, action="submit", why=why)
    record(by=by, action="submit", subject=edition, detail={"why": why.strip()} if why.strip() else None)
    return edition


@transaction.atomic
def send_back(*, edition: Edition, by: By, why: str) -> Edition:
    """Make an edition in review a draft again, for the reason ``why``. Raises ``EditionFault``."""
    edition = _step(edition, Edition.Status.IN_REVIEW, said="in review")
    if not why.strip():
        raise EditionFault("Say what is to be mended.")
    edition.status = Edition.Status.DRAFT
    edition.save(update_fields=["status"])
    append_state(edition=edition, by=by, action="send back", why=why)
    record(by=by, action="send back", subject=edition, detail={"why": why.strip()})
    return edition


@transaction.atomic
def publish_edition(
    *, edition: Edition, by: By, in_force: dt.date | None = None, why: str = "", second_person: bool = True
) -> Edition:
    """Put an edition in review in force; the one before it then ends where it starts.

    ``in_force`` is the first day as its publisher states it; None: the draft's. Another day than the draft's needs a
    reason, and stands in the history as its publisher's: it makes nobody an editor. Raises ``EditionFault`` with all
    that stands in the way on that day. Without a ``second_person``, as for the first loading of a desk, a draft is
    published as it reads, by anybody.
    """
    change_editions(edition.document_id)
    held = lock(edition)
    keep_state(edition=held)
    if second_person:
        found = publication_faults(asked := on_day(held, in_force), by)
        if asked.in_force != held.in_force and not why.strip():
            found.append("Say why it starts on another day than the draft says.")
        if found:
            raise EditionFault(*found)
    published = put_in_force(edition=held, by=by, why=why, in_force=in_force)
    append_state(edition=published, by=by, action="publish", why=why)
    return published


@transaction.atomic
def withdraw_edition(*, edition: Edition, by: By, reason: str) -> Edition:
    """Take a published edition out of force, for ``reason``. Its days then have no edition, never the older text.

    ``decided_cases`` says which cases it has decided. Raises ``EditionFault``.
    """
    change_editions(edition.document_id)
    held = lock(edition)
    keep_state(edition=held)
    withdrawn = take_out_of_force(edition=held, by=by, reason=reason)
    append_state(edition=withdrawn, by=by, action="withdraw", why=reason)
    return withdrawn


@transaction.atomic
def restore(*, state: EditionState, by: By, why: str = "", in_force: dt.date | None = None) -> Edition:
    """A new draft with the content of an earlier state, on its own day or ``in_force``; nothing else changes.

    Raises ``EditionFault`` when that content no longer reads with the vocabulary of now.
    """
    edition = _made(state.document, state.content, by, in_force)
    _began_from(edition, Edition.objects.filter(pk=state.edition_number).first())
    note_edit(edition=edition, by=by, action="restore", why=why)
    detail = {"edition": state.edition_number, "state": state.number, "why": why.strip()}
    record(by=by, action="restore", subject=edition, detail=detail)
    return lock(edition)


@transaction.atomic
def discard_draft(*, edition: Edition, by: By, why: str = "") -> None:
    """Delete a draft with all its parts; its states stay, and can be restored. Raises ``EditionFault``."""
    held = _step(edition, Edition.Status.DRAFT, said="a draft")
    append_state(edition=held, by=by, action="discard", why=why)
    record(by=by, action="discard", subject=held, detail={"name": str(held), "why": why.strip()})
    held.delete()
