"""What the steps of all cases add up to, for a payer and a span of days."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coverage_app.services.payer_outcome import APPROVALS, DECISIONS, Kind, compares

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
    """The days to a decision from the first submission that waited for it."""

    case: int
    payer: int | None
    submitted: dt.date
    step: Step

    @property
    def days(self) -> int:
        return (self.step.on - self.submitted).days


class Denial(NamedTuple):
    """The last denial of a request; ``turned``: the last decision of that payer on the case is an approval."""

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
    """What happened at the payers, as ``chosen``. Two queries, and more for many cases that were amended since."""
    found = Found()
    for course in courses:
        _add(course, courses, chosen, found)
    if former := courses.sites([one.step.assessment for one in found.decisions]):
        found.decisions = [one._replace(site=former.get(one.step.assessment, one.site)) for one in found.decisions]
    return found


def _add(course: Course, courses: Courses, chosen: Chosen, found: Found) -> None:
    payers, last = courses.desk.payer, course.decision
    if last and chosen.takes(payers[last.assessment], last.on):
        agrees = compares(last.kind, last.reason, courses.desk.stands_by(last.assessment))
        found.decisions.append(Decision(course.case, payers[last.assessment], course.site, last, agrees))
    for asked, step in _answered(course.steps, payers):
        if chosen.takes(payers[step.assessment], step.on):
            found.waits.append(Wait(course.case, payers[step.assessment], asked.on, step))
    ends = {payers[step.assessment]: step.kind for step in course.steps if step.kind in DECISIONS}
    for step in _last_denials(course.steps):
        payer = payers[step.assessment]
        if chosen.takes(payer, step.on):
            found.denials.append(Denial(course.case, payer, step, ends[payer] in APPROVALS))
    for step in course.steps:
        ended = step.kind in (Kind.APPEAL_WON, Kind.APPEAL_LOST)
        waiting = step.kind == Kind.APPEALED and step is course.steps[-1]
        if (ended or waiting) and chosen.takes(payers[step.assessment], step.on):
            found.appeals.append(Appeal(course.case, payers[step.assessment], step))


def _answered(steps: Sequence[Step], payers: Mapping[int, int | None]) -> Iterator[tuple[Step, Step]]:
    """The first submission since the last decision, or since the case went to another payer, and what answers it."""
    asked: Step | None = None
    for step in steps:
        if step.kind == Kind.SUBMITTED:
            if asked is None or payers[asked.assessment] != payers[step.assessment]:
                asked = step
        elif step.kind in DECISIONS:
            if asked:
                yield asked, step
            asked = None  # what a peer-to-peer or an appeal ends in answers no submission


def _last_denials(steps: Sequence[Step]) -> Iterator[Step]:
    """The last denial of each request; a request ends with the next submission."""
    denial: Step | None = None
    for step in steps:
        if step.kind == Kind.DENIED:
            denial = step
        elif step.kind == Kind.SUBMITTED and denial:
            yield denial
            denial = None
    if denial:
        yield denial


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
