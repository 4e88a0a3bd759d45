"""Beginning a new edition."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Edition
from coverage_app.services.states import states_of

from .steps import url

pytestmark = pytest.mark.django_db


def test_a_new_edition_begins_from_the_documents_page(editor: Client, published: Edition) -> None:
    page = editor.get(reverse("admin:coverage_app_document_change", args=[published.document_id])).content.decode()
    new = f"{reverse('admin:coverage_app_edition_new')}?document={published.document_id}"
    assert new in page
    asked = editor.get(new)
    assert f'a copy of <a href="{url(published, "change")}">{published}</a>' in asked.content.decode()
    data = {"document": published.document_id, "in_force": "2031-01-01", "why": "The payer wrote."}
    answer = editor.post(new, data)
    draft = Edition.objects.get(document=published.document, in_force="2031-01-01")
    assert answer.url == url(draft, "change")
    assert (draft.started_from, draft.provisions.count()) == (published, published.provisions.count())
    assert states_of(draft.pk).get().why == "The payer wrote."


def test_the_lists_way_to_a_new_edition_asks_of_which_document(editor: Client) -> None:
    listed = editor.get(reverse("admin:coverage_app_edition_changelist")).content.decode()
    assert reverse("admin:coverage_app_edition_new") in listed
    assert editor.get(reverse("admin:coverage_app_edition_add")).url == reverse("admin:coverage_app_edition_new")
    answer = editor.post(reverse("admin:coverage_app_edition_new"), {"in_force": "soon"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"document", "in_force"})


@pytest.mark.parametrize("chosen", ["x", "-1", "9" * 30, "", "999999"])
def test_a_document_that_is_not_there_is_no_trouble(editor: Client, chosen: str) -> None:
    page = reverse("admin:coverage_app_edition_new")
    assert editor.get(page, {"document": chosen}).status_code == 200
    assert editor.post(page, {"document": chosen, "in_force": "2031-01-01"}).status_code == 422


def test_drafts_under_way_are_named(editor: Client, draft: Edition) -> None:
    page = editor.get(reverse("admin:coverage_app_edition_new"), {"document": draft.document_id})
    assert f'Already under way: <a href="{url(draft, "change")}">' in page.content.decode()
