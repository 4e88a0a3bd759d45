"""Faults as commands tell them: one line on standard error, exit status 2, nothing on standard output."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError
from django.db import OperationalError, ProgrammingError

from coverage_app.services.exchange import ImportFault
from coverage_app.services.papers import PaperFault
from coverage_app.services.references import ReferenceFault


@contextmanager
def told(place: str = "") -> Iterator[None]:
    """What is wrong inside ends the command; ``place`` is the file that is spoken of."""
    try:
        yield
    except (ImportFault, PaperFault, ReferenceFault) as error:
        raise CommandError(_line(f"{place}: {error}" if place else str(error)), returncode=2) from error
    except (OperationalError, ProgrammingError) as error:
        raise CommandError(_line(f"The database is not ready ({error}): run `make setup`."), returncode=2) from error


def _line(text: str) -> str:
    return " ".join(text.split())
