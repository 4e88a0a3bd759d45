"""Keeping what the worklist repeats of each open case in step with the editions, many cases at once."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coverage_app.models import Case, Document, Edition, PolicyNotice

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

    Each that gets another verdict is told of the edition whose day has come. Nobody did anything, so there is no
    audit event. One query where no case is due.
    """
    today = timezone.localdate()
    cases = due(today).filter(document=document) if document else due(today)
    waiting = list(Document.objects.filter(pk__in=cases.values("document")))
    return sum(_renote_due(each, today) for each in waiting)


@transaction.atomic
def _renote_due(document: Document, today: dt.date) -> int:
    hold_editions(document.pk)
    edition = bulk.deciding(bulk.starts(document), today)
    begun = edition or document.editions.on_file().filter(in_force__lte=today).latest("in_force")
    found = renote(
        cases=due(today).filter(document=document), edition=edition, wording=current_wording(), told_of=begun
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
def renote(*, cases: QuerySet[Case], edition: Edition | None, wording: Wording, told_of: Edition | None = None) -> int:
    """Repeat what ``edition`` gives on those of ``cases`` that are open; how many. It has to be the one of their day.

    Those that get another verdict are told of the edition ``told_of``, where one is named. Completed cases keep what
    was frozen. What else a case repeats follows from its answers alone, unless an editor has made site, recurrence or
    T category a question that is not asked in every case: then all is noted, singly.
    """
    if not set(wording.core) >= TITLE:
        return _renote_singly(cases, wording, told_of)
    assessor = Assessor(wording, library.read(edition).rules if edition else None)
    total, last = 0, 0
    while rows := _locked_rows(cases, last):
        keys = assessor.keys(cases, last, rows[-1][0])
        last = rows[-1][0]
        found = {pk: _noted(assessor, pk, keys.get(pk, ())) for pk, *_ in rows}
        write_noted({
            pk: found[pk]
            for pk, verdict, possible, missing in rows
            if found[pk] != Noted(verdict, tuple(possible), tuple(missing))
        })  # fmt: skip
        _tell(told_of, [(pk, verdict, found[pk].verdict) for pk, verdict, _, _ in rows])
        total += len(rows)
    return total


def _tell(edition: Edition | None, verdicts: list[tuple[int, str, str]]) -> None:
    """Leave a notice of ``edition`` on each case whose verdict was another: case, verdict before and now."""
    if edition:
        changed = [(pk, before, after) for pk, before, after in verdicts if before != after]
        PolicyNotice.objects.bulk_create(
            (PolicyNotice(case_id=pk, edition=edition, before=b, after=a) for pk, b, a in changed), batch_size=2000
        )


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


def _renote_singly(cases: QuerySet[Case], wording: Wording, told_of: Edition | None) -> int:
    drafts = list(cases.filter(status=Case.Status.DRAFT).order_by("pk").values_list("pk", flat=True))
    locked = Case.objects.select_for_update().order_by("pk")  # without joins: see cases.locked_case
    for first in range(0, len(drafts), AT_ONCE):
        verdicts = []
        for case in locked.filter(pk__in=drafts[first : first + AT_ONCE], status=Case.Status.DRAFT):
            before = case.verdict
            note_standing(case, standing_of(case, wording))
            case.save(update_fields=["verdict", "possible", "missing", "noted_until", "title", "site"])
            verdicts.append((case.pk, before, case.verdict))
        _tell(told_of, verdicts)
    return len(drafts)
