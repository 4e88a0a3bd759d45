"""A golden case as its form has it beside what is saved, for the second of two editors on the same one."""

from collections.abc import Iterator
from typing import Any

from coverage_app.models import Document, Edition, GoldenCase
from coverage_app.services.text_marks import marked
from coverage_app.services.vocabulary import Wording

from ..versions import Differing, Versions
from .golden import answer_in_words, tag_of


def differing(edition: Edition, wording: Wording, saved: GoldenCase | None, typed: Any) -> Versions | None:
    """Where the two differ, ``typed`` as in ``golden_case.Typed``; None when no case is saved any more."""
    if saved is None:
        return None
    before, after = dict(_words(edition, wording, saved)), dict(_words(edition, wording, typed))
    if saved.retired:
        before["Holds"], after["Holds"] = "no, it is retired", "yes"
    fields = [*before, *(name for name in after if name not in before)]
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in fields]
    return Versions([Differing("", name, *marked(was, now)) for name, was, now in pairs if was != now], [], [])


def _words(edition: Edition, wording: Wording, case: Any) -> Iterator[tuple[str, str]]:
    """What a case says, field by field as its form calls them, in words."""
    guideline = edition.document.kind == Document.Kind.GUIDELINE
    if guideline:
        yield "Row", case.row
    for fact, answer in (case.answers or {}).items():
        if str(answer).strip():
            yield wording.label(fact), answer_in_words(wording, fact, str(answer).strip())
    verdict = tag_of(case.verdict, "row" if guideline else "")["label"] if case.verdict else ""
    yield "Expected stance" if guideline else "Expected verdict", verdict
    yield "Why", " ".join(case.why.split())
