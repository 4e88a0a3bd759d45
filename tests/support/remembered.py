"""The editions that every test finds read already, as a web server that has been up for a while has them.

Published editions never change, so those of `fixtures/` are read once a run. Whatever else a test reads is forgotten
after it: the numbers of its editions come again once its database is rolled back.
"""

from coverage_app.models import Edition
from coverage_app.services import library
from coverage_app.services.library import Reading

_of_fixtures: dict[int, Reading] = {}


def read_all() -> None:
    """Read every edition on file."""
    for edition in Edition.objects.on_file().select_related("document"):
        _of_fixtures[edition.pk] = library.read(edition)


def reset() -> None:
    """Remember these editions and no others."""
    library._published.clear()
    library._published.update(_of_fixtures)
