"""Making, saving and completing cases."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db import transaction
from django.utils import timezone

from coverage_app.models import Answer, Assessment, Case, Document
from coverage_app.models import Fact as FactModel
from coverage_app.rules.vocabulary import Answer as RuleAnswer

from . import library
from .audit import record
from .evidence_notes import notes_of
from .holding import hold_editions
from .report import build_report
from .standing import CaseFacts, Standing, stand
from .vocabulary import Wording, current_wording
from .working_days import review_due

FIELDS = ("label", "document", "product", "setting", "date_of_service", "diagnosis_code", "cpt_code")


NOT_TYPED = (
    "document", "site", "reviewer", "copied_from", "created_by", "updated_by", "possible", "missing",
)  # fmt: skip
"""Fields of a case that nobody types in: the database alone looks at them."""


class StaleCase(Exception):
    """Somebody saved the case after ``version`` was read; ``case`` is how it stands now."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(f"{case.updated_by} saved {case} at {case.updated_at:%H:%M}.")


class ClosedCase(Exception):
    """The case is closed: it is amended before it changes. ``case`` is how it stands."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(f"{case} is closed: it is amended before it changes.")


class NotComplete(Exception):
    """The case cannot be completed, and why."""


@dataclass(frozen=True)
class Change:
    """What a save brings: fields of the case, and answers by fact (None: not documented yet)."""

    fields: Mapping[str, Any]
    answers: Mapping[str, RuleAnswer | None]


def answers_of(case: Case) -> dict[str, RuleAnswer]:
    """A case's answers by fact code, relevant or not. One query unless prefetched."""
    if "answers" in getattr(case, "_prefetched_objects_cache", {}):
        rows = [(row.fact.code, row.value.code if row.value else None, row.number) for row in case.answers.all()]
    else:
        rows = list(case.answers.values_list("fact__code", "value__code", "number"))
    return {fact: number if value is None else value for fact, value, number in rows}  # type: ignore[misc]  # constrained


def facts_of(case: Case) -> CaseFacts:
    """A stored case as the assessment takes it."""
    answers = answers_of(case)
    return CaseFacts(
        answers=answers,
        document=case.document,
        product=case.product,
        setting=case.setting,
        date_of_service=case.date_of_service,
        diagnosis_code=case.diagnosis_code,
        cpt_code=case.cpt_code,
        label=case.label,
        reference=case.reference,
        evidence=notes_of(case, answers),
    )


def standing_of(case: Case, wording: Wording | None = None) -> Standing:
    """Where a stored case stands now."""
    return stand(facts_of(case), wording)


@transaction.atomic
def create_case(*, by: AbstractBaseUser, change: Change | None = None) -> Case:
    """A new case, empty or with a first ``change``, with a reference of its own (the year and its number)."""
    case = Case.objects.create(created_by_id=by.pk, updated_by_id=by.pk, reference=f"new-{secrets.token_hex(8)}")
    case.reference = f"{timezone.localdate():%Y}-{case.pk:04d}"
    case.save(update_fields=["reference"])
    record(by=by, action="create", subject=case)
    return save_case(case=case, version=case.version, change=change, by=by) if change else case


def locked_case(case: Case, *, document: Document | None = None) -> Case:
    """The case as it is stored now, its row locked until the transaction ends.

    Before it the editions of its payer are held, and those of ``document`` if that is to be its payer (see
    ``holding``). The row is read without joins: PostgreSQL, having waited for a row, does not join it anew, and would
    not find a case that was saved by another person meanwhile, or lose its payer.
    """
    hold_editions(case.document_id, document.pk if document else None)
    return Case.objects.select_for_update().get(pk=case.pk)


@transaction.atomic
def save_case(*, case: Case, version: int, change: Change, by: AbstractBaseUser) -> Case:
    """Save what ``change`` brings and return the case as stored.

    ``version`` is the one that the user saw. Raises ``StaleCase`` when another save came between that differs
    in what is saved now, ``ClosedCase`` when it is closed; then nothing is written. A change of nothing writes
    nothing. A completed case that changes becomes a draft again; its assessments and its reviewer stay.
    """
    case = locked_case(case, document=change.fields.get("document"))
    wording = current_wording()
    differing = _differences(case, change)
    if not differing:
        return case
    if case.status == Case.Status.CLOSED:
        raise ClosedCase(case)
    if case.version != version:
        raise StaleCase(case)
    for name, value in change.fields.items():
        setattr(case, name, value)
    _write_answers(case, {f: a for f, a in change.answers.items() if f in differing}, wording, by)
    case.version += 1
    case.status = Case.Status.DRAFT
    case.review_due = None
    case.updated_by_id = by.pk
    note_standing(case, standing_of(case, wording))
    case.clean_fields(exclude=NOT_TYPED)
    case.save()
    record(by=by, action="save", subject=case, detail=differing)
    return case


def _differences(case: Case, change: Change) -> dict[str, Any]:
    """What ``change`` would alter: name → [before, after], as text."""
    before: dict[str, Any] = {name: getattr(case, name) for name in change.fields}
    before |= dict.fromkeys(change.answers) | {f: a for f, a in answers_of(case).items() if f in change.answers}
    after = {**change.fields, **change.answers}
    return {name: [_text(before[name]), _text(after[name])] for name in after if before[name] != after[name]}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def _write_answers(
    case: Case, answers: Mapping[str, RuleAnswer | None], wording: Wording, by: AbstractBaseUser
) -> None:
    if gone := [wording.rows[fact, ""] for fact, answer in answers.items() if answer is None]:
        case.answers.filter(fact__in=gone).delete()
    numbers = {code for code, fact in wording.facts.items() if fact["kind"] == FactModel.Kind.NUMBER}
    rows = [
        Answer(
            case=case,
            fact_id=wording.rows[fact, ""],
            value_id=None if fact in numbers else wording.rows[fact, str(answer)],
            number=answer if fact in numbers else None,
            answered_by_id=by.pk,
        )
        for fact, answer in answers.items()
        if answer is not None
    ]
    changed = ["value", "number", "answered_at", "answered_by"]
    Answer.objects.bulk_create(rows, update_conflicts=True, unique_fields=["case", "fact"], update_fields=changed)


def note_standing(case: Case, standing: Standing) -> None:
    """Repeat on the case what the worklist shows."""
    case.verdict = standing.code
    case.possible = list(standing.verdict.possible) if standing.verdict else []
    case.missing = list(standing.verdict.missing) if standing.verdict else []
    following = library.next_start(case.document, standing.day) if case.document and not case.date_of_service else None
    case.noted_until = following
    case.title = standing.title
    site = standing.counted.get("site")
    case.site_id = standing.wording.rows["site", str(site)] if site else None


def checksum(report: Mapping[str, Any]) -> str:
    """SHA-256 of a report's canonical JSON, as hexadecimal text."""
    text = json.dumps(report, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def complete_case(*, case: Case, version: int, by: AbstractBaseUser, reply: str = "") -> Assessment:
    """Freeze what the case's answers give now as its next assessment, which then waits for review.

    ``reply`` answers a reviewer's question; it is kept with the assessment, as is why a closed case was amended.
    Completing what is completed already and unchanged returns the last assessment. Raises ``StaleCase`` when
    the case is no longer what the user saw, ``ClosedCase`` when it is closed, ``NotComplete`` without a payer.
    """
    case = locked_case(case)
    if case.status == Case.Status.CLOSED:
        raise ClosedCase(case)
    if case.status == Case.Status.COMPLETED:
        return case.assessments.latest("number")
    if case.version != version:
        raise StaleCase(case)
    if case.document is None:
        raise NotComplete("Choose the payer first: a verdict is a payer's.")
    standing = standing_of(case)
    assessment = _freeze(case, standing, case.amendment or reply.strip(), by)
    case.status = Case.Status.COMPLETED
    case.amendment = ""
    case.review_due = review_due(case.date_of_service, timezone.localdate())
    if case.reviewer_id == by.pk:  # somebody else has to look at it
        case.reviewer = None
    case.version += 1
    case.updated_by_id = by.pk
    note_standing(case, standing)
    case.save()
    record(by=by, action="complete", subject=case, detail={"assessment": assessment.number, "verdict": standing.code})
    return assessment


def _freeze(case: Case, standing: Standing, why: str, by: AbstractBaseUser) -> Assessment:
    limit = Assessment._meta.get_field("why").max_length or 0
    if len(why) > limit:
        raise NotComplete(f"The reply has {len(why)} characters; at most {limit} are kept.")
    report = json.loads(json.dumps(build_report(standing)))
    last = case.assessments.order_by("-number").first()
    return Assessment.objects.create(
        case=case,
        number=last.number + 1 if last else 1,
        edition=standing.reading.edition if standing.reading else None,
        verdict=standing.code,
        report=report,
        checksum=checksum(report),
        why=why,
        completed_at=timezone.now(),
        completed_by_id=by.pk,
        completed_by_name=(by.get_full_name() if isinstance(by, AbstractUser) else "") or by.get_username(),
    )
