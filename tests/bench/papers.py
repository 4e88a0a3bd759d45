"""Prints how long 1,000 case summaries take on one core, against a page of one line set by the same compiler; exit
status 1 when they take a minute or more: `python -m tests.bench.papers`.

Every summary is of another made-up case, a third of them rectal, so that nothing is set that was set before. What
counts is the processor's time, typst's threads included, on the one core that the bench keeps itself to: who else works
on the machine does not matter. It works on a database of its own, made in a temporary folder (or the empty one that
DATABASE_URL names).
"""

import json
import os
import random
import sys
import tempfile
from io import StringIO
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

PAPERS = 1000
ROUNDS = 10
LIMIT = 0.060  # seconds a summary: 1,000 in a minute


def main() -> int:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before typst starts its threads
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" * 3)
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING")
        import django

        django.setup()
        return measure(Path(folder))


def measure(folder: Path) -> int:
    from django.core.management import call_command

    from coverage_app.services.papers.summary import summary_pdf

    call_command("migrate", verbosity=0)
    call_command("setup_desk", verbosity=0, stdout=StringIO())
    made = sources(PAPERS)
    times, page = [], one_line(folder)
    for number in range(ROUNDS):
        some = made[number::ROUNDS]
        times.append((seconds(summary_pdf, some), seconds(page, list(range(number, PAPERS, ROUNDS)))))
    summary, line = median(row[0] for row in times), median(row[1] for row in times)
    ratio = median(one / other for one, other in times)
    total = sum(row[0] for row in times) * PAPERS / ROUNDS
    kept = total < LIMIT * PAPERS
    print(f"{PAPERS} case summaries as PDF/UA on one core, each of another case; median of {ROUNDS} rounds")
    print(f"{'a page of one line':<44} {line * 1000:8.1f} ms")
    print(f"{'case summary':<44} {summary * 1000:8.1f} ms   ratio {ratio:6.1f}")
    print(f"{f'all {PAPERS}':<44} {total:8.1f} s    under {LIMIT * PAPERS:.0f} s: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


def seconds(call: Any, over: list[Any]) -> float:
    """How long one call took on average, in seconds."""
    start = process_time()
    for item in over:
        call(item)
    return (process_time() - start) / len(over)


def one_line(folder: Path) -> Any:
    """Sets a page of one line, another one for each number, with the summary's fonts."""
    import typst

    from coverage_app.services.papers.summary import fonts

    path = folder / "line.typ"
    path.write_text('#set document(title: "A line")\n#set text(font: "Inter", lang: "en")\n#sys.inputs.data\n')
    compiler = typst.Compiler(input=path, root=folder, font_paths=fonts())

    def page(number: int) -> bytes:
        return compiler.compile(sys_inputs={"data": json.dumps(number)}, format="pdf", pdf_standards=["ua-1"])  # type: ignore[return-value]

    return page


def sources(count: int) -> list[Any]:
    """Made-up cases with their frozen assessments, none of them stored."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from coverage_app.models import Assessment, Case, Document
    from coverage_app.services.cases import checksum
    from coverage_app.services.papers.source import Source
    from coverage_app.services.report import build_report
    from coverage_app.services.standing import CaseFacts, stand
    from coverage_app.services.vocabulary import current_wording

    from .material import PAYERS, Policies, cases

    wording, chance = current_wording(), random.Random(7)
    payers = [Document.objects.get(code=code) for code in PAYERS]
    by, now, found = User.objects.get(username="coordinator"), timezone.now(), []
    for number, answers in enumerate(cases(Policies.read().vocabulary, count, seed=7)):
        reference = f"2026-{number:04d}"
        facts = CaseFacts(
            answers, chance.choice(payers), reference=reference, diagnosis_code="C20", label=f"n {number}"
        )
        report = json.loads(json.dumps(build_report(stand(facts, wording))))
        assessment = Assessment(
            number=1,
            verdict=report["verdict"]["code"],
            report=report,
            checksum=checksum(report),
            completed_at=now,
            completed_by=by,
        )
        found.append(Source(Case(status="completed", reference=reference), assessment, None, ()))
    return found


if __name__ == "__main__":
    sys.exit(main())
