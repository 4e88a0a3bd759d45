"""Drafts, runs and workers for the tests of impact, a line each."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from coverage_app.models import Edition, ImpactRun
from coverage_app.services.editions import note_uses
from coverage_app.services.impact import newest_run, run_impact, start_run
from tests.services.making import DAY, payer, person

ROOT = Path(__file__).resolve().parent.parent.parent
SOON = DAY - dt.timedelta(days=30)
LINES = (("S1", "site is breast and margin is negative", "criteria_met"), ("S2", "always", "investigational"))
"""Provisions of a small draft, in order."""


def draft_of(code: str, *lines: tuple[str, str, str], in_force: dt.date = SOON) -> Edition:
    """A draft of the payer's next edition with these provisions; without any, the small ones."""
    edition = Edition.objects.create(document=payer(code), in_force=in_force)
    for place, (name, criteria, effect) in enumerate(lines or LINES, 1):
        edition.provisions.create(
            position=place, code=name, criteria=criteria, effect=effect, quote="Said so.", locator="Policy"
        )
    note_uses(edition=edition)
    return edition


def run_of(edition: Edition) -> ImpactRun:
    """The impact of an edition, run to its end here and now."""
    run, _ = start_run(edition=edition, by=person("editor"))
    run_impact.func(run.pk)
    return newest(edition)


def newest(edition: Edition) -> ImpactRun:
    found = newest_run(edition)
    assert found is not None
    return found


def found_by(run: ImpactRun) -> dict[int, tuple[str, str]]:
    """What a run found: case number → the verdict before and after."""
    return {pk: (before, after) for pk, before, after in run.changes.values_list("case_id", "before", "after")}


# Worker processes


@contextmanager
def worker(*, slow: float = 0.0, piece: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """A real worker process on the test's database; ``slow`` seconds a piece of ``piece`` cases."""
    command = [sys.executable, "-m", "tests.services.slow_worker", str(slow), str(piece)]
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:
        try:
            yield process
        finally:
            process.kill()


def environment() -> dict[str, str]:
    """What a process needs to work on the database of this test."""
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | {"DATABASE_URL": database_url(), "SECRET_KEY": "only-for-the-tests-" * 3, "LOG_LEVEL": "ERROR"}


def database_url() -> str:
    known: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host = quote(str(known["HOST"]), safe="")
    password = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{known['USER']}{password}@{host}{port}/{known['NAME']}"


def until(true: Callable[[], Any], *, within: float = 20.0) -> Any:
    """What ``true`` gives once it gives something; fails after ``within`` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"It did not come true within {within} seconds.")
