"""Which stored cases would get another verdict under an edition in the making."""

import hashlib
import json
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from coverage_app.models import Case, Document, Edition, ImpactChange, ImpactRun
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError

from . import bulk, jobs, library
from .audit import By, record
from .flows import Flow, flows_of
from .report.tags import VERDICTS
from .vocabulary import Wording, current_wording

PIECE = 5000  # cases between two checkpoints: well under a second
EDITED = "The draft was edited after this run was started. Run it again."


class ImpactFault(Exception):
    """Why an impact cannot be worked out, in plain words."""


# Starting and stopping


@transaction.atomic
def start_run(*, edition: Edition, by: By) -> tuple[ImpactRun, bool]:
    """A new run in line and True; where one waits or runs already: that one, and False.

    An ended run's result makes room for the new one. Raises ``ImpactFault``.
    """
    edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=edition.pk)
    if running := edition.impact_runs.filter(status__in=ImpactRun.OPEN).first():
        return running, False
    if edition.is_on_file:
        raise ImpactFault(f"{edition} is {edition.get_status_display().lower()}: what it changes has happened.")
    if edition.document.kind != Document.Kind.PAYER_POLICY:
        raise ImpactFault("Only a payer's policy gives stored cases their verdict.")
    wording = current_wording()
    readable(edition, wording)
    edition.impact_runs.all().delete()
    cases = bulk.publication(edition).cases(timezone.localdate())
    run = ImpactRun(edition=edition, content=content(edition, wording), total=cases.count())
    run.asked_by_id = by.pk if by else None
    run.save()
    jobs.put_in_line(run=run, task=run_impact)
    record(by=by, action="impact", subject=edition, detail={"run": run.pk, "cases": run.total})
    return run, True


@transaction.atomic
def cancel_run(*, run: ImpactRun, by: By) -> bool:
    """Stop a run; what it had found goes. False where it had ended already."""
    if not jobs.cancel(run=run):
        return False
    run.changes.all().delete()
    record(by=by, action="cancel impact", subject=run.edition, detail={"run": run.pk})
    return True


def readable(edition: Edition, wording: Wording | None = None) -> Rules:
    """The rules of an edition, compiled; raises ``ImpactFault`` where its criteria do not read yet."""
    try:
        rules = library.read(edition, wording).rules
        if rules is None:
            raise ImpactFault("The edition has no provision yet.")
        _ = rules.diagram
    except (CriteriaError, EditionError) as error:
        place = f"Provision {error.provision}: " if isinstance(error, CriteriaError) and error.provision else ""
        raise ImpactFault(f"The draft does not read yet. {place}{error}") from error
    return rules


def content(edition: Edition, wording: Wording | None = None) -> str:
    """SHA-256 of all that an impact depends on but the cases: what decides in the edition, the other editions on
    file, the vocabulary. A corrected quote is no other content."""
    decides = list(edition.provisions.values_list("code", "criteria", "effect"))
    others = edition.document.editions.on_file().exclude(pk=edition.pk).order_by("pk")
    on_file = list(others.values_list("pk", "status", "in_force"))
    vocabulary = (wording or current_wording()).vocabulary.to_data()
    text = json.dumps([str(edition.in_force), decides, on_file, vocabulary], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


# Carrying out


@task()
def run_impact(pk: int) -> None:
    """The background task: works a run out, from its checkpoint on."""
    jobs.carry_out(kind=ImpactRun, pk=pk, work=_Work(), task=run_impact)


class _Work:
    """One worker's work on a run: what it has read of the editions serves all pieces."""

    def __init__(self) -> None:
        self._read: tuple[bulk.Assessor, QuerySet[Case]] | None = None

    def __call__(self, run: ImpactRun) -> bool:
        """The next piece; False once there is none."""
        assessor, cases = self._read = self._read or _read(run)
        pks = list(cases.filter(pk__gt=run.checkpoint).order_by("pk").values_list("pk", flat=True)[:PIECE])
        if not pks:
            return False
        keys = assessor.keys(cases, run.checkpoint, pks[-1])
        found = []
        for pk in pks:
            before, after = assessor.effects(pk, keys.get(pk, ()))
            if before != after:
                found.append(ImpactChange(run=run, case_id=pk, before=before, after=after))
        with jobs.piece(run, checkpoint=pks[-1], done=run.done + len(pks)):
            # A case that was deleted meanwhile is none any more.
            there = set(Case.objects.filter(pk__in=[one.case_id for one in found]).values_list("pk", flat=True))
            ImpactChange.objects.bulk_create([one for one in found if one.case_id in there], batch_size=2000)
        return True


@transaction.atomic
def _read(run: ImpactRun) -> tuple[bulk.Assessor, QuerySet[Case]]:
    """The two readings, and the cases; the edition is locked meanwhile, so that nobody edits it in between."""
    edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=run.edition_id)
    wording = current_wording()
    if content(edition, wording) != run.content:
        raise jobs.JobFault(EDITED)
    turn = bulk.publication(edition)
    try:
        after = readable(edition, wording)
    except ImpactFault as fault:
        raise jobs.JobFault(str(fault)) from fault
    before = library.read(turn.before).rules if turn.before else None
    return bulk.Assessor(wording, before, after), turn.cases(timezone.localdate())


# Reading the result


def newest_run(edition: Edition) -> ImpactRun | None:
    """The last run of an edition, ended or not. One query."""
    return edition.impact_runs.select_related("asked_by").first()


def is_out_of_date(run: ImpactRun, edition: Edition) -> bool:
    """Whether what decides was edited, or another edition came on file, since the run was started."""
    return not edition.is_on_file and content(edition) != run.content


def flows(run: ImpactRun) -> list[Flow]:
    """From which verdict to which, the most cases first. One query."""
    return flows_of(run.changes.all())


def changes(run: ImpactRun, *, before: str = "", after: str = "") -> QuerySet[ImpactChange]:
    """The cases that change, newest first; of one kind of change where both its verdicts are given."""
    found = run.changes.select_related("case__updated_by").order_by("-case_id")
    return found.filter(before=before, after=after) if before and after else found


def table(run: ImpactRun) -> Iterator[tuple[str, ...]]:
    """The cases that change as lines of a file, in words, a head first. Reads them piece by piece."""
    yield ("Case", "Status", "Date of service", "Product", "Disease", "Verdict now", "Verdict then")
    rows = run.changes.order_by("case_id").values_list(
        "case__reference", "case__status", "case__date_of_service", "case__product", "case__title", "before", "after"
    )
    for reference, status, day, product, title, before, after in rows.iterator():
        verdicts = VERDICTS[before]["label"], VERDICTS[after]["label"]
        yield (reference, Case.Status(status).label, day.isoformat() if day else "", product, title, *verdicts)
