"""Many stored cases at once: what two or more readings say of their answers, each set of answers assessed once.

The result is that of ``cases.standing_of``, case by case. There, only answers to relevant questions count; an answer
that does not count cannot change what an edition says, so all answers may be given to it. The exception is an answer
that an edition's own vocabulary does not have: such cases are taken singly, with the questions that are relevant.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from coverage_app.models import Answer, Case, Document, Edition, Fact, FactValue
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.store import Node
from coverage_app.rules.verdict import Verdict, assess, relevant_facts
from coverage_app.rules.vocabulary import Answer as RuleAnswer

from . import library
from .cases import answers_of
from .vocabulary import Wording

NO_EDITION = "no_edition"
KEPT = 200_000  # sets of answers that are remembered before all are forgotten

Starts = list[tuple[dt.date, Edition | None]]
Part = int | tuple[str, Decimal]  # an answer: a value's number, or a fact with a number
Key = tuple[Part, ...]
Cells = tuple[int | None, ...]
Verdicts = tuple[Verdict | None, ...]


@dataclass(frozen=True)
class Turn:
    """What putting one edition in force, or out of it, changes: ``before`` → ``after`` (None: no edition) for the
    cases of ``document`` from the day ``first`` up to, not including, ``until`` (None: without end)."""

    document: Document
    first: dt.date
    until: dt.date | None
    before: Edition | None
    after: Edition | None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)

    def cases(self, today: dt.date) -> QuerySet[Case]:
        """The stored cases whose day it is about: the date of service, without one ``today``."""
        dated = Q(date_of_service__gte=self.first)
        if self.until:
            dated &= Q(date_of_service__lt=self.until)
        undated = Q(date_of_service__isnull=True) if self.covers(today) else Q(pk__in=())
        return Case.objects.filter(dated | undated, document=self.document)


def starts(document: Document, *, without: Edition | None = None) -> Starts:
    """From which day on which edition of ``document`` decides (None: none does), ``without`` one of them. One query."""
    found: dict[dt.date, Edition | None] = {}
    for edition in document.editions.on_file().select_related("document"):
        if without is not None and edition.pk == without.pk:
            continue
        if edition.status == Edition.Status.PUBLISHED:
            found[edition.in_force] = edition
        else:  # withdrawn: a gap, unless a published one took its place
            found.setdefault(edition.in_force, None)
    return sorted(found.items(), key=itemgetter(0))


def deciding(on_file: Starts, day: dt.date) -> Edition | None:
    """The edition that decides on ``day``; None where none does."""
    place = bisect_right(on_file, day, key=itemgetter(0))
    return on_file[place - 1][1] if place else None


def publication(edition: Edition) -> Turn:
    """What publishing ``edition`` changes, or changed: it is a draft, or in force since just now. One query."""
    others = starts(edition.document, without=edition)
    until = next((day for day, _ in others if day > edition.in_force), None)
    return Turn(edition.document, edition.in_force, until, deciding(others, edition.in_force), edition)


def withdrawal(edition: Edition) -> Turn:
    """What withdrawing ``edition`` changed; it is withdrawn by now. One query."""
    others = starts(edition.document)
    until = next((day for day, _ in others if day > edition.in_force), None)
    return Turn(edition.document, edition.in_force, until, edition, deciding(others, edition.in_force))


class Assessor:
    """What each of some rules (None: no edition) says of the answers of stored cases. Three queries to begin with."""

    def __init__(self, wording: Wording, *rules: Rules | None) -> None:
        self.wording = wording
        self.rules = rules
        read = [each for each in rules if each]
        codes = {code for each in read for code in each.facts}
        facts = list(Fact.objects.filter(code__in=codes).values_list("pk", "code", "kind"))
        self._number_facts = {pk: code for pk, code, kind in facts if kind == Fact.Kind.NUMBER}
        self._choices = [pk for pk, _, _ in facts if pk not in self._number_facts]
        values = FactValue.objects.filter(fact__in=self._choices).values_list("pk", "fact__code", "code")
        self._first: dict[tuple[str, Cells], Part] = {}
        self._numbers: dict[tuple[str, Decimal], Part] = {}
        self._foreign: set[Part] = set()
        self._answers: dict[Part, tuple[str, RuleAnswer]] = {pk: (fact, code) for pk, fact, code in values}
        self._values = {pk: self._alike(pk, *answer) for pk, answer in list(self._answers.items())}
        self._known: dict[Key, Verdicts | None] = {}
        self._asked: dict[Node, tuple[str, ...]] = {}
        self._decide: dict[tuple[int, Key], tuple[str, ...] | None] = {}
        self._left: dict[tuple[Node | RuleAnswer | None, ...], Verdict] = {}

    def _alike(self, part: Part, fact: str, answer: RuleAnswer) -> Part:
        """The first answer that none of the rules can tell from this one."""
        cells = tuple(
            each.diagram.cells[fact].index(answer) if each and fact in each.facts else 0 for each in self.rules
        )
        if None in cells:
            self._foreign.add(part)
            return part
        return self._first.setdefault((fact, cells), part)

    def _number(self, fact: str, number: Decimal) -> Part:
        part = (fact, number)
        found = self._numbers.get(part)
        if found is None:
            self._answers[part] = part
            found = self._numbers[part] = self._alike(part, fact, number)
        return found

    def keys(self, cases: QuerySet[Case], after: int = 0, upto: int | None = None) -> dict[int, Key]:
        """The answers that matter to the rules, of each of ``cases`` that has any, by number; of those numbered above
        ``after`` and at most ``upto``. Answers that no rule can tell apart are the same here. Two queries.
        """
        answers = Answer.objects.order_by("case_id", "fact_id")
        if upto is not None:  # said of both tables: else PostgreSQL reads all answers for each piece
            cases = cases.filter(pk__gt=after, pk__lte=upto)
            answers = answers.filter(case_id__gt=after, case_id__lte=upto)
        answers = answers.filter(case__in=cases.values("pk"))
        chosen = answers.filter(fact__in=self._choices).values_list("case_id", "value_id")
        alike = self._values
        keys: dict[int, Key] = {
            case: tuple([alike[value] for _, value in rows]) for case, rows in groupby(chosen, itemgetter(0))
        }
        numbers = answers.filter(fact__in=list(self._number_facts)).values_list("case_id", "fact_id", "number")
        for case, fact, number in numbers:
            if number is not None:  # so it is by a constraint; for the type checker
                keys[case] = (*keys.get(case, ()), self._number(self._number_facts[fact], number))
        return keys

    def of(self, case: int, key: Key) -> Verdicts:
        """The verdict of each of the rules on the case with this number, whose answers are ``key``."""
        try:
            found = self._known[key]
        except KeyError:
            if len(self._known) >= KEPT:
                self._known.clear()
                self._left.clear()
                self._decide.clear()
            found = self._known[key] = self._assess(key)
        return self._singly(case) if found is None else found

    def effects(self, case: int, key: Key) -> list[str]:
        """The same, as the codes that cases and pages show."""
        return [verdict.effect if verdict else NO_EDITION for verdict in self.of(case, key)]

    def provisions(self, place: int, key: Key) -> tuple[str, ...] | None:
        """The provisions of the rules at ``place`` that decide; None where that depends on which answers count.

        The effect never does. But an answer to a question that is not asked can leave fewer provisions with it, and
        whether it was asked depends on more than these rules: the questions of every case, the guidelines' rows.
        """
        try:
            return self._decide[place, key]
        except KeyError:
            found = self._decide[place, key] = self._deciding(place, key)
            return found

    def _deciding(self, place: int, key: Key) -> tuple[str, ...] | None:
        rules, verdicts = self.rules[place], self._known.get(key) or self._assess(key)
        verdict = verdicts[place] if verdicts else None
        if rules is None or verdict is None:
            return None
        answers = dict(map(self._answers.__getitem__, key))
        asked = relevant_facts(self.wording.vocabulary, (), [rules], answers)
        least = assess(rules, {fact: answers[fact] for fact in asked if fact in answers})
        return verdict.provisions if least.provisions == verdict.provisions else None

    def _assess(self, key: Key) -> Verdicts | None:
        """The verdicts; None where the case has to be taken singly."""
        if not self._foreign.isdisjoint(key):
            return None
        answers = dict(map(self._answers.__getitem__, key))
        return tuple(self._verdict(each, answers) if each else None for each in self.rules)

    def _verdict(self, rules: Rules, answers: dict[str, RuleAnswer]) -> Verdict:
        """As ``assess``, for answers that the vocabulary has: the first few decide which others still matter."""
        diagram = rules.diagram
        node = diagram.root
        while node.children:
            fact = diagram.facts[node.level]
            if fact not in answers:
                break
            if answers[fact] in diagram.cells[fact].open:  # which of its narrower values it is, is open
                break
            cell = diagram.cells[fact].index(answers[fact])
            if cell is None:  # foreign: such cases are taken singly
                return assess(rules, answers)
            node = node.children[cell]
        asked = self._asked.get(node)
        if asked is None:
            asked = self._asked[node] = diagram.asked(node)
        key = (node, *map(answers.get, asked))
        found = self._left.get(key)
        if found is None:
            found = self._left[key] = assess(rules, answers)
        return found

    def _singly(self, pk: int) -> Verdicts:
        """As ``standing.stand`` does it: only the answers to relevant questions count."""
        answers = answers_of(Case(pk=pk))
        site = answers.get("site")
        rows = [row.rules for row in library.rows_for(str(site) if site else None)]
        verdicts: list[Verdict | None] = []
        for each in self.rules:
            asked: Iterable[str] = ()
            if each:
                asked = relevant_facts(self.wording.vocabulary, self.wording.core, [each, *rows], answers)
            counted: dict[str, Any] = {fact: answers[fact] for fact in asked if fact in answers}
            verdicts.append(assess(each, counted) if each else None)
        return tuple(verdicts)
