"""Supposed cases in addresses: read from a query string, and written into one."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from coverage_app.rules.vocabulary import Answer, AnswerError, UnknownFact, nearest, plain, shown
from coverage_app.services.vocabulary import Wording

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS = range(1990, 2101)


class BadCase(Exception):
    """An address that describes no case. ``faults`` says what does not fit, a sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.faults))


@dataclass(frozen=True)
class Asked:
    """What an address says. An answer is None where its fact is named without a value: not documented."""

    payer: str
    day: dt.date | None
    answers: Mapping[str, Answer | None]

    @property
    def given(self) -> dict[str, Answer]:
        """The answers that there are."""
        return {fact: answer for fact, answer in self.answers.items() if answer is not None}


def read_day(text: str) -> dt.date | None:
    """A date of service, YYYY-MM-DD; None when blank. Raises ``BadCase``."""
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadCase([f"Date of service: {shown(text)} is not a date. Write it as YYYY-MM-DD."])
    if day.year not in YEARS:
        raise BadCase([f"Date of service: {shown(text)} lies outside {YEARS[0]} to {YEARS[-1]}."])
    return day


def read_query(query: QueryDict, wording: Wording) -> Asked:
    """The case that a query string describes: ``payer``, ``dos`` and fact codes. Raises ``BadCase``, all told."""
    faults: list[str] = []
    answers: dict[str, Answer | None] = {}
    day: dt.date | None = None
    for name, values in query.lists():
        text = values[-1].strip()
        try:
            if len(values) > 1:
                raise BadCase([f"{shown(name)} is given more than once."])
            if name == "dos":
                day = read_day(text)
            elif name != "payer":
                answers[name] = _answer(name, text, wording)
        except BadCase as error:
            faults += error.faults
    if faults:
        raise BadCase(faults)
    return Asked(query.get("payer", "").strip(), day, answers)


def _answer(name: str, text: str, wording: Wording) -> Answer | None:
    try:
        fact = wording.vocabulary[name]
        return fact.check(text) if text else None
    except (UnknownFact, AnswerError) as error:
        hint = f" Did you mean {error.hint}?" if error.hint else ""
        raise BadCase([f"{error.message[0].upper()}{error.message[1:]}.{hint}"]) from None


def payer_fault(payer: str, known: Iterable[str]) -> str:
    """What to say of a payer that is not on file."""
    codes = sorted(known)
    if not payer:
        return f"No payer is named: a verdict is a payer's. On file: {', '.join(codes)}."
    hint = nearest(payer, codes)
    meant = f"Did you mean {hint}?" if hint else f"On file: {', '.join(codes)}."
    return f"Unknown payer {shown(payer)}. {meant}"


def fields(payer: str, answers: Mapping[str, Answer], day: dt.date | None = None) -> dict[str, str]:
    """A supposed case as parameters: of an address, or of a form's hidden fields."""
    return {
        "payer": payer,
        **({"dos": day.isoformat()} if day else {}),
        **{fact: plain(answer) if isinstance(answer, Decimal) else answer for fact, answer in answers.items()},
    }


def suppose_url(payer: str, answers: Mapping[str, Answer], day: dt.date | None = None) -> str:
    """The address of a supposed case's verdict."""
    return f"{reverse('suppose')}?{urlencode(fields(payer, answers, day))}"
