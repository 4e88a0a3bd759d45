"""The edition before another: the newest published one that starts earlier, whatever gaps lie between."""

import datetime as dt

import pytest

from coverage_app.models import Edition
from coverage_app.services.edition_rules import edition_before
from coverage_app.services.findings import audit_of
from tests.services.editions_made import copy_of, published, withdrawn
from tests.services.making import edition_of, import_small

pytestmark = pytest.mark.django_db
GONE, LATER = dt.date(2026, 1, 1), dt.date(2027, 1, 1)


def test_a_withdrawn_edition_between_is_passed_over() -> None:
    first = edition_of("fep")
    second = published(copy_of("fep", dt.date(2025, 1, 1)))
    gone = withdrawn(copy_of("fep", GONE))
    assert [edition_before(one) for one in (copy_of("fep", LATER), gone, second, first)] == [
        second, second, first, None,
    ]  # fmt: skip


def test_a_day_before_all_others_has_none() -> None:
    assert edition_before(copy_of("fep", dt.date.min)) is None


def test_one_that_replaced_a_withdrawn_edition_of_its_day_is_before_later_ones() -> None:
    withdrawn(copy_of("fep", GONE))
    again = published(copy_of("fep", GONE))
    assert edition_before(copy_of("fep", LATER)) == again


def test_what_falls_to_the_last_provision_is_found_across_a_gap() -> None:
    import_small()
    withdrawn(copy_of("small", GONE))
    draft = copy_of("small", LATER)
    draft.provisions.filter(code="S1").delete()
    assert "fell_to_always" in {found.finding.kind for found in audit_of(Edition.objects.get(pk=draft.pk))}
