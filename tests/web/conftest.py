"""What the tests of the pages share."""

import pytest
from django.test import Client

from tests.support.sessions import signed_in


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test here has the full database."""


@pytest.fixture
def desk() -> Client:
    """The coordinator's browser."""
    return signed_in("coordinator")
