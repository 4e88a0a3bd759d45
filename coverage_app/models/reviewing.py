"""What a reviewer decides of a completed case."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .cases import Assessment


class CaseReview(models.Model):
    """One reviewer's decision on one assessment; it never changes (a trigger refuses it).

    An override stands beside the assessment and never rewrites it: ``verdict`` is the reviewer's own.
    """

    class Decision(models.TextChoices):
        AGREED = "agreed", "Agreed"
        OVERRIDDEN = "overridden", "Overridden"
        SENT_BACK = "sent_back", "Sent back"

    class Reason(models.TextChoices):
        READING = "reading", "The policy's sentence is to be read otherwise"
        OTHER_POLICY = "other_policy", "Another policy or a benefit rule governs"
        CHART = "chart", "The chart says more than the questions ask"
        PAYER = "payer", "The payer has said otherwise"
        CLINICAL = "clinical", "Clinical judgment"

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    verdict = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    comment = models.TextField(max_length=2000, blank=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="review_decides_one_way",
                condition=Q(decision="agreed", verdict="", reason="")
                | (Q(decision="overridden") & ~Q(verdict="") & ~Q(reason="") & ~Q(comment=""))
                | (Q(decision="sent_back", verdict="", reason="") & ~Q(comment="")),
            ),
            models.CheckConstraint(name="nobody_reviews_their_own_case", condition=~Q(by=F("completed_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_decision_display()}"
