"""The page of the questionnaire: what it announces, and what stays in view."""

from playwright.sync_api import Page, expect

from .people import (
    TECHNIQUE,
    Questionnaire,
    case_on_file,
)


def test_enter_in_a_text_field_saves_and_stays_on_the_page(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    field = page.get_by_label("Your own label")
    field.fill("by Enter")
    questions.save(lambda: field.press("Enter"))
    expect(page).to_have_url(f"/cases/{case.reference}/questions/")
    expect(field).to_be_focused()
    case.refresh_from_db()
    assert case.label == "by Enter"


def test_the_live_verdict_stays_in_view_beside_the_questions(questions: Questionnaire, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    questions.open(case_on_file("fep", site="rectum"))
    page.get_by_role("button", name="To the verdict").scroll_into_view_if_needed()
    expect(questions.headline).to_be_in_viewport(ratio=1)


def test_on_a_narrow_screen_it_is_a_bar_at_the_foot_that_leads_to_the_whole(
    questions: Questionnaire, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    questions.open(case_on_file("fep", site="rectum", recurrence="local", margin="close", margin_basis="final"))
    bar = page.locator("#footbar")
    expect(bar).to_contain_text("More documentation needed")
    expect(bar).to_contain_text("1 missing")
    expect(bar).to_be_in_viewport(ratio=1)
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    expect(bar).to_contain_text("Criteria met")
    expect(bar).to_be_in_viewport(ratio=1)
    bar.click()
    expect(questions.headline).to_be_in_viewport(ratio=1)
    page.keyboard.press("End")
    page.locator("footer").click()  # fails where the bar lies over it
