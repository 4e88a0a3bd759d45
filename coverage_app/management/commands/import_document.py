"""A document, or the vocabulary, from YAML."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from coverage_app.services.exchange import ImportFault, import_text


class Command(BaseCommand):
    help = "Takes in the YAML file FILE; what is on file already is skipped, a broken file changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: not readable as UTF-8 text ({error}).", returncode=2) from error
        try:
            for line in import_text(text=text, by=None):
                self.stdout.write(line)
        except ImportFault as error:
            raise CommandError(f"{options['file']}: {error}", returncode=2) from error
