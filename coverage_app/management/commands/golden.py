"""The golden cases of an edition, run from the command line."""

import json
import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.faults import told
from coverage_app.services.golden import GoldenResult, run_golden
from coverage_app.services.references import resolve


class Command(BaseCommand):
    help = (
        "Runs the golden cases of an edition and writes those that fail. CODE is today's edition of a document, "
        "CODE@YYYY-MM-DD the one of a day, CODE@draft its draft; a FILE holds a document as export_document writes "
        "it. Exit status 0: all pass; 1: some fail; 2: they cannot be run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="FILE|CODE[@YYYY-MM-DD|@draft]")
        parser.add_argument("--json", action="store_true", help="all cases as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            read = resolve(options["edition"])
        results = run_golden(read.rules, read.golden)
        failed = [result for result in results if not result.passed]
        if options["json"]:
            data = {"edition": read.name, "passed": len(results) - len(failed), "failed": len(failed)}
            data |= {"cases": [_data(result) for result in results]}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            for result in failed:
                self.stdout.write(_said(result))
            self.stdout.write(_summary(read.name, len(results), len(failed)))
        self.stdout.flush()
        if failed:
            sys.exit(1)


def _data(result: GoldenResult) -> dict[str, Any]:
    case = result.case
    return {
        "name": case.name,
        **({"row": case.row} if case.row else {}),
        "passed": result.passed,
        "expected": case.verdict,
        "got": result.got or None,
        "provisions": list(result.provisions),
        "missing": list(result.missing),
        **({"fault": result.fault} if result.fault else {}),
    }


def _said(result: GoldenResult) -> str:
    case = result.case
    lines = [f"FAILED  {case.name}", f"        expected {case.verdict}" + (f" of row {case.row}" if case.row else "")]
    if result.fault:
        lines.append(f"        {result.fault}")
    else:
        by = f", decided by {', '.join(result.provisions)}" if result.provisions else ""
        missing = f", still open: {', '.join(result.missing)}" if result.missing else ""
        lines.append(f"        came out {result.got}{by}{missing}")
    lines.append(f"        why: {' '.join(case.why.split())}")
    return "\n".join(lines)


def _summary(name: str, cases: int, failed: int) -> str:
    if not cases:
        return f"{name}: no golden cases."
    return f"{name}: {cases - failed} of {cases} golden cases pass."
