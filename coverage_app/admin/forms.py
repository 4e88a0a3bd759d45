"""Which form field edits which column of an edition's parts and of the vocabulary."""

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from coverage_app.models import GuidelineRow, ListedCode, Provision
from coverage_app.rules.criteria import CriteriaError, parse
from coverage_app.services.criterion_sources import source_errors
from coverage_app.services.exchange.levels import PAIRS
from coverage_app.services.vocabulary import current_wording

from .fields import (
    Area,
    CategoriesField,
    CodesField,
    CriteriaField,
    LinesField,
    NumberField,
    PairsField,
    PositionField,
    TextField,
    TypedCodesField,
    wording_of,
)

CRITERIA_HELP = "For example: margin in (positive, close) and (t_stage is t4 or recurrence is local). Or: always."
SITES_HELP = "The sites that it applies to."


def desk_field(db_field: Any, request: HttpRequest) -> forms.Field | None:
    """Our own form field for a column; None leaves it to Django."""
    label = str(db_field.verbose_name).capitalize()
    given = {"required": not db_field.blank, "label": label, "help_text": db_field.help_text}
    match db_field.name:
        case "position" if not db_field.help_text:
            return PositionField()
        case "criteria":
            help_text = CRITERIA_HELP if not db_field.blank else f"Empty: always shown. {CRITERIA_HELP}"
            return CriteriaField(wording=wording_of(request), **given | {"help_text": help_text})
        case "fixed_when":
            return CriteriaField(wording=wording_of(request), **given)
        case "ours":
            return LinesField(**given)
        case "narrowed" | "stated" | "reasons" as name:
            return PairsField(keys=PAIRS[name], **given)
        case "sites":
            values = wording_of(request).facts.get("site", {"values": []})["values"]
            help_text = SITES_HELP + (" None: all of them." if db_field.blank else "")
            choices = [(value["code"], value["label"]) for value in values]
            if db_field.model is ListedCode:
                return TypedCodesField(known=[code for code, _ in choices], noun="site", **given | {"help_text": ""})
            return CodesField(choices=choices, noun="site", **given | {"help_text": help_text})
        case "effects":
            help_text = "Shown when one of these verdicts is possible. None: with every verdict."
            return CodesField(choices=effects(), noun="verdict", **given | {"help_text": help_text})
        case "diagnosis_codes":
            help_text = "The ICD-10-CM categories that fit this site, with commas: C20, D01.2, C00-C14."
            return CategoriesField(**given | {"help_text": help_text})
    if isinstance(db_field, models.DecimalField):
        return NumberField(max_digits=db_field.max_digits, decimal_places=db_field.decimal_places, **given)
    if isinstance(db_field, models.TextField):
        rows = 2 if db_field.name in ("help", "in_force_note") else 3
        return TextField(one_line=db_field.name == "quote", widget=Area(rows), **given)
    return None


def effects() -> list[tuple[str, str]]:
    """The verdicts that a remark can be bound to, with their words."""
    return list(Provision.Effect.choices)


class ProvisionForm(forms.ModelForm):
    """A provision says whose criterion each of its conditions is; each entry names a condition of its criteria."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors or not cleaned.get("criteria"):
            return cleaned
        names = ("effect", "quote", "ours", "narrowed", "stated", "reasons", "asked_by_policy")
        typed = Provision(**{name: cleaned[name] for name in names if name in cleaned})
        vocabulary = current_wording().vocabulary
        try:
            criteria = parse(cleaned["criteria"], vocabulary)
        except CriteriaError:
            return cleaned  # told at its own field
        for field, error in source_errors(typed, criteria, vocabulary):
            self.add_error(field, error)
        return cleaned


class RemarkForm(forms.ModelForm):
    """A remark says something: the document's words or ours."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("quote") and not cleaned.get("text"):
            self.add_error("text", "Fill in the quote, or say it in the desk's own words here.")
        return cleaned


class RowForm(forms.ModelForm):
    """A guideline's row has an id of its own in its edition."""

    def clean_code(self) -> str:
        """Django does not look while the edition stands fixed on the page."""
        code = str(self.cleaned_data["code"])
        others = GuidelineRow.objects.filter(edition_id=self.instance.edition_id, code=code)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another row of this edition has this id.", code="twice")
        return code
