"""What the pages show of the chart: where each answer stands in it, and what the clinic is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coverage_app.services.evidence_notes import EvidenceNote, answer_code
from coverage_app.services.report.resting import answer_words
from coverage_app.services.standing import Standing
from coverage_app.web.evidence_form import EvidenceForm

# The questionnaire


@dataclass(frozen=True)
class Slot:
    """What stands under one answered question. ``key`` tells whether a page shows it so already.

    ``rests`` is the document noted for another answer than ``answer``, with that answer in words.
    """

    fact: str
    form: EvidenceForm
    key: str
    line: str
    answer: str
    rests: dict[str, str] | None


def slots(standing: Standing, posted: Mapping[str, EvidenceForm]) -> dict[str, Slot]:
    """For each question that is asked and answered; ``posted`` are forms that are shown as they were sent."""
    evidence = standing.facts.evidence or {}
    found = {}
    for fact in standing.asked:
        answer = standing.facts.answers.get(fact)
        if answer is not None:
            found[fact] = _slot(standing, fact, answer_code(answer), evidence.get(fact), posted.get(fact))
    return found


def _slot(standing: Standing, fact: str, answer: str, note: EvidenceNote | None, posted: EvidenceForm | None) -> Slot:
    holds = note is not None and note.holds
    rests = None
    if note and not holds:
        rests = {"answer": answer_words(standing.wording, fact, note.answer), "line": note.line}
    return Slot(
        fact=fact,
        form=posted or EvidenceForm(fact, initial=_initial(answer, note if holds else None)),
        key=f"{answer} rests" if rests else answer,
        line=note.line if note and holds else "",
        answer=answer_words(standing.wording, fact, answer),
        rests=rests,
    )


def _initial(answer: str, note: EvidenceNote | None) -> dict[str, Any]:
    given = {"kind": note.kind, "dated": note.dated, "place": note.place, "note": note.note} if note else {}
    return {"answer": answer, **given}


# The checklist for the clinic


@dataclass(frozen=True)
class Item:
    """One thing to look for: ``why`` is the sentence that asks for it, with where it stands, or nothing."""

    label: str
    question: str
    help: str
    answer: str
    rests: str
    why: list[dict[str, str]]


def checklist(report: Mapping[str, Any]) -> dict[str, list[Item]]:
    """What is missing, for the payer and for guideline rows alone, and the answers that rest on no document."""
    questions = {question["fact"]: question for question in report["questions"]}
    missing = {fact["fact"]: fact for fact in report["missing"]}
    asked = [fact for fact in questions if fact in missing] + [fact for fact in missing if fact not in questions]
    shown: set[str] = set()
    return {
        "missing": [_item(missing[fact], _once(_provisions(report, fact), shown)) for fact in asked],
        "for_rows": [
            _item(question, _once(why, shown))
            for fact, question in questions.items()
            if fact not in missing and not question["answer"] and (why := _rows(report, question["label"]))
        ],
        "unproven": [
            _item(question, [])
            for question in questions.values()
            if question["answer"] and question["counts"] and not question.get("rests_on")
        ],
    }


def _once(why: list[dict[str, str]], shown: set[str]) -> list[dict[str, str]]:
    """The sentences, each with its words the first time only: what is printed has to fit on a page."""
    found = [{**one, "quote": "" if one["quote"] in shown else one["quote"]} for one in why]
    shown.update(one["quote"] for one in why)
    return found


def _item(question: Mapping[str, Any], why: list[dict[str, str]]) -> Item:
    before = question.get("noted_for")
    return Item(
        label=question["label"],
        question=question["question"],
        help=question["help"],
        answer=question.get("answer", ""),
        rests=f"Noted for “{before['answer']}”: {before['line']}" if before else "",
        why=why,
    )


def _provisions(report: Mapping[str, Any], fact: str) -> list[dict[str, str]]:
    """The sentence of the first provision that asks for a fact, one that can still decide before the others."""
    asking = [p for p in report["provisions"] if fact in _facts(p["tree"])]
    asking.sort(key=lambda provision: not provision["decides"])
    source = report["document"]["short_name"] if report["document"] else ""
    return [{"quote": p["quote"], "source": f"{source}, {p['locator']}"} for p in asking[:1]]


def _rows(report: Mapping[str, Any], label: str) -> list[dict[str, str]]:
    return [
        {"quote": row["quote"], "source": f"{row['society']} {row['title']}"}
        for row in report["rows"]
        if label in row["missing"]
    ][:1]


def _facts(tree: Mapping[str, Any]) -> Iterator[str]:
    if tree["kind"] == "leaf":
        yield tree["fact"]
    for child in tree["children"]:
        yield from _facts(child)
