"""Coverage maps for the page: each cell with its words, sign, tone and the address of its case."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from coverage_app.models import Document
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.vocabulary import Answer, plain
from coverage_app.services import coverage_map as maps
from coverage_app.services.coverage_map import Cell
from coverage_app.services.library import Reading
from coverage_app.services.report.tags import VERDICTS, Tag
from coverage_app.services.report.words import listed
from coverage_app.services.vocabulary import Wording

from .supposed import fields, suppose_url

LEGEND = ("criteria_met", "physician_review", "investigational", "undetermined", "governed_elsewhere", "not_addressed")
ALONE = {
    "governed_elsewhere": "Other policy first",
    "not_addressed": "Not addressed",
    "physician_review": "Physician review",
}
AMONG = ALONE | {"criteria_met": "Met", "physician_review": "Review"}  # where several stand in one cell


def _cell(cell: Cell, payer: str, day: dt.date | None, here: Mapping[str, Answer], about: str) -> dict[str, Any]:
    """``tag`` colors the cell; ``signs`` are the verdicts that it shows; ``words`` says the whole of it."""
    tag = VERDICTS[cell.verdict.effect if cell.verdict else "no_edition"]
    several = cell.verdict.possible if cell.verdict and len(cell.verdict.possible) > 1 else ()
    possible = [code for code in LEGEND if code in several]
    short = AMONG if possible else ALONE
    signs = [
        {**VERDICTS[code], "short": short.get(code, VERDICTS[code]["label"])} for code in possible or [tag["code"]]
    ]
    said = tag["label"]
    if possible:
        said += f". Possible: {listed([VERDICTS[code]['label'].lower() for code in possible])}"
    return {
        "tag": tag,
        "signs": signs,
        "about": about,
        "here": all(fact in here and here[fact] == cell.answers.get(fact) for fact in maps.AXES),
        "words": said,
        "url": suppose_url(payer, cell.answers, day),
    }


def disease(
    rules: Rules,
    wording: Wording,
    payer: str,
    held: Mapping[str, Answer],
    here: Mapping[str, Answer],
    day: dt.date | None,
) -> dict[str, Any]:
    """The map of one site under one edition: a small table for each kind of recurrence.

    All cells share the answers ``held``, the site among them; the cell of the case ``here`` is outlined.
    """
    columns = [{"code": margin["code"], "label": margin["label"]} for margin in maps.margins(wording)]
    groups = []
    for group, lines in maps.disease_map(rules, wording, held):
        rows = [
            {
                "label": row["label"],
                "narrower": bool(row["parent"]),
                "cells": [
                    _cell(cell, payer, day, here, f"{group['label']}, {row['label']}, margin {column['label'].lower()}")
                    for cell, column in zip(cells, columns, strict=True)
                ],
            }
            for row, cells in lines
        ]
        groups.append({"code": group["code"], "label": group["label"], "rows": rows})
    cells = [cell for group in groups for row in group["rows"] for cell in row["cells"]]
    return {"columns": columns, "groups": groups, "legend": legend(cells), "tally": _tally(cells)}


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
    shown = {cell["tag"]["code"] for cell in cells} | {sign["code"] for cell in cells for sign in cell["signs"]}
    return [VERDICTS[code] for code in (*LEGEND, "no_edition") if code in shown]


def _tally(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many cells have each verdict."""
    codes = [cell["tag"]["code"] for cell in cells]
    return [{"tag": VERDICTS[code], "count": codes.count(code)} for code in LEGEND if code in codes]


def questions(rules: Rules, wording: Wording, site: str, held: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """The form's fields: what else can change the verdict on this site, and what the map supposes of it."""
    found = []
    for code in maps.questions(rules, wording, site):
        fact, answer = wording.facts[code], held.get(code)
        value = plain(answer) if isinstance(answer, Decimal) else answer or ""
        values = fact["values"] or [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]
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


def held(rules: Rules, wording: Wording, site: str, asked: Mapping[str, Answer | None]) -> dict[str, Answer]:
    """The answers that all cells share: those asked for, else what a map supposes at first."""
    found: dict[str, Answer] = {}
    for fact in maps.questions(rules, wording, site):
        answer = asked[fact] if fact in asked else _at_first(fact, wording)
        if answer is not None:
            found[fact] = answer
    return found


def map_url(payer: str, answers: Mapping[str, Answer], day: dt.date | None = None) -> str:
    """The address of the map on which a case lies. What it leaves open stays open there."""
    open_facts = {fact: "" for fact in maps.SUPPOSED if fact not in answers}
    query = {key: text for key, text in fields("", answers, day).items() if key != "payer"}
    return f"{reverse('coverage_map', args=[payer])}?{urlencode(query | open_facts)}"


def _at_first(fact: str, wording: Wording) -> str | None:
    value = maps.SUPPOSED.get(fact)
    return value if value and wording.value(fact, value) else None
