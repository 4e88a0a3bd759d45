"""Publication on its page: by a second person, on the day that they state."""

import pytest
from django.http import HttpResponse
from django.test import Client

from coverage_app.models import AuditEvent, Edition, Provision
from coverage_app.services.report.words import day as in_words

from .steps import post, text, url

pytestmark = pytest.mark.django_db


def test_the_last_editor_is_refused_and_told_why(editor: Client, ready: Edition) -> None:
    page = text(editor, ready, "publish")
    assert "You edited it last, or added to it. Another policy editor has to publish it." in page
    assert 'value="Publish"' not in page
    assert "You edited it last" in post(editor, ready, "publish")
    assert Edition.objects.get(pk=ready.pk).status == "in_review"


def test_a_second_person_publishes_it(second: Client, ready: Edition, published: Edition) -> None:
    page = text(second, ready, "publish")
    assert f"{published}</a> then ends." in page
    assert f"Provision {ready.provisions.first()} changed: note" in page
    assert f'href="{url(ready, "findings")}"' in page
    assert "is published." in post(second, ready, "publish")
    ready.refresh_from_db()
    assert (ready.status, ready.published_by.username) == ("published", "olga")
    assert AuditEvent.objects.filter(action="publish", subject_id=ready.pk, by_name="olga").exists()


def test_a_draft_is_not_published_before_its_review(second: Client, draft: Edition) -> None:
    assert "It is draft, not in review." in text(second, draft, "publish")
    assert "It is draft, not in review." in post(second, draft, "publish")
    assert Edition.objects.get(pk=draft.pk).status == "draft"


def test_each_fault_leads_to_where_it_is_mended(second: Client, ready: Edition) -> None:
    Edition.objects.filter(pk=ready.pk).update(status="draft")
    ready.acceptances.all().delete()
    Edition.objects.filter(pk=ready.pk).update(status="in_review")
    assert f'nobody has said why. <a href="{url(ready, "source")}">Mend it' in text(second, ready, "publish")


def test_what_changed_since_the_question_is_not_published(second: Client, ready: Edition) -> None:
    seen = second.get(url(ready, "publish")).context["seen"]
    Edition.objects.filter(pk=ready.pk).update(status="draft")
    Provision.objects.filter(edition=ready).update(effect="investigational")
    Edition.objects.filter(pk=ready.pk).update(status="in_review")
    response = second.post(url(ready, "publish"), {"_seen": seen})
    assert (response.status_code, Edition.objects.get(pk=ready.pk).status) == (409, "in_review")
    assert "Look again before you publish." in response.content.decode()


# The first day in force


def stated(client: Client, edition: Edition, day: str, *, seen_day: str | None = None, why: str = "") -> HttpResponse:
    """The answer to publishing on ``day``, having seen what ``seen_day`` (as given: this one) does."""
    seen = client.get(url(edition, "publish")).context["seen"]
    data = {"_seen": seen, "in_force": day, "_seen_day": day if seen_day is None else seen_day, "_why": why}
    return client.post(url(edition, "publish"), data)


def test_the_drafts_day_stands_in_the_form(second: Client, ready: Edition) -> None:
    page = second.get(url(ready, "publish"))
    assert 'name="in_force" value="2030-01-01"' in page.content.decode()
    assert 'name="_seen_day" value="2030-01-01"' in page.content.decode()


def test_another_day_is_shown_before_it_counts(second: Client, ready: Edition, published: Edition) -> None:
    answer = stated(second, ready, "2030-02-01", seen_day="2030-01-01", why="Moved.")
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, Edition.objects.get(pk=ready.pk).status) == (409, "in_review")
    assert "Below stands what publication does from 1 Feb 2030 on." in page
    assert "From <strong>1 Feb 2030</strong> on" in page
    assert "The draft says 1 Jan 2030." in page
    assert 'name="_seen_day" value="2030-02-01"' in page
    assert ">Moved.</textarea>" in page


def test_it_is_published_on_the_day_that_was_shown_and_the_history_says_whose_it_is(
    second: Client, ready: Edition
) -> None:
    answer = stated(second, ready, "2030-02-01", why="The payer moved it.")
    assert answer.status_code == 302
    ready.refresh_from_db()
    assert (str(ready.in_force), ready.edited_by.username, ready.published_by.username) == (
        "2030-02-01",
        "editor",
        "olga",
    )
    (entry, *_) = second.get(url(ready, "history")).context["entries"]
    assert (entry.done, entry.state.by_name, entry.state.why) == ("Published", "olga", "The payer moved it.")
    assert [line.field for line in entry.changes[0].lines] == ["In force"]


def test_another_day_needs_a_reason(second: Client, ready: Edition) -> None:
    page = stated(second, ready, "2030-02-01")
    assert (page.status_code, page.context["why_fault"]) == (409, True)
    assert "Say why it starts on another day" in page.content.decode()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "State the first day in force."),
        ("soon", "Write the day as 2026-01-31."),
        ("2030-02-30", "Write the day as 2026-01-31."),
        ("9999-12-31", "Give a day between 1 Jan 1900 and 31 Dec 2199."),
        ("0001-01-01", "Give a day between"),
        ("9" * 5000, "Write the day as 2026-01-31."),
    ],
)
def test_a_day_that_is_none_is_told(second: Client, ready: Edition, day: str, said: str) -> None:
    answer = stated(second, ready, day, seen_day="2030-01-01")
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert Edition.objects.get(pk=ready.pk).status == "in_review"


def test_a_day_that_is_taken_can_be_mended_here(second: Client, ready: Edition, published: Edition) -> None:
    taken = stated(second, ready, published.in_force.isoformat(), why="Moved.")
    page = taken.content.decode()
    assert f"already has a published edition in force from {in_words(published.in_force)}" in page
    assert 'value="Publish"' in page
    assert stated(second, ready, "2030-01-02", why="Moved.").status_code == 302


def test_a_form_without_a_day_publishes_on_the_drafts_own(second: Client, ready: Edition) -> None:
    assert "is published." in post(second, ready, "publish")
    assert str(Edition.objects.get(pk=ready.pk).in_force) == "2030-01-01"
