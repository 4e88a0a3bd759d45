"""Reports of supposed cases, a line each."""

from typing import Any

from tests.services.making import MET, report

NEGATIVE = {**MET, "margin": "negative", "recurrence": "local"}


def rows(code: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The guideline rows of a report, by id."""
    return {row["id"]: row for row in report(code, given)["rows"]}
