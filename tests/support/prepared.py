"""The database that every test finds, made once for many runs: `python -m tests.support.prepared`.

It takes six seconds to make, and each process of each run of the tests needs it. So it is kept as a file, whose name
is a checksum of the day and of all that it is made from: when anything of it changes, it is made anew.
"""

import fcntl
import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[2]
KEPT = HOME / ".pytest_cache"
MADE_FROM = (
    "requirements.txt",
    "config/*.py",
    "coverage_app/**/*.py",
    "fixtures/*.yaml",
    "tests/support/prepared.py",
    "tests/support/settings.py",
)


def _kept() -> Path:
    told = hashlib.sha256(f"{date.today()} {sys.version} {sqlite3.sqlite_version}".encode())
    for file in sorted(file for pattern in MADE_FROM for file in HOME.glob(pattern)):
        told.update(f"{file.relative_to(HOME)} {file.stat().st_size} ".encode() + file.read_bytes())
    return KEPT / f"prepared-{told.hexdigest()[:16]}.sqlite3"


def database() -> Path:
    """An SQLite database as `make setup` leaves it, to copy and to read; made in a process of its own."""
    kept = _kept()
    if not kept.exists():
        mine = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PYTEST_XDIST_WORKER"}
        }
        subprocess.run([sys.executable, "-m", "tests.support.prepared"], cwd=HOME, env=mine, check=True)
    return kept


def copy(to: Path) -> None:
    """Put a copy of it where SQLite is to find it."""
    shutil.copyfile(database(), to)


def copy_diagnosis_codes(cursor: Any) -> None:
    """Put every diagnosis code in it into an empty table of PostgreSQL: quicker than out of the library."""
    columns = "coverage_app_diagnosiscode (code, description, billable)"
    with closing(sqlite3.connect(database())) as kept, cursor.copy(f"COPY {columns} FROM STDIN") as copy:
        for code, said, billable in kept.execute("SELECT code, description, billable FROM coverage_app_diagnosiscode"):
            copy.write_row((code, said, bool(billable)))


def main() -> None:
    """Make it where it is not there; two that are asked at once make it once."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    KEPT.mkdir(exist_ok=True)
    kept = _kept()
    with open(KEPT / "prepared.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            return
        for older in KEPT.glob("prepared-*"):
            older.unlink()
        call_command("setup_desk", verbosity=0, stdout=io.StringIO())
        making = kept.with_suffix(".making")
        with closing(sqlite3.connect(making)) as copy:
            connection.connection.backup(copy)
        making.replace(kept)


if __name__ == "__main__":
    main()
