"""Reports of supposed cases, a line each."""

from typing import Any

from tests.services.making import MET, report

NEGATIVE = {**MET, "margin": "negative"}
"""A T4 primary with a negative margin: investigational under every payer that asks for no more."""
EITHER_WAY = {**MET, "margin": "negative", "recurrence": "local"}
"""Recurrent disease with a negative margin: FEP and 278 can be read either way, so it goes to review."""


def rows(code: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The guideline rows of a report, by id."""
    return {row["id"]: row for row in report(code, given)["rows"]}
