"""Which edition is in force on a day."""

import datetime as dt

import pytest
from django.utils import timezone

from coverage_app.models import Document, Edition
from coverage_app.services import library
from coverage_app.services.library import NoEditionInForce, edition_in_force
from coverage_app.services.life import publish_edition, withdraw_edition
from tests.services.making import MET, import_small, payer, person, standing

FIRST_DAYS = {"fep": dt.date(2023, 10, 1), "bcbsma": dt.date(2020, 9, 1), "nia": dt.date(2023, 1, 1)}
ONE = dt.timedelta(days=1)


def later(edition: Edition, day: str, *, effect: str = "not_addressed") -> Edition:
    """Another edition of the same document, published, that says one thing of every case."""
    new = Edition.objects.create(document=edition.document, in_force=dt.date.fromisoformat(day))
    new.provisions.create(code="Z", criteria="always", effect=effect, quote="q", locator="l")
    return publish_edition(edition=new, by=person("editor"), second_person=False)


def withdraw(edition: Edition) -> None:
    withdraw_edition(edition=edition, by=person("editor"), reason="It was wrong.")


@pytest.mark.parametrize(("code", "day"), FIRST_DAYS.items())
def test_an_edition_is_in_force_from_its_day_and_not_the_day_before(code: str, day: dt.date) -> None:
    assert edition_in_force(payer(code), day).in_force == day
    with pytest.raises(NoEditionInForce, match=f"on file for {day - ONE}"):
        edition_in_force(payer(code), day - ONE)


def test_an_edition_runs_until_the_next_one_of_its_document() -> None:
    first = import_small()
    second = later(first, "2026-07-01")
    document = payer("small")
    assert edition_in_force(document, dt.date(2026, 6, 30)) == first
    assert edition_in_force(document, dt.date(2026, 7, 1)) == second
    assert edition_in_force(document, dt.date(2099, 1, 1)) == second


def test_the_days_of_a_withdrawn_edition_have_none_and_never_the_older_text() -> None:
    first = import_small()
    second, third = later(first, "2026-01-01"), later(first, "2027-01-01")
    withdraw(second)
    document = payer("small")
    assert edition_in_force(document, dt.date(2025, 12, 31)) == first
    for day in (dt.date(2026, 1, 1), dt.date(2026, 12, 31)):
        with pytest.raises(NoEditionInForce):
            edition_in_force(document, day)
    assert edition_in_force(document, dt.date(2027, 1, 1)) == third


def test_a_withdrawn_edition_that_was_replaced_leaves_no_gap() -> None:
    first = import_small()
    withdraw(first)
    replacement = later(first, "2025-01-01")
    assert edition_in_force(payer("small"), dt.date(2025, 1, 1)) == replacement
    withdraw(replacement)
    with pytest.raises(NoEditionInForce):
        edition_in_force(payer("small"), dt.date(2025, 1, 1))


def test_a_draft_is_never_in_force_and_hides_nothing() -> None:
    first = import_small()
    Edition.objects.create(document=first.document, in_force=dt.date(2026, 1, 1))
    assert edition_in_force(payer("small"), dt.date(2026, 5, 1)) == first


def test_a_case_is_read_by_the_edition_of_its_date_of_service() -> None:
    later(import_small(), "2026-07-01")
    given = {"site": "breast", "margin": "close"}
    assert standing("small", given, date_of_service=dt.date(2026, 6, 30)).code == "criteria_met"
    assert standing("small", given, date_of_service=dt.date(2026, 7, 1)).code == "not_addressed"
    assert standing("small", given, date_of_service=dt.date(2024, 12, 31)).code == "no_edition"


def test_without_a_date_of_service_the_edition_of_today_is_used() -> None:
    later(import_small(), "2026-07-01")
    found = standing("small", {"site": "lung"}, date_of_service=None, today=dt.date(2026, 7, 1))
    assert (found.day, found.code) == (dt.date(2026, 7, 1), "not_addressed")


def test_a_withdrawal_is_seen_at_once_by_a_case_that_was_read_before() -> None:
    edition = import_small()
    day = dt.date(2025, 6, 1)
    assert standing("small", {"site": "lung"}, date_of_service=day).code == "investigational"
    withdraw(edition)
    assert standing("small", {"site": "lung"}, date_of_service=day).code == "no_edition"


def test_payers_that_were_never_published_are_not_payers_yet() -> None:
    edition = import_small(draft="published")
    assert "small" not in [document.code for document, _ in library.payers_on(dt.date(2025, 6, 1))]
    publish_edition(edition=edition, by=None, second_person=False)
    assert [d.code for d, _ in library.payers_on(dt.date(2025, 6, 1))] == ["bcbsma", "fep", "nia", "small"]
    assert dict(library.payers_on(dt.date(2024, 1, 1)))[payer("small")] is None


def test_the_rows_of_a_site_come_from_the_newest_guidelines_whatever_the_date() -> None:
    rows = [row.row.code for row in library.rows_for("rectosigmoid")]
    assert rows == ["abs-colorectal", "nccn-colon", "nccn-rectal"]
    assert library.rows_for(None) == []
    assert [r.row.code for r in standing("fep", {"site": "lung"}, date_of_service=dt.date(1999, 1, 1)).rows] == [
        "abs-thorax"
    ]


def rows_edition(day: dt.date) -> Edition:
    """Another edition of the NCCN guideline, published, with one row for the rectum."""
    new = Edition.objects.create(document=Document.objects.get(code="nccn"), in_force=day)
    row = new.guidelinerows.create(
        code="new-rectal", title="Rectal", version="9", sites=["rectum"], quote="q", locator="l", position=1
    )
    row.statements.create(criteria="always", stance="supports", position=1)
    return publish_edition(edition=new, by=person("editor"), second_person=False)


def nccn_rows() -> list[str]:
    return [row.row.code for row in library.rows_for("rectum") if row.row.edition.document.code == "nccn"]


def test_the_rows_of_today_are_not_those_of_an_edition_to_come() -> None:
    rows_edition(timezone.localdate() + ONE)
    assert nccn_rows() == ["nccn-rectal"]


def test_a_guideline_whose_edition_of_today_is_withdrawn_has_no_rows_and_never_older_ones() -> None:
    today = rows_edition(timezone.localdate())
    assert nccn_rows() == ["new-rectal"]
    withdraw(today)
    assert nccn_rows() == []


def test_the_editions_of_today_are_found_in_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    library.newest(Document.Kind.GUIDELINE)
    with django_assert_num_queries(1):
        library.newest(Document.Kind.GUIDELINE)


def test_a_published_edition_is_read_from_the_database_once(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    standing("fep", MET)
    edition = edition_in_force(payer("fep"), dt.date(2024, 1, 1))
    with django_assert_num_queries(0):
        library.read(edition)


def test_a_document_that_is_renamed_is_shown_by_its_new_name_at_once() -> None:
    standing("fep", MET)
    Document.objects.filter(code="nccn").update(short_name="NCCN Guidelines")
    (row,) = [row for row in standing("fep", MET).rows if row.row.code == "nccn-rectal"]
    assert row.row.edition.document.short_name == "NCCN Guidelines"
