"""On what an answer of a case rests: a document of the chart, named and never stored."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .cases import Case
from .vocabulary import Fact


class Evidence(models.Model):
    """The document that an answer was read from. ``answer`` is the value's code or the number it was noted for.

    It counts only while that is the case's answer: a document that says "close" does not carry "positive". It is kept,
    and counts again if the answer returns.
    """

    class DocumentType(models.TextChoices):
        PATHOLOGY = "pathology", "Pathology report"
        FROZEN_SECTION = "frozen_section", "Frozen section report"
        OPERATIVE = "operative", "Operative report"
        IMAGING = "imaging", "Imaging report"
        CONSULTATION = "consultation", "Consultation note"
        TUMOR_BOARD = "tumor_board", "Tumor board note"
        RADIATION = "radiation", "Radiation treatment summary"
        TRIAL = "trial", "Trial protocol or enrollment"
        OTHER = "other", "Other document"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=60)
    document_type = models.CharField(max_length=20, choices=DocumentType.choices)
    dated = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=60, blank=True, help_text="Page or section.")
    note = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField(auto_now=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["case", "fact"]
        constraints = [
            models.UniqueConstraint(name="evidence_once_an_answer", fields=["case", "fact"]),
            models.CheckConstraint(
                name="evidence_of_a_known_kind",
                condition=Q(document_type__in=[
                    "pathology", "frozen_section", "operative", "imaging", "consultation", "tumor_board", "radiation",
                    "trial", "other",
                ]),
            ),
            models.CheckConstraint(name="evidence_for_an_answer", condition=~Q(answer="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case} · {self.fact}: {self.get_document_type_display()}"
