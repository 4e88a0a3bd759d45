"""The session has ended, or the server cannot be reached: a bar says so, and nothing is lost."""

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Locator, Page, expect

from coverage_app.models import Case

from .people import (
    BASIS,
    MARGIN,
    RECURRENCE,
    SITE,
    Questionnaire,
    T,
    case_on_file,
    end_session,
    saved,
    sign_in_by_form,
)


def bar(page: Page) -> Locator:
    return page.locator("#trouble")


def rectal_case(questions: Questionnaire) -> Case:
    """A case of the rectum on file, its questions open."""
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    return case


def test_an_unreachable_server_is_told_and_trying_again_saves(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    case = rectal_case(questions)
    context.set_offline(True)
    questions.option(MARGIN, "Close").click()
    expect(bar(page)).to_contain_text("The server could not be reached")
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    page.get_by_role("button", name="Try again").click()
    expect(bar(page)).to_be_visible()
    context.set_offline(False)
    questions.save(lambda: page.get_by_role("button", name="Try again").click())
    expect(bar(page)).to_be_hidden()
    assert saved(case)["margin"] == "close"


def test_the_next_answer_that_gets_through_brings_the_failed_ones_along(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    case = rectal_case(questions)
    context.set_offline(True)
    questions.option(MARGIN, "Close").click()
    expect(bar(page)).to_be_visible()
    questions.option(BASIS, "Final pathology").click()
    context.set_offline(False)
    questions.answer(T, "T4")
    expect(bar(page)).to_be_hidden()
    assert saved(case) == {"site": "rectum", "margin": "close", "margin_basis": "final", "t_stage": "t4"}


def test_a_failed_step_to_the_verdict_is_taken_by_trying_again(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    case = case_on_file("fep", site="rectum", margin="negative")
    questions.open(case)
    context.set_offline(True)
    page.get_by_role("button", name="To the verdict").click()
    expect(bar(page)).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(bar(page)).to_be_hidden()


def test_a_page_with_something_unsaved_asks_before_it_closes(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    context.set_offline(True)
    questions.option(MARGIN, "Close").click()
    expect(bar(page)).to_be_visible()
    context.set_offline(False)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(questions.option(MARGIN, "Close")).to_be_checked()


def test_after_the_session_ended_the_answer_is_saved_once_signed_in_again_in_another_tab(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    case = rectal_case(questions)
    end_session(context)
    questions.option(MARGIN, "Close").click()
    expect(bar(page)).to_contain_text("Your session has ended")
    assert "margin" not in saved(case)
    with context.expect_page() as opened:
        bar(page).get_by_role("link", name="Sign in").click()
    other = opened.value
    sign_in_by_form(other, "coordinator")
    expect(other.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    questions.save(lambda: page.get_by_role("button", name="Try again").click())
    expect(bar(page)).to_be_hidden()
    assert saved(case)["margin"] == "close"
    questions.answer(RECURRENCE, "Local recurrence")
    assert saved(case)["recurrence"] == "local"


def test_the_step_to_the_verdict_after_the_session_ended_shows_no_sign_in_page_inside_the_form(
    questions: Questionnaire, page: Page, context: BrowserContext
) -> None:
    rectal_case(questions)
    end_session(context)
    page.get_by_role("button", name="To the verdict").click()
    expect(bar(page)).to_contain_text("Your session has ended")
    expect(page.get_by_label("Password")).to_have_count(0)
    expect(questions.option(SITE, "Rectum")).to_be_checked()


def test_searching_the_worklist_after_the_session_ended_says_so(
    page: Page, context: BrowserContext, coordinator: User
) -> None:
    case_on_file("fep", site="rectum")
    page.goto("/")
    end_session(context)
    page.get_by_label("Search").fill("rectum")
    expect(bar(page)).to_contain_text("session has ended")
    expect(page.locator("#cases").get_by_label("Password")).to_have_count(0)
