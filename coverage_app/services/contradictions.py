"""What in a case does not fit together (section 7 of the reading). It warns; it never changes a verdict."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from coverage_app.models import Document

from . import library
from .standing import CaseFacts
from .vocabulary import Wording

IN_SITU = re.compile(r"D0[0-9]")  # ICD-10-CM D00-D09, in situ neoplasms
T4 = ("t4", "t4a", "t4b")
INVASIVE_T = ("t1", "t2", "t3", *T4)


@dataclass(frozen=True)
class Contradiction:
    """``text`` says what does not fit; ``fact`` (or the field's name) is where it is pointed out."""

    fact: str
    text: str


def _fits(code: str, category: str) -> bool:
    """Whether an ICD-10-CM code falls under ``C20``, ``C79.3`` or a range such as ``C00-C14``."""
    if "-" in category:
        first, last = category.split("-")
        return first <= code[: len(first)] and code[: len(last)] <= last
    return code.startswith(category)


def _said(a: dict[str, Any], fact: str, wording: Wording) -> str:
    return wording.answer(fact, a[fact])


def _disease(a: dict[str, Any], facts: CaseFacts, wording: Wording, today: dt.date) -> Iterator[tuple[str, str]]:
    t, site, age = a.get("t_stage"), wording.value("site", str(a.get("site"))), a.get("age")
    if a.get("histology") == "in_situ" and t not in (None, "tis"):
        yield "histology", "In situ does not go with a T category other than Tis."
    if a.get("histology") == "invasive" and t == "tis":
        yield "t_stage", "Tis does not go with invasive cancer."
    if a.get("recurrence") == "primary" and "central_recurrence" in a:
        yield "recurrence", "The primary is treated, but a central recurrence was also entered."
    if a.get("central_recurrence") == "yes" and a.get("recurrence") in ("regional", "distant"):
        yield (
            "central_recurrence",
            f"Central and {_said(a, 'recurrence', wording).lower()} seldom go together: check both.",
        )
    if a.get("downstaged_from_t4") == "yes" and t in T4:
        yield "downstaged_from_t4", "Downstaged from T4, but the current T category is T4."
    if t in T4 and a.get("site") in ("ovary", "vulva"):
        yield (
            "t_stage",
            f"{_said(a, 'site', wording)} has no T4 in recent editions: check which edition the report uses.",
        )
    if site and t and site["t_categories"] == "no" and t != "not_applicable":
        yield "t_stage", f"{site['label']} has no T categories: “{wording.answer('t_stage', 'not_applicable')}” fits."
    if site and site["t_categories"] == "" and t == "not_applicable" and a.get("recurrence") == "primary":
        yield "t_stage", f"{site['label']} has T categories. Leave TX at Not documented."
    if isinstance(age, Decimal) and age >= 18 and a.get("site") == "neuroblastoma":
        yield "age", "Neuroblastoma at 18 years or more is very rare: check the site and the age."


def _margin(a: dict[str, Any], facts: CaseFacts, wording: Wording, today: dt.date) -> Iterator[tuple[str, str]]:
    basis, day = a.get("margin_basis"), facts.date_of_service
    if basis and "margin" not in a:
        yield "margin", "Margin basis is entered but margin status is missing."
    if basis == "anticipated" and day and day < today:
        yield "margin_basis", "Only anticipated, but the date of service is past: the resection has a margin by now."
    if basis in ("frozen", "final") and day and day > today:
        yield (
            "margin_basis",
            f"{wording.answer('margin_basis', basis)}, but the date of service is in the future."
            + (
                " That fits a re-excision only: the report is then of the earlier operation."
                if basis == "final"
                else " If the resection has already taken place, enter that date."
            ),
        )


def _radiation(a: dict[str, Any], facts: CaseFacts, wording: Wording, today: dt.date) -> Iterator[tuple[str, str]]:
    if a.get("intent") == "sole" and a.get("preop_ebrt") == "yes":
        yield (
            "intent",
            "IORT as the only radiation does not go with preoperative external beam radiation of this course.",
        )


def _suitable(a: dict[str, Any], facts: CaseFacts, wording: Wording, today: dt.date) -> Iterator[tuple[str, str]]:
    """What does not go with the suitable group of the ASTRO statement (Correa 2017)."""
    if a.get("apbi_suitable") != "yes":
        return
    outside = {
        "nodes": ("clinically_positive", "pathologically_positive"),
        "t_stage": ("t2", "t3", *T4),
        "margin": ("close", "positive", "indeterminate"),
        "histology": ("in_situ",),
        "recurrence": ("local", "regional", "distant"),
        "downstaged_from_t4": ("yes",),
        "preop_ebrt": ("yes",),
    }
    found = [fact for fact, values in outside.items() if a.get(fact) in values]
    if isinstance(a.get("age"), Decimal) and a["age"] < 50:
        found.append("age")
    for fact in found:
        words = f"{wording.label(fact)}: {_said(a, fact, wording)}"
        yield "apbi_suitable", f"The ASTRO suitable group does not go with “{words}”."


def _codes(a: dict[str, Any], facts: CaseFacts, wording: Wording, today: dt.date) -> Iterator[tuple[str, str]]:
    code, t, site = facts.diagnosis_code, a.get("t_stage"), wording.value("site", str(a.get("site")))
    if code.startswith("C50") and a.get("histology") == "in_situ":
        yield "diagnosis_code", f"{code} is a code of invasive cancer, but the histology is in situ."
    if code.startswith("D05") and a.get("histology") == "invasive":
        yield "diagnosis_code", f"{code} is an in-situ code, but the histology is invasive."
    if code.startswith("D05.0"):
        yield "diagnosis_code", f"{code} is lobular carcinoma in situ, which is no longer Tis: check the diagnosis."
    if code.startswith("C77") and a.get("recurrence") in ("primary", "local"):
        words = _said(a, "recurrence", wording)
        yield "diagnosis_code", f"{code} is a code of lymph node metastases, but {words} is entered."
    spread = code.startswith(("C78", "C79")) and not (code.startswith("C79.3") and a.get("site") == "brain_metastasis")
    if spread and a.get("recurrence") in ("primary", "local", "regional"):
        words = _said(a, "recurrence", wording)
        yield "diagnosis_code", f"{code} is a code of distant metastases, but {words} is entered."
    if IN_SITU.match(code) and t in INVASIVE_T:
        yield "diagnosis_code", f"{code} is an in-situ code, but the T category is {wording.answer('t_stage', t)}."
    if code and site:
        values = wording.facts["site"]["values"]
        fitting = [v["code"] for v in values if any(_fits(code, c) for c in v["diagnosis_codes"])]
        if fitting and site["code"] not in fitting:
            yield "diagnosis_code", f"{code} does not fit the site {site['label']}."
    technique = wording.value("technique", str(a.get("technique")))
    named = {v["cpt"] for v in wording.facts.get("technique", {"values": []})["values"] if v["cpt"]}
    if technique and facts.cpt_code in named and facts.cpt_code != technique["cpt"]:
        yield "cpt_code", f"CPT {facts.cpt_code} does not go with {technique['label']}."
    day = facts.date_of_service
    for reading in library.newest(Document.Kind.CODING) if day and facts.cpt_code else []:
        added = reading.edition.in_force
        if reading.edition.document.number == facts.cpt_code and day and day < added:
            yield "date_of_service", f"CPT {facts.cpt_code} was added on {added:%Y-%m-%d}, after the date of service."


CHECKS: tuple[Callable[[dict[str, Any], CaseFacts, Wording, dt.date], Iterator[tuple[str, str]]], ...] = (
    _disease,
    _margin,
    _radiation,
    _suitable,
    _codes,
)


def contradictions(facts: CaseFacts, wording: Wording, today: dt.date | None = None) -> list[Contradiction]:
    """Everything in the case that does not fit together, off-path answers included."""
    today = today or timezone.localdate()
    answers = dict(facts.answers)
    return [Contradiction(*found) for check in CHECKS for found in check(answers, facts, wording, today)]
