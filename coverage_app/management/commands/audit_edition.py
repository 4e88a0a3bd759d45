"""The audit of one edition: what can never decide, makes no difference or depends on order."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.faults import told
from coverage_app.management.words import finding_in_words
from coverage_app.services.edition_reports import findings_data
from coverage_app.services.references import resolve


class Command(BaseCommand):
    help = "Lists what the audit finds in an edition, on file or in a file that need not be on file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="FILE|CODE[@YYYY-MM-DD|@draft]")
        parser.add_argument("--json", action="store_true", help="as a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            read = resolve(options["edition"])
            found = findings_data(read)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for finding in found:
            self.stdout.write(finding_in_words(finding))
        self.stdout.write(f"{read.name}: {len(found)} {'finding' if len(found) == 1 else 'findings'}.")
