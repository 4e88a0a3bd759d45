"""The policies, their coverage maps, and the background page."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from .people import MARGIN, SITE, Questionnaire, newest_case, saved


@pytest.fixture(autouse=True)
def _signed_in(coordinator: User) -> None:
    """Everybody here is a coordinator."""


def test_every_document_is_on_the_shelf_and_opens(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Policies").click()
    expect(page.get_by_role("article")).to_have_count(7)
    page.get_by_role("link", name="FEP 8.01.08", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("FEP 8.01.08: Intraoperative Radiotherapy")
    expect(page.locator("#F1")).to_contain_text(
        "Rectal cancer with positive or close margins with T4 lesions or recurrent disease."
    )
    assert page.locator(".clauses > li").evaluate_all("items => items.map(item => item.id)") == [
        "F0",
        "F1",
        "F1r",
        "F2",
    ]


def test_an_edition_has_an_address_of_its_own(page: Page) -> None:
    page.goto("/policies/nia/")
    whole = page.locator("#provisions").inner_text()
    page.goto("/policies/nia/2023-01-01/")
    assert page.locator("#provisions").inner_text() == whole


def test_a_guideline_shows_its_recommendations(page: Page) -> None:
    page.goto("/policies/nccn/")
    expect(page.locator("#nccn-rectal")).to_contain_text("Version 3.2023 · category 2A")


def test_a_cell_of_the_map_opens_its_case_from_which_a_real_one_can_be_started(page: Page) -> None:
    page.goto("/policies/")
    page.get_by_role("link", name="Coverage map of FEP 8.01.08").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Coverage map: Rectum")
    page.get_by_role("link", name="T4, Close, Local recurrence").or_(
        page.locator("table.map td a", has_text="T4").filter(has_text="Close").filter(has_text="Local")
    ).first.click()
    expect(page.get_by_role("status").first).to_contain_text("only supposed")
    headline = page.locator(".verdict .say").inner_text()
    expect(page.locator("main")).to_contain_text("The answers it rests on")
    page.get_by_role("button", name="Start a case with these answers").click()
    questions = Questionnaire(page)
    expect(questions.option(SITE, "Rectum")).to_be_checked()
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    expect(questions.headline).to_have_text(headline)
    assert saved(newest_case())["margin"] == "close"


def test_the_map_is_drawn_anew_for_another_site(page: Page) -> None:
    page.goto("/policies/nia/map/")
    page.get_by_label("Cancer site").select_option(label="Breast")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Coverage map: Breast")
    page.get_by_label("Technique").select_option(label="Low-energy x-ray")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.locator("main")).to_contain_text("Investigational")


def test_each_cell_of_the_overview_says_what_it_stands_for(page: Page) -> None:
    page.goto("/policies/")
    cells = page.locator("table.overview td a")
    names = cells.evaluate_all("cells => cells.map(cell => cell.innerText.trim())")
    assert len(names) == 26 * 3
    assert len(set(names)) == len(names), "two cells cannot be told apart"
    cells.first.click()
    expect(page.locator(".verdict .say")).to_be_visible()


def test_a_supposed_case_that_makes_no_sense_is_told_so(page: Page) -> None:
    response = page.goto("/suppose/?payer=fep&margin=clos")
    assert response
    assert response.status == 400
    expect(page.locator("main")).to_contain_text("Did you mean close?")


def test_the_background_page_names_sources_and_dates_and_covers_nothing(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="About IORT").click()
    main = page.locator("main")
    expect(main).to_contain_text("Never evidence of coverage")
    expect(main).to_contain_text("Mayo Clinic")
    expect(main).to_contain_text("2015")
    expect(main).to_contain_text("77425")
