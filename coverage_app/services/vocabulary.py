"""The vocabulary as it stands now, for drafts and questions; and what is frozen with an edition."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from coverage_app.models import Answer, EditionUse, Fact, FactValue, GoldenCase
from coverage_app.rules.criteria import Expression, evaluate, parse
from coverage_app.rules.truth import Truth
from coverage_app.rules.vocabulary import Answer as RuleAnswer
from coverage_app.rules.vocabulary import Vocabulary

NAMED = 3  # golden cases that a sentence names


@dataclass(frozen=True)
class Wording:
    """The vocabulary of one moment: for the rules, and with all wording for the pages.

    ``facts`` maps a fact's code to its data (``code kind section core nature fixed_when label question help unit
    least greatest step`` and ``values``, each ``code label parent group help diagnosis_codes t_categories cpt``), in
    the order in which questions are asked. ``rows`` has the numbers of the rows on file, where it is the vocabulary of
    now: by fact and value, and by fact with a blank value.
    """

    facts: dict[str, dict[str, Any]]
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", Vocabulary.from_data(list(self.facts.values())))

    @property
    def core(self) -> tuple[str, ...]:
        return tuple(code for code, fact in self.facts.items() if fact["core"])

    def value(self, fact: str, code: str) -> dict[str, Any] | None:
        """The data of one value of a choice, or None when it is not one of them."""
        values = self.facts.get(fact, {"values": []})["values"]
        return next((value for value in values if value["code"] == code), None)

    def options(self, fact: str) -> list[dict[str, Any]]:
        """Return the data of the values that are answers to a choice, in order: groups are none."""
        return [value for value in self.facts.get(fact, {"values": []})["values"] if not value.get("group")]

    def covered(self, fact: str, codes: Iterable[str]) -> frozenset[str]:
        """Return the answers that these values stand for, groups and broader values spelled out.

        A value that the vocabulary does not have stands for itself.
        """
        if fact not in self.vocabulary:
            return frozenset(codes)
        known = {value.code for value in self.vocabulary[fact].values}
        sets = [self.vocabulary[fact].covered(code) if code in known else frozenset({code}) for code in codes]
        return frozenset().union(*sets)

    @cached_property
    def billed(self) -> tuple[str, ...]:
        """The facts whose answer decides the CPT code: they are asked in every case."""
        return tuple(code for code, fact in self.facts.items() if any(value.get("cpt") for value in fact["values"]))

    @cached_property
    def _final(self) -> dict[str, Expression]:
        """When the answer to a fact is final, for facts of which documentation can establish it until then."""
        conditions = {code: fact.get("fixed_when") or "" for code, fact in self.facts.items()}
        return {code: parse(text, self.vocabulary) for code, text in conditions.items() if text}

    def fixed(self, answers: Mapping[str, RuleAnswer]) -> frozenset[str]:
        """Return the facts that no documentation can change, given these answers: what is, is."""
        by_nature = {code for code, fact in self.facts.items() if fact["nature"] == Fact.Nature.FIXED}
        final = {code for code, when in self._final.items() if evaluate(when, answers).truth is Truth.MET}
        return frozenset(by_nature | final)

    def label(self, fact: str) -> str:
        return str(self.facts[fact]["label"]) if fact in self.facts else fact

    def answer(self, fact: str, answer: object) -> str:
        """An answer in words: ``Close``, ``62 years``; blank when there is none."""
        if answer is None or answer == "":
            return ""
        if isinstance(answer, Decimal):
            unit = self.facts.get(fact, {}).get("unit", "")
            return f"{answer.normalize():f} {unit}".strip()
        value = self.value(fact, str(answer))
        if value:
            return str(value["label"])
        return {"yes": "Yes", "no": "No"}.get(str(answer), str(answer))

    def to_data(self) -> list[dict[str, Any]]:
        return list(self.facts.values())


_OF_A_FACT = (
    "pk", "code", "kind", "section", "core", "nature", "fixed_when", "label", "question", "help", "unit", "least",
    "greatest", "step",
)  # fmt: skip
_OF_A_VALUE = ("pk", "position", "code", "label", "broader_id", "group", "help", "t_categories", "cpt")


def _number(number: Decimal | float | None) -> str | None:
    return None if number is None else f"{Decimal(str(number)).normalize():f}"


def fact_data(fact: Fact, values: Iterable[FactValue] | None = None) -> dict[str, Any]:
    """One fact with its ``values``, those on file if none are given (prefetched, best), as JSON-able data."""
    listed = fact.values.all() if values is None else values
    values = sorted(listed, key=lambda value: (value.position, value.code))
    codes = {value.pk: value.code for value in values}
    return {
        "code": fact.code,
        "kind": fact.kind,
        "section": fact.section,
        "core": bool(fact.core),
        "nature": fact.nature,
        "fixed_when": fact.fixed_when,
        "label": fact.label,
        "question": fact.question,
        "help": fact.help,
        "unit": fact.unit,
        "least": _number(fact.least),
        "greatest": _number(fact.greatest),
        "step": _number(fact.step),
        "values": [
            {
                "code": value.code,
                "label": value.label,
                "parent": codes.get(value.broader_id) if value.broader_id else None,
                "group": bool(value.group),
                "help": value.help,
                "diagnosis_codes": value.diagnosis_codes,
                "t_categories": value.t_categories,
                "cpt": value.cpt,
            }
            for value in values
        ],
    }


def current_wording() -> Wording:
    """The vocabulary as the editors have it now. Two queries; put together anew where a row has changed."""
    found = []
    with connection.cursor() as cursor:
        for statement, parameters in _statements():
            cursor.execute(statement, parameters)
            found.append(tuple(cursor.fetchall()))
    return _wording(*found)


@cache
def _statements() -> list[tuple[str, tuple[Any, ...]]]:
    """The SQL that reads the vocabulary. Every page asks for it, and to build it takes longer than to run it.

    The core facts come first, wherever an editor puts them: what is asked of every case has to be known before it is
    judged which of the other questions matter.
    """
    codes = Cast("diagnosis_codes", TextField())
    return [
        Fact.objects.order_by("-core", "position", "code").values_list(*_OF_A_FACT).query.sql_with_params(),
        FactValue.objects.order_by("pk").values_list("fact_id", codes, *_OF_A_VALUE).query.sql_with_params(),
    ]


@lru_cache(maxsize=4)
def _wording(facts: tuple[tuple[Any, ...], ...], values: tuple[tuple[Any, ...], ...]) -> Wording:
    """The vocabulary of these rows: many, seldom another, and asked for at each step of a case."""
    by_fact: dict[int, list[FactValue]] = defaultdict(list)
    for fact, codes, *own in values:
        columns = dict(zip(_OF_A_VALUE, own, strict=True))
        by_fact[fact].append(FactValue(fact_id=fact, diagnosis_codes=json.loads(codes), **columns))
    named = [Fact(**dict(zip(_OF_A_FACT, row, strict=True))) for row in facts]
    rows = {(fact.code, ""): fact.pk for fact in named}
    rows |= {(fact.code, value.code): value.pk for fact in named for value in by_fact[fact.pk]}
    return Wording({fact.code: fact_data(fact, by_fact[fact.pk]) for fact in named}, rows)


def uses(subject: Fact | FactValue) -> list[str]:
    """What keeps a fact or a value from being removed, a phrase each; empty when nothing does."""
    found = EditionUse.objects.select_related("edition__document")
    if isinstance(subject, Fact):
        named = found.filter(fact=subject)
        answers = Answer.objects.filter(fact=subject)
        narrower: list[str] = []
    else:
        named = found.filter(value=subject)
        answers = Answer.objects.filter(value=subject)
        narrower = [f"“{value}” is narrower than it" for value in subject.narrower.all()]
    editions = sorted({f"{use.edition} ({use.edition.get_status_display().lower()})" for use in named})
    phrases = [f"{edition} names it" for edition in editions]
    return [*phrases, *_answering(answers), *_golden(subject), *narrower]


def answered_by(value: FactValue) -> list[str]:
    """What answers with a value, a phrase each, so that it cannot become a group; empty when nothing does."""
    return [*_answering(Answer.objects.filter(value=value)), *_golden(value)]


def _answering(answers: QuerySet[Answer]) -> list[str]:
    count = answers.values("case").distinct().count()
    return [f"{count} {'case answers' if count == 1 else 'cases answer'} it"] if count else []


def _golden(subject: Fact | FactValue) -> list[str]:
    """The golden cases that answer it, as one phrase; later editions are run on them with the vocabulary of now."""
    code = subject.code if isinstance(subject, Fact) else subject.fact.code
    found = GoldenCase.objects.filter(answers__has_key=code).order_by("edition__in_force", "position", "pk")
    wanted = subject.code if isinstance(subject, FactValue) else None
    named = found.values_list("name", "answers")
    names = list(dict.fromkeys(name for name, answers in named if wanted in (None, answers[code])))
    if not names:
        return []
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    said = ", ".join(f"“{name}”" for name in names[:NAMED])
    return [f"golden case {said} answers it" if len(names) == 1 else f"golden cases {said}{more} answer it"]


def answers_outside(fact: Fact, least: Decimal, greatest: Decimal, step: Decimal) -> int:
    """How many stored answers to a number lie outside a range, or between its steps."""
    numbers = Answer.objects.filter(fact=fact, number__isnull=False).values_list("number", flat=True)
    return sum(1 for n in numbers if n is not None and not (least <= n <= greatest and (n - least) % step == 0))


@transaction.atomic
def complete_yes_no(*, fact: Fact) -> None:
    """Give a yes/no its two values where they are missing. It is part of a save, whose audit event speaks for it."""
    if fact.kind != Fact.Kind.YES_NO:
        return
    on_file = set(fact.values.values_list("code", flat=True))
    for position, (code, label) in enumerate((("yes", "Yes"), ("no", "No")), 1):
        if code not in on_file:
            FactValue.objects.create(fact=fact, code=code, label=label, position=position)
