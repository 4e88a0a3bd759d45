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
        " an appeal letter as DOCX. The file is written whole or not at all; one that is there is replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("--kind", required=True, choices=list(KINDS))
        parser.add_argument("--out", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        with told():
            if out.exists() and not out.is_file():
                raise PaperFault(f"{out} is not a file.")
            case = Case.objects.filter(reference=options["reference"]).first()
            if case is None:
                raise PaperFault(f"No case {options['reference'][:40]!r} is on file.")
            made = paper(case=case, kind=options["kind"])
        _write(out, made.content)


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
