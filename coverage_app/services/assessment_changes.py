"""What differs between two assessments of a case, in the words that each was completed with."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .report.words import day, listed

Report = Mapping[str, Any]
NOT_DOCUMENTED = "Not documented"


@dataclass(frozen=True)
class Line:
    """One thing that two assessments say differently; blank where one of them says nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Part:
    """The differences under one heading, and how many of its things read alike in both.

    ``absent`` is said where one of the two has no such thing.
    """

    title: str
    absent: str
    lines: tuple[Line, ...]
    alike: int


def changes(before: Report, after: Report) -> list[Part]:
    """Two frozen reports part by part, in the order of a verdict's page; parts that say nothing left out."""
    parts = (
        ("Verdict and what decides", "Nothing", _verdict),
        ("Coverage", "Not documented", _coverage),
        ("Answers", "Not asked", _answers),
        ("What the answers rest on", "No document noted", _evidence),
        ("Guidelines", "Not shown for this site", _guidelines),
        ("Codes and authorization", "Not on the case", _codes),
    )
    both = [(title, absent, of(before), of(after)) for title, absent, of in parts]
    return [_part(title, absent, old, new) for title, absent, old, new in both if old or new]


def _part(title: str, absent: str, old: dict[str, str], new: dict[str, str]) -> Part:
    labels = list(dict.fromkeys([*old, *new]))
    differing = [label for label in labels if old.get(label, "") != new.get(label, "")]
    lines = tuple(Line(label, old.get(label, ""), new.get(label, "")) for label in differing)
    return Part(title, absent, lines, len(labels) - len(lines))


def _verdict(report: Report) -> dict[str, str]:
    edition, document = report.get("edition") or {}, report.get("document") or {}
    deciding = [provision for provision in report.get("provisions", ()) if provision.get("decides")]
    found = {
        "Verdict": report["verdict"]["label"],
        "Still possible": listed([tag["label"] for tag in report["verdict"].get("possible", ())]),
        "Document": document.get("short_name", ""),
        "Edition in force from": _day(edition.get("in_force")) or "No edition on file",
        "Deciding provision": listed([provision["id"] for provision in deciding], "and"),
        "Its words": " ".join(dict.fromkeys(provision["quote"] for provision in deciding)),
        "Missing from the chart": listed([fact["label"] for fact in report.get("missing", ())], "and"),
    }
    return _said(found)


def _coverage(report: Report) -> dict[str, str]:
    case = report.get("case") or {}
    diagnosis = case.get("diagnosis") or {}
    found = {
        "Date of service": _day(case.get("date_of_service")),
        "Setting": case.get("setting", ""),
        "Product": case.get("product", ""),
        "Diagnosis code": f"{diagnosis.get('code', '')} {diagnosis.get('description', '')}".strip(),
        "CPT code": case.get("cpt", ""),
    }
    return _said(found)


def _answers(report: Report) -> dict[str, str]:
    """The answers by the label of their question; one that does not count says so."""
    found = {}
    for question in report.get("questions", ()):
        answer = question["answer"] or NOT_DOCUMENTED
        aside = "" if question.get("counts", True) or not question["answer"] else " (does not count)"
        found[question["label"]] = answer + aside
    return found


def _evidence(report: Report) -> dict[str, str]:
    return {q["label"]: evidence_words(q["rests_on"]) for q in report.get("questions", ()) if q.get("rests_on")}


def evidence_words(rests_on: Mapping[str, Any]) -> str:
    """What an answer rests on, in a line: ``Pathology report, 2 Mar 2024, page 2: margin 0.4 mm``."""
    parts = (rests_on.get("document"), _day(rests_on.get("dated")), rests_on.get("place"))
    place = ", ".join(part for part in parts if part)
    return f"{place}: {rests_on['note']}" if rests_on.get("note") else place


def _guidelines(report: Report) -> dict[str, str]:
    rows = report.get("rows", ())
    return {" ".join((row["society"], row["title"], row.get("version", ""))): row["stance"]["label"] for row in rows}


def _codes(report: Report) -> dict[str, str]:
    codes = report.get("codes") or {}
    found = {f"CPT {code['code']}": code["listed"]["label"] for code in codes.get("cpt", ())}
    if own := codes.get("diagnosis"):
        found[f"ICD-10-CM {own['code']}"] = own["tag"]["label"]
    found["Authorization"] = (report.get("authorization") or {}).get("answer", "")
    return _said(found)


def _said(found: dict[str, str]) -> dict[str, str]:
    return {label: text for label, text in found.items() if text}


def _day(text: str | None) -> str:
    """``1 Oct 2023`` for a day of a report, which is ISO text."""
    return day(dt.date.fromisoformat(text)) if text else ""
