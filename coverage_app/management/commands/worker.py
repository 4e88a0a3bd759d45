"""Carry out background jobs until told to stop; `make run` starts one beside the web server and keeps it alive."""

import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import Error, connection
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker

from coverage_app.models import ImpactRun, Upload
from coverage_app.services import jobs
from coverage_app.services.impact import run_impact
from coverage_app.services.mails import send_digests
from coverage_app.services.noting import renote_due
from coverage_app.services.uploads import run_upload

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks into the queue
TICK = 2.0  # between two looks for lost runs
QUARTER = 15 * 60.0  # between two looks for digests to send
MINUTE = 60.0  # between two looks for cases that a new edition's day has made stale


class Command(BaseCommand):
    help = "Carries out background jobs, takes up those of killed workers, and keeps the worklist's verdicts of today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, help="Stop once this process, which started it, is gone.")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = _DeskWorker(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            excluded_queue_names=[],
            interval=LOOK,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        threading.Thread(target=_keep, args=[options["parent"]], daemon=True).start()
        if settings.EMAIL_HOST:
            threading.Thread(target=_post, daemon=True).start()
        worker.run()


class _DeskWorker(Worker):
    """The library's worker; asked to stop, it leaves a long job at its next checkpoint."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        jobs.stopping.set()
        if self.running:
            super().shutdown(signum, frame)


def _keep(parent: int | None) -> None:
    """Beside the work: look for lost runs and stale verdicts, and whether the parent is still there."""
    noted = -MINUTE
    while True:
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        try:
            jobs.requeue_lost(kind=ImpactRun, task=run_impact)
            jobs.requeue_lost(kind=Upload, task=run_upload)
            if time.monotonic() - noted >= MINUTE:
                noted = time.monotonic()
                renote_due()
        except Error:  # the database is away, or busy: it is tried again
            logger.exception("The worker could not look after the jobs.")
        finally:
            connection.close()
        time.sleep(TICK)


def _post() -> None:
    """Beside the work, in its own time, since a mail server may keep it waiting: the daily mail."""
    while True:
        try:
            send_digests()
        except Exception:  # whatever it is, it must not end the mail of the days to come
            logger.exception("The worker could not send the digests.")
        finally:
            connection.close()
        time.sleep(QUARTER)
