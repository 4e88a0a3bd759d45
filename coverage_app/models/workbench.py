"""What policy editors keep beside an edition: its states, source texts, golden cases, accepted findings, reviews."""

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q

from .documents import Document, Edition


class EditionState(models.Model):
    """An edition as it stood after one step: who, when, what, why. Never changed and never removed.

    ``content`` is the edition in the form of the files, from which it can be restored as a new draft. There is no
    foreign key to the edition: its states outlive a draft that is deleted.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="states")
    edition_number = models.BigIntegerField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    why = models.TextField(blank=True)
    content = models.TextField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["edition_number", "-number"]
        constraints = [
            models.UniqueConstraint(name="edition_state_number_once", fields=["edition_number", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.document} · state {self.number}"


class SourceText(models.Model):
    """The text of the document that an edition was read from. The newest of an edition counts; none is changed."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Of the file, in bytes.")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    text = models.TextField()
    text_checksum = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    stored_at = models.DateTimeField(auto_now_add=True)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["edition", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.edition}"


class GoldenCase(models.Model):
    """A named case with the verdict that a document has to give it, and why.

    It stands with the edition that brought it in, and holds for the later editions of the document until one of
    them brings another expectation under the same name, or retires it. ``row`` names a guideline's row, whose
    stance is then expected instead of a verdict.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="goldencases")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200)
    row = models.CharField(max_length=60, blank=True)  # as long as a row's id can be
    answers = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="golden_case_name_once_an_edition", fields=["edition", "name"]),
            models.CheckConstraint(
                name="golden_case_expects_something",
                condition=Q(retired=True) | ~Q(verdict=""),
                violation_error_message="A golden case that holds expects a verdict.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Acceptance(models.Model):
    """A finding on an edition that an editor has looked at and lets stand, with the reason.

    ``key`` says what was found in terms of its content, so that it is another once that content changes.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="acceptances")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    reason = models.TextField(validators=[MinLengthValidator(3)])
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(name="finding_accepted_once", fields=["edition", "key"]),
            models.CheckConstraint(name="acceptance_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.edition}"


class EditionReview(models.Model):
    """That an editor has compared an edition with the payer's current text. Never changed and never removed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["edition", "-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} reviewed on {self.on.day} {self.on:%b %Y}"
