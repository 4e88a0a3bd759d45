"""What the tests of the services share."""

import pytest


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test here has the full database."""
