"""One vocabulary for two editions, each of which was published with its own."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import gcd

from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.vocabulary import Fact, Value, Vocabulary, plain

_FINEST = 12  # decimal places that the limits and the step of a number may have


def common_vocabulary(older: Edition, newer: Edition) -> Vocabulary:
    """The facts that at least one of the two editions uses, with every answer that either vocabulary admits.

    In the newer one's order, then what only the older has; so too the values of a fact. A number runs from the lower
    least to the higher greatest value, in the largest step that meets the numbers of both. Criteria need no change:
    an answer that an edition's own vocabulary lacks meets no ``is`` and no ``in`` of it. Raises EditionError when a
    fact is a number in one and not in the other.
    """
    used = {*older.facts, *newer.facts}
    codes = dict.fromkeys(fact.code for edition in (newer, older) for fact in edition.vocabulary)
    return Vocabulary(tuple(_fact(code, older, newer) for code in codes if code in used))


def _fact(code: str, older: Edition, newer: Edition) -> Fact:
    if code not in older.vocabulary or code not in newer.vocabulary:
        return (newer if code in newer.vocabulary else older).vocabulary[code]
    old, new = older.vocabulary[code], newer.vocabulary[code]
    if (old.kind == "number") is not (new.kind == "number"):
        raise EditionError(f"{code} is a number in one edition and a choice in the other: they cannot be compared")
    if new.kind == "number":
        return _number(old, new)
    values: dict[str, Value] = {value.code: value for fact in (old, new) for value in fact.values}
    answers = {*old.domain, *new.domain}  # what is a group in one and an answer in the other is an answer
    values = {code: replace(value, group=code not in answers) for code, value in values.items()}
    order = dict.fromkeys(value.code for fact in (new, old) for value in fact.values)
    kind = new.kind if old.kind == new.kind else "choice"
    return Fact(code, kind, new.label, tuple(values[value] for value in order))


def _number(old: Fact, new: Fact) -> Fact:
    (least, greatest, step), (low, high, other) = new.limits, old.limits
    if (least, greatest, step) == (low, high, other):
        return new
    apart = abs(least - low)
    together = gcd(*(int(Fraction(size) * 10**_FINEST) for size in (step, other, apart)))
    least, greatest, step = min(least, low), max(greatest, high), Decimal(together).scaleb(-_FINEST)
    ends = [Decimal(plain(end)) for end in (least, greatest, step)]
    return Fact(new.code, "number", new.label, (), new.unit, *ends)
