"""The forms: coverage fields, one field for each question, and the worklist's filters."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator
from django.db.models import F
from django.db.models.expressions import OrderBy

from coverage_app.models import AuthorizationRule, Document
from coverage_app.rules.vocabulary import Answer, AnswerError, Vocabulary
from coverage_app.services.due import KINDS
from coverage_app.services.report.codes import diagnosis
from coverage_app.services.vocabulary import Wording

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
PLAIN = RegexValidator(
    r"\A[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*\Z", "Line breaks and control characters cannot be stored here."
)
NOT_DOCUMENTED = "Not documented yet"


class PayerField(forms.ModelChoiceField):
    """The payers on file, by policy and publisher."""

    def label_from_instance(self, obj: Document) -> str:
        return f"{obj.short_name} · {obj.publisher}"


class CoverageForm(forms.Form):
    """Payer, product, setting, date and codes. Every field may stay open."""

    label = forms.CharField(
        label="Your own label", max_length=80, required=False, validators=[PLAIN], help_text="No names: it is stored."
    )
    document = PayerField(label="Payer", queryset=Document.objects.none(), required=False, empty_label=NOT_DOCUMENTED)
    product = forms.ChoiceField(label="Product", required=False)
    setting = forms.ChoiceField(
        label="Setting", choices=[("", NOT_DOCUMENTED), *AuthorizationRule.Setting.choices], required=False
    )
    date_of_service = forms.DateField(
        label="Date of service",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Empty: the edition of today.",
    )
    diagnosis_code = forms.CharField(
        label="Diagnosis code", max_length=20, required=False, validators=[PLAIN], help_text="ICD-10-CM, billable."
    )
    cpt_code = forms.CharField(
        label="CPT code",
        max_length=10,
        required=False,
        validators=[RegexValidator(r"\A[0-9A-Z]{5}\Z", "A CPT code has five characters, such as 77425.")],
    )

    def __init__(
        self, *args: Any, payers: Iterable[Document] = (), products: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)  # for the type checker
        field.queryset = Document.objects.filter(pk__in=[payer.pk for payer in payers])
        product = self.fields["product"]
        assert isinstance(product, forms.ChoiceField)  # for the type checker
        product.choices = [("", NOT_DOCUMENTED), *((name, name) for name in products)]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(Column("document", css_class="col-12")),
            Row(
                Column("date_of_service", css_class="col-sm-6 col-md-4"),
                Column("setting", css_class="col-sm-6 col-md-4"),
                Column("cpt_code", css_class="col-sm-6 col-md-4"),
            ),
            Row(Column("diagnosis_code", css_class="col-sm-6 col-md-4"), Column("label", css_class="col-md-8")),
        )
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if name in self.errors if self.is_bound else False:
                field.widget.attrs["aria-invalid"] = "true"

    def clean_date_of_service(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["date_of_service"]
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(f"A date of service lies between {EARLIEST.year} and {LATEST.year}.")
        return day

    def clean_diagnosis_code(self) -> str:
        text: str = self.cleaned_data["diagnosis_code"]
        if not text:
            return ""
        code = diagnosis(text)
        if code is None:
            raise forms.ValidationError(f"{text} is not an ICD-10-CM code.")
        if not code.billable:
            raise forms.ValidationError(
                f"{code.code} ({code.description}) is a category and cannot be billed. Give a more specific code."
            )
        return str(code.code)


class QuestionForm(forms.Form):
    """One field for each question asked: radio buttons for a choice, a number box for a number.

    ``cleaned_data`` holds the checked answer of each field that is right, None for “not documented yet”.
    """

    def __init__(self, wording: Wording, asked: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in asked:
            self.fields[code] = AnswerField(wording.vocabulary, wording.facts[code])


class AnswerField(forms.Field):
    """The answer to one fact, checked by the rules' own vocabulary: a tampered value is an error."""

    def __init__(self, vocabulary: Vocabulary, data: Mapping[str, Any]) -> None:
        self.fact = vocabulary[data["code"]]
        self.data = data
        super().__init__(label=data["question"], help_text=data["help"], required=False, widget=self._widget())

    def _widget(self) -> forms.Widget:
        if self.data["kind"] == "number":
            bounds = {"min": self.data["least"], "max": self.data["greatest"], "step": self.data["step"]}
            whole = Decimal(str(self.data["step"])) % 1 == 0
            return forms.NumberInput(attrs={**bounds, "inputmode": "numeric" if whole else "decimal"})
        answers = [(v["code"], v["label"]) for v in self.data["values"] if not v.get("group")]
        labels = answers or [("yes", "Yes"), ("no", "No")]
        return forms.RadioSelect(choices=[*labels, ("", NOT_DOCUMENTED)])

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return "" if value is None else value

    def clean(self, value: Any) -> Answer | None:
        ProhibitNullCharactersValidator()(value)
        text = (value or "").strip()
        if not text:
            return None
        try:
            return self.fact.check(text)
        except AnswerError as error:
            raise forms.ValidationError(str(error)) from error


class WorklistForm(forms.Form):
    """Search, filters and order of the worklist."""

    SORTS: ClassVar[dict[str, tuple[str | OrderBy, ...]]] = {
        "-created": ("-created_at", "-pk"),
        "created": ("created_at", "pk"),
        "service": (F("date_of_service").asc(nulls_last=True), "-pk"),
        "-service": (F("date_of_service").desc(nulls_last=True), "-pk"),
        "payer": ("document__short_name", "-pk"),
        "-payer": ("-document__short_name", "-pk"),
        "disease": ("title", "-pk"),
        "-disease": ("-title", "-pk"),
        "verdict": ("gives", "-pk"),
        "-verdict": ("-gives", "-pk"),
        "status": ("status", "-pk"),
        "-status": ("-status", "-pk"),
        "who": ("updated_by__last_name", "updated_by__username", "-pk"),
        "-who": ("-updated_by__last_name", "-updated_by__username", "-pk"),
    }
    q = forms.CharField(label="Search", max_length=100, required=False, validators=[PLAIN])
    payer = forms.ChoiceField(label="Payer", required=False)
    verdict = forms.ChoiceField(label="Verdict", required=False)
    site = forms.ChoiceField(label="Site", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    who = forms.ChoiceField(label="With", required=False)
    due = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(choices=[(key, key) for key in SORTS], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # for the type checker
            field.choices = options
