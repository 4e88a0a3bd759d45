"""Worklists uploaded as a file: the file, its rows, and the case that each row became."""

from django.db import models
from django.db.models import Q

from .cases import Case
from .jobs import Job


class Uploads(models.Manager["Upload"]):
    """Uploads without their files, which are read piece by piece where they are needed."""

    def get_queryset(self) -> models.QuerySet["Upload"]:
        return super().get_queryset().defer("content")


class Upload(Job):
    """One uploaded worklist. First its rows are checked (``step`` "check"), then, once somebody says so, stored.

    ``rows`` and ``faulty`` count what the check found; a file with a faulty row stores nothing. ``content`` is the
    file, compressed by zlib, and emptied once the rows are read. The job's own count speaks of the present step.
    """

    class Step(models.TextChoices):
        CHECK = "check", "Checking"
        STORE = "store", "Storing"

    step = models.CharField(max_length=5, choices=Step.choices, default=Step.CHECK)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON Lines")])
    content = models.BinaryField(null=True)
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list, help_text="What is wrong with the file as a whole, or with its columns.")
    stored_at = models.DateTimeField(null=True, blank=True)

    objects = Uploads()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["checksum"])]
        constraints = [
            models.CheckConstraint(
                name="upload_status_known",
                condition=Q(status__in=["waiting", "running", "done", "cancelled", "failed"]),
            ),
            models.CheckConstraint(name="upload_step_known", condition=Q(step__in=["check", "store"])),
        ]

    def __str__(self) -> str:
        return f"Upload {self.pk}: {self.name}"


class UploadRow(models.Model):
    """One row of an uploaded worklist, as read: what it says of the case, or what is wrong with it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="all_rows")
    line = models.PositiveIntegerField(help_text="Where it stands in the file, the header being line 1.")
    cells = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    faulty = models.BooleanField(default=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="upload_row")

    class Meta:
        ordering = ["upload", "line"]
        constraints = [
            models.UniqueConstraint(name="upload_line_once", fields=["upload", "line"]),
            models.CheckConstraint(name="a_faulty_row_is_no_case", condition=Q(faulty=False) | Q(case__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.upload}, line {self.line}"
