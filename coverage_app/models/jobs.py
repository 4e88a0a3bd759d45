"""What every kind of background job keeps of itself, so that a run outlives the worker that carried it."""

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One run of a background job: how far it has come, and when its worker was last heard of.

    ``attempts`` counts the workers that took it up; each writes only while it is still the last of them.
    ``checkpoint`` says in the job's own count what is done for good.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    OPEN = (Status.WAITING, Status.RUNNING)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    task = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="How many there are to look at.")
    done = models.PositiveIntegerField(default=0, help_text="How many were looked at.")
    checkpoint = models.BigIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fault = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.status in self.OPEN
