"""Keeping what the worklist repeats of each open case in step with the editions, many cases at once."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coverage_app.models import Case, Document, Edition

from . import bulk, library
from .bulk import NO_EDITION, Assessor, Key
from .cases import note_standing, standing_of
from .holding import hold_editions
from .vocabulary import Wording, current_wording

PIECE = 5000
AT_ONCE = 500  # cases named in one statement: SQLite takes a limited number
TITLE = frozenset({"site", "recurrence", "t_stage"})


@dataclass(frozen=True)
class Noted:
    """What a case repeats of its standing: a verdict's code, the possible effects, the missing facts."""

    verdict: str
    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def due(today: dt.date | None = None) -> QuerySet[Case]:
    """The open cases without a date of service whose payer's next edition has come into force since they were noted."""
    return Case.objects.filter(status=Case.Status.DRAFT, noted_until__lte=today or timezone.localdate())


def renote_due(document: Document | None = None) -> int:
    """Repeat what is given now on the open cases that are due, of one ``document`` or of all; how many.

    Nobody did anything, so there is no audit event. One query where no case is due.
    """
    today = timezone.localdate()
    cases = due(today).filter(document=document) if document else due(today)
    waiting = list(Document.objects.filter(pk__in=cases.values("document")))
    return sum(_renote_due(each, today) for each in waiting)


@transaction.atomic
def _renote_due(document: Document, today: dt.date) -> int:
    hold_editions(document.pk)
    on_file = bulk.starts(document)
    found = renote(
        cases=due(today).filter(document=document), edition=bulk.deciding(on_file, today), wording=current_wording()
    )
    set_noted_until(document=document, today=today)
    return found


def due_now() -> dict[int, Noted]:
    """What the open cases that are due give today, by number; nothing is written. One query where no case is due."""
    today = timezone.localdate()
    found: dict[int, Noted] = {}
    numbers: dict[int, list[int]] = defaultdict(list)
    for pk, payer in due(today).exclude(document=None).values_list("pk", "document_id"):
        numbers[payer or 0].append(pk)
    for document in Document.objects.filter(pk__in=numbers) if numbers else ():
        cases = due(today).filter(document=document)
        edition = bulk.deciding(bulk.starts(document), today)
        assessor = Assessor(current_wording(), library.read(edition).rules if edition else None)
        keys = assessor.keys(cases)
        found |= {pk: _noted(assessor, pk, keys.get(pk, ())) for pk in numbers[document.pk]}
    return found


def _noted(assessor: Assessor, pk: int, key: Key) -> Noted:
    verdict = assessor.of(pk, key)[-1]
    return Noted(verdict.effect, verdict.possible, verdict.missing) if verdict else Noted(NO_EDITION)


@transaction.atomic
def renote(*, cases: QuerySet[Case], edition: Edition | None, wording: Wording) -> int:
    """Repeat what ``edition`` gives on those of ``cases`` that are open; how many. It has to be the one of their day.

    Completed cases keep what was frozen. What else a case repeats follows from its answers alone, unless an editor
    has made site, recurrence or T category a question that is not asked in every case: then all is noted, singly.
    """
    if not set(wording.core) >= TITLE:
        return _renote_singly(cases, wording)
    assessor = Assessor(wording, library.read(edition).rules if edition else None)
    total, last = 0, 0
    while rows := _locked_rows(cases, last):
        keys = assessor.keys(cases, last, rows[-1][0])
        last = rows[-1][0]
        write_noted({
            pk: noted
            for pk, verdict, possible, missing in rows
            if (noted := _noted(assessor, pk, keys.get(pk, ()))) != Noted(verdict, tuple(possible), tuple(missing))
        })  # fmt: skip
        total += len(rows)
    return total


def _locked_rows(cases: QuerySet[Case], last: int) -> list[tuple[int, str, list[str], list[str]]]:
    """The next open cases, locked: whoever saves one of them meanwhile waits, or was waited for."""
    drafts = cases.filter(status=Case.Status.DRAFT, pk__gt=last).select_for_update(of=("self",)).order_by("pk")
    return list(drafts.values_list("pk", "verdict", "possible", "missing")[:PIECE])


def write_noted(found: dict[int, Noted]) -> None:
    """Write what is given, cases with the same together."""
    same: dict[Noted, list[int]] = defaultdict(list)
    for pk, noted in found.items():
        same[noted].append(pk)
    for noted, pks in same.items():
        for first in range(0, len(pks), AT_ONCE):
            Case.objects.filter(pk__in=pks[first : first + AT_ONCE]).update(
                verdict=noted.verdict, possible=list(noted.possible), missing=list(noted.missing)
            )


def set_noted_until(*, document: Document, today: dt.date) -> None:
    """Write on the open cases without a date of service until when what they repeat holds."""
    following = library.next_start(document, today)
    undated = Case.objects.filter(document=document, status=Case.Status.DRAFT, date_of_service__isnull=True)
    stale = undated.exclude(noted_until=following) if following else undated.filter(noted_until__isnull=False)
    stale.update(noted_until=following)


def _renote_singly(cases: QuerySet[Case], wording: Wording) -> int:
    drafts = list(cases.filter(status=Case.Status.DRAFT).order_by("pk").values_list("pk", flat=True))
    locked = Case.objects.select_for_update().order_by("pk")  # without joins: see cases.locked_case
    for first in range(0, len(drafts), AT_ONCE):
        for case in locked.filter(pk__in=drafts[first : first + AT_ONCE], status=Case.Status.DRAFT):
            note_standing(case, standing_of(case, wording))
            case.save(update_fields=["verdict", "possible", "missing", "noted_until", "title", "site"])
    return len(drafts)
