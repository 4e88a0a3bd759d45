"""A policy editor, a draft to work on, and what is on file."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from coverage_app.models import Document, Edition, GuidelineRow, GuidelineStatement, Provision
from coverage_app.services import library
from coverage_app.services.editions import note_uses


@pytest.fixture(autouse=True)
def _forgetful(db: None) -> Iterator[None]:
    """Editions read in one test are not those of the next."""
    library.forget()
    yield
    library.forget()


def _client(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def editor(db: None) -> Client:
    """The policy editor's browser."""
    return _client("editor")


@pytest.fixture
def second(db: None) -> Client:
    """The browser of another policy editor, Olga."""
    olga = User.objects.create(username="olga", is_staff=True)
    olga.groups.add(Group.objects.get(name="policy editor"))
    return _client("olga")


@pytest.fixture
def coordinator(db: None) -> Client:
    return _client("coordinator")


@pytest.fixture
def draft(db: None) -> Edition:
    """A draft of FEP with three provisions."""
    edition = Edition.objects.create(document=Document.objects.get(code="fep"), in_force=dt.date(2030, 1, 1))
    lines = [
        ("A", "site is rectum and t_stage is t4", "criteria_met"),
        ("B", "site is breast", "investigational"),
        ("C", "always", "investigational"),
    ]
    for n, (code, criteria, effect) in enumerate(lines, 1):
        Provision.objects.create(
            edition=edition, position=n, code=code, criteria=criteria, effect=effect, quote="Said so.", locator="Policy"
        )
    note_uses(edition=edition)
    return edition


@pytest.fixture
def row(db: None) -> GuidelineRow:
    """A row of a draft of the ABS guideline, with one statement."""
    edition = Edition.objects.create(document=Document.objects.get(code="abs"), in_force=dt.date(2030, 1, 1))
    row = GuidelineRow.objects.create(
        edition=edition, position=1, code="abs-new", title="New", version="2030", category="2A", sites=["colon"],
        quote="May be considered.", locator="Table 1",
    )  # fmt: skip
    GuidelineStatement.objects.create(row=row, position=1, criteria="intent is boost", stance="supports")
    note_uses(edition=edition)
    return row


@pytest.fixture
def published(db: None) -> Edition:
    return Edition.objects.get(document__code="fep", status="published")
