"""Who may see the Insight page, and its rows."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.services.at_payers import completed, steps
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


def test_the_page_is_for_who_may_see_the_payers_steps(desk: Client) -> None:
    for address in (reverse("insight"), reverse("insight_rows", args=["times"])):
        assert Client().get(address).status_code == 302
        assert desk.post(address).status_code == 405
    assert "No payer has decided yet" in shown(signed_in("editor").get(reverse("insight")))
    assert desk.get(reverse("insight_rows", args=["secrets"])).status_code == 404
    assert 'href="/insight/" aria-current="page"' in shown(desk.get(reverse("insight")))


def test_rows_of_cases_are_for_those_who_may_see_cases() -> None:
    editor = signed_in("editor")
    steps(completed(), "submitted 0", "approved 3")
    page = editor.get(reverse("insight"))
    assert page.status_code == 200
    assert "Download" not in page.content.decode()
    assert editor.get(reverse("insight_rows", args=["decisions"])).status_code == 403
