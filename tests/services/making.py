"""People, cases and policies for the tests, a line each."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from coverage_app.models import Answer, Case, Document, Edition
from coverage_app.services.cases import Change, create_case
from coverage_app.services.exchange import import_text
from coverage_app.services.report import build_report
from coverage_app.services.standing import CaseFacts, Standing, stand
from coverage_app.services.vocabulary import current_wording

DAY = dt.date(2024, 3, 11)
"""A date of service on which all three payers have an edition."""

MET = {
    "site": "rectum",
    "t_stage": "t4",
    "recurrence": "primary",
    "margin": "positive",
    "margin_basis": "final",
    "technique": "electron",
}
"""A rectal cancer that meets the criteria of every payer."""

SMALL = """\
code: small
kind: payer_policy
short_name: Small 1
title: Intraoperative Radiotherapy
publisher: A small plan
editions:
- in_force: 2025-01-01
  in_force_basis: stated
  status: published
  provisions:
  - id: S1
    criteria: site is breast and margin in (negative, close)
    effect: criteria_met
    quote: Breast cancer is considered medically necessary.
    locator: Policy
  - id: S2
    criteria: always
    effect: investigational
    quote: All else is investigational.
    locator: Policy
"""
"""A policy that is not on file, with one edition of two provisions."""


def person(username: str) -> User:
    """One of the demonstration accounts: coordinator, reviewer, editor."""
    return User.objects.get(username=username)


def payer(code: str) -> Document:
    return Document.objects.get(code=code)


def answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the services take them: checked codes, numbers as decimals."""
    return dict(current_wording().vocabulary.check(given))


def standing(code: str, given: Mapping[str, Any], *, today: dt.date | None = None, **about: Any) -> Standing:
    """Where a supposed case stands under the payer ``code``, on DAY unless ``about`` names another day."""
    facts = CaseFacts(answers(given), payer(code), **{"date_of_service": DAY, **about})
    return stand(facts, today=today)


def report(code: str, given: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    """The report of a supposed case."""
    return build_report(standing(code, given, **about))


def make_case(code: str | None, given: Mapping[str, Any], *, by: User | None = None, **fields: Any) -> Case:
    """A stored case, on DAY unless ``fields`` names another day."""
    about = {"date_of_service": DAY, "document": payer(code) if code else None, **fields}
    return create_case(by=by or person("coordinator"), change=Change(about, answers(given)))


def make_cases(number: int, code: str, given: Mapping[str, Any]) -> None:
    """Several stored cases alike: one that is saved, and copies of its rows."""
    first = make_case(code, given)
    answers, pk = list(first.answers.all()), first.pk
    for place in range(1, number):
        first.pk, first.reference = None, f"{DAY:%Y}-c{pk}-{place}"
        first.save(force_insert=True)
        for answer in answers:
            answer.pk, answer.case = None, first
        Answer.objects.bulk_create(answers)


def edition_of(code: str) -> Edition:
    """The newest edition of a document."""
    return Edition.objects.filter(document__code=code).latest("in_force")


def import_small(**replaced: str) -> Edition:
    """The small policy on file; ``replaced`` changes words of its text: ``draft="published"`` reads to-from."""
    text = SMALL
    for new, old in replaced.items():
        assert old in text
        text = text.replace(old, new)
    import_text(text=text, by=person("editor"))
    return edition_of("small")


@contextmanager
def refused(message: str) -> Iterator[None]:
    """What happens inside is refused by the database, with these words; the test can go on."""
    with pytest.raises(IntegrityError, match=message), _checked():
        yield


@contextmanager
def _checked() -> Iterator[None]:
    """A transaction whose foreign keys are looked at as its end does it."""
    with transaction.atomic():
        yield
        connection.check_constraints()


def run_sql(statement: str, *values: Any) -> int:
    """Straight to the database, past all models and services: how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
