"""Noting the documents of the chart that a case's answers rest on. No document is stored, only which one it is."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from coverage_app.models import Case, Evidence, Fact
from coverage_app.rules.vocabulary import AnswerError

from .audit import record
from .cases import Change, ClosedCase, StaleCase, answers_of, locked_case, note_standing, save_case, standing_of
from .evidence_notes import EvidenceNote, answer_code, line_of, notes_of
from .vocabulary import Wording, current_wording

__all__ = [
    "EARLIEST",
    "LIMITS",
    "EvidenceFault",
    "EvidenceNote",
    "Noted",
    "carry_evidence",
    "check_day",
    "check_words",
    "evidence_of",
    "remove_evidence",
    "save_page",
    "set_evidence",
]

EARLIEST = dt.date(1990, 1, 1)
"""No chart in use reaches further back than a date of service may."""
LIMITS = {
    "place": Evidence._meta.get_field("place").max_length or 0,
    "note": Evidence._meta.get_field("note").max_length or 0,
}
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class EvidenceFault(Exception):
    """What is wrong with a document that is to be noted, in a sentence; ``field`` is where."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Noted:
    """A document as somebody notes it for ``answer`` (a code, or a number as text); blank ``kind``: none."""

    answer: str
    kind: str = ""
    dated: dt.date | None = None
    place: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """One line of words; blank for none."""
        kind = Evidence.DocumentType(self.kind).label if self.kind in Evidence.DocumentType.values else ""
        return line_of(str(kind), self.dated, self.place, self.note) if kind else ""

    def changes(self, stored: EvidenceNote | None) -> bool:
        """Whether noting this alters what is stored. None noted leaves alone what is noted for another answer."""
        if not self.kind:
            return stored is not None and stored.answer == self.answer
        return stored is None or self != Noted(stored.answer, stored.kind, stored.dated, stored.place, stored.note)


def evidence_of(case: Case) -> dict[str, EvidenceNote]:
    """What is noted for a case's answers, by fact, in the order of the questions."""
    return notes_of(case, answers_of(case))


def check_day(day: dt.date | None, today: dt.date | None = None) -> dt.date | None:
    """The date of a document as it may be noted; raises ``EvidenceFault`` for one still to come or long past."""
    if day and day > (today or timezone.localdate()):
        raise EvidenceFault("dated", "This date is still to come: a document of the chart has been written already.")
    if day and day < EARLIEST:
        raise EvidenceFault("dated", f"This date is before {EARLIEST.year}: check the year.")
    return day


def check_words(field: str, text: str) -> str:
    """``place`` or ``note`` in one line; raises ``EvidenceFault`` when it is too long or holds what cannot be seen."""
    words = " ".join(text.split())
    if UNSEEN.search(words):
        raise EvidenceFault(field, "Control characters cannot be stored here.")
    if len(words) > LIMITS[field]:
        raise EvidenceFault(field, f"{len(words)} characters; at most {LIMITS[field]} are kept.")
    return words


@transaction.atomic
def set_evidence(
    *,
    case: Case,
    fact: str,
    document_type: str,
    by: AbstractBaseUser,
    dated: dt.date | None = None,
    place: str = "",
    note: str = "",
    answer: str = "",
    version: int | None = None,
) -> Case:
    """Note the document that an answer rests on, in place of what was noted for that fact; return the case.

    It is noted for ``answer``; without one, for the case's present answer. Noting what is noted already writes
    nothing. A completed case becomes a draft again: its assessment does not tell of this document. Raises
    ``EvidenceFault`` for what cannot be noted, ``ClosedCase``, and ``StaleCase`` where ``version`` is old.
    """
    case = locked_case(case)
    answers, wording = answers_of(case), current_wording()
    if not answer and fact in answers:
        answer = answer_code(answers[fact])
    noted = Noted(answer, document_type, check_day(dated), check_words("place", place), check_words("note", note))
    _check(fact, noted, wording)
    return _write(case, version, {fact: noted}, notes_of(case, answers), by)


@transaction.atomic
def remove_evidence(*, case: Case, fact: str, by: AbstractBaseUser, version: int | None = None) -> Case:
    """Note no document for a fact any more, whichever answer it was for. Raises as ``set_evidence`` does."""
    case = locked_case(case)
    return _write(case, version, {fact: None}, evidence_of(case), by)


@transaction.atomic
def carry_evidence(*, case: Case, fact: str, by: AbstractBaseUser, version: int | None = None) -> Case:
    """Let what was noted for an earlier answer count for the present one. Raises as ``set_evidence`` does."""
    case = locked_case(case)
    answers = answers_of(case)
    stored = notes_of(case, answers)
    if fact not in answers:
        raise EvidenceFault("fact", "The question is not answered: there is nothing that the document could say.")
    if fact not in stored:
        return case
    return _write(case, version, {fact: _carried(stored[fact], answer_code(answers[fact]))}, stored, by)


@transaction.atomic
def save_page(
    *,
    case: Case,
    version: int,
    change: Change,
    noted: Mapping[str, Noted],
    by: AbstractBaseUser,
    carry: str = "",
    remove: str = "",
) -> Case:
    """Save what a page of questions brings, answers and what they rest on, whole or not at all; return the case.

    ``carry`` names a fact whose document also says the present answer, ``remove`` one whose document goes.
    Raises as ``save_case`` and ``set_evidence`` do.
    """
    case = locked_case(case, document=change.fields.get("document"))
    answers = answers_of(case)
    stored = notes_of(case, answers)
    wording = current_wording() if noted else None
    for fact, document in noted.items():
        _check(fact, document, wording)
    wanted: dict[str, Noted | None] = dict(noted)
    given = change.answers.get(carry, answers.get(carry))
    if carry in stored and given is not None:
        wanted[carry] = _carried(stored[carry], answer_code(given))
    if remove:
        wanted[remove] = None
    differing = _differing(wanted, stored)
    if differing and case.version != version and case.status != Case.Status.CLOSED:
        raise StaleCase(case)
    case = save_case(case=case, version=version, change=change, by=by)
    return _write(case, None, differing, stored, by)


def _carried(note: EvidenceNote, answer: str) -> Noted:
    return Noted(answer, note.kind, note.dated, note.place, note.note)


def _check(fact: str, noted: Noted, wording: Wording | None) -> None:
    known = (wording or current_wording()).vocabulary
    if fact not in known:
        raise EvidenceFault("fact", f"There is no question {fact[:40]!r}.")
    if not noted.answer:
        raise EvidenceFault("fact", "The question is not answered: note a document once it is.")
    try:
        known[fact].check(noted.answer)
    except AnswerError as error:
        raise EvidenceFault("fact", str(error)) from error
    if noted.kind and noted.kind not in Evidence.DocumentType.values:
        raise EvidenceFault("kind", "Choose one of the kinds of document.")


def _differing(wanted: Mapping[str, Noted | None], stored: Mapping[str, EvidenceNote]) -> dict[str, Noted | None]:
    return {
        fact: noted
        for fact, noted in wanted.items()
        if (fact in stored if noted is None else noted.changes(stored.get(fact)))
    }


def _write(
    case: Case,
    version: int | None,
    wanted: Mapping[str, Noted | None],
    stored: Mapping[str, EvidenceNote],
    by: AbstractBaseUser,
) -> Case:
    """Write what differs on the locked case, as one save of it."""
    differing = _differing(wanted, stored)
    if not differing:
        return case
    if case.status == Case.Status.CLOSED:
        raise ClosedCase(case)
    if version is not None and case.version != version:
        raise StaleCase(case)
    facts = {fact.code: fact for fact in Fact.objects.filter(code__in=differing)}
    for code, noted in differing.items():
        if noted is None or not noted.kind:
            Evidence.objects.filter(case=case, fact=facts[code]).delete()
            continue
        fields = {"answer": noted.answer, "document_type": noted.kind, "dated": noted.dated, "place": noted.place}
        Evidence.objects.update_or_create(
            case=case, fact=facts[code], defaults={**fields, "note": noted.note, "noted_by_id": by.pk}
        )
    if case.status != Case.Status.DRAFT:  # open again, it has the verdict of now
        note_standing(case, standing_of(case))
    case.version += 1
    case.status = Case.Status.DRAFT
    case.review_due = None
    case.updated_by_id = by.pk
    case.save()
    after = notes_of(case, {})
    told = {code: [_told(stored.get(code)), _told(after.get(code))] for code in differing}
    record(by=by, action="note evidence", subject=case, detail=told)
    return case


def _told(note: EvidenceNote | None) -> str:
    return f"{note.answer}: {note.line}" if note else ""
