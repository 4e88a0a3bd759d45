"""Whose criterion each condition of a provision is: the policy's, the policy's read narrower, or ours.

Only the first two are listed as criteria in letters (section 8 of the reading).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from coverage_app.models import Provision
from coverage_app.rules.criteria import CriteriaError, Expression, Leaf, parse
from coverage_app.rules.vocabulary import Vocabulary, nearest, shown

from .quote_text import find_quote

Whose = Literal["policy", "narrowed", "ours", "reading"]
_OCCURRENCE = re.compile(r"(?P<leaf>.*\S)\s*\[(?P<number>[1-9][0-9]?)\]\s*", re.DOTALL)


@dataclass(frozen=True)
class CriterionSource:
    """Whose one condition is, and the policy's own words for it where they are on file.

    ``reading``: the provision is a reading as a whole, so none of its conditions is a criterion of the policy.
    """

    whose: Whose
    policy_words: str = ""


def is_reading(provision: Provision) -> bool:
    """Return whether a provision is our reading as a whole: it sends a case elsewhere because the text is not clear."""
    if provision.effect == Provision.Effect.PHYSICIAN_REVIEW:
        return not provision.asked_by_policy
    return provision.effect == Provision.Effect.GOVERNED_ELSEWHERE


def criterion_sources(
    provision: Provision, criteria: Expression, vocabulary: Vocabulary
) -> tuple[CriterionSource, ...]:
    """Return the source of each condition in ``criteria.leaves``, in that order.

    A condition that the provision names nowhere is the policy's. Entries that match no condition are passed over:
    ``source_errors`` tells of them before an edition is published.
    """
    if is_reading(provision):
        return tuple(CriterionSource("reading") for _ in criteria.leaves)
    found = [CriterionSource("policy")] * len(criteria.leaves)
    for whose, text, words in _entries(provision):
        try:
            places = _places(text, criteria, vocabulary)
        except CriteriaError:
            continue
        for place in places:
            found[place] = CriterionSource(whose, words)
    return tuple(found)


def source_errors(provision: Provision, criteria: Expression, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the sources and reasons of a provision: the field, and a sentence."""
    named: dict[int, str] = {}
    for whose, text, words in _entries(provision):
        field = {"policy": "stated"}.get(whose, whose)
        try:
            places = _places(text, criteria, vocabulary)
        except CriteriaError as error:
            yield field, f"{shown(text)}: {_ended(error)}"
            continue
        if not places:
            near = nearest(text, {str(leaf) for leaf in criteria.leaves})
            hint = f"; did you mean {near}?" if near else "."
            yield field, f"{shown(text)} is not a condition of the criteria{hint}"
        if any(place in named for place in places):
            yield field, f"{shown(text)} is named twice: a condition has one source."
        named |= dict.fromkeys(places, text)
        if field != "ours" and not words.strip():
            yield field, f"{shown(text)}: add the policy's own words."
        elif words and not any(find_quote(words, text) for text in (provision.quote, provision.locator)):
            yield field, f"{shown(words)} is not in the quote of the provision, nor in its section heading."
    yield from _reason_errors(provision, vocabulary)


def _reason_errors(provision: Provision, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    if provision.reasons and provision.effect != Provision.Effect.PHYSICIAN_REVIEW:
        yield "reasons", "Only a provision that gives physician review has reasons for it."
    for reason in provision.reasons or ():
        try:
            parse(reason["criteria"], vocabulary)
        except CriteriaError as error:
            yield "reasons", f"{shown(reason['criteria'])}: {_ended(error)}"
        if not reason["text"].strip():
            yield "reasons", f"{shown(reason['criteria'])}: say why the text does not settle the case."


def _ended(error: CriteriaError) -> str:
    """An error as a sentence: one that asks what was meant is one already."""
    said = str(error)
    return said if said.endswith("?") else f"{said}."


def _entries(provision: Provision) -> Iterator[tuple[Whose, str, str]]:
    for leaf in provision.ours:
        yield "ours", leaf, ""
    for entry in provision.narrowed:
        yield "narrowed", entry["leaf"], entry["policy_words"]
    for entry in provision.stated:
        yield "policy", entry["leaf"], entry["policy_words"]


def _places(text: str, criteria: Expression, vocabulary: Vocabulary) -> list[int]:
    """The places among the leaves of a condition, all of them or with ``[2]`` the second. Raises CriteriaError."""
    found = _OCCURRENCE.fullmatch(text)
    expression = parse(found["leaf"] if found else text, vocabulary)
    if not isinstance(expression, Leaf):
        return []
    places = [place for place, leaf in enumerate(criteria.leaves) if str(leaf) == str(expression)]
    return places[int(found["number"]) - 1 : int(found["number"])] if found else places


def as_pairs(entries: Iterable[dict[str, str]], first: str, second: str) -> str:
    """Return entries as people type them, one per line: ``condition => the policy's words``."""
    return "\n".join(f"{entry[first]} => {entry[second]}" for entry in entries)
