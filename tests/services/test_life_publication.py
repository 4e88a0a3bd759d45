"""Publishing an edition: by another person, from a day, with nothing in the way."""

import datetime as dt

import pytest

from coverage_app.models import AuditEvent, Edition, PolicyNotice
from coverage_app.services.golden import set_golden
from coverage_app.services.library import edition_in_force
from coverage_app.services.life import (
    EditionFault,
    publication_faults,
    publish_edition,
    standing_on,
    start_draft,
)
from coverage_app.services.states import states_of
from tests.services.lives import BREAST, LATER, actions, edited, events, explained, in_review, published, second_edition
from tests.services.making import make_case, person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def second(once_for_all: None) -> Edition:
    return second_edition()


@pytest.fixture
def draft(second: Edition) -> Edition:
    return Edition.objects.get(pk=second.pk)


def test_it_takes_another_person_than_the_last_editor(draft: Edition) -> None:
    in_review(draft)
    with pytest.raises(EditionFault, match="You edited it last"):
        publish_edition(edition=draft, by=person("editor"))
    edition = publish_edition(edition=draft, by=person("editor2"), why="Compared with the text.")
    assert (edition.status, edition.published_by) == ("published", person("editor2"))
    assert (actions(edition)[0], states_of(edition.pk).first().why) == ("publish", "Compared with the text.")
    assert "publish" in events(edition)


def test_not_even_somebody_who_may_do_all_publishes_an_own_edit(draft: Edition) -> None:
    chief = person("editor2")
    chief.is_superuser = True
    chief.save()
    edited(draft, by="editor2")
    in_review(draft)
    assert publication_faults(Edition.objects.get(pk=draft.pk), chief) == [
        "You edited it last, or added to it. Another policy editor has to publish it."
    ]
    assert publication_faults(Edition.objects.get(pk=draft.pk), None) == [
        "An edition is published by a person: sign in."
    ]


def test_who_adds_to_it_in_review_does_not_publish_it(draft: Edition) -> None:
    in_review(draft)
    set_golden(edition=draft, by=person("editor2"), name="New", answers=BREAST, verdict="criteria_met", why="So.")
    with pytest.raises(EditionFault, match="You edited it last"):
        published(draft)


def test_a_draft_is_not_published_past_its_review(draft: Edition) -> None:
    with pytest.raises(EditionFault, match="It is draft, not in review"):
        published(draft)


def test_the_earlier_edition_ends_where_it_starts(draft: Edition) -> None:
    first = draft.started_from
    in_review(draft)
    later = published(draft)
    assert edition_in_force(later.document, dt.date(2025, 6, 30)) == first
    assert edition_in_force(later.document, LATER) == later
    assert [standing_on(first, day) for day in (dt.date(2024, 1, 1), dt.date(2025, 6, 30), LATER)] == [
        "to_come",
        "in_force",
        "superseded",
    ]


def test_its_publisher_can_state_another_day_with_a_reason(draft: Edition) -> None:
    in_review(draft)
    with pytest.raises(EditionFault, match="Say why it starts on another day"):
        publish_edition(edition=draft, by=person("editor2"), in_force=LATER + dt.timedelta(days=14))
    day = dt.date(2025, 7, 15)
    edition = publish_edition(edition=draft, by=person("editor2"), in_force=day, why="The payer moved it.")
    assert (edition.in_force, edition.edited_by, edition.published_by) == (day, person("editor"), person("editor2"))
    state = states_of(edition.pk).first()
    assert (state.action, state.by_name, "in_force: 2025-07-15" in state.content) == ("publish", "editor2", True)
    event = AuditEvent.objects.get(subject_id=edition.pk, action="publish")
    assert (event.detail["in_force"], event.detail["draft_said"]) == ("2025-07-15", "2025-07-01")
    assert edition_in_force(edition.document, dt.date(2025, 7, 14)) == draft.started_from


def test_the_day_does_not_let_the_last_editor_publish(draft: Edition) -> None:
    in_review(draft)
    with pytest.raises(EditionFault, match="You edited it last"):
        publish_edition(edition=draft, by=person("editor"), in_force=dt.date(2025, 8, 1), why="Moved.")


def test_how_the_drafts_day_was_known_is_not_said_of_another_one(draft: Edition) -> None:
    Edition.objects.filter(pk=draft.pk).update(in_force_basis="month", in_force_note="July, it says.")
    in_review(draft)
    edition = publish_edition(
        edition=draft, by=person("editor2"), in_force=dt.date(2025, 7, 2), why="A letter says it."
    )
    assert (edition.in_force_basis, edition.in_force_note) == ("stated", "")


def test_what_the_drafts_own_day_says_stays(draft: Edition) -> None:
    Edition.objects.filter(pk=draft.pk).update(in_force_basis="month", in_force_note="July, it says.")
    in_review(draft)
    edition = publish_edition(edition=draft, by=person("editor2"), in_force=LATER)
    assert (edition.in_force_basis, edition.in_force_note) == ("month", "July, it says.")


def test_what_stands_in_the_way_is_asked_of_the_day_that_is_stated(draft: Edition) -> None:
    in_review(draft)
    first = dt.date(2025, 1, 1)
    with pytest.raises(EditionFault, match="already has a published edition in force from 1 Jan 2025"):
        publish_edition(edition=draft, by=person("editor2"), in_force=first, why="Earlier.")
    assert (Edition.objects.get(pk=draft.pk).status, Edition.objects.get(pk=draft.pk).in_force) == ("in_review", LATER)


def test_the_golden_cases_are_those_that_hold_on_the_day_that_is_stated(draft: Edition) -> None:
    between = start_draft(document=draft.document, by=person("editor"), in_force=dt.date(2025, 3, 1))
    edited(explained(between), criteria="site is breast and margin is close", by="editor")
    set_golden(edition=between, by=person("editor"), name="New", answers=BREAST, verdict="investigational", why="So.")
    published(in_review(between))
    in_review(draft)
    with pytest.raises(EditionFault, match="Golden case “New” fails"):
        published(draft)
    publish_edition(edition=draft, by=person("editor2"), in_force=dt.date(2025, 2, 1), why="It came first.")


def test_cases_are_told_of_the_day_that_is_stated(draft: Edition) -> None:
    edited(draft, criteria="site is breast and margin is close")
    case = make_case("small", BREAST, date_of_service=dt.date(2025, 7, 10))
    in_review(draft)
    publish_edition(edition=draft, by=person("editor2"), in_force=dt.date(2025, 7, 20), why="Moved.")
    assert not PolicyNotice.objects.filter(case=case).exists()


def test_another_edition_of_the_same_day_is_said_before(draft: Edition) -> None:
    draft.in_force = dt.date(2025, 1, 1)
    draft.save()
    in_review(draft)
    draft.refresh_from_db()
    assert publication_faults(draft, person("editor2")) == [
        "Small 1 already has a published edition in force from 1 Jan 2025."
    ]


def test_a_failing_golden_case_stands_in_the_way(draft: Edition) -> None:
    set_golden(edition=draft, by=person("editor"), name="Plain", answers=BREAST, verdict="investigational", why="So.")
    in_review(draft)
    with pytest.raises(
        EditionFault, match="Golden case “Plain” fails: expected Investigational, found Criteria met under this policy"
    ):
        published(draft)


def test_a_quote_that_nobody_has_explained_stands_in_the_way(draft: Edition) -> None:
    draft.acceptances.all().delete()
    in_review(draft)
    draft.refresh_from_db()
    assert publication_faults(draft, person("editor2")) == ["No source text is on file, and nobody has said why."]
