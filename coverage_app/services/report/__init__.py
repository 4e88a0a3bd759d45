"""The report: all that the verdict page shows, as plain data, so that an assessment can be frozen whole."""

from typing import Any

from coverage_app.models import Remark
from coverage_app.rules.verdict import assess
from coverage_app.services import library
from coverage_app.services.contradictions import contradictions
from coverage_app.services.standing import Standing

from . import codes, guidelines, policy, resting
from .tags import VERDICTS
from .words import age_note, day

__all__ = ["build_report"]

FORM = 3  # grows when the structure changes: frozen reports keep theirs
KIND = Remark.Kind
ASIDE = frozenset(
    {KIND.READING, KIND.BENEFIT, KIND.FREQUENCY, KIND.DOCUMENTS, KIND.RELATED_POLICY, KIND.MEDICARE, KIND.FDA,
     KIND.OPENING, KIND.PRODUCTS, KIND.CONTEXT}
)  # fmt: skip


def build_report(standing: Standing) -> dict[str, Any]:
    """Everything the verdict page shows of a case with a payer, as JSON-able data."""
    verdict = standing.verdict
    provisions = resting.beside_criteria(policy.provision_list(standing), standing)
    rows = guidelines.rows(standing)
    decide = policy.deciding(standing.reading, verdict) if standing.reading and verdict else []
    return {
        "form": FORM,
        "title": standing.title or "Site not documented yet",
        "case": _case(standing),
        "document": _document(standing),
        "edition": _edition(standing),
        "editions_on_file": policy.editions_on_file(standing),
        "verdict": policy.verdict_block(standing),
        "hint": policy.hint(standing),
        "excerpts": policy.excerpts(standing.reading, decide) if standing.reading else [],
        "provisions": provisions,
        "questions": _questions(standing),
        "missing": [_question(standing, fact) for fact in verdict.missing] if verdict else [],
        "turning": policy.turning(standing),
        "contradictions": [
            {"fact": c.fact, "text": c.text} for c in contradictions(standing.reachable, standing.wording)
        ],
        "rows": rows,
        "contrast": guidelines.side_by_side(rows),
        "rows_note": guidelines.NOTE,
        "codes": codes.codes(standing),
        "authorization": codes.authorization(standing),
        "remarks": policy.shown_remarks(standing, ASIDE),
        "evidence": policy.shown_remarks(standing, frozenset({KIND.EVIDENCE})) if standing.counted.get("site") else [],
        "misprints": _misprints(standing),
        "elsewhere": elsewhere(standing),
        "disclaimers": policy.shown_remarks(standing, frozenset({KIND.DISCLAIMER})),
    }


def _case(standing: Standing) -> dict[str, Any]:
    facts = standing.facts
    known = codes.diagnosis(facts.diagnosis_code) if facts.diagnosis_code else None
    return {
        "reference": facts.reference,
        "label": facts.label,
        "date_of_service": facts.date_of_service.isoformat() if facts.date_of_service else None,
        "date_note": ""
        if facts.date_of_service
        else f"No date of service: the edition of today, {day(standing.day)}, is used.",
        "setting": {"inpatient": "Inpatient", "outpatient": "Outpatient"}.get(facts.setting, ""),
        "product": facts.product if facts.product in codes.products(standing) else "",
        "diagnosis": {"code": facts.diagnosis_code, "description": known.description if known else ""}
        if facts.diagnosis_code
        else None,
        "cpt": facts.cpt_code,
        "rests": resting.count_of(standing),
    }


def _document(standing: Standing) -> dict[str, str] | None:
    document = standing.facts.document
    names = ("code", "short_name", "number", "title", "publisher", "letters_to", "note")
    return {name: getattr(document, name) for name in names} if document else None


def _edition(standing: Standing) -> dict[str, Any] | None:
    if not standing.reading:
        return None
    edition = standing.reading.edition
    return {
        "in_force": edition.in_force.isoformat(),
        "in_force_note": edition.in_force_note,
        "last_reviewed": edition.last_reviewed,
        "original": edition.original,
        "age_note": age_note(edition.last_reviewed, standing.day),
    }


def _question(standing: Standing, fact: str) -> dict[str, str]:
    data = standing.wording.facts[fact]
    return {"fact": fact, **{name: data[name] for name in ("label", "question", "help", "nature")}}


def _questions(standing: Standing) -> list[dict[str, Any]]:
    """The questions that are asked and any other that was answered, each with its answer and its document.

    ``counts``: for the verdict and the rows; ``purpose``: what it is asked for (see ``purpose_of``).
    """
    answered = [fact for fact in standing.wording.facts if fact in standing.facts.answers]
    asked = dict.fromkeys(
        (*(f for f in standing.wording.facts if f in (*standing.relevant, *answered)), *standing.asked)
    )
    return [
        {
            **_question(standing, fact),
            "answer": standing.wording.answer(fact, standing.facts.answers.get(fact)),
            "counts": fact in standing.relevant,
            "purpose": standing.purpose_of(fact),
            "rests_on": resting.rests_on(standing, fact),
            "noted_for": resting.noted_for(standing, fact),
        }
        for fact in asked
    ]


def _misprints(standing: Standing) -> list[dict[str, str]]:
    """Notes on misprints that stand in what this report quotes."""
    if not standing.reading:
        return []
    found = policy.shown_remarks(standing, ASIDE)
    quoted = " ".join(
        [remark["quote"] for remark in found]
        + [p.quote for p in standing.reading.provisions]
        + [row.row.quote for row in standing.rows]
    )
    return [m for m in policy.shown_remarks(standing, frozenset({KIND.MISPRINT})) if m["quote"] in quoted]


def elsewhere(standing: Standing) -> list[dict[str, Any]]:
    """The same case under every other payer on file, one line each."""
    lines = []
    for document, edition in library.payers_on(standing.day):
        if standing.facts.document and document.pk == standing.facts.document.pk:
            continue
        rules = library.read(edition).rules if edition else None
        verdict = assess(rules, standing.facts.answers) if rules else None
        lines.append(
            {
                "document": {"code": document.code, "short_name": document.short_name, "publisher": document.publisher},
                "verdict": VERDICTS[verdict.effect if verdict else "no_edition"],
                "missing_count": len(verdict.missing) if verdict else 0,
            }
        )
    return lines
