"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from coverage_app.services import library


@pytest.fixture(autouse=True)
def _fresh_library(db: None) -> Iterator[None]:
    """Ids come again after a test's database was rolled back: no edition of another test is remembered."""
    library.forget()
    yield
    library.forget()
