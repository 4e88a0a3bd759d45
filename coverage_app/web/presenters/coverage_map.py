"""Coverage maps for the page: each cell with its words, sign, tone and the address of its case."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from coverage_app.models import Document
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.verdict import Verdict, assess
from coverage_app.rules.vocabulary import Answer, plain, shown
from coverage_app.services import coverage_map as maps
from coverage_app.services.coverage_map import Cell
from coverage_app.services.library import Reading
from coverage_app.services.report.tags import VERDICTS, Tag
from coverage_app.services.report.words import listed
from coverage_app.services.vocabulary import Wording

from .supposed import BadCase, fields, suppose_url

LEGEND = ("criteria_met", "physician_review", "investigational", "undetermined", "governed_elsewhere", "not_addressed")
ALONE = {
    "governed_elsewhere": "Other policy first",
    "not_addressed": "Not addressed",
    "physician_review": "Physician review",
}
PREVIOUS = "previous"
AMONG = ALONE | {"criteria_met": "Met", "physician_review": "Review"}  # where several stand in one cell


def _cell(
    cell: Cell, payer: str, day: dt.date | None, here: Mapping[str, Answer], about: str, was: Rules | None = None
) -> dict[str, Any]:
    """``tag`` colors the cell; ``signs`` are the verdicts that it shows; ``words`` says the whole of it.

    ``was`` holds the same of another edition where that says something else of the case; else None.
    """
    before = assess(was, cell.answers) if was else None
    differs = before and cell.verdict and set(before.possible) != set(cell.verdict.possible)
    return {
        **_shown(cell.verdict),
        "about": about,
        "here": all(fact in here and here[fact] == cell.answers.get(fact) for fact in maps.AXES),
        "url": suppose_url(payer, cell.answers, day),
        "was": _shown(before) if differs else None,
    }


def _shown(verdict: Verdict | None) -> dict[str, Any]:
    tag = VERDICTS[verdict.effect if verdict else "no_edition"]
    several = verdict.possible if verdict and len(verdict.possible) > 1 else ()
    possible = [code for code in LEGEND if code in several]
    short = AMONG if possible else ALONE
    signs = [
        {**VERDICTS[code], "short": short.get(code, VERDICTS[code]["label"])} for code in possible or [tag["code"]]
    ]
    said = tag["label"]
    if possible:
        said += f". Possible: {listed([VERDICTS[code]['label'].lower() for code in possible])}"
    return {"tag": tag, "signs": signs, "words": said}


def disease(
    rules: Rules,
    wording: Wording,
    payer: str,
    held: Mapping[str, Answer],
    here: Mapping[str, Answer],
    day: dt.date | None,
    was: Rules | None = None,
) -> dict[str, Any]:
    """The map of one site under one edition: a small table for each kind of recurrence.

    All cells share the answers ``held``, the site among them; the cell of the case ``here`` is outlined, and those
    of which the edition ``was`` says something else are marked.
    """
    columns = [{"code": margin["code"], "label": margin["label"]} for margin in maps.margins(wording)]
    groups = []
    for group, lines in maps.disease_map(rules, wording, held):
        rows = [
            {
                "label": row["label"],
                "narrower": bool(row["parent"]),
                "cells": [
                    _cell(cell, payer, day, here, _about(group, row, column), was)
                    for cell, column in zip(cells, columns, strict=True)
                ],
            }
            for row, cells in lines
        ]
        groups.append({"code": group["code"], "label": group["label"], "rows": rows})
    cells = [cell for group in groups for row in group["rows"] for cell in row["cells"]]
    changes = _changes(cells)
    drawn = {"columns": columns, "groups": groups, "legend": legend(cells), "tally": _tally(cells)}
    return drawn | {"changes": changes, "cells": len(cells), "changed": sum(len(one["cells"]) for one in changes)}


def _about(group: Mapping[str, Any], row: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    return f"{group['label']}, {row['label']}, margin {column['label'].lower()}"


def _changes(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of which the other edition says something else, by what it was and what it is; most first."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in cells:
        if cell["was"]:
            found.setdefault((cell["was"]["words"], cell["words"]), []).append(cell)
    groups = sorted(found.values(), key=len, reverse=True)
    return [{"was": group[0]["was"], "now": group[0], "cells": group} for group in groups]


def overview(payers: Sequence[tuple[Document, Reading | None]], wording: Wording) -> dict[str, Any]:
    """The map of all sites under all payers, with the site alone known."""
    documents = [document for document, _ in payers]
    rows = [
        {
            "site": site["code"],
            "label": site["label"],
            "cells": [
                _cell(cell, document.code, None, {}, f"{site['label']} under {document.short_name}")
                for cell, document in zip(cells, documents, strict=True)
            ],
        }
        for site, cells in maps.site_map([reading for _, reading in payers], wording)
    ]
    return {"payers": documents, "rows": rows, "legend": legend([cell for row in rows for cell in row["cells"]])}


def legend(cells: Sequence[dict[str, Any]]) -> list[Tag]:
    """The tags that these cells show, in a fixed order."""
    faces = [face for cell in cells for face in (cell, cell["was"]) if face]
    found = {face["tag"]["code"] for face in faces} | {sign["code"] for face in faces for sign in face["signs"]}
    return [VERDICTS[code] for code in (*LEGEND, "no_edition") if code in found]


def _tally(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many cells have each verdict."""
    codes = [cell["tag"]["code"] for cell in cells]
    return [{"tag": VERDICTS[code], "count": codes.count(code)} for code in LEGEND if code in codes]


def questions(
    rules: Rules, wording: Wording, site: str, held: Mapping[str, Answer], was: Rules | None = None
) -> list[dict[str, Any]]:
    """The form's fields: what else can change the verdict on this site, and what the map supposes of it."""
    found = []
    for code in _asked(rules, wording, site, was):
        fact, answer = wording.facts[code], held.get(code)
        value = plain(answer) if isinstance(answer, Decimal) else answer or ""
        values = wording.options(code) or [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]
        found.append(
            {
                "code": code,
                "kind": fact["kind"],
                "label": fact["label"],
                "value": value,
                "words": wording.answer(code, answer),
                "options": [] if fact["kind"] == "number" else values,
                **{key: fact[key] for key in ("unit", "least", "greatest", "step")},
            }
        )
    return found


def _asked(rules: Rules, wording: Wording, site: str, was: Rules | None) -> list[str]:
    """The facts of the form; with two editions those that matter to either."""
    matter = {fact for edition in (rules, was) if edition for fact in maps.questions(edition, wording, site)}
    return [fact for fact in wording.facts if fact in matter]


def held(
    rules: Rules, wording: Wording, site: str, asked: Mapping[str, Answer | None], was: Rules | None = None
) -> dict[str, Answer]:
    """The answers that all cells share: those asked for, else what a map supposes at first."""
    found: dict[str, Answer] = {}
    for fact in _asked(rules, wording, site, was):
        answer = asked[fact] if fact in asked else _at_first(fact, wording)
        if answer is not None:
            found[fact] = answer
    return found


def against(asked: QueryDict) -> tuple[QueryDict, bool]:
    """The query without its ``against``, and whether it was ``previous``. Raises ``BadCase`` for anything else."""
    query = asked.copy()
    values = query.pop("against", [])
    if values not in ([], [""], [PREVIOUS]):
        raise BadCase([f"A map is drawn against={PREVIOUS}, not against {shown(values[-1])}."])
    return query, values == [PREVIOUS]


def switched(query: QueryDict, compared: bool) -> str:
    """The address of the same map with the comparison switched on, or off."""
    other = query.copy()
    if not compared:
        other["against"] = PREVIOUS
    return f"?{other.urlencode()}"


def map_url(payer: str, answers: Mapping[str, Answer], day: dt.date | None = None) -> str:
    """The address of the map on which a case lies. What it leaves open stays open there."""
    open_facts = {fact: "" for fact in maps.SUPPOSED if fact not in answers}
    query = {key: text for key, text in fields("", answers, day).items() if key != "payer"}
    return f"{reverse('coverage_map', args=[payer])}?{urlencode(query | open_facts)}"


def _at_first(fact: str, wording: Wording) -> str | None:
    value = maps.SUPPOSED.get(fact)
    return value if value and wording.value(fact, value) else None
