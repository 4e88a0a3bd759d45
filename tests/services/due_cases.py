"""Cases on which something is due, a line each."""

import datetime as dt
from typing import Any

from django.utils import timezone

from coverage_app.models import Case, Edition
from tests.services.editions_made import add, copy_of, published
from tests.services.making import DAY, MET, make_case
from tests.services.test_cases import complete

ONE = dt.timedelta(days=1)


def overdue(days: int = 2, reviewer: Any = None, code: str = "fep") -> Case:
    """A completed case whose review was due so many days ago."""
    case = make_case(code, MET)
    complete(case)
    Case.objects.filter(pk=case.pk).update(review_due=timezone.localdate() - days * ONE, reviewer=reviewer)
    return Case.objects.get(pk=case.pk)


def near(days: int = 3, given: dict[str, str] | None = None, code: str | None = "fep", **fields: Any) -> Case:
    """An open case that is to be treated in so many days; its T category and all else are missing."""
    answers = {"site": "rectum"} if given is None else given
    return make_case(code, answers, date_of_service=timezone.localdate() + days * ONE, **fields)


def changed(code: str = "nia") -> tuple[Case, Edition]:
    """A case that needs a physician by an edition that was published since, and met the criteria before."""
    case = make_case(code, MET)
    edition = copy_of(code, DAY - 30 * ONE)
    add(edition, "X1", 1, "site is rectum", "physician_review")
    return case, published(edition)
