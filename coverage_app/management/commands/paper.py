"""A paper of a case, as a file."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from coverage_app.management.faults import told
from coverage_app.models import Case
from coverage_app.services.papers import KINDS, PaperFault, paper


class Command(BaseCommand):
    help = (
        "Writes a paper of the completed case REFERENCE to FILE: its summary as PDF, a letter of medical necessity or"
        " an appeal letter as DOCX. The file is written whole or not at all; one that is there is replaced. - is"
        " standard output."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("--kind", required=True, choices=list(KINDS))
        parser.add_argument("--out", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        out = None if options["out"] == "-" else Path(options["out"])
        with told():
            if out:
                _check_place(out)
            made = paper(case=_case(options["reference"]), kind=options["kind"])
        if made.warning:
            self.stderr.write(made.warning)
        if out:
            _write(out, made.content)
        else:
            self._to_standard_output(made.content)

    def _to_standard_output(self, content: bytes) -> None:
        out: Any = self.stdout  # what it wraps has a buffer, as every stream of bytes under text has
        try:
            out.buffer.write(content)
            out.buffer.flush()
        except BrokenPipeError:  # whoever read the output has heard enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        except OSError as error:
            raise CommandError(f"Standard output cannot be written: {error.strerror}.", returncode=2) from error


def _case(reference: str) -> Case:
    """Raises PaperFault where no case has this reference; text that no database takes is no reference of one."""
    found = Case.objects.filter(reference=reference).first() if reference.isprintable() else None
    if found is None:
        raise PaperFault(f"No case {reference[:40]!r} is on file.")
    return found


def _check_place(out: Path) -> None:
    """Raises PaperFault for what is no file, and for what no file can be, such as too long a name."""
    try:
        taken = out.exists() and not out.is_file()
    except OSError as error:
        raise PaperFault(f"{out} cannot be written: {error.strerror}.") from error
    if taken:
        raise PaperFault(f"{out} is not a file.")


def _write(out: Path, content: bytes) -> None:
    """The file under another name first, so that it is never seen half-written."""
    part = out.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            part.write_bytes(content)
            os.replace(part, out)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise CommandError(f"{out} cannot be written: {reason}.", returncode=2) from error
