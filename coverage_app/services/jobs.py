"""Background jobs that outlive their worker: checkpoint, heartbeat, requeue.

The queue is django-tasks'. It hands a task to one worker, and never again when that worker is killed. So each run is a
row of its own (``models.Job``), and three things hold:

- A worker writes a piece of work, the checkpoint and the heartbeat in one transaction (``piece``).
- A run whose heartbeat is older than ``LOST_AFTER`` is put in line again, and carried on from its checkpoint.
- Each worker that takes a run up raises its ``attempts``, and writes only while nobody has raised it since: one that
  was only slow notices that it has lost the run.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from coverage_app.models import Job

logger = logging.getLogger(__name__)

LOST_AFTER = dt.timedelta(seconds=20)  # a piece of work takes well under a second
ATTEMPTS = 10  # a run that loses this many workers is what kills them
UNFORESEEN = "It stopped on a fault that nobody foresaw ({kind}). Nothing was changed; the log has the details."
KILLER = f"Its worker was lost {ATTEMPTS} times, so it is not tried again."

stopping = threading.Event()
"""Set when this process is asked to end: what it carries out goes back in line at its next checkpoint."""

J = TypeVar("J", bound=Job)
Work = Callable[[J], bool]
JobTask = Task[[int], None]


class LostRun(Exception):
    """The run is no longer this worker's: it was cancelled, or another worker has taken it up."""


class JobFault(Exception):
    """Why a run cannot go on, in plain words."""


@transaction.atomic
def put_in_line(*, run: Job, task: JobTask) -> None:
    """Let the next free worker carry out ``run``. Part of the transaction that makes the run, or loses it not."""
    lost = _task_of(run).filter(status=TaskResultStatus.RUNNING)  # the queue itself never notices
    lost.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    run.status = Job.Status.WAITING
    run.heartbeat_at = timezone.now()
    run.task = task.enqueue(run.pk).id
    run.save(update_fields=["status", "heartbeat_at", "task"])


def _task_of(run: Job) -> QuerySet[DBTaskResult[..., Any]]:
    return DBTaskResult.objects.filter(pk=run.task) if run.task else DBTaskResult.objects.none()


def carry_out(*, kind: type[J], pk: int, work: Work[J], task: JobTask) -> None:
    """Do ``work`` on the run until it says False; it does each piece inside ``piece``. A fault ends the run as failed.

    Does nothing where the run does not wait: it was cancelled, or it is another worker's.
    """
    run = _take_up(kind, pk)
    if run is None:
        return
    try:
        while work(run):
            if stopping.is_set():
                with _held(run) as held:
                    put_in_line(run=held, task=task)
                return
        _end(run, Job.Status.DONE)
    except LostRun:
        logger.warning("%s was cancelled or taken up by another worker.", run)
    except JobFault as fault:
        _end(run, Job.Status.FAILED, str(fault))
    except Exception as error:
        logger.exception("%s failed", run)
        _end(run, Job.Status.FAILED, UNFORESEEN.format(kind=type(error).__name__))


@transaction.atomic
def _take_up(kind: type[J], pk: int) -> J | None:
    run = _locked(kind, pk)
    if run is None or run.status != Job.Status.WAITING:
        return None
    run.status = Job.Status.RUNNING
    run.attempts += 1
    run.heartbeat_at = timezone.now()
    run.save(update_fields=["status", "attempts", "heartbeat_at"])
    return run


def _locked(kind: type[J], pk: int) -> J | None:
    found: J | None = kind._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    return found


@contextmanager
def _held(run: J) -> Iterator[J]:
    """The run's row, locked, as long as the run is still this worker's; else raises ``LostRun``."""
    with transaction.atomic():
        stored = _locked(type(run), run.pk)
        if stored is None or (stored.status, stored.attempts) != (Job.Status.RUNNING, run.attempts):
            raise LostRun
        yield stored


@contextmanager
def piece(run: J, *, checkpoint: int, done: int) -> Iterator[None]:
    """What is written inside stands together with the checkpoint, or not at all. Raises ``LostRun``."""
    with _held(run) as stored:
        yield
        stored.checkpoint, stored.done, stored.total = checkpoint, done, max(run.total, done)
        stored.heartbeat_at = timezone.now()
        stored.save(update_fields=["checkpoint", "done", "total", "heartbeat_at"])
    run.checkpoint, run.done = checkpoint, done


def _end(run: Job, status: Job.Status, fault: str = "") -> None:
    try:
        with _held(run) as stored:
            stored.status, stored.fault, stored.ended_at = status, fault, timezone.now()
            stored.save(update_fields=["status", "fault", "ended_at"])
    except LostRun:
        logger.warning("%s had ended before.", run)


@transaction.atomic
def cancel(*, run: J) -> bool:
    """End a run that waits or runs; its worker notices at the next checkpoint. False where it had ended before."""
    stored = _locked(type(run), run.pk)
    if stored is None or not stored.is_open:
        return False
    stored.status, stored.ended_at = Job.Status.CANCELLED, timezone.now()
    stored.save(update_fields=["status", "ended_at"])
    return True


def requeue_lost(*, kind: type[J], task: JobTask, now: dt.datetime | None = None) -> int:
    """Put runs in line again whose worker was not heard of for ``LOST_AFTER``; how many. One query where all is well.

    Also a run that waits although its task is gone: the worker was killed between taking the task and the run.
    """
    late = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=(now or timezone.now()) - LOST_AFTER)
    found = kind._default_manager.filter(late, status__in=Job.OPEN).values_list("pk", flat=True)
    return sum(_requeue(kind, pk, late, task) for pk in list(found))


@transaction.atomic
def _requeue(kind: type[J], pk: int, late: Q, task: JobTask) -> bool:
    run = kind._default_manager.select_for_update(of=("self",)).filter(late, pk=pk, status__in=Job.OPEN).first()
    if run is None:
        return False
    in_line = _task_of(run).filter(status=TaskResultStatus.READY).exists()
    if run.status == Job.Status.WAITING and in_line:
        return False  # no worker is free, or none is there
    if run.attempts >= ATTEMPTS:
        run.status, run.fault, run.ended_at = Job.Status.FAILED, KILLER, timezone.now()
        run.save(update_fields=["status", "fault", "ended_at"])
        return False
    logger.warning("%s lost its worker; it goes on from its checkpoint.", run)
    put_in_line(run=run, task=task)
    return True
