"""A document's editions on a line of time: from when to when each holds, and where today stands."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from coverage_app.models import Edition
from coverage_app.services.report.words import day

from .policy import state_on

MARGIN = 0.04  # of the line, free at both ends
SHORTEST = 365  # days
BAR_LEAST = 0.8  # percent of the line: a day must still be seen
YEARS_AT_MOST = 7  # years written under the line

STATES = {"draft": "Draft", "in_review": "In review", "to_come": "To come", "in_force": "In force",
          "replaced": "Superseded", "withdrawn": "Withdrawn"}  # fmt: skip


def timeline(
    editions: Sequence[Edition], drafts: Sequence[Edition], current: Edition | None, today: dt.date
) -> dict[str, Any]:
    """Lines, newest first: each edition's link, words and span; ``today`` and ``years`` are places on the line.

    ``editions`` are those on file; ``drafts`` are shown to editors alone. Places and widths are percents.
    """
    scale = _Scale([today, *(edition.in_force for edition in (*editions, *drafts))])
    lines = [_line(edition, editions, current, today, scale) for edition in (*drafts, *editions)]
    lines.sort(key=lambda line: (line["start"], line["edition"].pk), reverse=True)
    return {"lines": lines, "today": scale.place(today), "day": today, "years": scale.years()}


class _Scale:
    """A line of time on which all of the days stand, with room at both ends. It counts in days."""

    def __init__(self, days: Sequence[dt.date]) -> None:
        numbers = [day.toordinal() for day in days]
        self.length = max(max(numbers) - min(numbers), SHORTEST) * (1 + 2 * MARGIN)
        self.origin = min(numbers) - self.length * MARGIN / (1 + 2 * MARGIN)

    def place(self, on: dt.date) -> float:
        """In percent from the left."""
        return round(100 * (on.toordinal() - self.origin) / self.length, 2)

    def years(self) -> list[dict[str, Any]]:
        """First days of years, not too many, with their places."""
        ends = [min(max(int(day), 1), dt.date.max.toordinal()) for day in (self.origin, self.origin + self.length)]
        first, last = (dt.date.fromordinal(end).year for end in ends)
        years = range(first + 1, last + 1)
        step = max(1, -(-len(years) // YEARS_AT_MOST))
        return [{"year": year, "at": self.place(dt.date(year, 1, 1))} for year in years[::step]]


def _line(
    edition: Edition, on_file: Sequence[Edition], current: Edition | None, today: dt.date, scale: _Scale
) -> dict[str, Any]:
    state = state_on(edition, on_file, today)["code"] if edition.is_on_file else str(edition.status)
    end = _end(edition, on_file)
    left = scale.place(edition.in_force)
    right = scale.place(end) if end else 100.0
    shadowed = state == "withdrawn" and any(
        other.in_force == edition.in_force and other.status == Edition.Status.PUBLISHED for other in on_file
    )
    return {
        "edition": edition,
        "url": _url(edition, shadowed),
        "start": edition.in_force,
        "state": state,
        "label": STATES[state],
        "words": _words(edition, end, state, shadowed),
        "here": current is not None and edition.pk == current.pk,
        "left": left,
        "width": round(max(BAR_LEAST, right - left), 2),
        "open": end is None,
    }


def _end(edition: Edition, on_file: Iterable[Edition]) -> dt.date | None:
    """The day on which another edition begins, withdrawn or not: this one held to the day before."""
    return min((other.in_force for other in on_file if other.in_force > edition.in_force), default=None)


def _url(edition: Edition, shadowed: bool) -> str:
    if not edition.is_on_file:
        return reverse("admin:coverage_app_edition_change", args=[edition.pk])
    url = reverse("policy_edition", args=[edition.document.code, edition.in_force.isoformat()])
    return f"{url}?withdrawn={edition.pk}" if shadowed else url


def _words(edition: Edition, end: dt.date | None, state: str, shadowed: bool) -> str:
    start = day(edition.in_force)
    span = f"{start} to {day(end - dt.timedelta(days=1))}" if end else f"from {start} on"
    if state == "withdrawn":
        return f"replaced by another edition of {start}" if shadowed else f"no edition, {span}"
    if state in ("draft", "in_review"):
        return f"from {start}, once published"
    return span
