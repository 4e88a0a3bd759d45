"""The audit of an edition and the difference of two, as plain data for files and other programs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coverage_app.rules.difference import Difference, compare
from coverage_app.rules.edition import EditionError
from coverage_app.rules.vocabulary import Answer

from .exchange.levels import as_number
from .findings import Found, audit_rules
from .references import ReadEdition, ReferenceFault


def plain_example(answers: Mapping[str, Answer] | None) -> dict[str, Any] | None:
    """Answers with numbers as numbers; None stays None."""
    if answers is None:
        return None
    return {fact: as_number(answer) if isinstance(answer, Decimal) else answer for fact, answer in answers.items()}


# The audit


def findings_data(read: ReadEdition) -> list[dict[str, Any]]:
    """The findings on an edition, each ``kind``, ``provisions``, ``example`` and whatever else it says.

    ``accepted`` is the reason why an editor has let it stand. A guideline's have the ``row`` that they are found in.
    Raises ``ReferenceFault`` for an edition that is too complex to be exact about.
    """
    try:
        found = [
            each
            for row, rules in read.rules.items()
            for each in audit_rules(rules, read.previous.get(row), read.acceptances, row=row)
        ]
    except EditionError as error:
        raise ReferenceFault(f"{read.name}: {error}.") from error
    return [_finding(each) for each in found]


def _finding(found: Found) -> dict[str, Any]:
    finding = found.finding
    data = {"kind": finding.kind, "provisions": list(finding.provisions), "example": plain_example(finding.example)}
    rest = {
        "row": found.row,
        "fact": finding.fact,
        "leaf": finding.leaf,
        "constant": finding.constant if finding.leaf else None,
        "winner": finding.winner,
        "earlier": finding.earlier,
        "effects": list(finding.effects),
        "accepted": found.acceptance.reason if found.acceptance else "",
    }
    return data | {key: value for key, value in rest.items() if value not in ("", None, [])}


# The difference


def difference_data(before: ReadEdition, after: ReadEdition) -> dict[str, Any]:
    """How many complete cases change from which effect to which, by site, with an example of each kind.

    ``total`` counts all cases; ``changes`` are sorted. Two guidelines are held against each other row by row: then
    each change names its ``row``, ``total`` is the sum over the rows of both, and ``rows_of_one`` are those that
    only one of them has. Raises ``ReferenceFault`` when the two cannot be compared.
    """
    if before.is_guideline != after.is_guideline:
        raise ReferenceFault(f"{before.name} and {after.name}: a guideline and a payer's policy cannot be compared.")
    shared = [row for row in before.rules if row in after.rules]
    if not shared:
        raise ReferenceFault(f"{before.name} and {after.name} have no row in common.")
    found = {row: _compared(before, after, row) for row in shared}
    data = {
        "total": sum(difference.total for difference in found.values()),
        "changes": [change for row, difference in found.items() for change in _changes(row, difference)],
    }
    if before.is_guideline:
        data["rows_of_one"] = sorted(set(before.rules) ^ set(after.rules))
    return data


def _compared(before: ReadEdition, after: ReadEdition, row: str) -> Difference:
    try:
        return compare(before.rules[row], after.rules[row])
    except EditionError as error:
        raise ReferenceFault(f"{before.name} and {after.name}: {error}.") from error


def _changes(row: str, difference: Difference) -> list[dict[str, Any]]:
    return [
        ({"row": row} if row else {})
        | {
            "site": change.site,
            "from": change.before,
            "to": change.after,
            "cases": change.cases,
            "example": plain_example(change.example),
        }
        for change in difference.changes
    ]
