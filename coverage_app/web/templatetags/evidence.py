"""What a verdict turns on, for its page: points that lead to the same, together with the words that then decide."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()

SHORT = 180  # characters of a quote that is shown whole at once


@register.filter
def by_outcome(turning: Mapping[str, Any] | None) -> dict[str, list[dict[str, Any]]]:
    """Both kinds of turning points by what they lead to, in their order: ``effects provisions points quotes``.

    A quote that stands further up already is not shown ``again``.
    """
    shown: set[str] = set()
    return {kind: _outcomes((turning or {}).get(kind, ()), shown) for kind in ("documentation", "plan")}


@register.filter
def by_plan(missing: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return what is missing, what the treatment plan decides (``in_plan``) after what the chart documents."""
    found = [{**fact, "in_plan": fact.get("nature") == "plan"} for fact in missing or ()]
    return sorted(found, key=lambda fact: bool(fact["in_plan"]))


@register.filter
def with_label(facts: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Return the facts with their names; a report of before has changes in their place, which are not shown."""
    return [fact for fact in facts or () if "label" in fact]


def _outcomes(points: Iterable[Mapping[str, Any]], shown: set[str]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for point in points:
        effects, provisions = point["effects"], point["provisions"]
        key = (*(effect["code"] for effect in effects), "", *(provision["id"] for provision in provisions))
        if key not in found:
            quotes = _quotes(provisions, shown)
            found[key] = {"effects": effects, "provisions": provisions, "quotes": quotes, "points": []}
        found[key]["points"].append(point)
    return list(found.values())


def _quotes(provisions: Iterable[Mapping[str, Any]], shown: set[str]) -> list[dict[str, Any]]:
    """The words of the provisions, each text once."""
    texts = list(dict.fromkeys(provision["quote"] for provision in provisions))
    quotes = [{"text": text, "opening": _opening(text), "again": text in shown} for text in texts]
    shown.update(texts)
    return quotes


def _opening(text: str) -> str:
    """The first words of a long quote; blank for one that is short enough to stand whole."""
    return "" if len(text) <= SHORT else text[: SHORT // 2].rsplit(" ", 1)[0]


@register.filter
def quoted(text: str) -> str:
    """Return a quote in quotation marks; one that is a quote as a whole already keeps its own."""
    whole = text.startswith('"') and text.endswith('"') and text.count('"') == 2
    return f"“{text[1:-1]}”" if whole else f"“{text}”"


@register.filter
def unproven(on_a_document: int, answers: int) -> str:
    """How many answers rest on no document, in a sentence."""
    number = answers - on_a_document
    return f"{number} answer{'' if number == 1 else 's'} rest{'s' if number == 1 else ''} on no document yet."
