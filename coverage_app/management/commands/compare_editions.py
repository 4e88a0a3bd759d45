"""The difference between two editions in verdicts, counted over all complete cases."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.faults import told
from coverage_app.management.words import difference_in_words
from coverage_app.services.edition_reports import difference_data
from coverage_app.services.references import resolve

EDITION = "FILE[@YYYY-MM-DD]|CODE[@YYYY-MM-DD|@draft]"


class Command(BaseCommand):
    help = "Counts the complete cases that change from which verdict to which, by site, from the first to the second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", metavar="A", help=EDITION)
        parser.add_argument("after", metavar="B", help=EDITION)
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with told():
            before, after = resolve(options["before"]), resolve(options["after"])
            found = difference_data(before, after)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for line in difference_in_words(before.name, after.name, found):
            self.stdout.write(line)
