"""Two people on the same case: the second is told, and loses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from coverage_app.models import Case

from .people import (
    BASIS,
    MARGIN,
    RECURRENCE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
    colleague,
    save_by,
    saved,
)


@pytest.fixture
def case() -> Case:
    return case_on_file("fep", site="rectum")


@pytest.fixture
def mine(case: Case, questions: Questionnaire) -> Questionnaire:
    """The coordinator's browser: a colleague has saved a positive margin since it opened the case."""
    colleague()
    questions.open(case)
    save_by("colleague", case, margin="positive")
    return questions


@pytest.fixture
def conflict(mine: Questionnaire, page: Page) -> Questionnaire:
    """The coordinator has answered too, and is told."""
    mine.save(lambda: mine.option(MARGIN, "Close").click(), status=409)
    expect(page.locator("#conflict")).to_contain_text("Noor Haddad saved this case")
    return mine


def test_of_two_at_their_browsers_the_second_is_told_who_saved_and_what_differs(
    questions: Questionnaire, page: Page, case: Case, window: Callable[..., BrowserContext]
) -> None:
    colleague()
    theirs = Questionnaire(window("colleague").new_page()).open(case)
    questions.open(case)
    theirs.answer(MARGIN, "Positive")
    questions.save(lambda: questions.option(MARGIN, "Close").click(), status=409)
    expect(page.locator("#conflict")).to_contain_text("Noor Haddad saved this case")
    row = page.locator("#conflict tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Margin")
    expect(row).to_contain_text("Positive")
    expect(row).to_contain_text("Close")
    expect(page.get_by_role("button", name="Save what is on my page")).to_be_in_viewport()
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    assert saved(case)["margin"] == "positive"


def test_saving_what_is_on_my_page_settles_it_with_all_that_was_answered_meanwhile(
    conflict: Questionnaire, page: Page, case: Case
) -> None:
    conflict.save(lambda: conflict.option(BASIS, "Final pathology").click(), status=409)
    expect(conflict.option(BASIS, "Final pathology")).to_be_checked()
    expect(page.locator("#conflict tbody tr")).to_have_count(2)
    conflict.save(lambda: page.get_by_role("button", name="Save what is on my page").click())
    expect(page.locator("#conflict")).to_be_empty()
    assert saved(case) == {"site": "rectum", "margin": "close", "margin_basis": "final"}
    conflict.answer(RECURRENCE, "Local recurrence")
    conflict.answer(TECHNIQUE, "HDR brachytherapy")
    assert saved(case).keys() == {"site", "margin", "margin_basis", "recurrence", "technique"}


def test_taking_what_is_saved_shows_it_and_the_next_answer_is_saved(
    conflict: Questionnaire, page: Page, case: Case
) -> None:
    page.get_by_role("link", name="Take what is saved").click()
    expect(page.locator("#conflict")).to_be_empty()
    expect(conflict.option(MARGIN, "Positive")).to_be_checked()
    conflict.answer(RECURRENCE, "Local recurrence")
    assert saved(case) == {"site": "rectum", "margin": "positive", "recurrence": "local"}


def test_an_answer_to_another_question_does_not_undo_theirs(mine: Questionnaire, page: Page, case: Case) -> None:
    mine.save(lambda: mine.option(T, "T4").click(), status=409)
    expect(page.locator("#conflict")).to_be_visible()
    assert saved(case)["margin"] == "positive"


def test_who_gives_the_same_answer_is_not_bothered(mine: Questionnaire, page: Page) -> None:
    mine.answer(MARGIN, "Positive")
    expect(page.locator("#conflict")).to_be_empty()
    mine.answer(RECURRENCE, "Local recurrence")
    expect(page.locator("#conflict")).to_be_empty()


def test_a_verdict_read_before_a_colleague_saved_cannot_be_completed_unread(
    page: Page, case: Case, coordinator: object
) -> None:
    page.goto(f"/cases/{case.reference}/")
    save_by("editor", case, margin="negative", recurrence="primary")
    page.get_by_role("button", name="Complete case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This case has changed")
    case.refresh_from_db()
    assert case.status == "draft"
    page.get_by_role("link", name="To the verdict as it stands").click()
    expect(page.locator(".verdict .say")).to_contain_text("Investigational")
