"""Ids and codes of parts: swapped and handed on in one save, and refused in words where one stands twice."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from coverage_app.models import Edition, GuidelineRow
from coverage_app.services.states import states_of

from .forms import added, typed
from .test_drafts import codes, page_of

pytestmark = pytest.mark.django_db
NEW = {"criteria": "site is colon", "effect": "criteria_met", "quote": "q", "locator": "l"}


def saved(client: Client, edition: Edition, **changes: Any) -> HttpResponse:
    return client.post(page_of(edition), typed(client.get(page_of(edition)), **changes))


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ({"provisions__0__code": "B", "provisions__1__code": "A"}, ["B", "A", "C"]),
        ({"provisions__0__code": "B", "provisions__1__code": "X"}, ["B", "X", "C"]),
        ({"provisions__0__code": "B", "provisions__1__code": "C", "provisions__2__code": "A"}, ["B", "C", "A"]),
        ({"provisions__0__code": "B", "provisions__1__DELETE": "on"}, ["B", "C"]),
        ({"provisions__1__code": "A", "provisions__0__DELETE": "on"}, ["A", "C"]),
    ],
)
def test_provisions_take_each_others_ids_in_one_save(
    editor: Client, draft: Edition, changes: dict[str, str], order: list[str]
) -> None:
    said = dict(draft.provisions.values_list("pk", "criteria"))
    assert saved(editor, draft, **changes).status_code == 302
    assert codes(draft) == order
    assert dict(draft.provisions.values_list("pk", "criteria")).items() <= said.items()
    assert states_of(draft.pk).count() == 2


def test_a_new_provision_takes_the_id_that_another_gives_up(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(page_of(draft)), provisions__0__code="B", provisions__1__code="X")
    assert editor.post(page_of(draft), added(data, "provisions", position=4, code="A", **NEW)).status_code == 302
    assert codes(draft) == ["B", "X", "C", "A"]


def test_listed_codes_and_authorization_rules_swap_too(editor: Client, draft: Edition) -> None:
    for code in ("77424", "77425"):
        draft.listedcodes.create(system="cpt", code=code, description=code)
    for setting in ("inpatient", "outpatient"):
        draft.authorizationrules.create(product="HMO", setting=setting, rule="required", quote=setting, locator="l")
    page = typed(editor.get(page_of(draft)))
    page |= {"listedcodes-0-code": "77425", "listedcodes-1-code": "77424"}
    page |= {"authorizationrules-0-setting": "outpatient", "authorizationrules-1-setting": "inpatient"}
    assert editor.post(page_of(draft), page).status_code == 302
    assert list(draft.listedcodes.values_list("code", "description")) == [("77425", "77424"), ("77424", "77425")]
    assert list(draft.authorizationrules.values_list("product", "setting", "quote")) == [
        ("HMO", "outpatient", "inpatient"),
        ("HMO", "inpatient", "outpatient"),
    ]


def test_an_id_that_stands_twice_is_told_and_nothing_is_saved(editor: Client, draft: Edition) -> None:
    for changes in ({"provisions__1__code": "A"}, {"provisions__0__code": "C", "provisions__1__code": "X"}):
        response = saved(editor, draft, **changes)
        formset = response.context["inline_admin_formsets"][0].formset
        assert response.status_code == 200
        assert formset.non_form_errors() == ["Two provisions have the same id: give one of them another."]
    assert codes(draft) == ["A", "B", "C"]


def test_an_id_that_somebody_else_has_taken_meanwhile_is_told_too(
    editor: Client, second: Client, draft: Edition
) -> None:
    hers = second.get(page_of(draft))
    editor.post(page_of(draft), added(typed(editor.get(page_of(draft))), "provisions", position=1, code="N", **NEW))
    told = second.post(page_of(draft), added(typed(hers), "provisions", position=2, code="N", **NEW))
    again = second.post(page_of(draft), typed(told))
    formset = again.context["inline_admin_formsets"][0].formset
    assert formset.non_form_errors() == ["Two provisions have the same id: give one of them another."]
    assert codes(draft) == ["N", "A", "B", "C"]


def test_a_row_does_not_take_the_id_of_another(editor: Client, row: GuidelineRow) -> None:
    fields = {"title": "Other", "version": "1", "category": "1", "sites": ["colon"], "quote": "q", "locator": "l"}
    GuidelineRow.objects.create(edition=row.edition, code="other", **fields)
    response = editor.post(page_of(row), typed(editor.get(page_of(row)), code="other"))
    assert response.context["adminform"].form.errors["code"] == ["Another row of this edition has this id."]
