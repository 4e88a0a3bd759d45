"""Coverage maps: the verdict of each cell of a grid of supposed cases. Exact, as for a case; nothing is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.verdict import Verdict, assess
from coverage_app.rules.vocabulary import Answer

from .library import Reading
from .vocabulary import Wording

ROWS, COLUMNS, GROUPS = "t_stage", "margin", "recurrence"
AXES = (ROWS, COLUMNS, GROUPS)
SUPPOSED: Mapping[str, str] = {"margin_basis": "final", "technique": "electron", "intent": "boost"}
"""What a map supposes until its reader says otherwise: the commonest case, so that it shows more than "open"."""


@dataclass(frozen=True)
class Cell:
    """A supposed case and its verdict; None where the payer has no edition."""

    answers: Mapping[str, Answer]
    verdict: Verdict | None


def _values(wording: Wording, fact: str) -> list[dict[str, Any]]:
    return wording.options(fact)


def sites(wording: Wording) -> list[dict[str, Any]]:
    """Every site, in the order of the vocabulary."""
    return _values(wording, "site")


def margins(wording: Wording) -> list[dict[str, Any]]:
    """The margin's values: the columns of ``disease_map``."""
    return _values(wording, COLUMNS)


def t_categories(wording: Wording, site: str) -> list[dict[str, Any]]:
    """The T categories that fit a site: for one without them only "not applicable" (section 3 of the reading)."""
    data = wording.value("site", site)
    has = data["t_categories"] if data else "unknown"
    return [
        value
        for value in _values(wording, ROWS)
        if has == "unknown" or (value["code"] == "not_applicable") == (has == "no")
    ]


def questions(rules: Rules, wording: Wording, site: str) -> tuple[str, ...]:
    """The facts beside the axes that can change this edition's verdict on the site, in question order."""
    matter = assess(rules, {"site": site}).missing
    return tuple(fact for fact in wording.facts if fact in matter and fact not in AXES)


Line = tuple[dict[str, Any], list[Cell]]


def disease_map(
    rules: Rules, wording: Wording, held: Mapping[str, Answer]
) -> Iterator[tuple[dict[str, Any], list[Line]]]:
    """For each kind of recurrence the T categories, each with one cell a margin.

    ``held`` are the answers that every cell shares, the site among them.
    """
    columns, rows = margins(wording), t_categories(wording, str(held["site"]))
    for group in _values(wording, GROUPS):
        lines = []
        for row in rows:
            shared = {**held, ROWS: row["code"], GROUPS: group["code"]}
            lines.append((row, [_cell(rules, {**shared, COLUMNS: column["code"]}) for column in columns]))
        yield group, lines


def site_map(readings: Iterable[Reading | None], wording: Wording) -> list[Line]:
    """For each site one cell a payer, with the site alone known. A payer without an edition: None."""
    editions = [reading.rules if reading else None for reading in readings]
    return [(site, [_cell(rules, {"site": site["code"]}) for rules in editions]) for site in sites(wording)]


def _cell(rules: Rules | None, answers: Mapping[str, Answer]) -> Cell:
    return Cell(answers, assess(rules, answers) if rules else None)
