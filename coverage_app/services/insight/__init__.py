"""What was learned at the payers: whether they decide as the desk reads their policies, how long it takes, and why not.

Every case counts with the payer's last decision on it, which is compared with the verdict that the desk stands by.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from coverage_app.models import Document, Edition, FactValue, Provision
from coverage_app.services.payer_outcome import DENIALS, Kind

from .courses import Courses, Desk
from .provisions import Codes, Deciding
from .tables import SMALL, Agreement, Appeal, Chosen, Decision, Found, Spread, Wait, find, share, spread

__all__ = ["SMALL", "Agreement", "Appeals", "Chosen", "Insight", "Line", "Part", "Spread", "insight", "look", "share"]

K = TypeVar("K", bound=Hashable)

Part = tuple[int, Codes]
"""The number of an edition, and the codes of those of its provisions that decided together."""


@dataclass(frozen=True)
class Appeals:
    """What became of appeals."""

    won: int = 0
    lost: int = 0
    waiting: int = 0

    @property
    def decided(self) -> int:
        return self.won + self.lost


@dataclass(frozen=True)
class Denied:
    """Denials for one reason; ``turned``: how many ended in an approval."""

    reason: str
    count: int
    turned: int


@dataclass(frozen=True)
class Line:
    """A provision that a payer decided otherwise than it reads: how often, why, and its words."""

    edition: Edition
    provisions: tuple[Provision, ...]
    agreement: Agreement
    reasons: tuple[tuple[str, int], ...]
    approved: int


@dataclass(frozen=True)
class Insight:
    """Everything that the page shows; keys are documents, sites and editions by number (None: not known)."""

    decided: int
    overall: Agreement
    by_payer: dict[int | None, Agreement]
    by_site: dict[int | None, Agreement]
    by_part: dict[Part | None, Agreement]
    overall_times: Spread | None
    times: dict[int | None, Spread]
    denials: list[Denied]
    appeals: dict[int | None, Appeals]
    differently: list[Line]
    payers: dict[int, Document]
    sites: dict[int, str]
    editions: dict[int, Edition]


def look(chosen: Chosen) -> tuple[Courses, Found]:
    """The cases with a step at a payer, and what of them is ``chosen``."""
    courses = Courses()
    return courses, find(courses, chosen)


def insight(chosen: Chosen) -> Insight:
    """The whole page, as ``chosen``. How many queries it takes depends on the editions alone."""
    courses, found = look(chosen)
    parts = _parts(courses.desk, found.decisions)
    deciding = Deciding(courses.desk, {one.step.assessment for one in parts})

    def part(one: Decision) -> Part | None:
        edition, codes = courses.desk.edition[one.step.assessment], deciding[one.step.assessment]
        return (edition, codes) if edition and codes else None

    by_part = _agreement(parts, part)
    days = _days(found.waits)
    return Insight(
        decided=len(found.decisions),
        overall=_agreement(found.decisions, lambda one: None).get(None, Agreement()),
        by_payer=_agreement(found.decisions, lambda one: one.payer),
        by_site=_agreement(found.decisions, lambda one: one.site),
        by_part=by_part | _overridden(courses.desk, found.decisions),
        overall_times=spread(sum(days.values(), Counter())) if days else None,
        times={payer: spread(counted) for payer, counted in days.items()},
        denials=_denials(found),
        appeals=_appeals(found.appeals),
        differently=_differently(parts, part, by_part, deciding),
        payers=Document.objects.filter(kind=Document.Kind.PAYER_POLICY).in_bulk(),
        sites=dict(FactValue.objects.filter(fact__code="site").values_list("pk", "label")),
        editions={pk: reading.edition for pk, reading in deciding.readings.items()},
    )


def _parts(desk: Desk, decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that speak of a provision's text: comparable, and not on a reviewer's own verdict."""
    return [one for one in decisions if one.agrees is not None and one.step.assessment not in desk.overridden]


def _overridden(desk: Desk, decisions: Iterable[Decision]) -> dict[Part | None, Agreement]:
    """Under no provision: those whose verdict is a reviewer's own."""
    own = [one for one in decisions if one.agrees is not None and one.step.assessment in desk.overridden]
    return _agreement(own, lambda one: None)


def _agreement(decisions: Iterable[Decision], key: Callable[[Decision], K]) -> dict[K, Agreement]:
    found: dict[K, Agreement] = {}
    for (group, agrees), times in Counter((key(one), one.agrees) for one in decisions).items():
        entry = found.setdefault(group, Agreement())
        if agrees is None:
            entry.silent += times
        elif agrees:
            entry.agree += times
        else:
            entry.differ += times
    return found


def _days(waits: Iterable[Wait]) -> dict[int | None, Counter[int]]:
    """How often each number of days, by payer."""
    found: dict[int | None, Counter[int]] = {}
    for (payer, days), times in Counter((wait.payer, wait.days) for wait in waits).items():
        found.setdefault(payer, Counter())[days] = times
    return found


def _denials(found: Found) -> list[Denied]:
    """By reason, the most frequent first."""
    counted = Counter((one.step.reason, one.turned) for one in found.denials)
    reasons = {reason for reason, _ in counted}
    lines = [Denied(r, counted[r, True] + counted[r, False], counted[r, True]) for r in reasons]
    return sorted(lines, key=lambda line: (-line.count, line.reason))


def _appeals(appeals: Iterable[Appeal]) -> dict[int | None, Appeals]:
    counted = Counter((one.payer, one.step.kind) for one in appeals)
    return {
        payer: Appeals(counted[payer, Kind.APPEAL_WON], counted[payer, Kind.APPEAL_LOST], counted[payer, Kind.APPEALED])
        for payer in {payer for payer, _ in counted}
    }


def _differently(
    decisions: Iterable[Decision],
    part: Callable[[Decision], Part | None],
    by_part: dict[Part | None, Agreement],
    deciding: Deciding,
) -> list[Line]:
    """The provisions that a payer decided otherwise, the most frequent first."""
    said = Counter((part(one), one.step.kind, one.step.reason) for one in decisions if one.agrees is False)
    found = []
    for key, agreement in by_part.items():
        if key is None or not agreement.differ:
            continue
        reading = deciding.readings[key[0]]
        denied: Counter[str] = Counter()
        for (of, kind, reason), times in said.items():
            if of == key and kind in DENIALS:
                denied[reason] += times
        found.append(
            Line(
                edition=reading.edition,
                provisions=tuple(provision for provision in reading.provisions if provision.code in key[1]),
                agreement=agreement,
                reasons=tuple(denied.most_common()),
                approved=agreement.differ - denied.total(),
            )
        )
    return sorted(found, key=lambda line: (-line.agreement.differ, line.edition.pk, line.provisions[0].position))
