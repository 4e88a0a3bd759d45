"""Withdrawing an edition, and the cases that it decided."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from coverage_app.models import AuditEvent, Edition
from tests.services.making import MET, make_case

from .steps import post, text

pytestmark = pytest.mark.django_db


def test_an_edition_is_withdrawn_with_a_reason_only(editor: Client, published: Edition) -> None:
    assert post(editor, published, "withdraw", " ") == "Say why the edition is withdrawn."
    assert "is withdrawn" in post(editor, published, "withdraw", "The payer took it back.")
    published.refresh_from_db()
    assert published.status == "withdrawn"
    assert AuditEvent.objects.get(action="withdraw").detail == {"reason": "The payer took it back."}


def test_the_cases_that_it_decided_are_listed(editor: Client, published: Edition) -> None:
    case = make_case("fep", MET)
    page = text(editor, published, "withdraw")
    assert ("1 case." in page, case.reference in page, f"/cases/{case.reference}/" in page) == (True, True, False)
    User.objects.get(username="editor").user_permissions.add(Permission.objects.get(codename="view_case"))
    assert f'href="/cases/{case.reference}/"' in text(editor, published, "withdraw")


def test_of_very_many_cases_the_newest_are_listed_and_all_are_counted(
    editor: Client, published: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coverage_app.admin.workbench.life.LISTED", 2)
    cases = [make_case("fep", MET) for _ in range(3)]
    page = text(editor, published, "withdraw")
    assert "3 cases, of which the newest 2 are listed" in page
    assert [case.reference in page for case in cases] == [False, True, True]


def test_a_withdrawn_edition_still_lists_them_and_is_not_published_again(editor: Client, published: Edition) -> None:
    case = make_case("fep", MET)
    post(editor, published, "withdraw", "Gone.")
    assert case.reference in text(editor, published, "withdraw")
    assert "It is withdrawn, not in review." in post(editor, published, "publish")
