"""An organization's own templates of letters."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class LetterTemplate(models.Model):
    """A letter's template as a DOCX file; the newest of a kind is used, an empty one means the supplied template.

    It never changes (a trigger refuses it): a letter can be told from the template that it was written with.
    """

    class Kind(models.TextChoices):
        NECESSITY = "necessity", "Letter of medical necessity"
        APPEAL = "appeal", "Appeal letter"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-pk"]
        constraints = [
            models.CheckConstraint(name="letter_kind_known", condition=Q(kind__in=["necessity", "appeal"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
