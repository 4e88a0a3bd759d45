"""The columns of a worklist: what each may hold, and what it says of a case."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coverage_app.models import AuthorizationRule, Case, DiagnosisCode, Document, Edition
from coverage_app.rules.vocabulary import Fact, shown
from coverage_app.services import library
from coverage_app.services.case_checks import CellFault, Column, answer_columns, day_of, one_of
from coverage_app.services.case_files import nearest_of
from coverage_app.services.cases import Change
from coverage_app.services.report.codes import diagnosis
from coverage_app.services.vocabulary import Wording, current_wording

YEARS = range(1990, 2101)  # of a date of service
HINTS = 200  # diagnosis codes for which a near one is looked for
OF_THE_CASE = ("id", "dos", "payer", "product", "setting", "diagnosis_code", "cpt_code")
OF_AN_EXPORT = frozenset((
    "reference", "status", "verdict", "edition", "possible", "missing", "assessments", "review", "review_verdict",
    "review_reason", "outcome", "differs",
))  # fmt: skip
"""What an export has besides; it follows from the rest, and an import passes over it."""

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CPT = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True)
class Described:
    """A column in words: its name in the file, what it is, and the values that it may have (code, words)."""

    name: str
    words: str
    values: tuple[tuple[str, str], ...] = ()
    example: str = ""


class Columns:
    """The columns as the vocabulary and the documents on file have them now. Eight queries."""

    def __init__(self, wording: Wording | None = None) -> None:
        self.wording = wording or current_wording()
        self.payers = {document.code: document for document in library.payers_to_choose()}
        self.products = _products()
        self._hints = HINTS
        settings = AuthorizationRule.Setting.values
        self.columns: dict[str, Column] = answer_columns(self.wording.vocabulary) | {
            "id": Column(_label),
            "dos": Column(_day),
            "payer": Column(one_of("payer", self.payers)),
            "product": Column(one_of("product", self.products)),
            "setting": Column(one_of("setting", settings)),
            "diagnosis_code": Column(self._diagnosis),
            "cpt_code": Column(_cpt),
        }

    @property
    def names(self) -> list[str]:
        """All columns, in the order in which a template has them."""
        return [*OF_THE_CASE, *(name for name in self.wording.facts if name not in OF_THE_CASE)]

    def change(self, found: Mapping[str, Any]) -> Change:
        """What the meanings of a row's cells say of a case."""
        payer = found.get("payer")
        fields = {
            "label": found.get("id", ""),
            "document": self.payers[payer] if payer else None,
            "date_of_service": found.get("dos"),
            **{name: found.get(name, "") for name in OF_THE_CASE[3:]},
        }
        return Change(fields, {fact: answer for fact, answer in found.items() if fact not in OF_THE_CASE})

    def described(self) -> Iterator[Described]:
        """Each column in words, with an example."""
        settings = tuple((str(code), str(label)) for code, label in AuthorizationRule.Setting.choices)
        payers = tuple((code, f"{each.short_name}, {each.publisher}") for code, each in self.payers.items())
        yield Described("id", "Your own label of the case. No names: it is stored.", (), "A-17")
        yield Described("dos", "Date of service, YYYY-MM-DD. Empty: not known yet.", (), "2026-03-02")
        yield Described("payer", "The payer’s policy. Empty: not chosen yet.", payers, next(iter(self.payers), ""))
        yield Described("product", "The plan’s product, as its policy names it.", tuple((p, "") for p in self.products))
        yield Described("setting", "Where it is done.", settings, "outpatient")
        yield Described("diagnosis_code", "A billable ICD-10-CM code.", (), "C20")
        yield Described("cpt_code", "A CPT code: five characters.", (), "77425")
        for fact in self.wording.vocabulary:
            yield self._of_fact(fact)

    def _of_fact(self, fact: Fact) -> Described:
        values = tuple((value.code, value.label) for value in fact.values if not value.group)
        words = str(self.wording.facts[fact.code]["question"])
        if fact.kind == "number":
            return Described(fact.code, f"{words} {fact.extent}.", ())
        example = {"site": "rectum", "t_stage": "t4", "recurrence": "primary", "margin": "close"}.get(fact.code, "")
        return Described(fact.code, words, values, example if example in fact.domain else "")

    def _diagnosis(self, text: str) -> str:
        if len(text) > 20 or _UNFIT.search(text):
            raise CellFault(f"{shown(text)} is not an ICD-10-CM code")
        code = diagnosis(text)
        if code is None:
            raise CellFault(f"{shown(text)} is not an ICD-10-CM code", self._near(text))
        if not code.billable:
            raise CellFault(f"{code.code} is a category and cannot be billed; give a more specific code")
        return str(code.code)

    def _near(self, text: str) -> str | None:
        """A billable code of the same chapter; looked for a limited number of times."""
        if not self._hints:
            return None
        self._hints -= 1
        codes = DiagnosisCode.objects.filter(code__startswith=text[:2].upper(), billable=True)
        return nearest_of(text.upper(), tuple(codes.values_list("code", flat=True)[:2000]))


def _products() -> list[str]:
    """The products that the payers' editions on file name."""
    rules = AuthorizationRule.objects.filter(edition__status__in=(Edition.Status.PUBLISHED, Edition.Status.WITHDRAWN))
    named = rules.filter(edition__document__kind=Document.Kind.PAYER_POLICY).exclude(product="")
    return sorted(set(named.values_list("product", flat=True)))


def _label(text: str) -> str:
    most = Case._meta.get_field("label").max_length or 0
    if len(text) > most:
        raise CellFault(f"the label has {len(text)} characters; at most {most} are stored")
    if _UNFIT.search(text):
        raise CellFault("line breaks and control characters cannot be stored in a label")
    return text


def _day(text: str) -> Any:
    day = day_of(text)
    if day.year not in YEARS:
        raise CellFault(f"a date of service lies between {YEARS[0]} and {YEARS[-1]}")
    return day


def _cpt(text: str) -> str:
    if not _CPT.fullmatch(text):
        raise CellFault(f"{shown(text)} is not a CPT code: five characters, such as 77425")
    return text
