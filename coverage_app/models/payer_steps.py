"""What happened at the payer: submitted, decided, talked over, appealed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .cases import Assessment


class PayerStep(models.Model):
    """One step of an authorization at the payer, with the assessment that was submitted.

    It never changes; one entered in error is struck, once, with the reason (a trigger refuses everything else).
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        PEER_TO_PEER = "peer_to_peer", "Peer-to-peer"
        APPEALED = "appealed", "Appealed"
        APPEAL_WON = "appeal_won", "Approved on appeal"
        APPEAL_LOST = "appeal_lost", "Denied on appeal"

    class Reason(models.TextChoices):
        INVESTIGATIONAL = "investigational", "Investigational or experimental"
        NOT_NECESSARY = "not_necessary", "Not medically necessary"
        CRITERIA = "criteria", "The policy's criteria are not met"
        DOCUMENTATION = "documentation", "Documentation missing"
        NO_AUTHORIZATION = "no_authorization", "Authorization not asked for in time"
        CODING = "coding", "Coding"
        BENEFIT = "benefit", "Not a benefit of the plan"
        ELIGIBILITY = "eligibility", "Patient not eligible"
        OTHER = "other", "Other"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="payer_steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_on = models.DateField()
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    reference = models.CharField(max_length=60, blank=True, help_text="The payer's own number.")
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["happened_on", "pk"]
        indexes = [models.Index(fields=["happened_on"])]
        constraints = [
            models.CheckConstraint(
                name="payer_step_known",
                condition=Q(kind__in=[
                    "submitted", "approved", "denied", "peer_to_peer", "appealed", "appeal_won", "appeal_lost"
                ]),
            ),
            models.CheckConstraint(
                name="a_denial_has_a_reason",
                condition=(Q(kind__in=["denied", "appeal_lost"]) & ~Q(reason=""))
                | (~Q(kind__in=["denied", "appeal_lost"]) & Q(reason="")),
            ),
            models.CheckConstraint(
                name="struck_by_somebody_for_a_reason",
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_why="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_kind_display()}, {self.happened_on}"
