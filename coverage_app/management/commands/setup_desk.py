"""Make the desk ready: database, policies, codes, demonstration accounts. Quick when all is there."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from coverage_app.management.accounts import print_accounts
from coverage_app.services.accounts import make_demo_accounts
from coverage_app.services.diagnosis_codes import fill_diagnosis_codes
from coverage_app.services.exchange import VOCABULARY, Mode, import_text
from coverage_app.services.noting import renote_due

OTHER_TEXT = (
    "  The text on file goes on deciding. To use the supplied one, take it in as a draft (manage.py import_document"
    " fixtures/{file}), withdraw the edition on file, and publish the draft."
)


class Command(BaseCommand):
    help = (
        "Migrates, loads what is missing of fixtures/ (golden cases of editions on file too; no text on file is"
        " touched), the ICD-10-CM codes and the accounts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        # The vocabulary first: the documents' criteria speak it.
        files = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.yaml"), key=lambda f: (f.stem != VOCABULARY, f.stem))
        for file in files:
            for line in import_text(text=file.read_text(encoding="utf-8"), by=None, mode=Mode.FILL):
                if " is on file already" in line and not line.endswith(" already: skipped"):
                    self.stdout.write(line)
                if " on file already, with another text" in line:
                    self.stdout.write(OTHER_TEXT.format(file=file.name))
        self.stdout.write(f"Policies: {len(files) - 1} documents on file.")
        if added := fill_diagnosis_codes(by=None):
            self.stdout.write(f"ICD-10-CM: {added} codes added.")
        renote_due()
        print_accounts(self.stdout, make_demo_accounts())
