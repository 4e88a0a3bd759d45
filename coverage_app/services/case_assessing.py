"""Assessing many cases: the verdict of each payer, and the stance of each guideline row of the site."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from coverage_app.models import Document, Edition
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.verdict import assess

from . import library
from .case_checks import FileCase

NO_EDITION: dict[str, Any] = {
    "verdict": "no_edition",
    "possible": [],
    "missing": [],
    "provisions": [],
    "edition": None,
}


class _Timeline:
    """One payer's editions by day. Between two starts nothing changes, so each stretch is looked up once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        editions = [edition for edition in document.editions.all() if edition.is_on_file]
        self.published = any(edition.status == Edition.Status.PUBLISHED for edition in editions)
        self._starts = sorted({edition.in_force for edition in editions})
        self._found: dict[int, tuple[str, Rules] | None] = {0: None}

    def on(self, day: dt.date) -> tuple[str, Rules] | None:
        """The day in force of the edition of ``day``, with its rules; None where there is no edition."""
        stretch = bisect_right(self._starts, day)
        if stretch not in self._found:
            self._found[stretch] = self._look_up(self._starts[stretch - 1])
        return self._found[stretch]

    def _look_up(self, start: dt.date) -> tuple[str, Rules] | None:
        try:
            edition = library.edition_in_force(self._document, start)
        except library.NoEditionInForce:
            return None
        rules = library.read(edition).rules
        return (edition.in_force.isoformat(), rules) if rules else None


class CaseAssessor:
    """Assesses cases by the documents as they are on file when it is made."""

    def __init__(self) -> None:
        documents = Document.objects.filter(kind=Document.Kind.PAYER_POLICY).prefetch_related("editions")
        self._timelines = {document.code: _Timeline(document) for document in documents.order_by("code")}
        self._published = [code for code, timeline in self._timelines.items() if timeline.published]
        self._rows: dict[str, list[tuple[str, Rules]]] = {}

    @property
    def payers(self) -> list[str]:
        """The codes of all payer documents, sorted."""
        return list(self._timelines)

    def assess(self, case: FileCase, payers: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """One object for each payer, by code, keys in the order in which they are written.

        The payers are those named; else the case's own; else all with a published edition. Dates play no part
        for guideline rows.
        """
        guidelines = self._guidelines(case)
        for payer in sorted(set(payers)) or ([case.payer] if case.payer else self._published):
            verdict = self._verdict(payer, case)
            yield {"id": case.id, "payer": payer, **verdict, "guidelines": guidelines}

    def _verdict(self, payer: str, case: FileCase) -> dict[str, Any]:
        found = self._timelines[payer].on(case.day)
        if found is None:
            return NO_EDITION
        in_force, rules = found
        verdict = assess(rules, case.answers)
        return {
            "verdict": verdict.effect,
            "possible": verdict.possible,
            "missing": verdict.missing,
            "provisions": sorted(verdict.provisions),
            "edition": in_force,
        }

    def _guidelines(self, case: FileCase) -> dict[str, str]:
        site = case.answers.get("site")
        if site is None:
            return {}
        rows = self._rows.get(str(site))
        if rows is None:
            rows = self._rows[str(site)] = [(row.row.code, row.rules) for row in library.rows_for(str(site))]
        return {code: assess(rules, case.answers).effect for code, rules in rows}
