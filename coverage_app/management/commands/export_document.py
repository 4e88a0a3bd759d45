"""A document, or the vocabulary, as YAML."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from coverage_app.models import Document
from coverage_app.services.exchange import export_document


class Command(BaseCommand):
    help = "Writes the document CODE with its editions as YAML to standard output (`vocabulary`: the facts)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(export_document(options["code"]), ending="")
        except Document.DoesNotExist as error:
            known = ", ".join(Document.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"No document {options['code']!r}; on file: {known}.", returncode=2) from error
