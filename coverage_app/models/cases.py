"""Cases, their answers, and the assessments frozen when a case is completed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .documents import Document, Edition
from .provisions import AuthorizationRule
from .vocabulary import Fact, FactValue


class Case(models.Model):
    """One case of a coordinator. ``version`` grows with each save, so that a stale save is noticed.

    ``verdict``, ``possible`` and ``missing`` repeat what the answers give, for the worklist alone. Without a date
    of service they speak of the day when they were noted, and hold until the payer's next edition is in force.
    ``outcome`` and ``differs`` repeat what the payer did last, and whether its decision is not what was read.
    ``amendment`` says why a closed case is open again, until it is completed.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        COMPLETED = "completed", "Completed"
        CLOSED = "closed", "Closed"

    reference = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    product = models.CharField(max_length=120, blank=True)
    setting = models.CharField(max_length=10, choices=AuthorizationRule.Setting.choices, blank=True)
    date_of_service = models.DateField(null=True, blank=True)
    diagnosis_code = models.CharField(max_length=10, blank=True)
    cpt_code = models.CharField(max_length=5, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    verdict = models.CharField(max_length=20, blank=True)
    possible = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    noted_until = models.DateField(null=True, blank=True, help_text="From this day on the verdict is to be noted anew.")
    title = models.CharField(max_length=200, blank=True)
    site = models.ForeignKey(FactValue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_to_review"
    )
    review_due = models.DateField(null=True, blank=True)
    amendment = models.CharField(max_length=200, blank=True)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    outcome = models.CharField(max_length=12, blank=True)
    differs = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at"]),
            models.Index(fields=["date_of_service"]),
            models.Index(fields=["verdict"]),
            models.Index(fields=["status", "review_due"]),
            models.Index(name="case_noted_until", fields=["noted_until"], condition=Q(noted_until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=["draft", "completed", "closed"])),
            models.CheckConstraint(name="case_setting_known", condition=Q(setting__in=["", "inpatient", "outpatient"])),
            models.CheckConstraint(
                name="completed_case_has_a_payer", condition=Q(status="draft") | Q(document__isnull=False)
            ),
            models.CheckConstraint(name="only_an_open_case_is_amended", condition=Q(status="draft") | Q(amendment="")),
        ]

    def __str__(self) -> str:
        return self.reference


class Answer(models.Model):
    """What a case answers to one fact. No row: not documented yet."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(FactValue, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    answered_at = models.DateTimeField(auto_now=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_answer_a_fact", fields=["case", "fact"]),
            models.CheckConstraint(
                name="answer_is_a_value_or_a_number",
                condition=Q(value__isnull=False, number__isnull=True) | Q(value__isnull=True, number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.fact}: {self.value or self.number}"


class Assessment(models.Model):
    """What a case's answers gave when it was completed, in full. It never changes (a trigger refuses it).

    ``why`` says why a case that was closed is assessed again, ``completed_by_name`` what its completer was called then.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=20)
    report = models.JSONField()
    checksum = models.CharField(max_length=64)
    why = models.CharField(max_length=200, blank=True)
    completed_at = models.DateTimeField()
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    completed_by_name = models.CharField(max_length=310, blank=True)

    class Meta:
        ordering = ["case", "-number"]
        constraints = [models.UniqueConstraint(name="assessment_number_once_a_case", fields=["case", "number"])]

    def __str__(self) -> str:
        return f"{self.case} · assessment {self.number}"

    @property
    def completer(self) -> str:
        """What its completer was called then."""
        return self.completed_by_name or str(self.completed_by)
