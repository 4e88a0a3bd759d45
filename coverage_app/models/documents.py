"""Documents (a payer's policy, a society's guideline, a reference page) and their editions."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

DOCUMENT_CODE = RegexValidator(r"^[a-z][a-z0-9-]*\Z", "Lower-case letters, digits and hyphens, a letter first.")
MONTH = RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])\Z", "A month as YYYY-MM.")


class Document(models.Model):
    """A policy, guideline or reference page, whatever its edition."""

    class Kind(models.TextChoices):
        PAYER_POLICY = "payer_policy", "Payer policy"
        GUIDELINE = "guideline", "Guideline"
        CODING = "coding", "Coding reference"
        BACKGROUND = "background", "Background"

    code = models.CharField(max_length=40, unique=True, validators=[DOCUMENT_CODE])
    kind = models.CharField(max_length=15, choices=Kind.choices)
    short_name = models.CharField(max_length=60)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    letters_to = models.CharField(
        max_length=200, blank=True, help_text="The plan that letters are addressed to. Leave blank for the publisher."
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="document_kind_known",
                condition=Q(kind__in=["payer_policy", "guideline", "coding", "background"]),
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    def clean(self) -> None:
        """A document is exported by its code: one word stands for the facts there."""
        if self.code == "vocabulary":
            raise ValidationError({"code": "This word stands for the facts: choose another code."})


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, by how far they have come."""

    def on_file(self) -> "EditionQuerySet":
        """Those that were ever published, withdrawn ones included: what a date of service can meet."""
        return self.filter(status__in=Edition.ON_FILE)


class Edition(models.Model):
    """One text of a document, in force from a day until the next published start of its document.

    draft → in review → published → withdrawn; in review it may be sent back. Once in review its content stands
    still, once published only ``status`` can change; triggers refuse the rest. It is published by another person
    than the one who edited it last. Superseded is a published edition that another has followed: no column says
    so. A withdrawn edition leaves a gap: its dates have no edition, never the older text.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Basis(models.TextChoices):
        STATED = "stated", "The day is stated"
        MONTH = "month", "Only the month or year is stated"
        HISTORY = "history", "Taken from the newest history entry"

    ON_FILE = (Status.PUBLISHED, Status.WITHDRAWN)

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    in_force = models.DateField(help_text="First day in force, inclusive.")
    in_force_basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.STATED)
    in_force_note = models.TextField(blank=True)
    last_reviewed = models.CharField(max_length=7, blank=True, validators=[MONTH])
    original = models.CharField(max_length=7, blank=True, validators=[MONTH])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    vocabulary = models.JSONField(null=True, blank=True, editable=False, help_text="Frozen when published.")
    started_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["document__code", "-in_force"]
        constraints = [
            models.UniqueConstraint(
                name="one_published_edition_a_start", fields=["document", "in_force"], condition=Q(status="published")
            ),
            models.CheckConstraint(
                name="edition_status_known",
                condition=Q(status__in=["draft", "in_review", "published", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="published_edition_is_frozen",
                condition=Q(status__in=["draft", "in_review"])
                | Q(vocabulary__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="published_by_another_than_the_last_editor",
                condition=Q(status__in=["draft", "in_review"])
                | Q(edited_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("edited_by")),
            ),
        ]

    def __str__(self) -> str:
        if not self.in_force:
            return str(self.document)
        return f"{self.document} · {self.in_force.day} {self.in_force:%b %Y}"

    @property
    def is_on_file(self) -> bool:
        """Whether it was ever published."""
        return self.status in self.ON_FILE


class EditionUse(models.Model):
    """A fact, or a value of it, that an edition's criteria name: what is used cannot be removed."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="uses")
    fact = models.ForeignKey("Fact", on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey("FactValue", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="edition_use_once", fields=["edition", "fact", "value"])]

    def __str__(self) -> str:
        return f"{self.edition} uses {self.fact}{f' is {self.value}' if self.value else ''}"
