"""Nobody clears the way for an edition and then publishes it alone: not by steps around it, copies or another day."""

import datetime as dt

import pytest

from coverage_app.models import Acceptance, Edition
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.golden import set_golden
from coverage_app.services.life import publication_faults, publish_edition, restore, send_back, start_draft
from coverage_app.services.states import states_of
from tests.services.lives import edited, explained, in_review, published, second_edition
from tests.services.making import import_small, person

pytestmark = pytest.mark.django_db
BREAST = {"site": "breast", "margin": "negative"}
LAST = "You edited it last, or added to it. Another policy editor has to publish it."
NO_SOURCE = "No source text is on file, and nobody has said why."


def faults(edition: Edition, by: str) -> list[str]:
    return publication_faults(Edition.objects.get(pk=edition.pk), person(by))


def golden(edition: Edition, by: str, verdict: str = "criteria_met", name: str = "New") -> None:
    set_golden(edition=edition, by=person(by), name=name, answers=BREAST, verdict=verdict, why="It says so.")


def kinds(edition: Edition) -> list[str]:
    return sorted(edition.acceptances.values_list("kind", flat=True))


def accepted(edition: Edition) -> Acceptance:
    return accept(edition=edition, kind="conflict", key="a1", reason="Meant so.", by=person("editor"))


# The second person


def test_who_added_to_it_in_review_does_not_publish_it_after_handing_it_in_again() -> None:
    draft = second_edition()
    draft.acceptances.all().delete()
    in_review(edited(draft))
    (check,) = unexplained_quotes(draft)
    accept(edition=draft, kind=check.kind, key=check.key, reason="On paper.", by=person("editor2"))
    golden(draft, "editor2")
    assert faults(draft, "editor2") == [LAST]
    send_back(edition=draft, by=person("editor2"), why="Once more.")
    in_review(draft, by="editor2")
    assert faults(draft, "editor2") == [LAST]
    with pytest.raises(Exception, match="You edited it last"):
        published(draft)


def test_an_edit_after_it_makes_another_the_last_and_frees_who_added() -> None:
    draft = in_review(second_edition())
    golden(draft, "editor2")
    send_back(edition=draft, by=person("editor2"), why="A misprint.")
    draft.refresh_from_db()
    in_review(edited(draft))
    assert (faults(draft, "editor"), faults(draft, "editor2")) == ([LAST], [])


def test_handing_in_and_sending_back_make_nobody_an_editor() -> None:
    draft = in_review(edited(second_edition()))
    send_back(edition=draft, by=person("editor2"), why="Read it again.")
    in_review(draft, by="editor2")
    assert (faults(draft, "editor"), faults(draft, "editor2")) == ([LAST], [])


# What was said of another text


def test_why_a_text_is_missing_is_said_anew_for_each_edition() -> None:
    first = explained(import_small())
    accept(edition=first, kind="quote", key="b2", reason="Hyphens.", by=person("editor"))
    accepted(first)
    draft = start_draft(document=first.document, by=person("editor"), in_force=dt.date(2025, 7, 1))
    assert (kinds(first), kinds(draft)) == (["conflict", "no_source", "quote"], ["conflict"])
    assert faults(in_review(edited(draft, criteria="site is breast and margin is close")), "editor2") == [NO_SOURCE]


def test_a_state_that_is_restored_keeps_what_was_said_of_it() -> None:
    draft = second_edition()
    accepted(draft)
    state = states_of(draft.pk).first()
    assert state
    assert kinds(restore(state=state, by=person("editor2"))) == ["conflict", "no_source"]


def test_a_missing_text_is_not_explained_under_the_name_of_another_finding() -> None:
    first = import_small()
    (check,) = unexplained_quotes(first)
    accept(edition=first, kind="conflict", key=check.key, reason="Meant so.", by=person("editor"))
    assert unexplained_quotes(first) == [check]


# Golden cases and the day


def test_an_earlier_day_escapes_no_golden_case_of_the_edition_it_was_started_from() -> None:
    first = import_small()
    golden(first, "editor")
    draft = explained(start_draft(document=first.document, by=person("editor"), in_force=dt.date(2025, 7, 1)))
    in_review(edited(draft, criteria="site is breast and margin is close"))
    with pytest.raises(Exception, match="Golden case “New” fails"):
        publish_edition(edition=draft, by=person("editor2"), in_force=dt.date(2024, 12, 1), why="Earlier.")


def test_what_a_draft_itself_expects_stands_over_the_edition_it_was_started_from() -> None:
    first = import_small()
    golden(first, "editor")
    draft = explained(start_draft(document=first.document, by=person("editor"), in_force=dt.date(2024, 7, 1)))
    edited(draft, criteria="site is breast and margin is close")
    golden(draft, "editor", "investigational")
    in_review(draft)
    assert faults(draft, "editor2") == []


def test_a_copy_of_a_draft_escapes_them_neither() -> None:
    first = import_small()
    golden(first, "editor")
    draft = explained(start_draft(document=first.document, by=person("editor"), in_force=dt.date(2024, 7, 1)))
    state = states_of(draft.pk).first()
    assert state
    copied = edited(restore(state=state, by=person("editor")), criteria="site is breast and margin is close")
    assert [fault[:24] for fault in faults(in_review(copied), "editor2")] == ["Golden case “New” fails:"]
