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


def test_a_fact_is_left_open_and_a_cell_leads_there_and_back_by_keyboard(page: Page) -> None:
    page.goto("/policies/fep/map/?site=rectum")
    page.get_by_label("Margin basis").select_option(label="Not documented")
    page.get_by_role("button", name="Draw the map").click()
    page.get_by_role("link", name="Local recurrence, T3, margin close: More documentation needed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum, local recurrence, T3")
    page.get_by_role("link", name="On the coverage map").click()
    expect(page.locator("td.you")).to_have_count(1)


def test_the_background_page_names_sources_and_dates_and_covers_nothing(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="About IORT").click()
    main = page.locator("main")
    expect(main).to_contain_text("not a coverage policy")
    expect(main).to_contain_text("Mayo Clinic")
    expect(main).to_contain_text("2015")
    expect(main).to_contain_text("77425")
