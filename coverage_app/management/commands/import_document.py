"""A document, or the vocabulary, from YAML."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.faults import told
from coverage_app.models import Document
from coverage_app.services.exchange import import_text
from coverage_app.services.exchange.files import text_of


class Command(BaseCommand):
    help = (
        "Takes in the YAML file FILE: its editions become drafts, unless no document is on file yet. What is on file"
        " already is skipped, a broken file changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("code", metavar="CODE[@YYYY-MM-DD|@draft]", nargs="?", help="only this edition of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        with told(options["file"]):
            text = text_of(options["file"])
            lines = import_text(text=text, by=None, as_draft=Document.objects.exists(), only=options["code"] or "")
        for line in lines:
            self.stdout.write(line)
