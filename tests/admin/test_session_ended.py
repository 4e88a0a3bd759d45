"""A form of the admin sent after the session had ended, without JavaScript: nothing is lost, nor saved unseen."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition, GuidelineRow
from coverage_app.services.states import states_of
from coverage_app.web import kept
from tests.admin.forms import added, typed

pytestmark = pytest.mark.django_db
SAID = "Your session had ended before this was sent."


def page_of(subject: Any) -> str:
    return reverse(f"admin:coverage_app_{subject._meta.model_name}_change", args=[subject.pk])


def step_of(edition: Edition, step: str) -> str:
    return reverse(f"admin:coverage_app_edition_{step}", args=[edition.pk])


def marked(page: HttpResponse) -> dict[str, str]:
    """The field by which a form says who it was made for."""
    found = re.search(r'name="_by" value="([^"]+)"', page.content.decode())
    assert found
    return {"_by": found[1]}


def ended(client: Client, url: str, data: dict[str, Any]) -> HttpResponse:
    """Send a form when the session is over, and sign in again: what the page then shows."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    client.logout()
    answer = client.post(url, data)
    assert (answer.status_code, reverse("login") in answer["Location"]) == (302, True)
    client.force_login(user)
    return client.get(url)


def words(page: HttpResponse) -> str:
    return page.content.decode()


def test_an_editions_form_comes_back_as_it_was_typed_and_is_not_saved(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    data = typed(page, provisions__0__criteria="site is colon", _why="It was wrong.") | marked(page)
    data = added(data, "provisions", code="NEW", criteria="site is anus", effect="criteria_met", quote="q", locator="l")
    back = ended(editor, page_of(draft), data)
    text = words(back)
    assert (back.status_code, SAID in text, "nothing of it is saved yet" in text) == (200, True, True)
    assert "site is colon</textarea>" in text
    assert 'value="NEW"' in text
    assert ">It was wrong.</textarea>" in text
    assert sorted(draft.provisions.values_list("code", flat=True)) == ["A", "B", "C"]
    assert not states_of(draft.pk).exists()


def test_what_came_back_is_saved_as_ever_and_then_forgotten(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    back = ended(editor, page_of(draft), typed(page, provisions__0__criteria="site is colon") | marked(page))
    assert SAID in words(editor.get(page_of(draft)))  # it stays until it is saved
    answer = editor.post(page_of(draft), typed(back))
    assert (answer.status_code, draft.provisions.get(code="A").criteria) == (302, "site is colon")
    assert SAID not in words(editor.get(page_of(draft)))


def test_what_somebody_else_saved_meanwhile_stands_beside_it(editor: Client, second: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    data = typed(page, provisions__0__criteria="site is colon") | marked(page)
    second.post(page_of(draft), typed(second.get(page_of(draft)), provisions__0__criteria="site is anus"))
    text = words(ended(editor, page_of(draft), data))
    assert "Where the two versions differ" in text
    assert "olga saved this" in text
    assert draft.provisions.get(code="A").criteria == "site is anus"


def test_of_an_edition_that_is_submitted_meanwhile_it_is_shown_to_copy(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    data = typed(page, provisions__0__criteria="site is colon") | marked(page)
    Edition.objects.filter(pk=draft.pk).update(status="in_review")
    back = ended(editor, page_of(draft), data)
    assert (back.status_code, "site is colon" in words(back)) == (409, True)


def test_a_rows_form_comes_back_too_and_so_does_that_of_a_new_one(editor: Client, row: GuidelineRow) -> None:
    page = editor.get(page_of(row))
    back = ended(editor, page_of(row), typed(page, title="Another title") | marked(page))
    assert 'value="Another title"' in words(back)
    new = reverse("admin:coverage_app_guidelinerow_add")
    page = editor.get(f"{new}?edition={row.edition_id}")
    back = ended(editor, new, typed(page, title="A row to come") | marked(page))
    assert 'value="A row to come"' in words(back)
    assert GuidelineRow.objects.filter(edition=row.edition).count() == 1


def test_what_is_no_longer_wanted_is_forgotten(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    back = ended(editor, page_of(draft), typed(page, in_force_note="Not wanted.") | marked(page))
    assert 'href="?forget=1"' in words(back)
    assert "Not wanted." not in words(editor.get(f"{page_of(draft)}?forget=1"))
    assert SAID not in words(editor.get(page_of(draft)))


def test_the_next_person_at_the_same_browser_sees_nothing_of_it(editor: Client, second: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    data = typed(page, in_force_note="Mine.") | marked(page)
    editor.logout()
    editor.post(page_of(draft), data)
    editor.force_login(User.objects.get(username="olga"))
    text = words(editor.get(page_of(draft)))
    assert (SAID in text, "Mine." in text) == (False, False)


@pytest.mark.parametrize("token", ["", "1", "1:x:y", "x" * 5000])
def test_nobody_who_was_never_signed_in_has_anything_kept(draft: Edition, token: str) -> None:
    before = Session.objects.count()
    answer = Client().post(page_of(draft), {"_by": token, "in_force_note": "x" * 10_000})
    assert (answer.status_code, Session.objects.count()) == (302, before)


def test_too_much_is_not_kept_and_of_many_pages_the_last_ones_are(
    editor: Client, draft: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = marked(editor.get(page_of(draft)))
    back = ended(editor, page_of(draft), mark | {"in_force_note": "x" * (kept.LARGEST_SIGNED + 1)})
    assert SAID not in words(back)
    monkeypatch.setattr(kept, "LARGEST_SIGNED", 2500)
    editor.logout()
    for n in range(9):
        editor.post(f"/admin/{n}/", mark | {"note": "y" * (1000 if n < 5 else 100)})
    assert [one["path"] for one in editor.session[kept.KEY]] == [f"/admin/{n}/" for n in range(5, 9)]
    editor.post("/admin/10/", mark | {"note": "y" * 2400})
    assert [one["path"] for one in editor.session[kept.KEY]] == ["/admin/10/"]


# The pages of the workbench


@pytest.mark.parametrize("step", ["submit", "delete"])
def test_a_reason_comes_back(editor: Client, draft: Edition, step: str) -> None:
    mark = marked(editor.get(step_of(draft, step)))
    text = words(ended(editor, step_of(draft, step), mark | {"_why": "Long thought of.", "post": "yes"}))
    assert (SAID in text, ">Long thought of.</textarea>" in text) == (True, True)
    assert Edition.objects.get(pk=draft.pk).status == "draft"


def test_a_new_editions_form_comes_back(editor: Client, draft: Edition) -> None:
    new = reverse("admin:coverage_app_edition_new")
    data = {"document": draft.document_id, "in_force": "2031-03-04", "why": "They wrote."}
    text = words(ended(editor, new, marked(editor.get(new)) | data))
    assert (SAID in text, 'value="2031-03-04"' in text, "They wrote.</textarea>" in text) == (True, True, True)
    assert not Edition.objects.filter(in_force="2031-03-04").exists()


def test_a_golden_case_comes_back(editor: Client, draft: Edition) -> None:
    new = step_of(draft, "golden_new")
    data = {"name": "A breast", "answer-site": "breast", "verdict": "investigational", "why": "It says so."}
    text = words(ended(editor, new, marked(editor.get(new)) | data))
    assert (SAID in text, 'value="A breast"' in text, ">It says so.</textarea>" in text) == (True, True, True)
    assert '<option value="breast" selected>' in text
    assert not draft.goldencases.exists()


def test_the_reason_for_an_acceptance_and_for_retiring_come_back(editor: Client, draft: Edition) -> None:
    source = step_of(draft, "source")
    page = editor.get(source)
    key = re.search(r'name="key" value="([^"]+)"', words(page))[1]  # type: ignore[index]
    text = words(ended(editor, source, marked(page) | {"key": key, "kind": "no_source", "reason": "On paper."}))
    assert (SAID in text, ">On paper.</textarea>" in text) == (True, True)
    case = draft.goldencases.create(name="A breast", answers={"site": "breast"}, verdict="investigational", why="So.")
    step = reverse("admin:coverage_app_edition_golden_step", args=[draft.pk, case.pk])
    mark = marked(editor.get(step_of(draft, "golden")))
    text = words(ended(editor, step, mark | {"action": "retire", "why": "No longer."}))
    assert (SAID in text, ">No longer.</textarea>" in text) == (True, True)
    assert not draft.goldencases.get().retired
    assert not AuditEvent.objects.filter(action__contains="golden").exists()
