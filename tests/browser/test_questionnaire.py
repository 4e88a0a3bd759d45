"""The questionnaire: what a coordinator does from New case to the verdict."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from .people import (
    BASIS,
    DAY,
    MARGIN,
    OPEN,
    RECURRENCE,
    SITE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
)


def test_from_new_case_to_the_verdict_by_clicking(questions: Questionnaire, page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="New case").click()
    expect(questions.headline).to_have_text("Choose the payer")
    questions.choose_payer("FEP 8.01.08")
    expect(questions.headline).to_have_text("More documentation needed")
    expect(questions.rail).to_contain_text("the edition of today is used")
    for question in (SITE, T, RECURRENCE, MARGIN):
        expect(questions.option(question, OPEN)).to_be_checked()
    questions.fill("Date of service", DAY.isoformat())
    questions.answer(SITE, "Rectum")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum, FEP 8.01.08")
    questions.answer(RECURRENCE, "Local recurrence")
    questions.answer(MARGIN, "Close")
    expect(questions.rail).to_contain_text("Margin basis and Technique")
    questions.answer(BASIS, "Frozen section")
    expect(questions.headline).to_have_text("More documentation needed")
    expect(questions.rail).to_contain_text("1 answer could change the verdict: Technique.")
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    expect(questions.headline).to_contain_text("Criteria met")
    expect(page.get_by_role("status")).to_contain_text("Criteria met")
    questions.to_the_verdict()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum, local recurrence")
    expect(page.locator(".verdict .say")).to_contain_text("Criteria met")


def test_the_empty_worklist_says_how_to_begin(page: Page, coordinator: User) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="No cases yet")).to_be_visible()
    page.get_by_role("button", name="Begin the first case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New case")
    expect(page.get_by_role("combobox", name="Payer")).to_be_visible()


def test_each_criterion_says_how_it_stands(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    margin, t = questions.criterion("Margin: Close or Positive"), questions.criterion("T category: T4").first
    expect(margin).to_contain_text("Not documented")
    questions.answer(MARGIN, "Positive")
    expect(margin.locator(".answer")).to_have_text("Positive Met")
    questions.answer(T, "T3")
    expect(t.locator(".answer")).to_have_text("T3 Not met")
