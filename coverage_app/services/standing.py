"""Where a case stands: the payer's edition, the questions that matter, the verdict and the rows' stances."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils import timezone

from coverage_app.models import Document
from coverage_app.rules.verdict import Verdict, assess, relevant_facts
from coverage_app.rules.vocabulary import Answer

from . import library
from .evidence_notes import EvidenceNote
from .library import NoEditionInForce, Reading, Row
from .vocabulary import Wording, current_wording


@dataclass(frozen=True)
class CaseFacts:
    """What is known of a case, stored or only supposed. ``answers`` holds facts answered, by code.

    ``evidence`` says what is noted of the documents they rest on; None where nothing could be, as on a supposed case.
    """

    answers: Mapping[str, Answer]
    document: Document | None = None
    product: str = ""
    setting: str = ""
    date_of_service: dt.date | None = None
    diagnosis_code: str = ""
    cpt_code: str = ""
    label: str = ""
    reference: str = ""
    evidence: Mapping[str, EvidenceNote] | None = None


@dataclass(frozen=True)
class Standing:
    """What the facts give. ``verdict`` is None without a payer or without an edition for the day.

    ``askable`` are the questions that the site and payer can lead to; ``relevant`` those that can still change the
    payer's verdict or a row, in order; ``counted`` the answers to these; only these count. ``for_payer`` are those
    that can change the payer's verdict. ``for_code`` are asked for the CPT code alone, after the others.
    """

    facts: CaseFacts
    wording: Wording
    day: dt.date
    reading: Reading | None
    rows: tuple[Row, ...]
    relevant: tuple[str, ...]
    counted: Mapping[str, Answer]
    verdict: Verdict | None
    stances: Mapping[str, Verdict] = field(default_factory=dict)
    askable: frozenset[str] = frozenset()
    for_payer: frozenset[str] = frozenset()
    for_code: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Every question of the case, in the order in which they are asked."""
        return (*self.relevant, *self.for_code)

    def purpose_of(self, fact: str) -> str:
        """Return what a question is asked for: ``payer``, ``guideline`` or ``code``; blank where it is core or idle."""
        if fact in self.for_payer:
            return "payer"
        if fact in self.for_code:
            return "code"
        return "guideline" if fact in self.relevant and fact not in self.wording.core else ""

    @property
    def reachable(self) -> CaseFacts:
        """The facts without the answers that no question of this payer and site can reach any more.

        An answer left over from another site is kept, but nobody can be asked to mend it here.
        """
        answers = {fact: answer for fact, answer in self.facts.answers.items() if fact in self.askable}
        return replace(self.facts, answers=answers)

    @property
    def code(self) -> str:
        """The verdict's code; blank while no payer is chosen."""
        if self.verdict:
            return self.verdict.effect
        return "no_edition" if self.facts.document else ""

    @property
    def title(self) -> str:
        """The disease in a few words: ``Rectum, local recurrence, T3``."""
        words: list[str] = []
        for fact in ("site", "recurrence", "t_stage"):
            answer = self.counted.get(fact)
            if answer is not None and (fact, answer) != ("recurrence", "primary"):
                text = self.wording.answer(fact, answer)
                words.append(text[0].lower() + text[1:] if words and fact == "recurrence" else text)
        return ", ".join(words)


def stand(facts: CaseFacts, wording: Wording | None = None, today: dt.date | None = None) -> Standing:
    """Where ``facts`` stand under their payer's edition of the date of service (without one: of today)."""
    wording = wording or current_wording()
    day = facts.date_of_service or today or timezone.localdate()
    reading = None
    if facts.document:
        try:
            reading = library.read(library.edition_in_force(facts.document, day))
        except NoEditionInForce:
            reading = None
    return stand_by(facts, reading, rows_of(facts), wording, day)


def rows_of(facts: CaseFacts) -> tuple[Row, ...]:
    """The guideline rows of the case's site."""
    site = facts.answers.get("site")
    return tuple(library.rows_for(str(site) if site else None))


def stand_by(
    facts: CaseFacts, reading: Reading | None, rows: tuple[Row, ...], wording: Wording, day: dt.date
) -> Standing:
    """Where ``facts`` stand by what was read already: an edition, the rows of the site, the current wording."""
    site = facts.answers.get("site")
    editions = [reading.rules] if reading and reading.rules else []
    rules = [*editions, *(row.rules for row in rows)]
    relevant = relevant_facts(wording.vocabulary, wording.core, rules, facts.answers)
    for_code = tuple(fact for fact in wording.billed if fact not in relevant)
    by_site = relevant_facts(wording.vocabulary, wording.core, rules, {"site": site} if site else {})
    counted = {fact: facts.answers[fact] for fact in relevant if fact in facts.answers}
    return Standing(
        facts=facts,
        wording=wording,
        day=day,
        reading=reading,
        rows=rows,
        relevant=tuple(relevant),
        counted=counted,
        verdict=assess(reading.rules, counted) if reading and reading.rules else None,
        askable=frozenset((*relevant, *by_site, *for_code)),
        for_payer=frozenset(fact for fact, changed in relevant.items() if editions and 0 in changed),
        for_code=for_code,
        stances={row.row.code: assess(row.rules, counted) for row in rows},
    )
