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
    end_session,
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
    page.get_by_role("button", name="Complete case").click()
    expect(page.locator("main")).to_contain_text("Assessment 1, completed by Mara Alvarez")
    assert newest_case().status == "completed"


def test_questions_come_and_go_with_continue_and_keep_their_answers(plain: Page) -> None:
    questions = Questionnaire(plain).open(case_on_file("nia", site="breast", technique="electron"))
    questions.option(HISTOLOGY, "Invasive").check()
    questions.option(SITE, "Rectum").check()
    go_on(plain)
    expect(questions.question(HISTOLOGY)).to_have_count(0)
    questions.option(SITE, "Breast").check()
    go_on(plain)
    expect(questions.option(HISTOLOGY, "Invasive")).to_be_checked()


def test_a_wrong_code_is_told_where_it_stands_and_the_rest_is_saved(plain: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions = Questionnaire(plain).open(case)
    plain.get_by_label("Diagnosis code").fill("D48.1")
    questions.option(MARGIN, "Close").check()
    go_on(plain)
    expect(plain.locator("main")).to_contain_text("cannot be billed")
    expect(plain.get_by_label("Diagnosis code")).to_have_value("D48.1")
    assert saved(case)["margin"] == "close"


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


def test_answers_sent_after_the_session_ended_come_back_after_signing_in(plain: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions = Questionnaire(plain).open(case)
    questions.option(MARGIN, "Close").check()
    plain.get_by_label("Your own label").fill("kept for me")
    end_session(plain.context)
    go_on(plain)
    sign_in_by_form(plain, "coordinator")
    expect(plain).to_have_url(f"/cases/{case.reference}/questions/")
    expect(plain.get_by_role("alert").first).to_contain_text("session had ended")
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    expect(plain.get_by_label("Your own label")).to_have_value("kept for me")
    go_on(plain)
    case.refresh_from_db()
    assert (saved(case)["margin"], case.label) == ("close", "kept for me")


def test_the_worklist_is_searched_with_a_button(plain: Page) -> None:
    case_on_file("fep", site="rectum")
    other = case_on_file("nia", site="breast")
    plain.goto("/")
    plain.get_by_label("Search").fill("breast")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("tbody tr")).to_have_count(1)
    expect(plain.locator("tbody")).to_contain_text(other.reference)


def test_no_button_is_shown_that_needs_a_script(plain: Page) -> None:
    plain.goto(f"/cases/{case_on_file('fep', site='rectum').reference}/")
    expect(plain.get_by_role("heading", level=1)).to_be_visible()
    expect(plain.locator("[data-print]")).to_be_hidden()
