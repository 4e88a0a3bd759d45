"""A document, or the vocabulary, as YAML."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.faults import told
from coverage_app.models import Document
from coverage_app.services.exchange import VOCABULARY, export_document
from coverage_app.services.references import ReferenceFault, edition_meant


class Command(BaseCommand):
    help = (
        "Writes the document CODE with its edition of today as YAML to standard output; CODE@YYYY-MM-DD: the edition"
        " in force on that day; CODE@draft: the newest one not published yet; `vocabulary`: the facts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE[@YYYY-MM-DD|@draft]")
        parser.add_argument("--all", action="store_true", help="every edition of the document CODE")
        parser.add_argument("--sources", action="store_true", help="with the stored source texts")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            text = _exported(options["code"], whole=options["all"], sources=options["sources"])
        self.stdout.write(text, ending="")


def _exported(code: str, *, whole: bool, sources: bool) -> str:
    if code == VOCABULARY:
        return export_document(code)
    if whole and Document.objects.filter(code=code).exists():
        return export_document(code, sources=sources)
    if whole and "@" in code:
        raise ReferenceFault(f"{code}: --all writes every edition; leave out what follows the @.")
    edition = edition_meant(code)
    return export_document(edition.document.code, edition=edition, sources=sources)
