"""E-mails of notices that were sent, so that nobody gets one twice."""

from django.conf import settings
from django.db import models


class NoticeMail(models.Model):
    """That one person was told by e-mail what is due on one day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(name="one_mail_a_day", fields=["user", "day"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
