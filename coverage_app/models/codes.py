"""The ICD-10-CM codes, filled at setup from the library that carries them."""

from django.db import models


class DiagnosisCode(models.Model):
    """An ICD-10-CM code; only a leaf of the classification is billable."""

    code = models.CharField(max_length=10, primary_key=True)
    description = models.CharField(max_length=300)
    billable = models.BooleanField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
