"""Which cases an edition has decided, once it was withdrawn and another has taken over its days."""

import datetime as dt

import pytest

from coverage_app.models import Case, Edition, PolicyNotice
from coverage_app.services.cases import complete_case
from coverage_app.services.edition_days import decided_cases
from coverage_app.services.editions import take_out_of_force
from tests.services.editions_made import copy_of, published
from tests.services.lives import LATER
from tests.services.making import import_small, make_case, person

pytestmark = pytest.mark.django_db
BREAST = {"site": "breast", "margin": "negative"}


@pytest.fixture
def wrong() -> Edition:
    import_small()
    return published(copy_of("small", LATER))


def a_case() -> Case:
    return make_case("small", BREAST, date_of_service=LATER + dt.timedelta(days=9))


def withdraw(edition: Edition) -> Edition:
    return take_out_of_force(edition=edition, by=None, reason="Misread.")


def test_a_case_made_after_another_took_over_its_days_is_none_of_a_withdrawn_edition(wrong: Edition) -> None:
    done, still_open = a_case(), a_case()
    complete_case(case=done, version=done.version, by=person("coordinator"))
    withdraw(wrong)
    assert PolicyNotice.objects.filter(case=still_open, edition=wrong).exists()
    right = published(copy_of("small", LATER))
    afterwards = a_case()
    assert set(decided_cases(wrong)) == {done, still_open}
    assert set(decided_cases(right)) == {still_open, afterwards}


def test_that_stays_so_when_the_other_is_withdrawn_too(wrong: Edition) -> None:
    withdraw(wrong)
    right = published(copy_of("small", LATER))
    afterwards = a_case()
    withdraw(right)
    assert (set(decided_cases(wrong)), set(decided_cases(right))) == (set(), {afterwards})
