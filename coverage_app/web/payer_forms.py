"""The forms about payers: the next step of an authorization, striking one, what the Insight page looks at."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from coverage_app.models import Document, PayerStep
from coverage_app.services.insight import Chosen
from coverage_app.services.payer_outcome import DENIALS, Kind
from coverage_app.services.payer_steps import EARLIEST
from coverage_app.services.report.words import day
from coverage_app.web.forms import LATEST, PLAIN


def _limit(name: str) -> int:
    field = PayerStep._meta.get_field(name)
    assert isinstance(field, models.CharField)  # for the type checker
    return field.max_length or 0


class DayField(forms.DateField):
    """One day, from the browser's own calendar."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
        super().__init__(label=label, input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class Line(forms.CharField):
    """One line of text that may be left out."""

    def __init__(self, label: str, limit: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
        super().__init__(label=label, max_length=limit, validators=[PLAIN], widget=widget, **kwargs)


class StepForm(forms.Form):
    """The next step, one of ``kinds``, on ``first`` or later. A reason counts for a denial alone."""

    kind = forms.ChoiceField(
        label="What happened", widget=forms.RadioSelect, error_messages={"required": "Choose what happened."}
    )
    happened_on = DayField("On", error_messages={"required": "Give the day.", "invalid": "Give a day."})
    reason = forms.ChoiceField(
        label="The payer’s reason",
        choices=[("", "Choose the reason"), *PayerStep.Reason.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reference = Line("The payer’s reference", _limit("reference"), required=False)
    comment = Line("Comment", _limit("comment"), required=False, help_text="No names: it is stored.")

    def __init__(self, *args: Any, kinds: Sequence[Kind], first: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds, self.first = kinds, first
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # for the type checker
        field.choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["happened_on"].widget.attrs |= {
            "max": timezone.localdate().isoformat(),
            "min": (first or EARLIEST).isoformat(),
        }
        for name in self.errors if self.is_bound else ():
            if name in self.fields and name != "kind":
                self.fields[name].widget.attrs["class"] += " is-invalid"

    @property
    def denials(self) -> bool:
        """Whether a denial can be chosen."""
        return any(kind in DENIALS for kind in self.kinds)

    def clean_happened_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["happened_on"]
        if on > timezone.localdate():
            raise forms.ValidationError("That day is still to come.")
        if on < (self.first or EARLIEST):
            raise forms.ValidationError(f"The step before it was on {day(self.first)}." if self.first else "Too early.")
        return on

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("kind")
        if kind not in DENIALS:
            self.cleaned_data["reason"] = ""  # the field is not on view: what was chosen there first is left aside
            self.errors.pop("reason", None)
        elif not self.cleaned_data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Choose the payer’s reason: a denial has one.")
        return self.cleaned_data


class StrikeForm(forms.Form):
    """Why a step is struck."""

    why = Line("Why is it struck?", _limit("struck_why"), error_messages={"required": "Say why."})


class InsightForm(forms.Form):
    """Which payer, and which days."""

    payer = forms.ChoiceField(label="Payer", required=False, widget=forms.Select(attrs={"class": "form-select"}))
    since = DayField("Decided from", required=False)
    until = DayField("Decided to", required=False)

    def __init__(self, *args: Any, payers: Iterable[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = {payer.code: payer.pk for payer in payers}
        field = self.fields["payer"]
        assert isinstance(field, forms.ChoiceField)  # for the type checker
        field.choices = [("", "All payers"), *((payer.code, payer.short_name) for payer in payers)]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in ("since", "until"):
            if given.get(name) and not EARLIEST <= given[name] <= LATEST:
                self.add_error(name, f"A day lies between {EARLIEST.year} and {LATEST.year}.")
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", "The last day lies before the first.")
        return given

    @property
    def chosen(self) -> Chosen:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Chosen(self.numbers.get(given["payer"]), given["since"], given["until"])
