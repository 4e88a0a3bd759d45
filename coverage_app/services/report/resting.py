"""What the answers of a report rest on: the documents noted, and the answers for which none is."""

from collections.abc import Iterator
from typing import Any

from coverage_app.services.evidence_notes import EvidenceNote
from coverage_app.services.standing import Standing
from coverage_app.services.vocabulary import Wording

NOTHING = "No document noted"


def _holding(standing: Standing, fact: str) -> EvidenceNote | None:
    note = (standing.facts.evidence or {}).get(fact)
    return note if note and note.holds else None


def rests_on(standing: Standing, fact: str) -> dict[str, Any] | None:
    """The document that an answer rests on; None where none is noted for this answer."""
    note = _holding(standing, fact)
    if note is None:
        return None
    return {
        "document": note.document,
        "dated": note.dated.isoformat() if note.dated else None,
        "place": note.place,
        "note": note.note,
        "line": note.line,
    }


def noted_for(standing: Standing, fact: str) -> dict[str, str] | None:
    """A document that rests: it was noted for another answer than the present one."""
    note = (standing.facts.evidence or {}).get(fact)
    if note is None or note.holds or fact not in standing.facts.answers:
        return None
    return {"answer": answer_words(standing.wording, fact, note.answer), "line": note.line}


def answer_words(wording: Wording, fact: str, code: str) -> str:
    """The answer that a document was noted for, in words: ``Close``, ``62 years``."""
    known = wording.facts.get(fact, {})
    return f"{code} {known['unit']}".strip() if known.get("kind") == "number" else wording.answer(fact, code)


def count_of(standing: Standing) -> dict[str, int] | None:
    """How many of the answers that count rest on a document; None where none could be noted."""
    if standing.facts.evidence is None:
        return None
    with_document = sum(1 for fact in standing.counted if _holding(standing, fact))
    return {"answers": len(standing.counted), "on_a_document": with_document}


def beside_criteria(provisions: list[dict[str, Any]], standing: Standing) -> list[dict[str, Any]]:
    """The provisions, each answered criterion of the deciding ones with what its answer rests on."""
    if standing.facts.evidence is None:
        return provisions
    for provision in provisions:
        for leaf in _answered(provision["tree"]) if provision["decides"] else ():
            note = _holding(standing, leaf["fact"])
            leaf["rests"] = {"line": note.line if note else NOTHING, "on_a_document": note is not None}
    return provisions


def _answered(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if tree["kind"] == "leaf" and tree["answer"]:
        yield tree
    for child in tree["children"]:
        yield from _answered(child)
