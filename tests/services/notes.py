"""Documents of the chart for the tests, a line each."""

import datetime as dt
from typing import Any

from coverage_app.models import Case
from coverage_app.services.cases import Change, save_case
from coverage_app.services.evidence import set_evidence
from tests.services.making import answers, person

READ_ON = dt.date(2024, 3, 1)


def note(case: Case, fact: str, document: str = "pathology", **about: Any) -> Case:
    """The case as it stands once a document is noted for one of its answers."""
    return set_evidence(case=case, fact=fact, document_type=document, by=person("coordinator"), **about)


def answer(case: Case, **given: Any) -> Case:
    """The case with other answers; None takes one back."""
    fresh = Case.objects.get(pk=case.pk)
    checked = {fact: None for fact, value in given.items() if value is None}
    checked |= answers({fact: value for fact, value in given.items() if value is not None})
    return save_case(case=fresh, version=fresh.version, change=Change({}, checked), by=person("coordinator"))
