"""Three-valued truth: met, not met, or not documented (Kleene's strong logic)."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """Whether a criterion holds. UNKNOWN: the record does not say yet; it never counts as "no"."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


def all_of(truths: Iterable[Truth]) -> Truth:
    """``and``: not met as soon as one is not met; else unknown as soon as one is. Of nothing: met."""
    result = Truth.MET
    for truth in truths:
        if truth is Truth.NOT_MET:
            return Truth.NOT_MET
        if truth is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """``or``: met as soon as one is met; else unknown as soon as one is. Of nothing: not met."""
    result = Truth.NOT_MET
    for truth in truths:
        if truth is Truth.MET:
            return Truth.MET
        if truth is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def negated(truth: Truth) -> Truth:
    """``not``: what is unknown stays unknown."""
    if truth is Truth.UNKNOWN:
        return truth
    return Truth.NOT_MET if truth is Truth.MET else Truth.MET
