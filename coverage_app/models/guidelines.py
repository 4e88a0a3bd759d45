"""Guideline rows: what a society's guideline says of one site. Information only, never a payer's verdict."""

from django.db import models
from django.db.models import Q

from .provisions import PartOfEdition


class GuidelineRow(PartOfEdition):
    """One row of a guideline's table. Within it the first statement that is met gives the stance."""

    code = models.SlugField("id", max_length=60)
    title = models.CharField(max_length=120)
    version = models.CharField(max_length=30)
    category = models.CharField(max_length=30)
    sites = models.JSONField(help_text='The sites that it applies to, e.g. ["colon", "rectum"].')
    quote = models.TextField(help_text="The recommendation, whole and verbatim.")
    locator = models.CharField(max_length=200)
    citation = models.TextField(blank=True, help_text="The society's own publication, as the source cites it.")
    note = models.TextField(blank=True)

    class Meta(PartOfEdition.Meta):
        constraints = [models.UniqueConstraint(name="row_code_once_an_edition", fields=["edition", "code"])]

    def __str__(self) -> str:
        return self.code


class GuidelineStatement(models.Model):
    """Criteria and the stance that the row takes when they are the first to be met."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Option: may be considered"
        CONDITIONAL = "conditional", "Option under conditions"
        ADVISES_AGAINST = "advises_against", "Advises against"
        NOT_ADDRESSED = "not_addressed", "Not addressed"

    row = models.ForeignKey(GuidelineRow, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveIntegerField(default=0)
    criteria = models.TextField()
    stance = models.CharField(max_length=20, choices=Stance.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="statement_stance_known",
                condition=Q(stance__in=["supports", "conditional", "advises_against", "not_addressed"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.criteria} → {self.stance}"
