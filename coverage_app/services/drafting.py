"""Criteria, provisions and statements as they stand in an editor's form, not saved yet: read, and said in words.

Nothing here reads or writes the database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coverage_app.models import GuidelineStatement, Provision
from coverage_app.rules.criteria import CriteriaError, Expression, parse
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError
from coverage_app.rules.edition import Provision as Rule

from .criteria_words import Step, steps
from .library import closed
from .vocabulary import Wording

AROUND = 48  # characters of the text that are shown on each side of a fault
_TOKEN = re.compile(r"\w+|[<>=!≤≥]+|.", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """What is wrong with criteria, and where: ``line`` and ``column`` count from 1.

    ``before``, ``marked`` and ``after`` are the text around the place; nothing is marked at the end of a line.
    """

    message: str
    line: int
    column: int
    hint: str | None
    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class Checked:
    """Criteria as they were typed: either the ``fault`` that keeps them from being read, or ``steps`` in words.

    Text without any criteria has neither. ``more`` counts the conditions beyond those that are spelled out.
    """

    text: str
    fault: Place | None = None
    steps: tuple[Step, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Line:
    """A provision as it was typed."""

    code: str
    criteria: str
    effect: str


@dataclass(frozen=True)
class LineFault:
    """What is wrong with the line that stands ``number``-th (from 1); 0: with all of them together."""

    number: int
    code: str
    message: str


@dataclass(frozen=True)
class Drafted:
    """Lines as they were typed: the ``faults``, or, when there are none, the ``rules`` that they make."""

    faults: tuple[LineFault, ...]
    rules: Rules | None


def check_criteria(text: str, wording: Wording, *, blank: bool = False) -> Checked:
    """What these criteria say, or what is wrong with them. ``blank`` ones may be left empty."""
    if blank and not text.strip():
        return Checked(text)
    try:
        expression = parse(text, wording.vocabulary)
    except CriteriaError as error:
        return Checked(text, fault=_place(error, text))
    return in_words(text, expression, wording)


def in_words(text: str, expression: Expression, wording: Wording) -> Checked:
    """Criteria that have been read, in words."""
    spelled, more = steps(expression, wording)
    return Checked(text, None, spelled, more)


def read_lines(code: str, lines: Iterable[Line], wording: Wording) -> Drafted:
    """The edition that these provisions, in order, would make; or every fault that keeps them from making one."""
    typed = list(lines)
    faults = _repeated(typed)
    faults += [LineFault(n, line.code, said) for n, line in enumerate(typed, 1) for said in _unsaid(line)]
    return _drafted(code, typed, faults, wording)


def read_statements(code: str, statements: Iterable[tuple[str, str]], wording: Wording) -> Drafted:
    """The rules that a row's statements, in order, would make, criteria and stance of each; or every fault."""
    typed = list(statements)
    faults = [LineFault(n, str(n), said) for n, (_, stance) in enumerate(typed, 1) for said in _unknown_stance(stance)]
    return _drafted(code, [Line(*line) for line in closed(typed)], faults, wording)


def _drafted(code: str, typed: list[Line], faults: list[LineFault], wording: Wording) -> Drafted:
    made = []
    for number, line in enumerate(typed, 1):
        try:
            made.append(Rule(line.code, parse(line.criteria, wording.vocabulary), line.effect))
        except CriteriaError as error:
            faults.append(LineFault(number, line.code, f"{str(error)[:1].upper()}{str(error)[1:]}"))
    if faults:
        return Drafted(tuple(sorted(faults, key=lambda fault: fault.number)), None)
    try:
        rules = Rules(code, wording.vocabulary, tuple(made))
        _ = rules.diagram  # compiles: not too complex
    except EditionError as error:
        return Drafted((LineFault(0, "", str(error)),), None)
    return Drafted((), rules)


def _unsaid(line: Line) -> Iterable[str]:
    if not line.code:
        yield "It has no id."
    if not line.effect:
        yield "It has no effect."
    elif line.effect not in Provision.Effect:
        yield "Its effect is unknown."


def _unknown_stance(stance: str) -> Iterable[str]:
    if not stance:
        yield "It has no stance."
    elif stance not in GuidelineStatement.Stance:
        yield "Its stance is unknown."


def _repeated(typed: list[Line]) -> list[LineFault]:
    first: dict[str, int] = {}
    found = []
    for number, line in enumerate(typed, 1):
        if line.code and first.setdefault(line.code, number) != number:
            found.append(LineFault(number, line.code, f"Provision {first[line.code]} has this id too."))
    return found


def _place(error: CriteriaError, text: str) -> Place:
    """The line of the fault, clipped around it."""
    lines = text.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    start = error.column - 1
    found = _TOKEN.match(line, start)
    marked = found.group()[:AROUND] if found else ""
    end = start + len(marked)
    before = line[:start] if start <= AROUND else f"…{line[start - AROUND : start]}"
    after = line[end:] if len(line) - end <= AROUND else f"{line[end : end + AROUND]}…"
    message = error.message[:1].upper() + error.message[1:]
    return Place(message, error.line, error.column, error.hint, before, marked, after)
