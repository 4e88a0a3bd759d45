"""Cases at the payer, for the tests: completed, submitted, decided, a line each."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from coverage_app.models import Answer, Assessment, Case, PayerStep
from coverage_app.services.cases import complete_case
from coverage_app.services.payer_steps import add_step
from tests.services.making import MET, make_case, person

FIRST = dt.date(2024, 3, 1)
"""The day from which the days of the steps count."""

NOT_MET = {**MET, "margin": "negative"}
"""A rectal cancer that every payer reads as investigational."""

UNSETTLED = {**MET, "margin": "indeterminate"}
"""A rectal cancer that needs a physician's review."""


def completed(code: str = "fep", given: dict[str, Any] | None = None, **fields: Any) -> Case:
    """A case completed by the coordinator: one that meets the criteria, unless ``given`` says otherwise."""
    case = make_case(code, MET if given is None else given, **fields)
    return again(case)


def again(case: Case) -> Case:
    """The case completed as it stands."""
    case.refresh_from_db()
    complete_case(case=case, version=case.version, by=person("coordinator"))
    case.refresh_from_db()
    return case


def twin(of: Case, number: int) -> tuple[Case, Assessment]:
    """Another completed case with the same answers: many of them, without the pages' work for each."""
    frozen, given = of.assessments.get(), list(of.answers.all())
    made = Case.objects.get(pk=of.pk)
    made.pk, made.reference = None, f"twin-{number}"
    made.save()
    for answer in given:
        answer.pk, answer.case = None, made
    Answer.objects.bulk_create(given)
    frozen.pk, frozen.case = None, made
    frozen.save(force_insert=True)
    return made, frozen


def step(case: Case, said: str, *, by: str = "coordinator", **more: Any) -> PayerStep:
    """One step: ``"denied 7 criteria"`` is a denial on the seventh day after the first, because of the criteria."""
    kind, days, *reason = said.split()
    on = FIRST + dt.timedelta(days=int(days))
    made = add_step(case=case, kind=kind, happened_on=on, reason="".join(reason), by=person(by), **more)
    case.refresh_from_db()
    return made


def steps(case: Case, *said: str) -> Case:
    """Several, in order; the case as it is then."""
    for each in said:
        step(case, each)
    return case


def shown(found: dict[Any, Any], name: Callable[[Any], Any]) -> dict[Any, tuple[int, int, int]]:
    """A table of Insight by name: as read, otherwise, not compared."""
    return {name(key): (one.agree, one.differ, one.silent) for key, one in found.items()}
