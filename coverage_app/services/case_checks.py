"""Checking the cases of a file: ids, days, payers and answers, each cell against the vocabulary."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from coverage_app.rules.vocabulary import Answer, AnswerError, Fact, Vocabulary, shown

from .case_files import Fault, Format, hinted, nearest_of
from .case_records import Record, Shape, ignored, records

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ABSENT = {"tx", "nx", "mx", "unknown", "unk", "na", "n/a", "null", "none", "missing", "undocumented", "?", "-"}
_REMEMBERED = 4096  # texts whose meaning is remembered, for each column


class CellFault(ValueError):
    """What is wrong with one cell; ``hint`` is the known name that was most likely meant, or None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        self.message, self.hint = message, hint
        super().__init__(message, hint)

    def __str__(self) -> str:
        return hinted(self.message, self.hint)


class Column:
    """One column of a file: ``check`` gives the meaning of a cell's text or raises CellFault; each text is checked
    once. Where ``required`` is not set, an empty cell says nothing, and is not checked."""

    def __init__(
        self, check: Callable[[str], Any], *, required: bool = False, known: Mapping[str, Any] | None = None
    ) -> None:
        self._check, self.required = check, required
        self.known: dict[str, Any] = dict(known or {})
        self._refused: dict[str, CellFault] = {}

    def read(self, text: str) -> Any:
        """The meaning of a text. Raises CellFault."""
        if fault := self._refused.get(text):
            raise fault.with_traceback(None)
        try:
            meaning = self.known[text] if text in self.known else self._check(text)
        except CellFault as fault:
            _remember(self._refused, text, fault)
            raise
        _remember(self.known, text, meaning)
        return meaning


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands in the place of a cell that is no text, such as a formula; told when the cell is looked at."""

    message: str


def cells_of(record: Record, columns: Mapping[str, Column]) -> tuple[dict[str, str], dict[str, Any], list[Fault]]:
    """The texts of a record's cells, what they mean, by column, and what is wrong with them. Empty ones are left out
    unless the column asks for them."""
    texts: dict[str, str] = {}
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, raw in record.cells.items():
        column = columns[name]
        try:
            text = raw.strip() if isinstance(raw, str) else text_of(raw)
            if not text and not column.required:
                continue
            meaning = column.known.get(text)
            found[name] = column.read(text) if meaning is None else meaning
            texts[name] = text
        except CellFault as fault:
            faults.append(Fault(fault.message, record.line, name, fault.hint))
    return texts, found, faults


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
        self._columns = {
            "id": Column(required_id, required=True),
            "dos": Column(day_of, required=True),
            "payer": Column(one_of("payer", payers)),
            **answer_columns(vocabulary),
        }
        self._shape = Shape(self._columns.keys())

    @property
    def ignored(self) -> list[str]:
        """What to say of columns of the file that were ignored; complete once it has been read."""
        return ignored(self._shape.met)

    def read(self, stream: IO[bytes], form: Format) -> Iterator[FileCase | Fault]:
        """Each case of the file in its order, or in place of it what is wrong with it. The stream is rewound."""
        for record in records(stream, form, self._shape):
            if isinstance(record, Fault):
                yield record
            else:
                yield from self._case(record)

    def _case(self, record: Record) -> Iterator[FileCase | Fault]:
        _, found, faults = cells_of(record, self._columns)
        yield from faults
        id_, day = found.pop("id", ""), found.pop("dos", None)
        if not faults and id_ and day:
            yield FileCase(id_, day, found.pop("payer", ""), found)


def answer_columns(vocabulary: Vocabulary) -> dict[str, Column]:
    """A column for each fact, by its code."""
    return {fact.code: Column(_answer_to(fact), known={c: c for c in fact.domain}) for fact in vocabulary}


def one_of(what: str, names: Collection[str]) -> Callable[[str], str]:
    """A check that the text is one of ``names``."""
    known = tuple(names)

    def check(text: str) -> str:
        if text not in known:
            raise CellFault(f"unknown {what} {shown(text)}", nearest_of(text[:60], known))
        return text

    return check


def _answer_to(fact: Fact) -> Callable[[str], Answer]:
    def check(text: str) -> Answer:
        try:
            return fact.check(text)
        except AnswerError as error:
            absent = error.hint is None and text.lower() in _ABSENT
            advice = "; leave the cell empty when it is not documented" if absent else ""
            raise CellFault(error.message + advice, error.hint) from None

    return check


def day_of(text: str) -> dt.date:
    """The day written ``YYYY-MM-DD``. Raises CellFault."""
    if not _DAY.fullmatch(text):
        raise CellFault(f"{shown(text)} is not a date written YYYY-MM-DD" if text else "the date is empty")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CellFault(f"{shown(text)} is not a day of the calendar") from None


def _remember(store: dict[str, Any], text: str, meaning: object) -> None:
    if len(store) < _REMEMBERED and len(text) < 100:
        store[text] = meaning


def text_of(raw: object) -> str:
    """A cell that is no text, as text: JSON's null is empty (its numbers come as text already). Raises CellFault."""
    if raw is None:
        return ""
    if isinstance(raw, Unreadable):
        raise CellFault(raw.message)
    if isinstance(raw, bool):
        raise CellFault(f"{str(raw).lower()} is no answer: write a code in quotation marks")
    raise CellFault("a list or an object is no answer: write one code, or null")


def required_id(text: str) -> str:
    """An id, which is any text. Raises CellFault."""
    if not text:
        raise CellFault("the id is empty")
    if not text.isascii() and not text.isprintable():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CellFault(f"{shown(text)} has half a character (a lone surrogate)") from None
    return text
