"""Publishing and withdrawing; published editions can only be read."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition, Provision

from .forms import typed

pytestmark = pytest.mark.django_db


def url(edition: Edition, step: str) -> str:
    return reverse(f"admin:coverage_app_edition_{step}", args=[edition.pk])


def publish(client: Client, edition: Edition) -> str:
    """Ask and confirm; what the next page says."""
    asked = client.get(url(edition, "publish"))
    answer = client.post(url(edition, "publish"), {"_seen": asked.context["seen"]}, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def test_a_draft_is_published_after_it_was_confirmed(editor: Client, draft: Edition, published: Edition) -> None:
    asked = editor.get(url(draft, "publish"))
    assert f"{published} then ends" in asked.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert publish(editor, draft) == f"{draft} is published."
    draft.refresh_from_db()
    assert (draft.status, draft.published_by.username) == ("published", "editor")
    assert AuditEvent.objects.filter(action="publish", subject_id=draft.pk, by_name="editor").exists()


def test_faults_are_said_and_the_draft_stays_a_draft(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="C").delete()
    asked = editor.get(url(draft, "publish"))
    (fault,) = asked.context["faults"]
    assert fault in asked.content.decode()
    assert publish(editor, draft) == fault
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_what_changed_since_the_question_is_not_published(editor: Client, draft: Edition) -> None:
    seen = editor.get(url(draft, "publish")).context["seen"]
    Provision.objects.filter(edition=draft, code="A").update(effect="investigational")
    response = editor.post(url(draft, "publish"), {"_seen": seen})
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert "Look again before you publish." in response.content.decode()


def test_an_edition_is_withdrawn_with_a_reason_only(editor: Client, published: Edition) -> None:
    response = editor.post(url(published, "withdraw"), {"reason": " "})
    assert "Say why the edition is withdrawn." in response.content.decode()
    editor.post(url(published, "withdraw"), {"reason": "The payer took it back."})
    published.refresh_from_db()
    assert published.status == "withdrawn"
    assert AuditEvent.objects.get(action="withdraw").detail == {"reason": "The payer took it back."}


@pytest.mark.parametrize("model", ["edition", "guidelinerow", "remark"])
def test_nothing_of_a_published_edition_can_be_edited(editor: Client, model: str) -> None:
    if model == "edition":
        part = Edition.objects.get(document__code="abs")
    else:
        part = getattr(Edition.objects.get(document__code="abs"), f"{model}s").first()
    page = reverse(f"admin:coverage_app_{model}_change", args=[part.pk])
    response = editor.get(page)
    assert response.status_code == 200
    assert not response.context["has_change_permission"]
    assert b"<textarea" not in response.content
    assert b'name="_save"' not in response.content
    assert editor.post(page, {"title": "Other"}).status_code == 409
    assert (
        editor.post(reverse(f"admin:coverage_app_{model}_delete", args=[part.pk]), {"post": "yes"}).status_code == 403
    )


def test_a_page_to_read_says_sites_in_words(editor: Client) -> None:
    row = Edition.objects.get(document__code="abs").guidelinerows.first()
    row_page = editor.get(reverse("admin:coverage_app_guidelinerow_change", args=[row.pk]))
    assert b"[&quot;" not in row_page.content


def test_a_withdrawn_edition_cannot_be_published_again(editor: Client, published: Edition) -> None:
    editor.post(url(published, "withdraw"), {"reason": "Gone."})
    assert publish(editor, published) == f"{published} is withdrawn, not a draft."


def test_an_edition_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get(reverse("admin:coverage_app_edition_publish", args=[999_999])).status_code == 404


def test_the_history_of_the_page_names_the_publication(editor: Client, draft: Edition) -> None:
    publish(editor, draft)
    assert b"Published." in editor.get(url(draft, "history")).content


def test_a_draft_changed_by_nobody_else_is_saved_and_then_published(editor: Client, draft: Edition) -> None:
    editor.post(url(draft, "change"), typed(editor.get(url(draft, "change")), provisions__1__criteria="site is colon"))
    assert publish(editor, draft) == f"{draft} is published."
