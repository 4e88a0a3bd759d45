"""Editions on their way, for the tests: a draft of the small policy, and the steps that it can take."""

import datetime as dt
from typing import Any

from coverage_app.models import AuditEvent, Edition
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.life import note_edit, publish_edition, start_draft, submit_for_review
from coverage_app.services.states import states_of
from tests.services.making import import_small, person

LATER = dt.date(2025, 7, 1)
"""The first day of the small policy's second edition."""

BREAST = {"site": "breast", "margin": "negative"}
"""Answers that the small policy speaks of."""


def actions(edition: Edition) -> list[str]:
    """The steps in its history, the newest first."""
    return list(states_of(edition.pk).values_list("action", flat=True))


def events(edition: Edition) -> list[str]:
    """What the audit says was done with it."""
    return list(AuditEvent.objects.filter(subject="edition", subject_id=edition.pk).values_list("action", flat=True))


def second_edition(**wanted: Any) -> Edition:
    """The small policy is on file from 2025-01-01; a draft of its next edition, begun by the editor."""
    first = import_small()
    draft = start_draft(document=first.document, by=person("editor"), in_force=LATER, **wanted)
    return explained(draft)


def explained(edition: Edition) -> Edition:
    """The edition with a word on each quote that stands in no source text."""
    for check in unexplained_quotes(edition):
        accept(edition=edition, kind=check.kind, key=check.key, reason="The text is on paper.", by=person("editor"))
    return edition


def edited(edition: Edition, code: str = "S1", *, by: str = "editor", why: str = "", **fields: str) -> Edition:
    """A provision of a draft says something else now, and ``by`` has changed it."""
    edition.provisions.filter(code=code).update(**(fields or {"note": "Read anew."}))
    note_edit(edition=edition, by=person(by), why=why)
    edition.refresh_from_db()
    return edition


def in_review(edition: Edition, *, by: str = "editor") -> Edition:
    """The same, handed in for review."""
    return submit_for_review(edition=edition, by=person(by))


def published(edition: Edition, *, by: str = "editor2") -> Edition:
    """The same, published by a second person."""
    return publish_edition(edition=edition, by=person(by))
