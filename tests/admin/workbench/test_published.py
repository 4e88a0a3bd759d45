"""What is on file can only be read."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Edition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["edition", "guidelinerow", "remark"])
def test_nothing_of_a_published_edition_can_be_edited(editor: Client, model: str) -> None:
    edition = Edition.objects.get(document__code="abs")
    part = edition if model == "edition" else getattr(edition, f"{model}s").first()
    page = reverse(f"admin:coverage_app_{model}_change", args=[part.pk])
    response = editor.get(page)
    assert (response.status_code, response.context["has_change_permission"]) == (200, False)
    assert b"<textarea" not in response.content
    assert b'name="_save"' not in response.content
    assert editor.post(page, {"title": "Other"}).status_code == 409
    delete = reverse(f"admin:coverage_app_{model}_delete", args=[part.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403


def test_a_page_to_read_says_sites_in_words(editor: Client) -> None:
    row = Edition.objects.get(document__code="abs").guidelinerows.first()
    row_page = editor.get(reverse("admin:coverage_app_guidelinerow_change", args=[row.pk]))
    assert b"[&quot;" not in row_page.content
