"""Facts and their values. A new one is usable in criteria and questions as soon as it is saved."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from coverage_app.models import Fact, FactValue
from coverage_app.rules.fact import RESERVED, VocabularyError
from coverage_app.rules.fact import Fact as RuleFact
from coverage_app.services.ordering import number_parts
from coverage_app.services.thresholds import passed_by
from coverage_app.services.vocabulary import answered_by, answers_outside, complete_yes_no, uses

from .base import DeskAdmin, OpenInline, changed_places
from .forms import desk_field
from .parts import new_places
from .stale import Shown


class CodedForm(forms.ModelForm):
    """A code is chosen once, and is no word of the criteria language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code in RESERVED:
            raise ValidationError(f"“{code}” is a word of the criteria language; choose another code.")
        return code


class FactForm(CodedForm):
    """A number has a range, nothing else has; stored answers and what editions compare it with stay within it."""

    class Meta:
        help_texts = {"position": "Questions are asked in this order, the core facts first."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        ends = [cleaned.get(name) for name in ("least", "greatest", "step")]
        for name, end in zip(("least", "greatest", "step"), ends, strict=True):
            if kind == Fact.Kind.NUMBER and end is None and name not in self.errors:
                self.add_error(name, "A number needs a least, a greatest and a step.")
            if kind != Fact.Kind.NUMBER and end is not None:
                self.add_error(name, "Only a number has this.")
        if kind == Fact.Kind.NUMBER and not self.errors:
            self._check_range(*ends)
        return cleaned

    def _check_range(self, least: Any, greatest: Any, step: Any) -> None:
        if greatest <= least:
            self.add_error("greatest", "The greatest must exceed the least.")
        elif step <= 0:
            self.add_error("step", "The step must exceed 0.")
        elif self.instance.pk:
            if count := answers_outside(self.instance, least, greatest, step):
                self.add_error("least", f"{count} stored answers would no longer fit this range and step.")
            for end, why in passed_by(fact=self.instance, least=least, greatest=greatest, step=step):
                self.add_error(end, why)


class ValueFormSet(BaseInlineFormSet):
    """The values of a fact together: they fit its kind, and none is narrower than itself."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.kind:
            return
        kept = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("code")]
        if not kept and self.instance.kind == Fact.Kind.CHOICE:
            raise ValidationError("A choice needs values.")
        if not kept:
            return
        for form in kept:
            value = form.instance
            if (
                "group" in form.changed_data
                and form.cleaned_data["group"]
                and value.pk
                and (found := answered_by(value))
            ):
                form.add_error("group", f"{value} ({value.code}) cannot become a group: {'; '.join(found)}.")
        if self.instance.kind == Fact.Kind.NUMBER:
            raise ValidationError("A number has no values of its own.")
        values = [
            {
                "code": form.cleaned_data["code"],
                "parent": broader.code if broader else None,
                "group": bool(form.cleaned_data.get("group")),
            }
            for form in kept
            for broader in [form.cleaned_data.get("broader")]
        ]
        try:
            RuleFact.from_data({"code": self.instance.code or "new", "kind": self.instance.kind, "values": values})
        except VocabularyError as error:
            raise ValidationError(f"The values do not fit together: {error}.") from error


def _says_uses(form: Any) -> Any:
    """The form with its own words where Django would name the rows that protect a value."""

    class SaysUses(form):
        def hand_clean_DELETE(self) -> None:
            value = self.instance
            if self.cleaned_data.get("DELETE") and value.pk and (found := uses(value)):
                raise ValidationError(f"{value} ({value.code}) is in use and stays: {'; '.join(found)}.")

    return SaysUses


class ValueInline(OpenInline, admin.StackedInline):
    """The values of a choice, in the order in which they are offered."""

    model = FactValue
    fk_name = "fact"
    form = CodedForm
    formset = ValueFormSet
    verbose_name = "value"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = {"site": (("diagnosis_codes", "t_categories"),), "technique": ("cpt",)}
        return (("position", "code", "label", "broader"), "group", "help", *own.get(obj.code if obj else "", ()))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = desk_field(db_field, request)
        return field or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = _says_uses(formset.form)
        if "broader" in formset.form.base_fields:
            broader: Any = formset.form.base_fields["broader"]
            values = FactValue.objects.filter(fact=obj) if obj else FactValue.objects.none()
            broader.queryset = values
            broader.choices = [("", "none"), *((value.pk, str(value)) for value in values)]
        return formset


@admin.register(Fact)
class FactAdmin(DeskAdmin):
    """Facts: a choice, a yes/no or a number. Code and kind never change."""

    form = FactForm
    inlines = (ValueInline,)
    list_display = ("label", "code", "position", "kind", "section", "core")
    list_filter = ("kind", "section", "core", "nature")
    search_fields = ("code", "label", "question", "values__code", "values__label")
    ordering = ("-core", "position", "code")  # as questions are asked
    fieldsets = (
        (None, {"fields": (("code", "kind"), ("label", "position"), "question", "help")}),
        ("Where it is asked", {"fields": (("section", "nature"), "core", "fixed_when")}),
        ("A number's range", {"fields": (("unit", "least", "greatest", "step"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        last = Fact.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1} | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return desk_field(db_field, request) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def shown(self, obj: models.Model) -> Iterator[Shown]:
        yield from super().shown(obj)
        yield Shown(FactValue, {"fact": obj})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        was = changed_places(formsets[0]) if formsets else {}
        super().save_related(request, form, formsets, change)
        complete_yes_no(fact=form.instance)
        number_parts(parts=list(form.instance.values.all()), was=was | new_places(formsets))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go with a fact; what uses it keeps it, in words."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        named = [f"{fact}: {sentence}" for fact in objs for sentence in uses(fact)]
        protected = named or protected  # golden cases keep it too, which the database knows nothing of
        return deleted, counts, needed, protected
