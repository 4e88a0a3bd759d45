"""Every stored case, in a file."""

import json
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from coverage_app.management.output import replaced, while_heard
from coverage_app.services.neutral import csv_lines
from coverage_app.services.uploads.exporting import as_texts, export_columns, exported

STANDARD_OUTPUT = "-"


class Command(BaseCommand):
    help = (
        "Writes every stored case to standard output, or to the file of --out: reference, id (the label), dos, payer, "
        "product, setting, diagnosis_code, cpt_code, a column for each fact; status, verdict, edition (the day it is "
        "in force from), possible and missing (with spaces between in CSV, lists in JSON Lines), assessments (how "
        "often it was completed), review, review_verdict and review_reason of the last of them, outcome (the payer's "
        "last step), differs. In CSV, a cell that a spreadsheet would take for a formula begins with an apostrophe, "
        "and so does a part of a cell behind ; | , or a tab. import_cases reads it back. A file is written whole or "
        "not at all; one that is there is replaced."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["csv", "jsonl"], default="csv")
        parser.add_argument(
            "--out", metavar="FILE", help="write to this file; - is standard output", default=STANDARD_OUTPUT
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        lines = _csv() if options["format"] == "csv" else _json_lines()
        to_file = options["out"] != STANDARD_OUTPUT
        try:
            if to_file:
                with replaced(options["out"]) as target:
                    target.writelines(lines)
            else:
                with while_heard(self.stdout):
                    for line in lines:
                        self.stdout.write(line, ending="")
        except OSError as error:
            place = options["out"] if to_file else "standard output"
            raise CommandError(f"{place}: {error.strerror}", returncode=2) from error
        except (OperationalError, ProgrammingError) as error:
            said = " ".join(str(error).split())
            raise CommandError(f"The database is not ready ({said}): run `make setup`.", returncode=2) from error


def _csv() -> Iterator[str]:
    columns = export_columns()
    yield from csv_lines([columns])
    yield from csv_lines(as_texts(record, columns) for record in exported())


def _json_lines() -> Iterator[str]:
    return (json.dumps(record, ensure_ascii=False) + "\n" for record in exported())
