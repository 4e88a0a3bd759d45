"""The form that begins a new edition."""

from typing import Any

from django import forms
from django.utils import timezone

from coverage_app.models import Document, Edition
from coverage_app.services.edition_days import standing_on, to_copy

from ..fields import Area, TextField


class NewEdition(forms.Form):
    """Of which document, from which day on, and why."""

    document = forms.ModelChoiceField(Document.objects.all(), empty_label="Choose a document")
    in_force = forms.DateField(
        label="First day in force",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="It can still be changed in the draft.",
    )
    why = TextField(label="Why", required=False, max_length=2_000, widget=Area(2), help_text="May stay empty.")

    def about(self) -> dict[str, Any]:
        """What is known of the chosen document: what the draft will be a copy of, and which are under way."""
        document = self._document()
        if document is None:
            return {"document": None}
        under_way = document.editions.filter(status__in=[Edition.Status.DRAFT, Edition.Status.IN_REVIEW])
        today = timezone.localdate()
        source = to_copy(document, today)
        return {
            "document": document,
            "source": source,
            "in_force_today": source is not None and standing_on(source, today) == "in_force",
            "under_way": list(under_way.select_related("document")),
        }

    def _document(self) -> Document | None:
        chosen = str(self["document"].value() or "")
        if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 18:
            return None
        return Document.objects.filter(pk=chosen).first()
