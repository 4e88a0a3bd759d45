"""Verdicts for a file of cases."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO, Any, TypeVar

from django.core.management import BaseCommand, CommandParser
from tqdm import tqdm

from coverage_app.management.faults import told
from coverage_app.services.case_assessing import CaseAssessor
from coverage_app.services.case_checks import CaseReader, FileCase
from coverage_app.services.case_files import Fault, Format, UnreadableFile, format_of, opened, unknown
from coverage_app.services.vocabulary import current_wording

FAULTS_SHOWN = 1000
CASES_AT_ONCE = 500  # written together
T = TypeVar("T")


class Command(BaseCommand):
    help = (
        "Reads cases from FILE (CSV or JSON Lines, UTF-8; - is standard input) with the columns id, dos (date of "
        "service, YYYY-MM-DD), optionally payer, and the facts; writes the verdict of each payer as JSON Lines. The "
        "file is checked whole first: where it has faults, they are listed and nothing is assessed (exit status 2)."
    )
    requires_system_checks = []  # nothing but faults on standard error

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--payer",
            metavar="CODE",
            action="append",
            default=[],
            help="assess under this payer alone (repeatable); without it: the row's own payer, or else all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # ids come out as they went in, whatever the locale
        with told():
            assessor = CaseAssessor()
        reader = CaseReader(current_wording().vocabulary, assessor.payers)
        faults = [
            f"--payer: {unknown('payer', payer, assessor.payers)}"
            for payer in options["payer"]
            if payer not in assessor.payers
        ]
        try:
            with opened(options["file"]) as stream:
                form = format_of(options["file"], stream)
                cases = self._check(reader, stream, form, faults)
                found = _bar(reader.read(stream, form), "Assessing", cases)
                self._write(_line(assessor, case, options["payer"]) for case in found)
        except UnreadableFile as error:
            self._refuse([*faults, str(error)])
        except BrokenPipeError:
            _let_go_of_standard_output()

    def _check(self, reader: CaseReader, stream: IO[bytes], form: Format, faults: Iterable[str]) -> int:
        """How many cases the file holds. Where anything is wrong: say so and exit."""
        cases = 0

        def counted() -> Iterator[str]:
            nonlocal cases
            for found in _bar(reader.read(stream, form), "Checking"):
                if isinstance(found, Fault):
                    yield str(found)
                else:
                    cases += 1

        self._refuse(chain(faults, counted()))
        for said in reader.ignored:
            self.stderr.write(said)
        return cases

    def _refuse(self, faults: Iterable[str]) -> None:
        """Write the faults, one a line, and exit with status 2; go on when there are none."""
        number = 0
        for number, fault in enumerate(faults, 1):
            if number <= FAULTS_SHOWN:
                self.stderr.write(fault)
        if number > FAULTS_SHOWN:
            self.stderr.write(f"and {number - FAULTS_SHOWN:,} more faults")
        if number:
            sys.exit(2)

    def _write(self, lines: Iterator[str]) -> None:
        """Whole batches, so that a terminal's progress bar steps aside only now and then."""
        while batch := "".join(islice(lines, CASES_AT_ONCE)):
            with tqdm.external_write_mode(file=sys.stdout):
                self.stdout.write(batch, ending="")
        self.stdout.flush()


def _line(assessor: CaseAssessor, case: FileCase | Fault, payers: list[str]) -> str:
    if isinstance(case, Fault):  # it was checked a moment ago
        raise UnreadableFile(f"the file changed while it was read: {case}")
    return "".join(json.dumps(found, ensure_ascii=False) + "\n" for found in assessor.assess(case, payers))


def _bar(items: Iterator[T], said: str, total: int | None = None) -> Iterator[T]:
    """The items, with a progress bar when standard error is a terminal."""
    if not sys.stderr.isatty():
        return items
    return iter(tqdm(items, said, total, leave=False, file=sys.stderr, unit=" cases"))


def _let_go_of_standard_output() -> None:
    """Whoever read the output has heard enough: what is still in the buffer must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
