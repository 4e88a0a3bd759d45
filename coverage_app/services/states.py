"""The history of an edition: its content after each step, with who took it, when and why."""

import hashlib

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from coverage_app.models import Document, Edition, EditionState

from . import exchange
from .audit import By
from .editions import EditionFault

FOUND = "on file"
"""The action of the first state of an edition that came on file without one, from the files."""


def checksum(content: str) -> str:
    """SHA-256 of an edition's content, as hexadecimal text."""
    return hashlib.sha256(content.encode()).hexdigest()


def content_of(edition: Edition) -> str:
    """The canonical text of an edition, from which it can be restored."""
    return exchange.content_of(edition)


def states_of(number: int) -> QuerySet[EditionState]:
    """The states of the edition with that number, newest first; it may have been discarded since."""
    return EditionState.objects.filter(edition_number=number).order_by("-number")


def discarded(document: Document) -> list[EditionState]:
    """The last state of each draft of ``document`` that is gone, newest first. One query."""
    here = Edition.objects.filter(document=document).values("pk")
    gone = EditionState.objects.filter(document=document, action="discard").exclude(edition_number__in=here)
    return list(gone.order_by("-at", "-pk"))


def lock(edition: Edition) -> Edition:
    """The edition as it stands, held until the transaction ends; raises ``EditionFault`` when it is gone."""
    held = Edition.objects.select_for_update(of=("self",)).select_related("document").filter(pk=edition.pk).first()
    if held is None:
        raise EditionFault(f"{edition} was discarded meanwhile.")
    return held


@transaction.atomic
def append_state(*, edition: Edition, by: By, action: str, why: str = "") -> EditionState:
    """Write down how an edition stands after a step. Its audit event is the step's own."""
    fresh = lock(edition)
    return _append(fresh, content_of(fresh), by, action, why)


def _append(held: Edition, content: str, by: By, action: str, why: str) -> EditionState:
    last = states_of(held.pk).aggregate(last=Max("number"))["last"] or 0
    return EditionState.objects.create(
        document=held.document,
        edition_number=held.pk,
        number=last + 1,
        by_id=by.pk if by else None,
        by_name=by.get_username() if by else "setup",
        action=action,
        why=why.strip(),
        content=content,
        checksum=checksum(content),
    )


@transaction.atomic
def keep_state(*, edition: Edition) -> None:
    """Before the first step on an edition without states, write down how it stands."""
    if not states_of(edition.pk).exists():
        append_state(edition=edition, by=edition.published_by or edition.edited_by, action=FOUND)


@transaction.atomic
def note_edit(*, edition: Edition, by: By, action: str = "edit", why: str = "") -> EditionState | None:
    """Take down that ``by`` has changed an edition's content or its source text: as its last editor, and as a state.

    Call it in the transaction of the change, whose audit event speaks for it. None when both are what they were.
    What is added to an edition on file (a golden case, an accepted finding, a source text) makes a state and no
    editor.
    """
    fresh = lock(edition)
    content = content_of(fresh)
    last = states_of(fresh.pk).first()
    if last is not None and last.checksum == checksum(content) and not _stored_since(fresh, last):
        return None
    if fresh.status == Edition.Status.DRAFT:
        fresh.edited_at = timezone.now()
        fresh.edited_by_id = by.pk if by else None
        fresh.save(update_fields=["edited_at", "edited_by"])
    return _append(fresh, content, by, action, why)


def _stored_since(edition: Edition, state: EditionState) -> bool:
    """Whether a source text was stored after a state, which does not hold it."""
    return edition.sources.filter(stored_at__gt=state.at).exists()


def editors_since_submission(edition: Edition) -> set[int]:
    """Who edited an edition last, and who has added to it since it was submitted: none of them publishes it.

    Whoever changed its content or its source text last counts as its last editor whatever its status was: what was
    added in review stays theirs when it is sent back and submitted again.
    """
    steps = list(states_of(edition.pk).order_by("number").values_list("action", "checksum", "by_id", "at"))
    changes = [(at, by) for n, (_, content, by, at) in enumerate(steps) if n == 0 or content != steps[n - 1][1]]
    # no state holds the source texts: each says itself who stored it and when
    stored = list(edition.sources.values_list("stored_at", "stored_by_id"))
    last = max([*changes, *stored], key=lambda change: change[0], default=(None, None))
    found = {edition.edited_by_id, last[1]}
    submitted = max((n for n, step in enumerate(steps) if step[0] == "submit"), default=None)
    if submitted is not None:
        _, submission, _, day = steps[submitted]
        found |= {by for _, after, by, _ in steps[submitted + 1 :] if after != submission}
        found |= {by for at, by in stored if at > day}
    return {by for by in found if by is not None}
