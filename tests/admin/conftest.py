"""A policy editor, a draft to work on, and what is on file."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from coverage_app.models import Edition, GuidelineRow
from tests.services.editions_made import one_row, three_provisions
from tests.support.sessions import signed_in


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test here has the full database."""


@pytest.fixture
def editor(db: None) -> Client:
    """The policy editor's browser."""
    return signed_in("editor")


@pytest.fixture
def second(db: None) -> Client:
    """The browser of another policy editor, Olga."""
    client, olga = Client(), User.objects.create(username="olga", is_staff=True)
    olga.groups.add(Group.objects.get(name="policy editor"))
    client.force_login(olga)
    return client


@pytest.fixture
def coordinator(db: None) -> Client:
    return signed_in("coordinator")


@pytest.fixture
def draft(db: None) -> Edition:
    """A draft of FEP with three provisions."""
    return three_provisions()


@pytest.fixture
def row(db: None) -> GuidelineRow:
    """A row of a draft of the ABS guideline, with one statement."""
    return one_row("intent is boost")


@pytest.fixture
def published(db: None) -> Edition:
    return Edition.objects.get(document__code="fep", status="published")
