"""Reading what the payers did: the standing steps of every case, in order. Few columns, few queries, no objects."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from coverage_app.models import Assessment, Case, CaseReview, Document, Edition, FactValue, PayerStep
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
    """One case at the payer: its site as it is now, and its standing steps, at least one, in order."""

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
    """All cases with a step at a payer, and what the desk read of them. Seven queries; two more for old readings."""

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
        current = {pk for of, pk in newest.items() if self._cases[of][3] != Case.Status.DRAFT}
        payer: dict[int, int | None] = {
            pk: documents.get(edition[pk] or 0, self._cases[of][2]) for pk, of in case.items()
        }
        payer |= _payers(pk for pk in case if not edition[pk] and pk not in current)
        reviews = CaseReview.objects.filter(decision=OVERRIDDEN).order_by()
        return Desk(
            case=case,
            edition=edition,
            verdict=dict(rows.values_list("pk", "verdict")),
            overridden=dict(reviews.values_list("assessment_id", "verdict")),
            payer=payer,
            current=current,
        )

    def sites(self, assessments: Iterable[int]) -> dict[int, int | None]:
        """The site in those of ``assessments`` whose case says something else by now: their frozen reports tell.

        A report has the site in words. Those of a site that has been named otherwise since are nobody's now: there
        the case's own site is taken, which is the same unless it was amended too.
        """
        former = [pk for pk in assessments if pk not in self.desk.current]
        if not former:
            return {}
        number = dict(FactValue.objects.filter(fact__code="site").values_list("label", "pk"))
        found: dict[int, int | None] = {}
        for some in pieces(former):
            for pk, questions in Assessment.objects.filter(pk__in=some).values_list("pk", "report__questions"):
                words = next((one["answer"] for one in questions if one["fact"] == "site"), "")
                found[pk] = number.get(words, self._cases[self.desk.case[pk]][1]) if words else None
        return found

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


def _payers(assessments: Iterable[int]) -> dict[int, int | None]:
    """Whose policy was asked, where no edition tells and the case may have another payer by now: the reports tell."""
    former = list(assessments)
    if not former:
        return {}
    number = dict(Document.objects.values_list("code", "pk"))
    found: dict[int, int | None] = {}
    for some in pieces(former):
        asked = Assessment.objects.filter(pk__in=some).values_list("pk", "report__document__code")
        found |= {pk: number.get(code) for pk, code in asked}
    return found


def pieces(numbers: list[int], size: int = 10_000) -> Iterator[list[int]]:
    """``numbers`` in parts that one query can name."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
