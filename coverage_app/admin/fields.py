"""Form fields of the admin: criteria, lists of codes, and a place in an order."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from coverage_app.rules.criteria import CriteriaError, parse
from coverage_app.rules.fact import nearest
from coverage_app.services.criterion_sources import as_pairs
from coverage_app.services.drafting import check_criteria
from coverage_app.services.ordering import LAST
from coverage_app.services.vocabulary import Wording, current_wording

CATEGORY = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
CATEGORIES = re.compile(rf"({CATEGORY})(?:-({CATEGORY}))?")
"""An ICD-10-CM category or code, or a range of two."""


def wording_of(request: HttpRequest) -> Wording:
    """The vocabulary as it stands now, read once a request."""
    if not hasattr(request, "_wording"):
        request._wording = current_wording()  # type: ignore[attr-defined]
    return cast(Wording, request._wording)  # type: ignore[attr-defined]


def wording_for(request: HttpRequest, part_of: Any) -> Wording:
    """The vocabulary that an edition, or a row of one, is read with: its own once it was published."""
    edition = getattr(part_of, "edition", part_of)
    frozen = getattr(edition, "vocabulary", None)
    return Wording({fact["code"]: fact for fact in frozen}) if frozen else wording_of(request)


class Area(forms.Textarea):
    """A text area of a few lines; ``code`` turns spelling and capitals off."""

    def __init__(self, rows: int = 3, *, code: bool = False) -> None:
        attrs: dict[str, Any] = {"rows": rows, "class": "vLargeTextField"}
        if code:
            attrs |= {"class": "vLargeTextField criteria", "spellcheck": "false", "autocapitalize": "none"}
        super().__init__(attrs)


class CriteriaArea(Area):
    """Criteria as text and, beside it, in words; while one types it is checked at its own address."""

    template_name = "admin/workbench/_criteria_field.html"

    def __init__(self, *, wording: Wording) -> None:
        self.wording = wording
        super().__init__(2, code=True)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The field's context, with what its text says. An empty field has no fault until it is saved."""
        context = super().get_context(name, value, attrs)
        context["checked"] = check_criteria(context["widget"]["value"] or "", self.wording, blank=True)
        context["check"] = reverse("admin:coverage_app_edition_check")
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """With a template of the desk: the renderer of forms knows only Django's own."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class TextField(forms.CharField):
    """Text of several lines. With ``one_line`` all white space counts as one blank, as in a verbatim quote."""

    def __init__(self, *, one_line: bool = False, **options: Any) -> None:
        self.one_line = one_line
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return " ".join(text.split()) if self.one_line else text.replace("\r\n", "\n")


class CriteriaField(forms.CharField):
    """Criteria, read with the vocabulary of now. A fault names line, column and what was probably meant."""

    def __init__(self, *, wording: Wording, **options: Any) -> None:
        self.wording = wording
        super().__init__(widget=CriteriaArea(wording=wording), strip=False, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Whether it may be left empty: the check while typing has to know."""
        return super().widget_attrs(widget) | ({} if self.required else {"data-optional": "1"})

    def clean(self, value: Any) -> str:
        """The criteria on one line, as they stand in files and in differences between editions."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        if not text.strip() and not self.required:
            return ""
        try:
            parse(text, self.wording.vocabulary)
        except CriteriaError as error:
            message = str(error)
            raise ValidationError(message[:1].upper() + message[1:], code="criteria") from error
        return " ".join(text.split())


class CodesField(forms.MultipleChoiceField):
    """Codes out of a list, as check boxes. An unknown one is named, with the nearest that is known."""

    def __init__(self, *, choices: Iterable[tuple[str, str]], noun: str, **options: Any) -> None:
        self.noun = noun
        super().__init__(choices=list(choices), widget=forms.CheckboxSelectMultiple, **options)

    def validate(self, value: Any) -> None:
        check_codes(value, [str(code) for code, _ in cast(list[tuple[str, str]], self.choices)], self.noun)
        super().validate(value)


def check_codes(codes: Iterable[str], known: list[str], noun: str) -> None:
    """Raise ValidationError for the first code that is not known, with the nearest one that is."""
    for code in codes:
        if code not in known:
            hint = nearest(code, known)
            raise ValidationError(
                f"Unknown {noun} “{code[:40]}”" + (f"; did you mean {hint}?" if hint else "."), code="unknown"
            )


class TypedCodesField(forms.CharField):
    """Codes with commas between, for a place too narrow for check boxes."""

    def __init__(self, *, known: Iterable[str], noun: str, **options: Any) -> None:
        self.known, self.noun = list(known), noun
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [item.strip() for item in str(value or "").split(",") if item.strip()]

    def run_validators(self, value: Any) -> None:
        check_codes(value, self.known, self.noun)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(", ".join(initial or [])) != self.to_python(data))


class LinesField(forms.CharField):
    """A list of texts, one per line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=Area(2, code=True), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [" ".join(line.split()) for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)


class PairsField(LinesField):
    """A list of two texts each, one per line with an arrow between: ``condition => the policy's words``."""

    def __init__(self, *, keys: tuple[str, str], **options: Any) -> None:
        self.keys = keys
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return as_pairs(value, *self.keys) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        found = []
        for line in super().to_python(value):
            first, arrow, second = line.partition("=>")
            if not (arrow and first.strip() and second.strip()):
                raise ValidationError(f"“{line[:60]}”: write both sides, with => between them.", code="pair")
            found.append({self.keys[0]: first.strip(), self.keys[1]: second.strip()})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))
        except ValidationError:
            return True


class CategoriesField(forms.CharField):
    """ICD-10-CM categories and ranges of them, with commas between: ``C20, D01.2, C00-C14``."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        items = [item.strip().upper() for item in str(value or "").split(",")]
        return [item for item in items if item]

    def run_validators(self, value: Any) -> None:
        for item in value:
            match = CATEGORIES.fullmatch(item)
            if match is None or (match[2] and match[2] < match[1]):
                raise ValidationError(f"“{item[:40]}” is no ICD-10-CM category: write C20, D01.2 or C00-C14.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(", ".join(initial or [])) != self.to_python(data)


class NumberField(forms.DecimalField):
    """A number, shown without the zeros that its column pads it with."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PositionField(forms.IntegerField):
    """A place in an order, from 1; left empty it is the last."""

    def __init__(self) -> None:
        widget = forms.NumberInput(attrs={"class": "position"})
        super().__init__(
            required=False, min_value=1, max_value=10_000, widget=widget, label="Position", help_text="Empty: the last."
        )

    def prepare_value(self, value: Any) -> Any:
        return "" if value in (0, LAST) else value

    def clean(self, value: Any) -> Any:
        place = super().clean(value)
        return LAST if place is None else place

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial or None, data)
