"""Reading what the payers did: the standing steps of every case, in order. Few columns, few queries, no objects."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from coverage_app.models import Assessment, Case, CaseReview, Edition, PayerStep
from coverage_app.services.desk_verdicts import OVERRIDDEN
from coverage_app.services.payer_outcome import DECISIONS


class Step(NamedTuple):
    """One step at the payer, with the assessment that it hangs on."""

    assessment: int
    kind: str
    reason: str
    on: dt.date


_on = itemgetter(3)


class Course(NamedTuple):
    """One case at the payer: its standing steps, at least one, in order."""

    case: int
    site: int | None
    steps: list[Step]

    @property
    def decision(self) -> Step | None:
        """The payer's last decision."""
        return next((step for step in reversed(self.steps) if step.kind in DECISIONS), None)


@dataclass(frozen=True)
class Desk:
    """What the desk read in each assessment. ``current``: those that still say what their case answers now."""

    case: dict[int, int]
    edition: dict[int, int | None]
    verdict: dict[int, str]
    overridden: dict[int, str]
    payer: dict[int, int | None]
    current: set[int]

    def stands_by(self, assessment: int) -> str:
        """The verdict that the desk stands by."""
        return self.overridden.get(assessment) or self.verdict[assessment]


class Courses:
    """All cases with a step at a payer, and what the desk read of them. Seven queries."""

    def __init__(self) -> None:
        cases = Case.objects.exclude(outcome="").order_by()
        self._cases = {row[0]: row for row in cases.values_list("pk", "site_id", "document_id", "status")}
        self.desk = self._desk()

    def _desk(self) -> Desk:
        """One query a column: on SQLite a row's report lies before the later ones, and an index holds each of them."""
        rows = Assessment.objects.order_by()
        numbered = rows.order_by("case_id", "number").values_list("pk", "case_id")
        case = {pk: of for pk, of in numbered if of in self._cases}
        newest = {of: pk for pk, of in case.items()}
        edition: dict[int, int | None] = dict(rows.values_list("pk", "edition_id"))
        documents = dict(Edition.objects.order_by().values_list("pk", "document_id"))
        reviews = CaseReview.objects.filter(decision=OVERRIDDEN).order_by()
        return Desk(
            case=case,
            edition=edition,
            verdict=dict(rows.values_list("pk", "verdict")),
            overridden=dict(reviews.values_list("assessment_id", "verdict")),
            payer={pk: documents.get(edition[pk] or 0, self._cases[of][2]) for pk, of in case.items()},
            current={pk for of, pk in newest.items() if self._cases[of][3] != Case.Status.DRAFT},
        )

    def __iter__(self) -> Iterator[Course]:
        found: dict[int, list[Step]] = {}
        of = self.desk.case
        steps = PayerStep.objects.filter(struck_at__isnull=True).order_by("pk")
        for row in steps.values_list("assessment_id", "kind", "reason", "happened_on").iterator(chunk_size=20_000):
            if case := of.get(row[0]):
                found.setdefault(case, []).append(Step._make(row))
        for case, those in found.items():
            those.sort(key=_on)  # of one day: as they were written down
            yield Course(case, self._cases[case][1], those)
