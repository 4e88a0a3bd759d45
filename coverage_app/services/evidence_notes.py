"""What is noted of the documents that a case's answers were read from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from coverage_app.models import Case, Evidence
from coverage_app.rules.vocabulary import Answer


@dataclass(frozen=True)
class EvidenceNote:
    """A document of the chart, as it is noted for one answer.

    ``kind`` is the document's code and ``document`` its name; ``answer`` the code or number it was noted for, and
    ``holds`` whether that is the answer now. One that does not hold rests: it is kept and does not count.
    """

    kind: str
    document: str
    dated: dt.date | None
    place: str
    note: str
    answer: str
    holds: bool

    @property
    def line(self) -> str:
        """``Pathology report, 12 Nov 2026, page 3: tumor 0.4 mm from ink``."""
        return line_of(self.document, self.dated, self.place, self.note)


def line_of(document: str, dated: dt.date | None, place: str, note: str) -> str:
    """One line of words for a document of the chart."""
    where = f"page {place}" if place.isdecimal() else place
    head = ", ".join(part for part in (document, f"{dated.day} {dated:%b %Y}" if dated else "", where) if part)
    return f"{head}: {note}" if note else head


def answer_code(answer: Answer) -> str:
    """An answer as evidence names it: the value's code, or the number without trailing zeros."""
    return answer if isinstance(answer, str) else f"{answer.normalize():f}"


def notes_of(case: Case, answers: Mapping[str, Answer]) -> dict[str, EvidenceNote]:
    """What is noted for each fact of a case with these ``answers``. One query unless prefetched."""
    rows = case.evidence.all()
    if "evidence" not in getattr(case, "_prefetched_objects_cache", {}):
        rows = rows.select_related("fact").order_by("-fact__core", "fact__position", "fact__code")
    now = {fact: answer_code(answer) for fact, answer in answers.items()}
    return {
        row.fact.code: EvidenceNote(
            kind=row.document_type,
            document=str(Evidence.DocumentType(row.document_type).label),
            dated=row.dated,
            place=row.place,
            note=row.note,
            answer=row.answer,
            holds=now.get(row.fact.code) == row.answer,
        )
        for row in rows
    }
