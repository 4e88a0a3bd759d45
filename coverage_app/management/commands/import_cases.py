"""Stored cases from a file."""

import hashlib
import sys
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from coverage_app.management.output import while_heard
from coverage_app.models import Upload
from coverage_app.services import uploads
from coverage_app.services.case_files import Fault, UnreadableFile, format_of, opened
from coverage_app.services.uploads import StoredBefore, UploadFault, results

FAULTS_SHOWN = 1000
NEEDED = ("coverage_app.add_case", "coverage_app.add_upload")


@dataclass
class _Sent:
    """The file, as a browser would send it."""

    name: str
    size: int
    stream: IO[bytes]

    def read(self, length: int, /) -> bytes:
        return self.stream.read(length)


class Command(BaseCommand):
    help = (
        "Stores the cases of FILE (CSV, XLSX or JSON Lines; - is standard input) as drafts of USER and prints the "
        "reference of each, one a line, in the order of the file. The columns are those of an upload: id, dos "
        "(YYYY-MM-DD), payer, product, setting, diagnosis_code, cpt_code and the facts; what export_cases adds is "
        "passed over. The file is checked whole first: where it has faults, they are listed with line and column on "
        "standard error, and nothing is stored (exit status 2). What is killed half-way, a worker carries on."
    )
    requires_system_checks = []  # nothing but faults on standard error

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--by", metavar="USER", required=True, help="whose cases they will be: a user name")
        before = parser.add_mutually_exclusive_group()
        before.add_argument("--again", action="store_true", help="although the same file was stored before")
        before.add_argument(
            "--references",
            action="store_true",
            help="store nothing: print the references of the cases as which the same file was stored before",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = self._user(options["by"])
            if options["references"]:
                self._print(_stored_before(options["file"]))
                return
            upload = self._checked(options["file"], by)
            uploads.store(upload=upload, by=by, again=options["again"], in_line=False)
            self._print(self._carried_out(upload))
        except StoredBefore as fault:
            said = f"{fault} --references prints the references of its cases; --again stores it once more."
            raise CommandError(said, returncode=2) from fault
        except (UnreadableFile, UploadFault) as fault:
            raise CommandError(str(fault), returncode=2) from fault
        except (OperationalError, ProgrammingError) as error:
            said = " ".join(str(error).split())
            raise CommandError(f"The database is not ready ({said}): run `make setup`.", returncode=2) from error

    def _user(self, name: str) -> AbstractBaseUser:
        user = get_user_model().objects.filter(username=name, is_active=True).first() if name.isprintable() else None
        if user is None:
            raise UploadFault(f"--by: no active user {name[:60]!r}.")
        if not user.has_perms(NEEDED):
            raise UploadFault(f"--by: {name} may not add cases.")
        return user

    def _checked(self, name: str, by: AbstractBaseUser) -> Upload:
        """The upload of the file, checked and without a fault; else its faults are listed, and the command ends."""
        with opened(name) as stream:
            json_lines = format_of(name, stream) == "jsonl"
            size = stream.seek(0, 2)
            stream.seek(0)
            shown = f"standard input{'.jsonl' if json_lines else ''}" if name == "-" else name.rpartition("/")[2]
            sent = _Sent(shown if json_lines == shown.endswith("l") else f"{shown}.jsonl", size, stream)
            upload = uploads.receive(file=sent, by=by, json_lines=True, in_line=False)
        upload = self._carried_out(upload)
        if upload.status != Upload.Status.DONE:
            raise UploadFault(f"The check did not end: {upload.fault or upload.get_status_display().lower()}")
        for note in upload.faults:
            if "note" in note:
                self.stderr.write(note["note"])
        if uploads.has_faults(upload):
            self._refuse(upload)
        return upload

    def _carried_out(self, upload: Upload) -> Upload:
        try:
            uploads.carry_out(upload.pk)
        except KeyboardInterrupt:
            uploads.cancel(upload=upload, by=upload.asked_by)
            raise
        return Upload.objects.get(pk=upload.pk)

    def _refuse(self, upload: Upload) -> None:
        table = islice(results.fault_table(upload), 1, None)
        number = 0
        for number, (line, column, message, hint) in enumerate(table, 1):
            if number <= FAULTS_SHOWN:
                self.stderr.write(str(Fault(message, int(line) if line else None, column or None, hint or None)))
        if number > FAULTS_SHOWN:
            self.stderr.write(f"and {number - FAULTS_SHOWN:,} more faults")
        sys.exit(2)

    def _print(self, upload: Upload) -> None:
        """The reference of each case that is stored; the command ends with status 1 where others are not."""
        with while_heard(self.stdout):
            for row in results.stored_rows(upload).values_list("case__reference").iterator():
                self.stdout.write(row[0])
        if upload.status != Upload.Status.DONE:
            left = results.progress_of(upload).left
            said = f"{left:,} of {upload.rows:,} cases are not stored. {upload.fault} Go on with upload {upload.pk}."
            raise CommandError(said, returncode=1)


def _stored_before(name: str) -> Upload:
    """The last upload of the same file that was stored. Raises UnreadableFile and UploadFault."""
    with opened(name) as stream:
        stream.seek(0)
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # it can be read into
    earlier = uploads.same_file(Upload(checksum=checksum))
    if earlier is None or earlier.step != Upload.Step.STORE:
        raise UploadFault("This file was not stored yet.")
    return earlier
