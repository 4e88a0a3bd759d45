"""Every stored case, in a file."""

import json
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from coverage_app.services.neutral import csv_lines
from coverage_app.services.uploads.exporting import as_texts, export_columns, exported


class Command(BaseCommand):
    help = (
        "Writes every stored case to standard output, or to the file of --out: reference, id (the label), dos, payer, "
        "product, setting, diagnosis_code, cpt_code, a column for each fact; status, verdict, edition (the day it is "
        "in force from), possible and missing (with spaces between in CSV, lists in JSON Lines), assessments (how "
        "often it was completed), review, review_verdict and review_reason of the last of them, outcome (the payer's "
        "last step), differs. In CSV, a cell that a spreadsheet would take for a formula begins with an apostrophe. "
        "import_cases reads it back."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["csv", "jsonl"], default="csv")
        parser.add_argument("--out", metavar="FILE", help="write to this file instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        lines = _csv() if options["format"] == "csv" else _json_lines()
        try:
            if options["out"]:
                with open(options["out"], "w", encoding="utf-8", newline="") as target:
                    target.writelines(lines)
            else:
                for line in lines:
                    self.stdout.write(line, ending="")
        except BrokenPipeError:  # whoever read the output has heard enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            raise CommandError(f"{options['out']}: {error.strerror}", returncode=2) from error
        except (OperationalError, ProgrammingError) as error:
            said = " ".join(str(error).split())
            raise CommandError(f"The database is not ready ({said}): run `make setup`.", returncode=2) from error


def _csv() -> Iterator[str]:
    columns = export_columns()
    yield from csv_lines([columns])
    yield from csv_lines(as_texts(record, columns) for record in exported())


def _json_lines() -> Iterator[str]:
    return (json.dumps(record, ensure_ascii=False) + "\n" for record in exported())
