"""Which edition is meant: ``CODE``, ``CODE@YYYY-MM-DD`` or ``CODE@draft``, of those on file or of those in a file."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coverage_app.models import Edition
from coverage_app.services.library import in_force_on

_AT = re.compile(r"(?P<name>.+)@(?P<at>draft|\d{4}-\d{2}-\d{2})", re.DOTALL)
OPEN = (Edition.Status.DRAFT, Edition.Status.IN_REVIEW)


class ReferenceFault(Exception):
    """Why no edition is meant, in plain words."""


@dataclass(frozen=True)
class Reference:
    """A document or a file by ``name``, and which edition of it: that of ``day``, the newest ``draft``, or neither."""

    name: str
    day: dt.date | None = None
    draft: bool = False

    @classmethod
    def of(cls, text: str) -> "Reference":
        """What ``text`` means; raises ``ReferenceFault`` when what follows @ is neither a day nor draft."""
        if not (found := _AT.fullmatch(text)):
            if "@" in text.rpartition("/")[2]:
                raise ReferenceFault(f"{text[:80]}: after @ comes a day as YYYY-MM-DD, or the word draft.")
            return cls(text)
        name, at = found["name"], found["at"]
        if at == "draft":
            return cls(name, draft=True)
        try:
            return cls(name, day=dt.date.fromisoformat(at))
        except ValueError as error:
            raise ReferenceFault(f"{text}: {at} is no day.") from error


def listed(editions: Iterable[Edition]) -> str:
    """The editions by day and status, for a message."""
    return ", ".join(f"{each.in_force:%Y-%m-%d} ({each.get_status_display().lower()})" for each in editions) or "none"


def on_file(editions: Sequence[Edition], reference: Reference, today: dt.date) -> Edition:
    """Of one document's editions, oldest first, the one in force on the day meant; raises ``ReferenceFault``.

    Without a day: on ``today``. Where none is in force on the day, one that starts on it will do.
    """
    if reference.draft:
        found = [edition for edition in editions if edition.status in OPEN]
        said = "has no draft"
    else:
        day = reference.day or today
        in_force = in_force_on(editions, day)
        starting = [edition for edition in editions if reference.day == edition.in_force]
        found = [in_force] if in_force else starting
        said = f"has no edition in force on {day:%Y-%m-%d}"
    if not found:
        raise ReferenceFault(f"{reference.name} {said}; on file: {listed(editions)}.")
    return found[-1]


def in_file(editions: Sequence[Edition], reference: Reference) -> Edition:
    """The same of the editions in a file: one that starts on the day comes first, and a single one needs no day."""
    if reference.draft:
        found = [edition for edition in editions if edition.status in OPEN]
    elif reference.day:
        starting = [edition for edition in editions if edition.in_force == reference.day]
        starting.sort(key=lambda edition: edition.status == Edition.Status.PUBLISHED)
        in_force = in_force_on(editions, reference.day)
        found = starting or ([in_force] if in_force else [])
    else:
        found = list(editions) if len(editions) == 1 else []
    if found:
        return found[-1]
    if len(editions) > 1 and not (reference.day or reference.draft):
        raise ReferenceFault(f"{reference.name} holds several editions, say which one with @: {listed(editions)}.")
    meant = "draft" if reference.draft else f"edition of {reference.day}" if reference.day else "edition"
    raise ReferenceFault(f"{reference.name} holds no {meant}; it holds: {listed(editions)}.")
