"""The case summary: what `summary.typ` shows, as plain data, and the PDF made of it.

The template gets the data as JSON and shows every text as text; nothing of a case is ever read as typst's markup.
"""

import json
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typst

from . import criteria
from .beforehand import of_before
from .faults import PaperFault
from .source import Source, verdict_label
from .text import INSTEAD, INSTEAD_NOTE, NOTHING, clean, held, iso_day, row_source

HERE = Path(__file__).parent
DISCLAIMER = (
    "Decision support from published policy text. Not a determination of benefits, not a promise of payment and not"
    " medical advice."
)
_one_at_a_time = threading.Lock()  # a compiler serves one caller


@cache
def fonts() -> typst.Fonts:
    """The repository's fonts and the package's own, none of the system's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(input=HERE / "summary.typ", root=HERE, font_paths=fonts())


def summary_pdf(source: Source) -> bytes:
    """The summary as PDF/UA-1. Raises PaperFault.

    The same bytes for the same assessment, review and status, as long as the same edition decides on the case's day.
    """
    text = json.dumps(summary_data(source), ensure_ascii=False)
    shown = held(text)
    if INSTEAD in shown and INSTEAD not in text:
        shown = held(json.dumps({**json.loads(shown), "instead": INSTEAD_NOTE}, ensure_ascii=False))
    try:
        with _one_at_a_time:
            made = _compiler().compile(
                sys_inputs={"data": shown},
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=int(source.assessment.completed_at.timestamp()),
            )
    except typst.TypstError as error:
        raise PaperFault(f"The summary cannot be set: {clean(error.message)}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # typst's own fault, which is not an Exception
            raise
        raise PaperFault("The summary cannot be set: a text of this case breaks the typesetter.") from error
    if not isinstance(made, bytes):
        raise PaperFault("The summary cannot be set: nothing came out.")
    return made


def summary_data(source: Source) -> dict[str, Any]:
    """What the summary shows, in the order in which it shows it."""
    report = source.report
    return {
        "title": f"Case summary {source.case.reference}",
        "reference": source.case.reference,
        "label": clean(report["case"]["label"]),
        "disease": report["title"],
        "about": _about(source),
        "provenance": source.provenance,
        "assessment": source.assessment.number,
        "completed": source.completed,
        "completed_by": clean(source.assessment.completed_by.get_full_name() or source.assessment.completed_by),
        "amended": clean(source.assessment.why),
        "checksum": source.assessment.checksum,
        "verdict": {"why": "", "reasons": [], **report["verdict"]},
        "hint": report["hint"],
        "date_note": report["case"]["date_note"],
        "age_note": (report["edition"] or {}).get("age_note", ""),
        "history_says": next((e.get("history_says", "") for e in report["editions_on_file"]), ""),
        "override": _override(source),
        "sent_back": _sent_back(source),
        "of_before": of_before(source),
        "contradictions": [item["text"] for item in report["contradictions"]],
        "excerpts": _quotes(report),
        "provisions": [_provision(source, provision) for provision in _shown(source)],
        "missing": [{"label": item["label"], "question": item["question"]} for item in report["missing"]],
        "answers": _answers(source),
        "set_aside": [q["label"] for q in report["questions"] if q["answer"] and not q["counts"]],
        "rows": list(_rows(report)),
        "rows_note": report["rows_note"],
        "codes": list(_codes(report)),
        "other_services": (report["codes"] or {}).get("other_services", ""),
        "authorization": report["authorization"],
        "warnings": (report["codes"] or {}).get("warnings", []),
        "disclaimers": [{"text": d["quote"] or d["text"], "locator": d["locator"]} for d in report["disclaimers"]],
        "disclaimer": DISCLAIMER,
        "instead": "",
    }


def _about(source: Source) -> list[dict[str, str]]:
    case, document = source.report["case"], source.report["document"] or {}
    diagnosis, edition = case["diagnosis"] or {}, source.report["edition"]
    lines = {
        "Payer": f"{document.get('publisher', '')}",
        "Policy": f"{document.get('short_name', '')}, {document.get('title', '')}",
        "Edition": ". ".join(filter(None, [source.edition, (edition or {}).get("in_force_note", "")]))
        or "None on file for this date",
        "Date of service": iso_day(case["date_of_service"]) or "Not given",
        "Product and setting": ", ".join(filter(None, [case["product"], case["setting"]])),
        "Diagnosis code": " ".join(filter(None, [diagnosis.get("code", ""), diagnosis.get("description", "")])),
    }
    return [{"name": name, "text": text} for name, text in lines.items() if text]


def _override(source: Source) -> dict[str, str] | None:
    review = source.override
    if review is None:
        return None
    who = clean(review.by.get_full_name() or review.by.get_username())
    return {
        "verdict": verdict_label(review.verdict),
        "reason": review.get_reason_display(),
        "comment": clean(review.comment),
        "by": f"{who}, {iso_day(review.at.date().isoformat())}",
    }


def _sent_back(source: Source) -> str:
    return clean(source.review.comment) if source.review and source.sent_back else ""


def _quotes(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The policy's words around what decides; without a passage on file, the deciding sentence alone."""
    return [{"locator": e["locator"], "segments": e["segments"]} for e in report["excerpts"]]


def _shown(source: Source) -> list[dict[str, Any]]:
    return [p for p in source.deciding if p["tree"]["kind"] != "always"] + criteria.nearest(source)


def _provision(source: Source, provision: dict[str, Any]) -> dict[str, Any]:
    return {
        "locator": provision["locator"],
        "effect": provision["effect"]["label"],
        "decides": provision["decides"],
        "note": provision["note"],
        "reading": provision.get("reading", False),
        "rows": list(criteria.rows(source, provision["tree"])),
    }


def _answers(source: Source) -> list[dict[str, str]]:
    return [
        {
            "label": question["label"],
            "answer": question["answer"],
            "rests_on": source.rests_on(question["fact"], note=True) or NOTHING if question["answer"] else "",
        }
        for question in source.report["questions"]
    ]


def _rows(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in report["rows"]:
        contrast = row.get("contrast") or {}
        yield {
            "source": row_source(row),
            "title": row["title"],
            "quote": row["quote"],
            "stance": row["stance"],
            "notes": [
                n
                for n in (
                    f"{row['locator']}. {row.get('citation', '')}".strip(),
                    row["stance_note"],
                    row["category_note"],
                    contrast.get("text", ""),
                )
                if n
            ],
        }


def _codes(report: dict[str, Any]) -> Iterator[dict[str, str]]:
    codes = report["codes"] or {"cpt": [], "diagnosis": None, "procedure": [], "cpt_note": ""}
    for line in codes["cpt"]:
        yield _code("CPT", line, line["listed"])
    if codes["diagnosis"]:
        yield _code("ICD-10-CM", codes["diagnosis"], codes["diagnosis"]["tag"])
    for line in codes["procedure"]:
        yield _code("ICD-10-PCS", line, {"label": "Listed", "code": "listed"})
    if codes["cpt_note"]:
        yield {"system": "CPT", "code": "None", "text": codes["cpt_note"], "listed": "", "note": ""}


def _code(system: str, line: dict[str, Any], tag: dict[str, str]) -> dict[str, str]:
    return {
        "system": system,
        "code": line["code"],
        "text": line["description"],
        "listed": tag["label"],
        "note": line.get("note", ""),
    }
