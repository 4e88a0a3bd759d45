"""The worklist: finding a case again."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from coverage_app.models import Case

from .people import case_on_file, press_slowly


@pytest.fixture(autouse=True)
def _signed_in(coordinator: User) -> None:
    """Everybody here is a coordinator."""


@pytest.fixture
def cases() -> list[Case]:
    """Three cases under three payers."""
    return [
        case_on_file("fep", site="rectum", margin="negative", fields={"label": "Tuesday list"}),
        case_on_file("bcbsma", site="breast", dos=dt.date(2024, 2, 1)),
        case_on_file("nia", site="pancreas", by="editor", dos=dt.date(2025, 1, 7)),
    ]


def rows(page: Page) -> Locator:
    return page.locator("#cases tbody tr")


def test_searching_narrows_the_list_as_one_types(page: Page, cases: list[Case]) -> None:
    page.goto("/")
    search = page.get_by_label("Search")
    search.press_sequentially("tues")
    expect(rows(page)).to_have_count(1)
    expect(search).to_be_focused()
    expect(page).to_have_url("/?sort=&q=tues&payer=&verdict=&site=&status=&who=")
    search.fill("nothing like it")
    expect(page.get_by_role("heading", name="No case matches")).to_be_visible()
    page.get_by_role("link", name="show all cases").click()
    expect(rows(page)).to_have_count(3)


def test_a_column_head_sorts_up_and_down_and_keeps_the_filter(page: Page, cases: list[Case]) -> None:
    page.goto("/")
    page.get_by_label("Status").select_option("Draft")
    page.wait_for_url("**status=draft**")
    page.get_by_role("link", name="Service").click()
    head = page.get_by_role("columnheader", name="Service")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(rows(page).first).to_contain_text("1 Feb 2024")
    expect(page.get_by_label("Status")).to_have_value("draft")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(rows(page).first).to_contain_text("7 Jan 2025")


def test_back_undoes_the_search_and_the_page_is_whole(page: Page, cases: list[Case]) -> None:
    page.goto("/")
    page.get_by_label("Payer").select_option(label="NIA_CG_226")
    expect(rows(page)).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("banner")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_label("Payer")).to_have_value("")


def test_back_from_a_case_leads_to_the_list_as_it_was(page: Page, cases: list[Case]) -> None:
    page.goto("/")
    page.get_by_label("Payer").select_option(label="NIA_CG_226")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name=cases[2].reference).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pancreas")
    page.go_back()
    expect(page.get_by_role("banner")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_label("Payer")).to_have_value("nia")


def test_many_cases_come_in_pages_and_a_search_starts_at_the_first(page: Page, coordinator: User) -> None:
    kept = case_on_file("fep", site="kidney")
    Case.objects.bulk_create(
        Case(reference=f"2020-{n:04d}", title="Rectum", created_by=coordinator, updated_by=coordinator)
        for n in range(30)
    )
    page.goto("/")
    expect(rows(page)).to_have_count(25)
    page.get_by_role("link", name="Page 2").click()
    expect(rows(page)).to_have_count(6)
    expect(rows(page).last).to_contain_text(kept.reference)
    page.get_by_label("Search").fill("rectum")
    expect(rows(page)).to_have_count(25)
    press_slowly(page.get_by_role("link", name="Page 2"))
    expect(rows(page)).to_have_count(5)
    expect(page.get_by_label("Search")).to_have_value("rectum")


def test_a_double_click_on_new_case_begins_one(page: Page, cases: list[Case]) -> None:
    before = Case.objects.count()
    page.goto("/")
    page.get_by_role("button", name="New case").dblclick()
    page.wait_for_url("**/questions/")
    assert Case.objects.count() == before + 1
