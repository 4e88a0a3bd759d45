"""What the steps of all cases add up to, for a payer and a span of days."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from coverage_app.services.payer_outcome import APPROVALS, Kind, compares

from .courses import Course, Courses, Step

SMALL = 5
"""Fewer cases than this are counted, and no share is made of them."""


@dataclass(frozen=True)
class Chosen:
    """What is looked at: one payer's document (None: all), and the first and last day on which a payer decided."""

    payer: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def takes(self, payer: int | None, on: dt.date) -> bool:
        return (
            (self.payer is None or payer == self.payer)
            and (self.since is None or on >= self.since)
            and (self.until is None or on <= self.until)
        )


class Decision(NamedTuple):
    """The last decision on one case; ``agrees``: whether it is what the desk read (None: nothing to compare)."""

    case: int
    payer: int | None
    site: int | None
    step: Step
    agrees: bool | None


class Wait(NamedTuple):
    """The days from a submission to the decision that answers it."""

    case: int
    payer: int | None
    submitted: dt.date
    step: Step

    @property
    def days(self) -> int:
        return (self.step.on - self.submitted).days


class Denial(NamedTuple):
    """One denial of a request; ``turned``: the payer's last decision on that case is an approval."""

    case: int
    payer: int | None
    step: Step
    turned: bool


class Appeal(NamedTuple):
    """One appeal; ``step`` is its outcome, or the appeal itself while it waits."""

    case: int
    payer: int | None
    step: Step


@dataclass
class Found:
    """All that a choice finds, one entry each."""

    decisions: list[Decision] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    denials: list[Denial] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)


def find(courses: Courses, chosen: Chosen) -> Found:
    """What happened at the payers, as ``chosen``. One query."""
    found = Found()
    for course in courses:
        _add(course, courses, chosen, found)
    return found


def _add(course: Course, courses: Courses, chosen: Chosen, found: Found) -> None:
    payers, last = courses.desk.payer, course.decision
    if last and chosen.takes(payers[last.assessment], last.on):
        agrees = compares(last.kind, last.reason, courses.desk.stands_by(last.assessment))
        found.decisions.append(Decision(course.case, payers[last.assessment], course.site, last, agrees))
    for before, step in _with_before(course.steps):
        payer = payers[step.assessment]
        if not chosen.takes(payer, step.on):
            continue
        if before and before.kind == Kind.SUBMITTED and step.kind in (Kind.APPROVED, Kind.DENIED):
            found.waits.append(Wait(course.case, payer, before.on, step))
        if step.kind == Kind.DENIED:
            found.denials.append(Denial(course.case, payer, step, bool(last and last.kind in APPROVALS)))
        waiting = step.kind == Kind.APPEALED and step is course.steps[-1]
        if waiting or step.kind in (Kind.APPEAL_WON, Kind.APPEAL_LOST):
            found.appeals.append(Appeal(course.case, payer, step))


def _with_before(steps: Sequence[Step]) -> Iterator[tuple[Step | None, Step]]:
    yield None, steps[0]
    yield from pairwise(steps)


# Added up


@dataclass
class Agreement:
    """How often the payer decided as the desk read; ``silent`` are decisions that cannot be compared."""

    agree: int = 0
    differ: int = 0
    silent: int = 0

    @property
    def compared(self) -> int:
        return self.agree + self.differ

    @property
    def decided(self) -> int:
        return self.compared + self.silent


def share(part: int, whole: int) -> int | None:
    """A whole percentage; None where ``whole`` is too small for one. Never 0 or 100 for what is neither."""
    if whole < SMALL:
        return None
    percent = round(100 * part / whole)
    return min(max(percent, 1 if part else 0), 100 if part == whole else 99)


@dataclass(frozen=True)
class Spread:
    """Days from submission to decision: how many, the median, the quarters, the ends."""

    count: int
    least: int
    low: float
    median: float
    high: float
    most: int


def spread(days: Counter[int]) -> Spread:
    """The spread of at least one number of days, counted. A quarter between two days is taken in proportion."""
    ordered = sorted(days.items())
    count = sum(days.values())

    def at(place: float) -> float:
        """The value at a place from 0 to 1 of all, in order."""
        rank = place * (count - 1)
        low, high = _nth(ordered, int(rank)), _nth(ordered, min(int(rank) + 1, count - 1))
        return low + (high - low) * (rank - int(rank))

    return Spread(count, ordered[0][0], at(0.25), at(0.5), at(0.75), ordered[-1][0])


def _nth(ordered: Sequence[tuple[int, int]], place: int) -> int:
    for value, times in ordered:
        if place < times:
            return value
        place -= times
    raise IndexError(place)
