"""The history of an edition, and restoring one of its states."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Document, Edition, EditionState
from coverage_app.services.life import note_edit
from coverage_app.services.states import states_of
from tests.admin.forms import added, typed

from .steps import text, url

pytestmark = pytest.mark.django_db


def test_the_history_says_who_when_what_and_why(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(url(draft, "change")), provisions__1__criteria="site is colon", _why="It said colon.")
    editor.post(url(draft, "change"), data)
    entry, first = editor.get(url(draft, "history")).context["entries"]
    assert (entry.done, entry.state.by_name, entry.state.why) == ("Edited", "editor", "It said colon.")
    (change,) = entry.changes
    assert (change.place, [line.field for line in change.lines]) == ("Provision B", ["Criteria"])
    assert (first.done, first.changes) == ("As found on file", [])
    page = text(editor, draft, "history")
    assert "<mark>breast</mark>" in page
    assert "<mark>colon</mark>" in page


def test_a_remark_is_a_part_of_the_history_of_its_edition(editor: Client, draft: Edition) -> None:
    data = {"edition": draft.pk, "kind": "reading", "text": "Ours.", "_why": "Asked often."}
    editor.post(reverse("admin:coverage_app_remark_add"), data)
    remark = draft.remarks.get()
    editor.post(reverse("admin:coverage_app_remark_delete", args=[remark.pk]), {"post": "yes"})
    assert list(states_of(draft.pk).values_list("action", "why")) == [
        ("edit", ""),
        ("edit", "Asked often."),
        ("on file", ""),
    ]
    draft.refresh_from_db()
    assert draft.edited_by.username == "editor"


def test_an_edition_written_by_hand_begins_its_history(editor: Client) -> None:
    page = reverse("admin:coverage_app_edition_add")
    nia = Document.objects.get(code="nia")
    data = typed(editor.get(f"{page}?document={nia.pk}"), in_force="2031-01-01", _why="By hand.")
    editor.post(
        page, added(data, "provisions", code="N", criteria="always", effect="investigational", quote="q", locator="l")
    )
    edition = Edition.objects.get(document=nia, in_force="2031-01-01")
    assert list(states_of(edition.pk).values_list("action", "why")) == [("start", "By hand.")]


def test_a_state_is_restored_with_a_reason(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="B").update(criteria="site is colon")
    note_edit(edition=draft, by=None)
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, 1])
    assert editor.post(restore, {"_why": " "}).status_code == 409
    answer = editor.post(restore, {"_why": "It was right."})
    again = Edition.objects.exclude(pk=draft.pk).get(document=draft.document, status="draft")
    assert answer.url == url(again, "change")
    assert states_of(again.pk).get().why == "It was right."


def test_an_edition_without_states_is_restored_as_it_stands(editor: Client, draft: Edition) -> None:
    assert "nothing has been done to it since" in text(editor, draft, "history")
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, 0])
    assert editor.get(restore).status_code == 200
    assert editor.post(restore, {"_why": "A second way."}).status_code == 302
    assert Edition.objects.filter(document=draft.document, status="draft").count() == 2


def test_a_discarded_draft_is_reached_from_its_document(editor: Client, draft: Edition) -> None:
    assert "Discard the draft" in text(editor, draft, "delete")
    editor.post(url(draft, "delete"), {"post": "yes", "_why": "Not needed."})
    page = editor.get(reverse("admin:coverage_app_document_change", args=[draft.document_id])).content.decode()
    assert url(draft, "history") in page
    assert "Not needed." in page
    assert "This draft was discarded." in text(editor, draft, "history")
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, EditionState.objects.latest("pk").number])
    assert editor.post(restore, {"_why": "Needed after all."}).status_code == 302
    assert Edition.objects.get(document=draft.document, status="draft").provisions.count() == 3


def test_a_state_that_is_not_there_is_not_found(editor: Client, draft: Edition) -> None:
    for pk, number in ((draft.pk, 7), (999_999, 0)):
        assert editor.get(reverse("admin:coverage_app_edition_restore", args=[pk, number])).status_code == 404
