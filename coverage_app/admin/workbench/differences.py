"""Two editions side by side: their words and their verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from coverage_app.models import Document, Edition
from coverage_app.rules.difference import Change, Difference
from coverage_app.services import differences
from coverage_app.services.differences import SectionDifference, VerdictDifference
from coverage_app.services.edition_parts import answers_in_words
from coverage_app.services.report.tags import STANCES, VERDICTS
from coverage_app.services.report.words import count, day, listed
from coverage_app.services.vocabulary import Wording, current_wording

from .flows import ORDER, flow
from .numbers import about, exact, share
from .page import at, edition_for, workbench_page

MOST_LINES = 200
"""Changes that the page lists; the command ``compare_editions`` prints all of them."""
ONE = "This is the only edition of its document: there is nothing to compare it with."
NONE_BEFORE = "No published edition of its document begins before it. Choose one to compare it with."
SAME = "Both sides name the same edition. Choose two."


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [at(page, "<int:pk>/differences/", compared, "edition_differences")]


def compared(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The edition against the one in force before it, or any two editions of its document that are chosen."""
    edition = edition_for(page, request, pk)
    others = list(edition.document.editions.select_related("document").order_by("-in_force", "-pk"))
    chosen = _chosen(request, edition, others)
    context: dict[str, Any] = {"choices": _choices(others), "step": "Differences", **vars(chosen)}
    if not chosen.fault and chosen.before and chosen.after:
        context |= _comparison(chosen.before, chosen.after)
    status = 400 if chosen.fault else 200
    return workbench_page(page, request, edition, "differences.html", tab="differences", status=status, **context)


@dataclass
class _Chosen:
    """The two editions to compare, or why they cannot be."""

    before: Edition | None
    after: Edition | None
    fault: str = ""
    note: str = ""


def _chosen(request: HttpRequest, edition: Edition, others: Sequence[Edition]) -> _Chosen:
    known = {str(other.pk): other for other in others}
    asked = {side: request.GET.get(side, "") for side in ("before", "after")}
    for number in asked.values():
        if number and number not in known:
            return _Chosen(None, edition, f"{edition.document} has no edition of the number {number[:20]}. Choose two.")
    after = known.get(asked["after"]) or edition
    before = known.get(asked["before"]) or differences.held_against(after, others)
    if before and before.pk == after.pk:
        return _Chosen(before, after, SAME)
    if before is None:
        return _Chosen(None, after, note=ONE if len(others) == 1 else NONE_BEFORE)
    return _Chosen(before, after)


def _choices(others: Sequence[Edition]) -> list[dict[str, Any]]:
    """The editions to choose from; one that begins on another's day is told from it by its number."""
    days = [other.in_force for other in others]
    return [
        {"pk": other.pk, "words": f"{day(other.in_force)} · {other.get_status_display()}"
         + (f" (no. {other.pk})" if days.count(other.in_force) > 1 else "")}
        for other in others
    ]  # fmt: skip


def _comparison(before: Edition, after: Edition) -> dict[str, Any]:
    wording = current_wording()
    sections = differences.compare_words(before, after)
    found = differences.compare_verdicts(before, after)
    rows = after.document.kind == Document.Kind.GUIDELINE
    verdicts = [_verdicts(one, wording) for one in found]
    return {
        "sections": [{"section": section, "summary": _summary(section)} for section in sections],
        "verdicts": [one for one in verdicts if one["differs"] or not rows],
        "alike": [one["name"] for one in verdicts if rows and not one["differs"]],
        "has_verdicts": bool(verdicts) or rows,
        "by_row": rows,
        "same_words": not any(section.differing for section in sections),
    }


def _summary(section: SectionDifference) -> str:
    """``2 changed, 1 added, 3 moved, 9 unchanged``."""
    found = [(standing, sum(part.standing == standing for part in section.parts)) for standing in
             ("changed", "added", "removed")]  # fmt: skip
    found.append(("moved", sum(part.moved is not None for part in section.parts)))
    found.append(("unchanged", len(section.same)))
    return ", ".join(f"{number} {standing}" for standing, number in found if number)


# The difference in verdicts


def _verdicts(found: VerdictDifference, wording: Wording) -> dict[str, Any]:
    if found.difference is None:
        return {"name": found.name, "fault": found.fault, "differs": True}
    difference = found.difference
    lines = _lines(difference, wording)
    return {
        "name": found.name,
        "differs": bool(difference.changed),
        "total": exact(difference.total),
        "about": about(difference.total) if difference.total >= 10**6 else "",
        "changed": exact(difference.changed),
        "share": share(difference.changed, difference.total),
        "facts": listed([wording.label(fact) for fact in difference.facts], "and"),
        "many": count(len(difference.facts), "fact"),
        "flow": flow(difference.matrix),
        "matrix": _matrix(difference),
        "lines": lines[:MOST_LINES],
        "more": max(0, len(lines) - MOST_LINES),
    }


def _tag(effect: str) -> Any:
    return VERDICTS.get(effect) or STANCES[effect]


def _matrix(difference: Difference) -> dict[str, Any]:
    """The table behind the picture: a line for each effect before, a column for each after."""
    rows = sorted({before for before, _ in difference.matrix}, key=ORDER.index)
    columns = sorted({after for _, after in difference.matrix}, key=ORDER.index)
    return {
        "columns": [_tag(effect) for effect in columns],
        "rows": [
            {
                "tag": _tag(row),
                "cells": [
                    {"cases": exact(cases) if cases else "", "same": row == column,
                     "share": share(cases, difference.total)}
                    for column in columns
                    for cases in [difference.matrix.get((row, column), 0)]
                ],
            }
            for row in rows
        ],
    }  # fmt: skip


def _lines(difference: Difference, wording: Wording) -> list[dict[str, Any]]:
    """The changes, sites alike in all but their name in one line; the most cases first."""
    alike: dict[tuple[Any, ...], list[Change]] = {}
    for change in difference.changes:
        rest = tuple((fact, answer) for fact, answer in change.example.items() if fact != "site")
        alike.setdefault((change.before, change.after, change.cases, rest), []).append(change)
    groups = sorted(alike.values(), key=lambda group: -group[0].cases * len(group))
    return [_line(group, difference.total, wording) for group in groups]


def _line(group: Sequence[Change], total: int, wording: Wording) -> dict[str, Any]:
    first = group[0]
    sites = [wording.answer("site", change.site) for change in group if change.site]
    cases = first.cases * len(group)
    return {
        "sites": listed(sites, "and") if sites else "Any site",
        "before": _tag(first.before),
        "after": _tag(first.after),
        "cases": exact(cases),
        "each": exact(first.cases) if len(group) > 1 else "",
        "share": share(cases, total),
        "example": answers_in_words(dict(first.example), wording).split("; ") if first.example else [],
    }
