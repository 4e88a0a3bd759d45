"""The demonstration accounts and their passwords."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from coverage_app.management.accounts import print_accounts
from coverage_app.services.accounts import make_demo_accounts


class Command(BaseCommand):
    help = "Makes the demonstration accounts that are missing; with --reset gives each a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        print_accounts(self.stdout, make_demo_accounts(reset=options["reset"]))
