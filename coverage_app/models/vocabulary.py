"""The facts that policies speak of, and their values: data, so that an editor can add one without a release."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

CODE = RegexValidator(
    r"^(?!(?:and|or|not|is|in|always)\Z)[a-z][a-z0-9_]*\Z",
    "Lower-case letters, digits and underscores, a letter first; not a word of the criteria language.",
)


class Fact(models.Model):
    """One thing that a policy may ask about a case: a choice, a yes/no or a number.

    ``code`` stands in criteria, files and stored cases and never changes (a trigger refuses it).
    """

    class Kind(models.TextChoices):
        CHOICE = "choice", "Choice"
        YES_NO = "yes_no", "Yes or no"
        NUMBER = "number", "Number"

    class Section(models.TextChoices):
        DISEASE = "disease", "Disease"
        SURGERY = "surgery", "Surgery and radiation"
        PAYER = "payer", "What this payer also asks"

    class Nature(models.TextChoices):
        FIXED = "fixed", "Is what it is"
        DOCUMENTATION = "documentation", "Documentation can still establish it"
        PLAN = "plan", "Part of the treatment plan"

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    position = models.PositiveIntegerField(help_text="Questions are asked in this order.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    section = models.CharField(max_length=10, choices=Section.choices, default=Section.PAYER)
    core = models.BooleanField(default=False, help_text="Asked in every case.")
    nature = models.CharField(max_length=15, choices=Nature.choices, default=Nature.DOCUMENTATION)
    fixed_when = models.TextField(
        blank=True, help_text="Criteria. When they are met, the answer is final and cannot be changed by documentation."
    )
    label = models.CharField(max_length=80)
    question = models.CharField(max_length=200)
    help = models.TextField(blank=True, help_text="How to answer.")
    unit = models.CharField(max_length=20, blank=True)
    least = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    greatest = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    step = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                name="fact_number_has_range",
                condition=(
                    Q(kind="number", least__isnull=False, greatest__isnull=False, step__isnull=False)
                    & Q(greatest__gt=F("least"), step__gt=0)
                    | (~Q(kind="number") & Q(least__isnull=True, greatest__isnull=True, step__isnull=True))
                ),
            ),
            models.CheckConstraint(name="fact_kind_known", condition=Q(kind__in=["choice", "yes_no", "number"])),
        ]

    def __str__(self) -> str:
        return self.label


class FactValue(models.Model):
    """One answer that a choice admits, or a group of them; ``broader`` names the value that it is narrower than."""

    class TCategories(models.TextChoices):
        YES = "", "Has T categories"
        NO = "no", "Has no T categories"
        UNKNOWN = "unknown", "Depends on the cancer"

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="values")
    code = models.CharField(max_length=40, validators=[CODE])
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=80)
    broader = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="narrower")
    group = models.BooleanField(
        default=False, help_text="Not an answer: written in criteria for all the values that are narrower than it."
    )
    help = models.TextField(blank=True)
    diagnosis_codes = models.JSONField(
        default=list, blank=True, help_text='For a site: the ICD-10-CM categories that fit it, e.g. ["C20", "C00-C14"].'
    )
    t_categories = models.CharField(
        max_length=10, choices=TCategories.choices, blank=True, default="", help_text="For a site only."
    )
    cpt = models.CharField("CPT code", max_length=5, blank=True, help_text="For a technique only.")

    class Meta:
        ordering = ["fact__position", "position", "code"]
        constraints = [models.UniqueConstraint(name="value_code_once_a_fact", fields=["fact", "code"])]

    def __str__(self) -> str:
        return self.label
