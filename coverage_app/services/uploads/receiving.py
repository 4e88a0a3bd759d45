"""Taking in a worklist, having it stored, stopping and going on."""

import hashlib
import zlib
from typing import Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from coverage_app.models import Upload
from coverage_app.services import jobs
from coverage_app.services.audit import By, record

from .limits import limits
from .reading import CSV, JSON_LINES, XLSX
from .working import run_upload

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BY_NAME = {".csv": CSV, ".txt": CSV, ".xlsx": XLSX, ".xlsm": XLSX, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES}


class UploadFault(Exception):
    """Why a worklist is not taken, or not stored, in plain words."""


class StoredBefore(UploadFault):
    """The same file was stored before, as ``earlier``; it is stored again only on purpose."""

    def __init__(self, earlier: Upload) -> None:
        self.earlier = earlier
        super().__init__(f"The same file was stored before: {earlier}.")


class SentFile(Protocol):
    """A file as a browser sends it."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, length: int, /) -> bytes: ...


@transaction.atomic
def receive(*, file: SentFile, by: AbstractBaseUser, json_lines: bool = False, in_line: bool = True) -> Upload:
    """Take a worklist in and have it checked by the next free worker; without ``in_line`` by whoever calls
    ``carry_out``. JSON Lines only where they are asked for. Raises UploadFault."""
    name = _clean(file.name or "worklist")
    content = _content(file)
    upload = Upload(name=name, form=_form(name, content, json_lines), size=len(content))
    upload.content = zlib.compress(content, 1)
    upload.checksum = hashlib.sha256(content).hexdigest()
    upload.asked_by_id = by.pk
    upload.heartbeat_at = timezone.now()
    upload.save()
    if in_line:
        jobs.put_in_line(run=upload, task=run_upload)
    detail = {"name": name, "checksum": upload.checksum, "size": upload.size}
    record(by=by, action="upload", subject=upload, detail=detail)
    return upload


def _clean(name: str) -> str:
    """The file's name on one line, fit for pages and messages."""
    line = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)[:120] or "worklist"


def _content(file: SentFile) -> bytes:
    most = limits()
    content = file.read(most.size + 1) if (file.size or 0) <= most.size else b" " * (most.size + 1)
    if len(content) > most.size:
        raise UploadFault(f"The file is larger than {most.megabytes} megabytes. Split it, and upload the parts.")
    if not content:
        raise UploadFault("The file is empty.")
    return content


def _form(name: str, content: bytes, json_lines: bool) -> str:
    """By what the file begins with, then by its name."""
    if content.startswith((_ZIP, _OLD)):
        return XLSX
    suffix = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    form = _BY_NAME.get(suffix, CSV)
    if form == XLSX:
        raise UploadFault("The file is named as a workbook and is none. Save it as .xlsx, or as CSV, and upload that.")
    if form == JSON_LINES and not json_lines:
        raise UploadFault("A worklist is a CSV or an XLSX file.")
    return form


@transaction.atomic
def store(*, upload: Upload, by: AbstractBaseUser, again: bool = False, in_line: bool = True) -> Upload:
    """Have a checked worklist stored by the next free worker, as cases of ``by``. Raises UploadFault where it is not
    checked, faulty, or being stored already; StoredBefore for the same file, unless ``again`` says so."""
    same = Upload.objects.select_for_update(of=("self",)).filter(checksum=upload.checksum).order_by("pk")
    stored = next(each for each in list(same) if each.pk == upload.pk)
    if stored.step == Upload.Step.STORE:
        raise UploadFault("It is being stored already, or was.")
    if not is_ready(stored):
        raise UploadFault("Only a worklist that was checked and has no fault is stored.")
    earlier = same_file(stored)
    if earlier and earlier.step != Upload.Step.STORE:
        earlier = None
    if earlier and not again:
        raise StoredBefore(earlier)
    stored.step, stored.checkpoint, stored.done, stored.total = Upload.Step.STORE, 0, 0, stored.rows
    stored.status, stored.ended_at, stored.fault, stored.asked_by_id = Upload.Status.WAITING, None, "", by.pk
    stored.heartbeat_at = timezone.now()
    stored.save()
    if in_line:
        jobs.put_in_line(run=stored, task=run_upload)
    detail = {"rows": stored.rows} | ({"again": earlier.pk} if earlier else {})
    record(by=by, action="store", subject=stored, detail=detail)
    return stored


def has_faults(upload: Upload) -> bool:
    """Whether the check found anything wrong."""
    return bool(upload.faulty) or any("message" in each for each in upload.faults)


def is_ready(upload: Upload) -> bool:
    """Whether it is checked, without a fault, and not stored."""
    checked = upload.step == Upload.Step.CHECK and upload.status == Upload.Status.DONE
    return checked and upload.rows > 0 and not has_faults(upload)


def same_file(upload: Upload) -> Upload | None:
    """Another upload of the same file: one that is stored, or being stored, before one that is not. One query."""
    same = Upload.objects.filter(checksum=upload.checksum).exclude(pk=upload.pk)
    return same.select_related("asked_by").order_by("-step", "-pk").first()


@transaction.atomic
def cancel(*, upload: Upload, by: By) -> bool:
    """Stop what is going on; what is stored stays. False where it had ended already."""
    if not jobs.cancel(run=upload):
        return False
    record(by=by, action="cancel", subject=upload, detail={"step": upload.step})
    return True


@transaction.atomic
def resume(*, upload: Upload, by: AbstractBaseUser, in_line: bool = True) -> bool:
    """Go on where it was stopped, or where it failed. False where there is nothing to go on with."""
    stored = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if stored.status not in (Upload.Status.CANCELLED, Upload.Status.FAILED):
        return False
    Upload.objects.filter(pk=stored.pk).update(
        status=Upload.Status.WAITING, ended_at=None, fault="", heartbeat_at=timezone.now()
    )
    stored.refresh_from_db(fields=["status"])
    if in_line:
        jobs.put_in_line(run=stored, task=run_upload)
    record(by=by, action="resume", subject=stored, detail={"step": stored.step})
    return True
