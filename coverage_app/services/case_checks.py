"""Checking the cases of a file: ids, days, payers and answers, each cell against the vocabulary."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Any

from coverage_app.rules.vocabulary import Answer, AnswerError, Fact, Vocabulary, shown

from .case_files import Fault, Format, unknown
from .case_records import Record, records

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ABSENT = {"tx", "nx", "mx", "unknown", "unk", "na", "n/a", "null", "none", "missing", "undocumented", "?", "-"}
_REMEMBERED = 4096  # texts whose meaning is remembered, for each column


class _CellFault(ValueError):
    """What is wrong with one cell."""


@dataclass(frozen=True, slots=True)
class FileCase:
    """One case of a file. ``payer`` is blank where the row names none; ``answers`` holds what is documented."""

    id: str
    day: dt.date
    payer: str
    answers: dict[str, Answer]


class CaseReader:
    """Reads cases: facts and their values from ``vocabulary``, payers from ``payers`` (codes)."""

    def __init__(self, vocabulary: Vocabulary, payers: Collection[str]) -> None:
        self._payers = payers
        self._facts = {fact.code: fact for fact in vocabulary}
        self._columns = dict.fromkeys(("id", "dos", "payer", *self._facts)).keys()
        self._known: dict[str, dict[str, Answer]] = {fact.code: {c: c for c in fact.domain} for fact in vocabulary}
        self._refused: dict[str, dict[str, str]] = {fact.code: {} for fact in vocabulary}
        self._days: dict[str, dt.date] = {}

    def read(self, stream: IO[bytes], form: Format) -> Iterator[FileCase | Fault]:
        """Each case of the file in its order, or in place of it what is wrong with it. The stream is rewound."""
        for record in records(stream, form, self._columns):
            if isinstance(record, Fault):
                yield record
            else:
                yield from self._case(record)

    def _case(self, record: Record) -> Iterator[FileCase | Fault]:
        id_, day, payer = "", None, ""
        answers: dict[str, Answer] = {}
        broken = False
        for column, raw in record.cells.items():
            try:
                text = raw.strip() if isinstance(raw, str) else _text(raw)
                if column == "id":
                    id_ = _id(text)
                elif column == "dos":
                    day = self._days.get(text) or self._day(text)
                elif not text:
                    continue
                elif column == "payer":
                    payer = text
                    if payer not in self._payers:
                        raise _CellFault(unknown("payer", payer, self._payers))
                else:
                    answer = self._known[column].get(text)
                    answers[column] = self._answer(self._facts[column], text) if answer is None else answer
            except _CellFault as error:
                broken = True
                yield Fault(str(error), record.line, column)
        if not broken and id_ and day:
            yield FileCase(id_, day, payer, answers)

    def _day(self, text: str) -> dt.date:
        if not _DAY.fullmatch(text):
            raise _CellFault(f"{shown(text)} is not a date written YYYY-MM-DD" if text else "the date is empty")
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise _CellFault(f"{shown(text)} is not a day of the calendar") from None
        _remember(self._days, text, day)
        return day

    def _answer(self, fact: Fact, text: str) -> Answer:
        refused = self._refused[fact.code].get(text)
        if refused is None:
            try:
                answer = fact.check(text)
            except AnswerError as error:
                refused = str(error)
                if error.hint is None and text.lower() in _ABSENT:
                    refused += "; leave the cell empty when it is not documented"
                _remember(self._refused[fact.code], text, refused)
            else:
                _remember(self._known[fact.code], text, answer)
                return answer
        raise _CellFault(refused)


def _remember(store: dict[str, Any], text: str, meaning: object) -> None:
    if len(store) < _REMEMBERED and len(text) < 100:
        store[text] = meaning


def _text(raw: object) -> str:
    """A JSON value that is no string as the text of its cell (numbers come as text already)."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        raise _CellFault(f"{str(raw).lower()} is no answer: write a code in quotation marks")
    raise _CellFault("a list or an object is no answer: write one code, or null")


def _id(text: str) -> str:
    if not text:
        raise _CellFault("the id is empty")
    if not text.isascii() and not text.isprintable():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _CellFault(f"{shown(text)} has half a character (a lone surrogate)") from None
    return text
