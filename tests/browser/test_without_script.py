"""The whole way without JavaScript: Continue takes the place of the live updates."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .people import (
    BASIS,
    HISTOLOGY,
    MARGIN,
    RECURRENCE,
    SITE,
    TECHNIQUE,
    Questionnaire,
    case_on_file,
    newest_case,
    save_by,
    saved,
    sign_in_by_form,
    with_password,
)


@pytest.fixture
def plain(window: Callable[..., BrowserContext]) -> Page:
    """A coordinator's page in a browser that runs no scripts."""
    return window("coordinator", java_script_enabled=False).new_page()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def test_from_signing_in_to_a_completed_case(window: Callable[..., BrowserContext]) -> None:
    with_password("coordinator")
    page = window(java_script_enabled=False).new_page()
    page.goto("/")
    sign_in_by_form(page, "coordinator")
    page.get_by_role("button", name="New case").click()
    questions = Questionnaire(page)
    page.get_by_role("combobox", name="Payer").select_option(index=2)
    page.get_by_label("Date of service").fill("2024-05-02")
    questions.option(SITE, "Rectum").check()
    go_on(page)
    expect(questions.headline).to_have_text("More documentation needed")
    questions.option(RECURRENCE, "Local recurrence").check()
    questions.option(MARGIN, "Close").check()
    questions.option(BASIS, "Final pathology").check()
    go_on(page)
    questions.option(TECHNIQUE, "Electrons (IOERT)").check()
    page.get_by_role("button", name="To the verdict").click()
    expect(page.locator(".verdict .say")).to_contain_text("Criteria met")
    expect(page.locator("[data-print]")).to_be_hidden()  # it needs a script
    page.get_by_role("button", name="Complete case").click()
    expect(page.locator("main")).to_contain_text("Assessment 1, completed by Mara Alvarez")
    assert newest_case().status == "completed"
    case_on_file("nia", site="breast")
    page.goto("/")
    page.get_by_label("Search").fill("breast")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_questions_come_and_go_with_continue_and_keep_their_answers(plain: Page) -> None:
    questions = Questionnaire(plain).open(case_on_file("nia", site="breast", technique="electron"))
    questions.option(HISTOLOGY, "Invasive").check()
    questions.option(SITE, "Rectum").check()
    go_on(plain)
    expect(questions.question(HISTOLOGY)).to_have_count(0)
    questions.option(SITE, "Breast").check()
    go_on(plain)
    expect(questions.option(HISTOLOGY, "Invasive")).to_be_checked()


def test_the_second_of_two_people_is_told_and_can_save_theirs(plain: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions = Questionnaire(plain).open(case)
    save_by("editor", case, margin="positive")
    questions.option(MARGIN, "Close").check()
    go_on(plain)
    expect(plain.get_by_role("alert").first).to_contain_text("Edda Novak saved this case")
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    assert saved(case)["margin"] == "positive"
    plain.get_by_role("button", name="Save what is on my page").click()
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    assert saved(case)["margin"] == "close"
