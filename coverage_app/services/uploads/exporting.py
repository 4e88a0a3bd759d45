"""Every stored case as a row of a file: what ``import_cases`` reads back, and what came of it."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils import timezone

from coverage_app.models import Answer, Assessment, Case, Document
from coverage_app.rules.vocabulary import plain
from coverage_app.services import bulk
from coverage_app.services.case_records import REQUIRED
from coverage_app.services.noting import Noted, due_now
from coverage_app.services.vocabulary import current_wording

from .columns import OF_THE_CASE

PIECE = 1000
AFTER = (
    "status", "verdict", "edition", "possible", "missing", "assessments", "review", "review_verdict", "review_reason",
    "outcome", "differs",
)  # fmt: skip

Record = dict[str, Any]


def export_columns() -> list[str]:
    """The columns of an export in their order: the case's own, a fact each, and what came of it."""
    facts = [fact for fact in current_wording().facts if fact not in OF_THE_CASE]
    return ["reference", *OF_THE_CASE, *facts, *AFTER]


def exported() -> Iterator[Record]:
    """Every case by column, in the order in which they were made; what is not known is left out, but for
    the label and the date of service.

    ``possible`` and ``missing`` are lists, ``differs`` is true or false, ``assessments`` a number; all else is text.
    Reads the cases piece by piece.
    """
    due, starts, last = due_now(), _starts(), 0
    while cases := list(Case.objects.filter(pk__gt=last).select_related("document").order_by("pk")[:PIECE]):
        span = {"case_id__gt": last, "case_id__lte": cases[-1].pk}
        last = cases[-1].pk
        answers, assessments = _answers(span), _assessments(span)
        for case in cases:
            found = _of_case(case) | answers.get(case.pk, {}) | _after(case, due.get(case.pk), starts)
            found |= assessments.get(case.pk, {"assessments": 0})
            yield {name: value for name, value in found.items() if name in REQUIRED or value not in ("", None)}


def as_texts(record: Record, columns: list[str]) -> list[str]:
    """A case as the cells of one row: lists with spaces between, yes or no for true or false."""
    return [_text(record.get(name, "")) for name in columns]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)


def _of_case(case: Case) -> Record:
    return {
        "reference": case.reference,
        "id": case.label,
        "dos": case.date_of_service.isoformat() if case.date_of_service else "",
        "payer": case.document.code if case.document else "",
        "product": case.product,
        "setting": case.setting,
        "diagnosis_code": case.diagnosis_code,
        "cpt_code": case.cpt_code,
    }


def _after(case: Case, due: Noted | None, starts: dict[int, bulk.Starts]) -> Record:
    """What came of it; of a draft what it gives today, where no worker has noted that yet."""
    day = case.date_of_service or timezone.localdate()
    edition = bulk.deciding(starts.get(case.document_id or 0, []), day)
    return {
        "status": case.status,
        "verdict": due.verdict if due else case.verdict,
        "edition": edition.in_force.isoformat() if edition and case.status == Case.Status.DRAFT else "",
        "possible": list(due.possible if due else case.possible),
        "missing": list(due.missing if due else case.missing),
        "outcome": case.outcome,
        "differs": case.differs,
    }


def _starts() -> dict[int, bulk.Starts]:
    policies = Document.objects.filter(kind=Document.Kind.PAYER_POLICY)
    return {document.pk: bulk.starts(document) for document in policies}


def _answers(span: dict[str, int]) -> dict[int, Record]:
    rows = Answer.objects.filter(**span).order_by("case_id")
    found = rows.values_list("case_id", "fact__code", "value__code", "number")
    return {
        case: {fact: value if number is None else plain(number) for _, fact, value, number in group}
        for case, group in groupby(found, itemgetter(0))
    }


def _assessments(span: dict[str, int]) -> dict[int, Record]:
    """How often each case was completed, and what the reviewer said of the last time. A draft's edition is its own."""
    rows = Assessment.objects.filter(**span).order_by("case_id", "number")
    found: dict[int, Record] = {}
    for case, status, number, start, *review in rows.values_list(
        "case_id", "case__status", "number", "edition__in_force", "review__decision", "review__verdict",
        "review__reason",
    ):  # fmt: skip
        found[case] = {"assessments": number} | dict(
            zip(("review", "review_verdict", "review_reason"), review, strict=True)
        )
        if status != Case.Status.DRAFT:
            found[case]["edition"] = start.isoformat() if start else ""
    return found
