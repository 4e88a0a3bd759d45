"""The fields under an answer: in which document of the chart it stands."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from coverage_app.models import Evidence
from coverage_app.rules.vocabulary import AnswerError, Vocabulary
from coverage_app.services.evidence import EARLIEST, LIMITS, EvidenceFault, Noted, check_day, check_words
from coverage_app.services.evidence_notes import EvidenceNote

NO_DOCUMENT = "No document noted"


def prefix_of(fact: str) -> str:
    return f"chart-{fact}"


def _checked(check: Callable[..., Any], *given: Any) -> Any:
    """The service's own check, its fault as a form's."""
    try:
        return check(*given)
    except EvidenceFault as fault:
        raise forms.ValidationError(str(fault)) from fault


class EvidenceForm(forms.Form):
    """Kind of document, its date, page or section, and a short note, for one answer of one question.

    ``answer`` (a code, or a number as text) comes along unseen: what is noted counts for that answer alone.
    """

    kind = forms.ChoiceField(
        label="Document", choices=[("", NO_DOCUMENT), *Evidence.DocumentType.choices], required=False
    )
    dated = forms.DateField(
        label="Date",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "min": EARLIEST.isoformat()}, format="%Y-%m-%d"),
    )
    place = forms.CharField(label="Page or section", required=False)
    note = forms.CharField(label="Note", required=False)
    answer = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, fact: str, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=prefix_of(fact))
        for name in ("place", "note"):
            self.fields[name].widget.attrs |= {"maxlength": LIMITS[name]}
        for name in ("kind", "dated", "place", "note"):
            attrs = {"autocomplete": "off", "class": "form-select" if name == "kind" else "form-control"}
            self.fields[name].widget.attrs |= attrs
            self.fields[name].label_suffix = ""

    @property
    def seen(self) -> list[forms.BoundField]:
        """The fields that are shown, those with an error marked."""
        shown = [self[name] for name in ("kind", "dated", "place", "note")]
        for field in shown if self.is_bound else ():
            if field.errors:
                field.field.widget.attrs["aria-invalid"] = "true"
        return shown

    @property
    def faults(self) -> list[str]:
        """What is wrong, in sentences that name the field."""
        return [f"{field.label}: {error}" for field in self.seen for error in field.errors] if self.is_bound else []

    def clean_dated(self) -> dt.date | None:
        day: dt.date | None = _checked(check_day, self.cleaned_data["dated"])
        return day

    def clean_place(self) -> str:
        return str(_checked(check_words, "place", self.cleaned_data["place"]))

    def clean_note(self) -> str:
        return str(_checked(check_words, "note", self.cleaned_data["note"]))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        written = any(str(self[name].value() or "").strip() for name in ("dated", "place", "note"))
        if written and found.get("kind") == "":
            self.add_error("kind", "Choose the kind of document; the rest is saved with it.")
        return found

    def noted(self, stored: EvidenceNote | None) -> Noted | None:
        """What is right of it; in place of what is wrong stands what is stored. None where nothing can be saved."""
        self.is_valid()
        found = self.cleaned_data
        if "kind" not in found or "answer" not in found:
            return None
        kept = stored if stored and stored.answer == found["answer"] else Noted(found["answer"])
        return Noted(
            answer=found["answer"],
            kind=found["kind"],
            dated=found.get("dated", kept.dated),
            place=found.get("place", kept.place),
            note=found.get("note", kept.note),
        )


def posted_forms(data: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, EvidenceForm]:
    """The forms that a page sent, by fact; one for an answer that is no answer is left out."""
    found = {}
    for fact in vocabulary:
        sent = data.get(f"{prefix_of(fact.code)}-answer")
        if not sent:
            continue
        try:
            ProhibitNullCharactersValidator()(sent)
            fact.check(sent)
        except (AnswerError, forms.ValidationError):
            continue
        found[fact.code] = EvidenceForm(fact.code, data)
    return found
