"""Prints how long a worklist of 100,000 rows takes to be checked and stored, and the memory of the process that does
it; exit status 1 at more than two minutes or 500 megabytes: `python -m tests.bench.uploads`.

CSV and XLSX, each checked and stored by a worker's process of its own, on a database of its own, made in a temporary
folder (or the empty one that DATABASE_URL names).
"""

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

ROWS = 100_000
SECONDS = 120.0
MEGABYTES = 500.0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" * 3)
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING")
        import django

        django.setup()
        if sys.argv[1:2] == ["carry-out"]:
            return carry_out(int(sys.argv[2]))
        return measure(Path(folder))


def measure(folder: Path) -> int:
    from django.core.management import call_command
    from django.db import connection

    from coverage_app.models import Case

    call_command("setup_desk", verbosity=0, stdout=StringIO())
    print(f"A worklist of {ROWS} rows on {connection.vendor}, checked and stored by a process of its own")
    kept = []
    for form, write in (("csv", write_csv), ("xlsx", write_xlsx)):
        file = folder / f"cases.{form}"
        write(file)
        kept.append(report(file))
    if Case.objects.count() != 2 * ROWS:
        raise SystemExit(f"{Case.objects.count()} cases are stored.")
    return 0 if all(kept) else 1


def report(file: Path) -> bool:
    """Print one line, and whether it keeps the limits."""
    from django.contrib.auth import get_user_model
    from django.core.files import File

    from coverage_app.services import uploads

    by = get_user_model().objects.get(username="coordinator")
    with file.open("rb") as stream:
        upload = uploads.receive(file=File(stream, file.name), by=by, in_line=False)
    check, check_memory = in_a_process(upload.pk)
    upload.refresh_from_db()
    uploads.store(upload=upload, by=by, in_line=False)
    store, store_memory = in_a_process(upload.pk)
    upload.refresh_from_db()
    if (upload.status, upload.done) != ("done", ROWS):
        raise SystemExit(f"The upload is {upload.status} after {upload.done} rows: {upload.fault}")
    kept = check + store <= SECONDS and max(check_memory, store_memory) <= MEGABYTES
    size = file.stat().st_size / 1024**2
    print(f"{f'{upload.form.upper()}, {size:.0f} MB: checked':<36} {check:8.1f} s  {check_memory:6.0f} MB")
    print(f"{'stored':<36} {store:8.1f} s  {store_memory:6.0f} MB   together {check + store:6.1f} s", end="")
    print(f"   at most {SECONDS:.0f} s, {MEGABYTES:.0f} MB: {'kept' if kept else 'MISSED'}")
    return kept


def in_a_process(pk: int) -> tuple[float, float]:
    """How many seconds a process is busy with an upload's present step, and the most memory that it had (megabytes)."""
    command = [sys.executable, "-m", "tests.bench.uploads", "carry-out", str(pk)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return float(said[-2]), float(said[-1])


def carry_out(pk: int) -> int:
    from coverage_app.services import uploads

    start = perf_counter()
    uploads.carry_out(pk)
    print(perf_counter() - start, most_memory())
    return 0


def most_memory() -> float:
    """The most memory that this process had, in megabytes. Linux counts for it alone; elsewhere, who started it may
    be counted too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def rows() -> Iterator[list[Any]]:
    """The header and the rows: a third to all facts answered."""
    from coverage_app.services.vocabulary import current_wording

    from .material import cases

    vocabulary, chance = current_wording().vocabulary, random.Random(7)
    facts = [fact.code for fact in vocabulary]
    yield ["id", "dos", "payer", "setting", "diagnosis_code", "cpt_code", *facts]
    for number, case in enumerate(cases(vocabulary, ROWS, seed=2)):
        day = f"{chance.randint(2023, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        about = [f"A-{number}", day, chance.choice(("nia", "fep", "bcbsma")), "outpatient", "C20", "77425"]
        yield [*about, *(str(case.get(fact, "")) for fact in facts)]


def write_csv(file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows())


def write_xlsx(file: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cases")
    for row in rows():
        sheet.append([cell or None for cell in row])
    book.save(file)


if __name__ == "__main__":
    sys.exit(main())
