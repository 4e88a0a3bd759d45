"""Review, and what all steps of an edition's life have in common on their pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition
from coverage_app.services.life import note_edit
from coverage_app.services.states import states_of
from tests.services.making import MET, make_case

from .steps import post, text, url

pytestmark = pytest.mark.django_db


def test_a_draft_is_submitted_by_whoever_edited_it(editor: Client, draft: Edition) -> None:
    assert "Submit for review …" in text(editor, draft, "change")
    assert "No source text is on file" in text(editor, draft, "submit")
    assert "is in review" in post(editor, draft, "submit", "Ready.")
    assert "Publish …" in text(editor, draft, "change")
    assert states_of(draft.pk).first().why == "Ready."


def test_what_does_not_read_cannot_be_submitted(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="C").delete()
    page = text(editor, draft, "submit")
    assert "Before it can be reviewed" in page
    assert f'<a href="{url(draft, "change")}">Mend it' in page
    assert 'type="submit" class="default"' not in page
    assert "always" in post(editor, draft, "submit")
    assert Edition.objects.get(pk=draft.pk).status == "draft"


def test_an_edition_in_review_cannot_be_edited(editor: Client, ready: Edition) -> None:
    assert b'name="_save"' not in editor.get(url(ready, "change")).content
    assert editor.post(url(ready, "change"), {"in_force_note": "Other"}).status_code == 409


def test_sending_back_needs_a_reason(second: Client, ready: Edition) -> None:
    assert post(second, ready, "send_back") == "Say what is to be mended."
    assert "is sent back" in post(second, ready, "send_back", "B is misread.")
    ready.refresh_from_db()
    assert ready.status == "draft"
    assert "B is misread." in text(second, ready, "history")


@pytest.mark.parametrize("step", ["submit", "send_back", "publish", "withdraw", "history"])
def test_only_editors_see_these_pages_and_only_of_what_is_there(
    editor: Client, coordinator: Client, draft: Edition, step: str
) -> None:
    assert coordinator.get(url(draft, step)).status_code == 302
    assert editor.get(reverse(f"admin:coverage_app_edition_{step}", args=[999_999])).status_code == 404


def test_null_characters_in_a_reason_are_dropped(editor: Client, published: Edition) -> None:
    post(editor, published, "withdraw", "a\x00b")
    assert AuditEvent.objects.get(action="withdraw").detail == {"reason": "ab"}


@pytest.mark.parametrize("step", ["submit", "publish", "withdraw", "history"])
def test_a_page_takes_the_same_number_of_queries_whatever_it_shows(
    editor: Client, draft: Edition, published: Edition, step: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(url(draft if step != "withdraw" else published, step)).status_code == 200
        return len(captured)

    note_edit(edition=draft, by=None)
    draft.remarks.create(kind="reading", text="One.", position=1)
    note_edit(edition=draft, by=None)
    make_case("fep", MET)
    before = queries()
    for n in range(5):
        draft.remarks.create(kind="reading", text=f"More {n}.", position=n + 2)
        note_edit(edition=draft, by=None)
        make_case("fep", MET)
    assert queries() == before <= 60
