"""What an edition holds: provisions, authorization rules, listed codes and remarks."""

from django.db import models
from django.db.models import Q

from .documents import MONTH, Edition


class PartOfEdition(models.Model):
    """A numbered part of an edition; it changes only while the edition is a draft (triggers see to it)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Provision(PartOfEdition):
    """One rule of a payer's edition: the first, in order, whose criteria are met decides.

    ``ours`` lists the conditions of its criteria that the policy does not state; ``narrowed`` those that the policy
    states more widely than they are read, and ``stated`` those that it states as they are read, each with the
    policy's own words. A condition that none of them names is the policy's. ``reasons`` say why a case goes to
    review: the text of each whose criteria are met. ``asked_by_policy``: the policy itself asks for the review.
    """

    class Effect(models.TextChoices):
        CRITERIA_MET = "criteria_met", "Criteria met under this policy"
        INVESTIGATIONAL = "investigational", "Investigational"
        PHYSICIAN_REVIEW = "physician_review", "Physician review needed"
        GOVERNED_ELSEWHERE = "governed_elsewhere", "Check another policy first"
        NOT_ADDRESSED = "not_addressed", "Not addressed by this policy"

    code = models.CharField("id", max_length=20)
    criteria = models.TextField()
    effect = models.CharField(max_length=20, choices=Effect.choices)
    quote = models.TextField(help_text="Verbatim; parts left out as [...].")
    locator = models.CharField(max_length=200, help_text="The section that it stands in.")
    note = models.TextField(blank=True, help_text="How the sentence is read, in the desk's own words.")
    ours = models.JSONField(
        "conditions of ours",
        default=list,
        blank=True,
        help_text="Conditions that the policy does not state, one per line, as they are written in the criteria.",
    )
    narrowed = models.JSONField(
        "conditions read narrower",
        default=list,
        blank=True,
        help_text="Conditions narrower than the policy's own words: condition => policy's words, one per line.",
    )
    stated = models.JSONField(
        "conditions as stated",
        default=list,
        blank=True,
        help_text="Conditions in the policy's own words, for letters: condition => policy's words, one per line.",
    )
    reasons = models.JSONField(
        "reasons for review",
        default=list,
        blank=True,
        help_text="Why the text does not settle the case: criteria => reason, one per line.",
    )
    asked_by_policy = models.BooleanField(
        "the policy asks for the review",
        default=False,
        help_text="For physician review only: the policy's own text asks for a physician.",
    )

    class Meta(PartOfEdition.Meta):
        constraints = [
            models.UniqueConstraint(name="provision_code_once_an_edition", fields=["edition", "code"]),
            models.CheckConstraint(
                name="review_asked_by_policy_is_a_review",
                condition=Q(asked_by_policy=False) | Q(effect="physician_review"),
                violation_error_message="Only a provision that gives physician review can be asked for by the policy.",
            ),
            models.CheckConstraint(
                name="provision_effect_known",
                condition=Q(
                    effect__in=[
                        "criteria_met", "investigational", "physician_review", "governed_elsewhere", "not_addressed"
                    ]
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class AuthorizationRule(PartOfEdition):
    """Whether authorization is required, by product (blank: all) and setting."""

    class Setting(models.TextChoices):
        INPATIENT = "inpatient", "Inpatient"
        OUTPATIENT = "outpatient", "Outpatient"

    class Rule(models.TextChoices):
        REQUIRED = "required", "Required"
        NOT_REQUIRED = "not_required", "Not required"

    product = models.CharField(max_length=120, blank=True)
    setting = models.CharField(max_length=10, choices=Setting.choices)
    rule = models.CharField(max_length=15, choices=Rule.choices)
    quote = models.TextField()
    locator = models.CharField(max_length=200)

    class Meta(PartOfEdition.Meta):
        constraints = [
            models.UniqueConstraint(
                name="authorization_once_a_product_and_setting", fields=["edition", "product", "setting"]
            ),
            models.CheckConstraint(
                name="authorization_known",
                condition=Q(setting__in=["inpatient", "outpatient"], rule__in=["required", "not_required"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product or 'All products'}, {self.setting}: {self.get_rule_display().lower()}"


class ListedCode(PartOfEdition):
    """A code that an edition lists. Listed is never covered; not listed is a warning."""

    class System(models.TextChoices):
        CPT = "cpt", "CPT"
        ICD10PCS = "icd10pcs", "ICD-10-PCS"
        ICD10CM = "icd10cm", "ICD-10-CM"

    system = models.CharField(max_length=10, choices=System.choices)
    code = models.CharField(max_length=10)
    description = models.CharField(max_length=200, help_text="For CPT in own words: its descriptors are the AMA's.")
    sites = models.JSONField(default=list, blank=True)

    class Meta(PartOfEdition.Meta):
        constraints = [
            models.UniqueConstraint(name="listed_code_once_an_edition", fields=["edition", "system", "code"]),
            models.CheckConstraint(
                name="listed_code_system_known", condition=Q(system__in=["cpt", "icd10pcs", "icd10cm"])
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Remark(PartOfEdition):
    """What else an edition says, or what we say of it, and when it is shown.

    It is shown for the ``sites`` and ``effects`` that it names (none: all) and when its ``criteria`` are met.
    """

    class Kind(models.TextChoices):
        EXCERPT = "excerpt", "Passage around the provisions"
        READING = "reading", "How it is read"
        BENEFIT = "benefit", "Benefit"
        FREQUENCY = "frequency", "Frequency"
        DOCUMENTS = "documents", "Documents to send"
        RELATED_POLICY = "related_policy", "Related policy"
        MEDICARE = "medicare", "Medicare"
        FDA = "fda", "FDA"
        DISCLAIMER = "disclaimer", "Disclaimer"
        HISTORY = "history", "History"
        EVIDENCE = "evidence", "Evidence summary"
        PRODUCTS = "products", "Products"
        CODE_RULE = "code_rule", "Rule for codes"
        MISPRINT = "misprint", "Misprint"
        INDICATOR = "indicator", "Billing indicator"
        BACKGROUND = "background", "Background"
        OPENING = "opening", "Opening"
        CONTEXT = "context", "Context"

    class Statement(models.TextChoices):
        NOT_SAID = "", "Does not say"
        NEW = "new", "New policy"
        CHANGED = "changed", "Statement changed"
        UNCHANGED = "unchanged", "Statement unchanged"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120, blank=True)
    sites = models.JSONField(default=list, blank=True)
    effects = models.JSONField(default=list, blank=True)
    criteria = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    text = models.TextField(blank=True)
    locator = models.CharField(max_length=200, blank=True)
    dated = models.CharField(
        max_length=7, blank=True, validators=[MONTH], help_text="YYYY-MM: of a history entry, or of what context says."
    )
    statement = models.CharField(
        max_length=10, choices=Statement.choices, blank=True, default="", help_text="For a history entry only."
    )

    class Meta(PartOfEdition.Meta):
        constraints = [
            models.CheckConstraint(
                name="remark_statement_known",
                condition=Q(statement="") | Q(kind="history", statement__in=["new", "changed", "unchanged"]),
                violation_error_message="Only a history entry says what became of the policy statement.",
            ),
            models.CheckConstraint(
                name="remark_says_something",
                condition=~Q(quote="") | ~Q(text=""),
                violation_error_message="A remark needs a quote or a text.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
