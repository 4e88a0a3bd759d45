"""Telling the people at stored cases that an edition, published or withdrawn, gives them another verdict."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coverage_app.models import Case, Edition, NoticeSeen, PolicyNotice

from . import bulk, library
from .audit import record
from .bulk import Assessor, Turn
from .flows import Flow, flows_of
from .noting import renote, renote_due, set_noted_until
from .vocabulary import Wording, current_wording

PIECE = 5000


@transaction.atomic
def tell_cases(*, edition: Edition) -> int:
    """Leave a notice on each stored case to which ``edition``, just published or withdrawn, gives another verdict,
    and note the worklist's repeated verdict of the open ones anew; how many were told.

    It is part of that step, whose audit event speaks for it. No answer, assessment or status changes.
    """
    edition = Edition.objects.select_related("document").get(pk=edition.pk)
    withdrawn = edition.status == Edition.Status.WITHDRAWN
    turn = bulk.withdrawal(edition) if withdrawn else bulk.publication(edition)
    today = timezone.localdate()
    cases = turn.cases(today)
    if not Case.objects.filter(document=edition.document).exists():
        return 0
    wording = current_wording()
    renote_due(edition.document)
    renote(cases=cases, edition=turn.after, wording=wording)  # locks the open ones
    set_noted_until(document=edition.document, today=today)
    told = 0
    for found in _changes(turn, cases, wording):
        notices = [PolicyNotice(case_id=pk, edition=edition, before=b, after=a) for pk, b, a in found]
        told += len(PolicyNotice.objects.bulk_create(notices, batch_size=2000))
    return told


def _changes(turn: Turn, cases: QuerySet[Case], wording: Wording) -> Iterator[list[tuple[int, str, str]]]:
    """Case, verdict before and after, of those that change; a piece at a time."""
    rules = [library.read(each).rules if each else None for each in (turn.before, turn.after)]
    assessor, last = Assessor(wording, *rules), 0
    while pks := list(cases.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PIECE]):
        keys = assessor.keys(cases, last, pks[-1])
        last = pks[-1]
        both = [(pk, assessor.effects(pk, keys.get(pk, ()))) for pk in pks]
        yield [(pk, before, after) for pk, (before, after) in both if before != after]


@transaction.atomic
def mark_seen(*, notice: PolicyNotice, by: AbstractBaseUser) -> NoticeSeen:
    """Note that ``by`` has seen a notice; the first time counts."""
    seen, new = NoticeSeen.objects.get_or_create(notice=notice, by_id=by.pk)
    if new:
        record(by=by, action="see notice", subject=notice.case, detail={"notice": notice.pk})
    return seen


def unseen(by: AbstractBaseUser) -> QuerySet[PolicyNotice]:
    """The notices that ``by`` is to see, the newest of a case first.

    Whoever works on the case sees a notice until they have set it aside themselves, others until anybody has.
    """
    seen = NoticeSeen.objects.filter(notice=OuterRef("pk"))
    left = Q(~Exists(seen))
    if isinstance(by, PermissionsMixin) and by.has_perm("coverage_app.change_policynotice"):
        works = Q(case__created_by=by.pk) | Q(case__updated_by=by.pk)
        left |= works & Q(~Exists(seen.filter(by=by.pk)))
    found = PolicyNotice.objects.filter(left).order_by("case_id", "-pk")
    return found.select_related("edition__document")


def told(edition: Edition) -> list[Flow]:
    """How many cases were told of ``edition``, from which verdict to which. One query."""
    return flows_of(PolicyNotice.objects.filter(edition=edition))
