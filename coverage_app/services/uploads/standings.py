"""What is noted on each of many new cases: as ``cases.note_standing`` notes it on one, in a thousandth of the time.

There, only answers to relevant questions count. An answer that does not count cannot change what an edition says, so
all may be given to it, and site, recurrence and T category are asked in every case. Where an editor has made it
otherwise, or an edition is older than one of the answers, the case is taken singly.
"""

import datetime as dt
from dataclasses import dataclass, replace

from coverage_app.models import Document, FactValue
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.verdict import assess
from coverage_app.rules.vocabulary import Answer
from coverage_app.services import bulk, library
from coverage_app.services.bulk import NO_EDITION
from coverage_app.services.noting import TITLE
from coverage_app.services.standing import CaseFacts, Standing, stand
from coverage_app.services.vocabulary import Wording


@dataclass(frozen=True)
class Standings:
    """What is noted on one case."""

    verdict: str = ""
    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    noted_until: dt.date | None = None
    title: str = ""
    site: int | None = None


class Noter:
    """Gives the notes of cases by the editions as they are on file when ``look`` was last called."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._sites = dict(FactValue.objects.filter(fact__code="site").values_list("code", "pk"))
        self._simple = set(wording.core) >= TITLE
        self._titles: dict[tuple[Answer | None, ...], str] = {}
        self._foreign: dict[tuple[int, str, Answer], bool] = {}
        self._seen: dict[int, Rules] = {}  # kept, so that no other rules get their number
        self._starts: dict[int, bulk.Starts] = {}
        self._following: dict[int, dt.date | None] = {}

    def look(self, today: dt.date) -> None:
        """Look anew which editions are on file, today."""
        self._today = today
        self._starts.clear()
        self._following.clear()

    def of(self, facts: CaseFacts) -> Standings:
        """What is noted on a case with these facts."""
        document, day = facts.document, facts.date_of_service
        until = self._next_start(document) if document and not day else None
        edition = bulk.deciding(self._of(document), day or self._today) if document else None
        rules = library.read(edition).rules if edition else None
        if not self._simple or (rules and self._is_foreign(rules, facts)):
            return replace(self._singly(facts), noted_until=until)
        title, site = self._title(facts), self._site(facts)
        if rules is None:
            return Standings(NO_EDITION if document else "", (), (), until, title, site)
        verdict = assess(rules, facts.answers)
        return Standings(verdict.effect, verdict.possible, verdict.missing, until, title, site)

    def _of(self, document: Document) -> bulk.Starts:
        if document.pk not in self._starts:
            self._starts[document.pk] = bulk.starts(document)
        return self._starts[document.pk]

    def _next_start(self, document: Document) -> dt.date | None:
        if document.pk not in self._following:
            self._following[document.pk] = library.next_start(document, self._today)
        return self._following[document.pk]

    def _is_foreign(self, rules: Rules, facts: CaseFacts) -> bool:
        """Whether the vocabulary of the rules lacks one of the answers."""
        return any(self._lacks(rules, fact, facts.answers[fact]) for fact in rules.facts if fact in facts.answers)

    def _lacks(self, rules: Rules, fact: str, answer: Answer) -> bool:
        self._seen[id(rules)] = rules
        key = (id(rules), fact, answer)
        if key not in self._foreign:
            self._foreign[key] = rules.diagram.cells[fact].index(answer) is None
        return self._foreign[key]

    def _title(self, facts: CaseFacts) -> str:
        key = tuple(facts.answers.get(fact) for fact in sorted(TITLE))
        if key not in self._titles:
            standing = Standing(facts, self._wording, self._today, None, (), (), facts.answers, None)
            self._titles[key] = standing.title
        return self._titles[key]

    def _site(self, facts: CaseFacts) -> int | None:
        site = facts.answers.get("site")
        return self._sites.get(str(site)) if site else None

    def _singly(self, facts: CaseFacts) -> Standings:
        found = stand(facts, self._wording, self._today)
        verdict, site = found.verdict, found.counted.get("site")
        return Standings(
            verdict=found.code,
            possible=verdict.possible if verdict else (),
            missing=verdict.missing if verdict else (),
            title=found.title,
            site=self._sites.get(str(site)) if site else None,
        )
