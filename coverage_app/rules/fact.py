"""One fact of the vocabulary: its kind, its values and the answers that it admits."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

Answer = str | Decimal
Answers = Mapping[str, Answer]
Kind = Literal["choice", "yes_no", "number"]

RESERVED = frozenset({"and", "or", "not", "is", "in", "always"})
"""Words of the criteria language: no fact and no value may have one of them for its code."""

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_FINEST = -30  # no number is finer than 10^-30: keeps exact arithmetic small whatever is typed


class VocabularyError(ValueError):
    """The vocabulary contradicts itself: codes that repeat, broader values in a circle, an empty range."""


class AnswerError(ValueError):
    """An answer that its fact does not admit.

    ``fact`` is the fact's code, ``value`` what was given, ``hint`` the nearest code that is admitted, or None.
    """

    def __init__(self, fact: str, value: object, message: str, hint: str | None = None) -> None:
        self.fact = fact
        self.value = value
        self.message = message
        self.hint = hint
        super().__init__(fact, value, message, hint)

    def __str__(self) -> str:
        return f"{self.message}; did you mean {self.hint}?" if self.hint else self.message


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, or None when none is near."""
    return next(iter(get_close_matches(name[:60].lower(), list(names), 1, 0.6)), None)


def shown(value: object) -> str:
    """What was typed, in quotes, fit for a message: clipped at 40 characters and printable."""
    text = value[:41] if isinstance(value, str) else repr(value)[:41]
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def plain(number: Decimal) -> str:
    """A number without exponent and trailing zeros: ``62``, ``0.5``."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True)
class Value:
    """One answer that a fact admits. ``parent`` is the code of the value that it is narrower than.

    A ``group`` is no answer: it is written in criteria for all the values below it.
    """

    code: str
    label: str = ""
    parent: str | None = None
    group: bool = False


@dataclass(frozen=True)
class Fact:
    """One thing that criteria may ask about a case.

    A choice has values, a yes/no the values ``yes`` and ``no``; a number runs from ``least`` to ``greatest`` in
    steps of ``step``, all in ``unit`` (years, Gy, cm). Raises VocabularyError when this does not fit together.
    """

    code: str
    kind: Kind
    label: str = ""
    values: tuple[Value, ...] = ()
    unit: str = ""
    least: Decimal | None = None
    greatest: Decimal | None = None
    step: Decimal | None = None

    def __post_init__(self) -> None:
        if self.kind == "yes_no" and not self.values:
            object.__setattr__(self, "values", (Value("yes", "Yes"), Value("no", "No")))
        _check_codes(self)
        _check_parents(self)
        _check_range(self)

    @cached_property
    def domain(self) -> tuple[str, ...]:
        """The codes of its answers, groups left out; of a number: nothing (see ``least`` to ``step``)."""
        return tuple(value.code for value in self.values if not value.group)

    @cached_property
    def _covered(self) -> dict[str, frozenset[str]]:
        parents = {value.code: value.parent for value in self.values}
        covered: dict[str, set[str]] = {code: set() for code in parents}
        for code in parents:
            broader: str | None = code
            while broader is not None:
                covered[broader].add(code)
                broader = parents[broader]
        answers = frozenset(self.domain)
        return {code: answers & codes for code, codes in covered.items()}

    def covered(self, code: str) -> frozenset[str]:
        """Return the answers that a value stands for: ``t4`` covers t4, t4a, t4b; a group those below it.

        Raises AnswerError.
        """
        if code not in self._covered:
            raise self._unknown(code)
        return self._covered[code]

    def open_to(self, covered: frozenset[str]) -> frozenset[str]:
        """Return the answers that leave open whether they are among ``covered``: some narrower values are, they not."""
        return frozenset(
            code for code in self.domain if code not in covered and not covered.isdisjoint(self._covered[code])
        )

    def check(self, raw: object) -> Answer:
        """The answer as the rules use it: an exact code, or a Decimal on the grid. Raises AnswerError."""
        if self.kind == "number":
            return self._number(raw)
        if isinstance(raw, str) and raw in self._covered:
            if raw in self.domain:
                return raw
            below = [code for code in self.domain if code in self._covered[raw]]
            raise AnswerError(self.code, raw, f"{shown(raw)} is a group of answers", " or ".join(below[:4]) or None)
        raise self._unknown(raw)

    def _unknown(self, raw: object) -> AnswerError:
        hint = nearest(raw, self.domain) if isinstance(raw, str) else None
        return AnswerError(self.code, raw, f"unknown value {shown(raw)} of {self.code}", hint)

    def _number(self, raw: object) -> Decimal:
        number = _as_decimal(raw)
        if number is None:
            raise AnswerError(self.code, raw, f"{shown(raw)} is not a plain number; {self.code} is {self.extent}")
        least, greatest, step = self.limits
        if not least <= number <= greatest:
            raise AnswerError(self.code, raw, f"{shown(raw)} is out of range; {self.code} is {self.extent}")
        exponent = number.as_tuple().exponent
        fine = isinstance(exponent, int) and exponent >= _FINEST
        if not fine or ((Fraction(number) - Fraction(least)) / Fraction(step)).denominator != 1:
            raise AnswerError(self.code, raw, f"{shown(raw)} falls between the steps; {self.code} is {self.extent}")
        return Decimal(plain(number))

    @property
    def limits(self) -> tuple[Decimal, Decimal, Decimal]:
        """Least, greatest and step of a number; raises VocabularyError for a fact that is none."""
        if self.least is None or self.greatest is None or self.step is None:
            raise VocabularyError(f"{self.code} is not a number")
        return self.least, self.greatest, self.step

    @property
    def extent(self) -> str:
        """What a number may be, in words: ``0 to 120 years in steps of 1``."""
        least, greatest, step = map(plain, self.limits)
        return f"{least} to {greatest} {self.unit}".rstrip() + f" in steps of {step}"

    def to_data(self) -> dict[str, Any]:
        """JSON-able data, from which ``from_data`` makes an equal fact."""
        return {
            "code": self.code,
            "kind": self.kind,
            "label": self.label,
            "unit": self.unit,
            "least": None if self.least is None else plain(self.least),
            "greatest": None if self.greatest is None else plain(self.greatest),
            "step": None if self.step is None else plain(self.step),
            "values": [{"code": v.code, "label": v.label, "parent": v.parent, "group": v.group} for v in self.values],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Fact":
        """The fact of such data; further keys are ignored. Raises VocabularyError."""
        try:
            values = tuple(
                Value(v["code"], v.get("label") or "", v.get("parent"), bool(v.get("group")))
                for v in data.get("values") or ()
            )
            ends = [None if data.get(key) is None else Decimal(data[key]) for key in ("least", "greatest", "step")]
            return cls(data["code"], data["kind"], data.get("label") or "", values, data.get("unit") or "", *ends)
        except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise VocabularyError(f"the data of a fact are incomplete: {error!r}") from error


def _as_decimal(raw: object) -> Decimal | None:
    """The number that was given; None for text that is none, for NaN and infinity, for true, false and floats."""
    if isinstance(raw, str) and _NUMBER.fullmatch(raw):
        return Decimal(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    return raw if isinstance(raw, Decimal) and raw.is_finite() else None


def _check_codes(fact: Fact) -> None:
    if fact.kind not in ("choice", "yes_no", "number"):
        raise VocabularyError(f"{fact.code}: unknown kind {shown(fact.kind)}")
    codes = [value.code for value in fact.values]
    for code in (fact.code, *codes):
        if not _CODE.fullmatch(code) or code in RESERVED:
            raise VocabularyError(f"{shown(code)} cannot be a code: lower-case letters, digits and _, no keyword")
    if len(set(codes)) < len(codes):
        raise VocabularyError(f"{fact.code}: two values have the same code")
    if fact.kind == "yes_no" and set(codes) != {"yes", "no"}:
        raise VocabularyError(f"{fact.code}: a yes/no fact has the values yes and no")
    if fact.kind == "yes_no" and any(value.group for value in fact.values):
        raise VocabularyError(f"{fact.code}: yes and no are answers, not groups")
    if fact.kind == "number" and codes:
        raise VocabularyError(f"{fact.code}: a number has no values of its own")


def _check_parents(fact: Fact) -> None:
    parents = {value.code: value.parent for value in fact.values}
    for code in parents:
        seen: set[str] = set()
        broader: str | None = code
        while broader is not None:
            if broader not in parents:
                raise VocabularyError(f"{fact.code}: unknown broader value {shown(broader)} of {code}")
            if broader in seen:
                raise VocabularyError(f"{fact.code}: {code} is narrower than itself")
            seen.add(broader)
            broader = parents[broader]


def _check_range(fact: Fact) -> None:
    ends = (fact.least, fact.greatest, fact.step)
    if fact.kind != "number":
        if any(end is not None for end in ends):
            raise VocabularyError(f"{fact.code}: only a number has a least, a greatest and a step")
        return
    least, greatest, step = ends
    if least is None or greatest is None or step is None:
        raise VocabularyError(f"{fact.code}: a number needs a least, a greatest and a step")
    if not all(_fits(end) for end in (least, greatest, step)):
        raise VocabularyError(f"{fact.code}: its least, greatest and step need to be plain numbers")
    if step <= 0 or least >= greatest:
        raise VocabularyError(f"{fact.code}: the greatest must exceed the least, and the step must exceed 0")


def _fits(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -12 and number.adjusted() < 13
