"""Reviews: which counts, when the next is due, and what is overdue."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_app.models import AuditEvent, Edition, EditionReview
from coverage_app.services.reviews import ReviewFault, due_on, overdue, record_review, reviewed_on
from tests.services.editions_made import copy_of, published, withdrawn
from tests.services.making import edition_of, person, refused, run_sql

TODAY = timezone.localdate()


def edition(in_force: str, last_reviewed: str = "") -> Edition:
    return Edition(pk=10**9, in_force=dt.date.fromisoformat(in_force), last_reviewed=last_reviewed)


@pytest.mark.parametrize(
    ("in_force", "last_reviewed", "reviewed", "due"),
    [
        ("2023-10-01", "2023-09", "2023-09-30", "2024-09-30"),
        ("2023-10-01", "", "2023-10-01", "2024-10-01"),
        ("2023-10-01", "2023-02", "2023-02-28", "2024-02-29"),
        ("2023-10-01", "2024-02", "2024-02-29", "2025-02-28"),
        ("2024-02-28", "", "2024-02-28", "2025-02-28"),
        ("2023-10-01", "2023-12", "2023-12-31", "2024-12-31"),
    ],
)
def test_a_review_is_due_twelve_months_after_the_month_stated_or_the_first_day(
    in_force: str, last_reviewed: str, reviewed: str, due: str
) -> None:
    found = edition(in_force, last_reviewed)
    assert (reviewed_on(found).isoformat(), due_on(found).isoformat()) == (reviewed, due)


def test_the_later_of_theirs_and_ours_counts() -> None:
    fep = edition_of("fep")
    record_review(edition=fep, by=person("editor"), on=dt.date(2023, 1, 5))
    assert reviewed_on(fep) == dt.date(2023, 9, 30)
    record_review(edition=fep, by=person("editor"), on=dt.date(2025, 1, 5))
    assert due_on(fep) == dt.date(2026, 1, 5)


def test_a_review_says_who_when_and_what_and_leaves_an_audit_event() -> None:
    review = record_review(edition=edition_of("fep"), by=person("editor"), on=TODAY, note=" Same text. ")
    assert (review.by, review.on, review.note) == (person("editor"), TODAY, "Same text.")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.by_name, event.detail) == (
        "review",
        "editor",
        {"on": TODAY.isoformat(), "note": "Same text."},
    )


def test_a_form_sent_twice_is_one_review() -> None:
    for _ in range(2):
        record_review(edition=edition_of("fep"), by=person("editor"), on=TODAY)
    assert EditionReview.objects.count() == 1
    record_review(edition=edition_of("fep"), by=person("editor2"), on=TODAY)
    assert EditionReview.objects.count() == 2


def test_a_review_never_changes() -> None:
    record_review(edition=edition_of("fep"), by=person("editor"), on=TODAY)
    with refused("never changes"):
        run_sql("UPDATE coverage_app_editionreview SET note = 'x'")


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"on": TODAY + dt.timedelta(days=1)}, "has not come yet"), ({"note": "x" * 2001}, "at most 2000")],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ReviewFault, match=said):
        record_review(**{"edition": edition_of("fep"), "by": person("editor"), "on": TODAY, **changes})  # type: ignore[arg-type]
    assert not EditionReview.objects.exists()


@pytest.mark.parametrize("make", [lambda edition: edition, withdrawn])
def test_only_a_published_edition_is_reviewed(make: object) -> None:
    edition = make(copy_of("fep", dt.date(2025, 1, 1)))  # type: ignore[operator]
    with pytest.raises(ReviewFault, match="only a published edition"):
        record_review(edition=edition, by=person("editor"), on=TODAY)


# Overdue


def codes(today: dt.date) -> list[str]:
    return [f"{edition.document.code} {edition.in_force}" for edition in overdue(today)]


def test_the_day_after_it_was_due_an_edition_is_overdue() -> None:
    assert "fep 2023-10-01" not in codes(dt.date(2024, 9, 30))
    assert "fep 2023-10-01" in codes(dt.date(2024, 10, 1))


def test_after_a_review_it_is_no_longer_asked_for() -> None:
    record_review(edition=edition_of("fep"), by=person("editor"), on=TODAY)
    assert "fep 2023-10-01" not in codes(TODAY)
    assert "fep 2023-10-01" in codes(TODAY + dt.timedelta(days=366))


def test_a_superseded_edition_a_draft_and_a_withdrawn_one_are_not_asked_for() -> None:
    published(copy_of("fep", dt.date(2024, 1, 1), last_reviewed="2023-12"))
    copy_of("fep", dt.date(2024, 2, 1))
    assert [code for code in codes(dt.date(2025, 6, 1)) if code.startswith("fep")] == ["fep 2024-01-01"]
    withdrawn(copy_of("fep", dt.date(2024, 3, 1)))
    assert [code for code in codes(dt.date(2025, 6, 1)) if code.startswith("fep")] == []


def test_an_edition_to_come_is_asked_for_when_it_was_read_long_ago() -> None:
    published(copy_of("fep", dt.date(2030, 1, 1), last_reviewed="2020-01"))
    found = [code for code in codes(dt.date(2024, 1, 1)) if code.startswith("fep")]
    assert found == ["fep 2030-01-01"]


def test_the_longest_due_comes_first_and_the_queries_do_not_grow() -> None:
    with CaptureQueriesContext(connection) as few:
        found = overdue(TODAY)
    assert [due_on(edition) for edition in found] == sorted(due_on(edition) for edition in found)
    for year in (2020, 2021, 2022):
        published(copy_of("nia", dt.date(year, 1, 1)))
        record_review(edition=edition_of("nia"), by=person("editor"), on=TODAY)
    with CaptureQueriesContext(connection) as many:
        overdue(TODAY)
    assert len(many) <= len(few) + 2  # the reviews' authors, once there are reviews
