"""What the server answers while criteria are typed, and what stands beside the form."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Edition, GuidelineRow, Provision
from tests.admin.forms import typed

pytestmark = pytest.mark.django_db
CHECK = "/admin/coverage_app/edition/check/"


def page_of(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])


# Criteria


def test_criteria_come_back_in_words(editor: Client) -> None:
    answer = editor.post(CHECK, {"criteria": "t_stage is t4 and age >= 50"})
    assert answer.status_code == 200
    assert "T4 covers T4a and T4b" in answer.content.decode()
    assert "50 years or more" in answer.content.decode()


def test_a_fault_comes_back_with_its_place_and_a_hint(editor: Client) -> None:
    page = editor.post(CHECK, {"criteria": "site is breast and\r\nmargin is clse"}).content.decode()
    assert 'data-line="2" data-column="11" data-length="4"' in page
    assert "<mark>clse</mark>" in page
    assert "Did you mean <code>close</code>?" in page


def test_an_unknown_fact_is_named_with_the_nearest_one(editor: Client) -> None:
    page = editor.post(CHECK, {"criteria": "margn is close"}).content.decode()
    assert "Did you mean <code>margin</code>?" in page


def test_what_was_typed_is_never_markup(editor: Client) -> None:
    page = editor.post(CHECK, {"criteria": "<script>alert(1)</script>"}).content.decode()
    assert "<script" not in page


@pytest.mark.parametrize("text", ["(" * 5000 + "age > 1" + ")" * 5000, "not " * 5000 + "age > 1", "a" * 500_000])
def test_absurd_criteria_are_refused_in_words_and_quickly(editor: Client, text: str) -> None:
    begun = time.process_time()
    answer = editor.post(CHECK, {"criteria": text})
    assert time.process_time() - begun < 4
    assert answer.status_code == 200
    assert "criteria-fault" in answer.content.decode()


def test_nesting_up_to_the_limit_is_shown(editor: Client) -> None:
    text = "not (" * 50 + "age > 1 and age < 9" + ")" * 50
    answer = editor.post(CHECK, {"criteria": text})
    assert answer.content.decode().count("Not this") == 50
    assert answer.content.decode().count("<ul") == answer.content.decode().count("</ul>")


def test_ten_thousand_conditions_are_answered_briefly(editor: Client) -> None:
    answer = editor.post(CHECK, {"criteria": " or ".join(f"age = {n % 100}" for n in range(10_000))})
    assert "and 9700 more conditions" in answer.content.decode()
    assert len(answer.content) < 60_000


def test_ten_megabytes_are_refused(editor: Client) -> None:
    assert editor.post(CHECK, {"criteria": "a" * 10_000_000}).status_code == 413


def test_a_check_without_criteria_or_by_get_is_refused(editor: Client) -> None:
    assert editor.post(CHECK).status_code == 400
    assert editor.get(CHECK).status_code == 405


def test_only_who_may_edit_may_check(coordinator: Client, client: Client) -> None:
    for browser in (coordinator, client):
        answer = browser.post(CHECK, {"criteria": "always"}, headers={"HX-Request": "true"})
        assert (answer.status_code, "next=" in answer.get("Location", "")) == (302, True)


def test_a_check_asks_for_the_vocabulary_alone(editor: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        editor.post(CHECK, {"criteria": "age >= 50"})
    of_vocabulary = [query for query in asked if "coverage_app" in query["sql"]]
    assert len(of_vocabulary) == 2


# The page


def test_the_page_shows_each_provisions_criteria_in_words_without_a_script(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft)).content.decode()
    assert page.count('class="criteria-words"') == 3
    assert "T4 covers T4a and T4b" in page
    assert '<details class="fact" data-fact="margin"' in page


def test_without_a_script_one_more_provision_can_be_asked_for(editor: Client, draft: Edition) -> None:
    page = editor.get(f"{page_of(draft)}?another=1")
    assert page.context["inline_admin_formsets"][0].formset.total_form_count() == 4
    data = typed(page) | {"provisions-3-code": "D", "provisions-3-criteria": "site is colon"}
    data |= {"provisions-3-effect": "criteria_met", "provisions-3-quote": "q", "provisions-3-locator": "l"}
    editor.post(f"{page_of(draft)}?another=1", data | {"provisions-3-position": 1})
    assert list(draft.provisions.values_list("code", flat=True)) == ["D", "A", "B", "C"]


def test_a_published_edition_is_shown_in_the_words_it_was_published_with(editor: Client, published: Edition) -> None:
    answer = editor.get(page_of(published))
    page = answer.content.decode()
    assert page.count('class="criteria-words"') == published.provisions.count()
    assert answer.context["aids"] is None
    assert "hx-post" not in page


def test_statements_and_remarks_are_checked_too(editor: Client, row: GuidelineRow) -> None:
    for address in (
        reverse("admin:coverage_app_guidelinerow_change", args=[row.pk]),
        reverse("admin:coverage_app_remark_add") + f"?edition={row.edition_id}",
    ):
        page = editor.get(address).content.decode()
        assert f'hx-post="{CHECK}"' in page
        assert 'id="picker"' in page
    assert 'data-optional="1"' in page


def test_the_form_asks_as_much_for_many_provisions_as_for_few(editor: Client, draft: Edition) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.get(page_of(draft)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for n in range(20):
        Provision.objects.create(edition=draft, position=n + 4, code=f"X{n}", criteria="always", effect="criteria_met")
    assert queries() == few
