"""Who gets in, and what is only read."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent

pytestmark = pytest.mark.django_db
OURS = ["document", "edition", "guidelinerow", "remark", "fact", "diagnosiscode", "auditevent"]


@pytest.fixture
def chief(db: None) -> Client:
    """The browser of somebody who manages the accounts."""
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    return client


def test_coordinators_do_not_get_in(coordinator: Client) -> None:
    response = coordinator.get(reverse("admin:index"))
    assert response.status_code == 302
    assert coordinator.get(reverse("admin:coverage_app_fact_changelist")).status_code == 302


def test_the_head_says_where_one_is_and_leads_back_to_the_desk(editor: Client) -> None:
    page = editor.get(reverse("admin:index")).content.decode()
    assert "Coverage desk · policies" in page
    assert '<a href="/">View site</a>' in page


@pytest.mark.parametrize("model", OURS)
def test_an_editor_opens_every_list(editor: Client, model: str) -> None:
    assert editor.get(reverse(f"admin:coverage_app_{model}_changelist"), {"q": "c"}).status_code == 200


@pytest.mark.parametrize("model", ["diagnosiscode", "auditevent"])
def test_codes_and_events_are_only_read(chief: Client, model: str) -> None:
    assert chief.get(reverse(f"admin:coverage_app_{model}_add")).status_code == 403
    pk = "C20" if model == "diagnosiscode" else AuditEvent.objects.first().pk
    page = reverse(f"admin:coverage_app_{model}_change", args=[pk])
    assert chief.get(page).status_code == 200
    assert chief.post(page, {}).status_code == 403
    assert chief.post(reverse(f"admin:coverage_app_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_cases_are_not_edited_here(editor: Client) -> None:
    assert editor.get("/admin/coverage_app/case/").status_code == 404
    assert editor.get("/admin/coverage_app/assessment/").status_code == 404


def test_editors_do_not_manage_accounts(editor: Client) -> None:
    assert editor.get(reverse("admin:auth_user_changelist")).status_code == 403


def test_a_person_gets_groups_by_check_boxes(chief: Client) -> None:
    user = User.objects.create(username="nora")
    page = reverse("admin:auth_user_change", args=[user.pk])
    html = chief.get(page).content.decode()
    assert "selectfilter" not in html
    reviewer = Group.objects.get(name="reviewer")
    chief.post(page, {"username": "nora", "is_active": "on", "groups": [reviewer.pk]})
    assert list(user.groups.all()) == [reviewer]
    assert AuditEvent.objects.filter(action="change", subject="user", by_name="chief").exists()


def test_a_group_shows_what_it_may_do_as_check_boxes(chief: Client) -> None:
    page = chief.get(reverse("admin:auth_group_change", args=[Group.objects.get(name="reviewer").pk]))
    assert b'type="checkbox" name="permissions"' in page.content
