"""What an edition in the making would change for the stored cases, and what people are told afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .cases import Case
from .documents import Edition
from .jobs import Job


class ImpactRun(Job):
    """One run over the stored cases of an edition's document; its checkpoint is the number of the last case done.

    ``content`` is the checksum of what was run: once that is edited the run is out of date.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="impact_runs")
    content = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="impact_status_known",
                condition=Q(status__in=["waiting", "running", "done", "cancelled", "failed"]),
            ),
            models.UniqueConstraint(
                name="one_impact_run_at_a_time", fields=["edition"], condition=Q(status__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"Impact of {self.edition}"


class ImpactChange(models.Model):
    """A stored case that would get another verdict."""

    run = models.ForeignKey(ImpactRun, on_delete=models.CASCADE, related_name="changes")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)

    class Meta:
        ordering = ["run", "case"]
        constraints = [
            models.UniqueConstraint(name="impact_change_once_a_case", fields=["run", "case"]),
            models.CheckConstraint(name="impact_change_changes", condition=~Q(before=F("after"))),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.before} → {self.after}"


class PolicyNotice(models.Model):
    """Tells who works on a case that an edition, published, withdrawn or begun since, gives it another verdict."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="policy_notices")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["case", "-pk"]

    def __str__(self) -> str:
        return f"{self.case}: {self.before} → {self.after}"


class NoticeSeen(models.Model):
    """Somebody has seen a notice and set it aside."""

    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="seen")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_seen_once_a_person", fields=["notice", "by"])]

    def __str__(self) -> str:
        return f"{self.notice}, seen by {self.by}"
