"""A case's way through review, by a coordinator and a reviewer, and its further assessment."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coverage_app.models import Case
from coverage_app.services.cases import complete_case

from .people import BASIS, MARGIN, Questionnaire, case_on_file
from .sound import assert_sound


def completed(label: str) -> Case:
    """A case that waits for review, with an answer that does not count."""
    answers = {"site": "rectum", "t_stage": "t4", "recurrence": "primary", "margin": "positive"}
    more = {"margin_basis": "final", "technique": "electron", "nodes": "clinically_negative"}
    case = case_on_file("fep", fields={"label": label, "diagnosis_code": "C50.911"}, **answers, **more)
    complete_case(case=case, version=case.version, by=User.objects.get(username="coordinator"))
    return case


def test_a_reviewer_takes_a_case_asks_back_and_overrides(page: Page, sign_in: Callable[[str], User]) -> None:
    first, second = completed("Monday"), completed("Tuesday")
    sign_in("reviewer")
    page.goto("/reviews/")
    nobody = page.get_by_role("region", name="With nobody yet")
    expect(nobody.locator("tbody tr")).to_have_count(2)
    nobody.get_by_role("button", name=first.reference).click()
    expect(page.get_by_role("status").filter(has_text="is with you")).to_be_visible()
    expect(page.get_by_role("region", name="With me").get_by_text("Monday")).to_be_visible()
    assert_sound(page)
    page.get_by_label("With", exact=True).select_option(label="Nobody yet")
    expect(page.get_by_text("Monday")).to_have_count(0)
    page.get_by_role("link", name=second.reference).click()

    expect(page.get_by_role("heading", name="Answered, but not relevant here")).to_be_visible()
    override = page.get_by_label("Override")
    page.get_by_label("Agree").focus()
    page.keyboard.press("ArrowDown")  # by the keyboard alone; what belongs to it opens
    expect(override).to_be_checked()
    expect(page.get_by_label("Comment (optional)")).to_be_hidden()
    assert_sound(page)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Choose the verdict that you give.")).to_be_visible()
    page.get_by_label("Your verdict").select_option(label="Physician review needed")
    page.get_by_label("Reason").select_option(label="Clinical judgment")
    page.get_by_label("Why").fill("The margin was scraped.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("status").filter(has_text="closed with your verdict")).to_be_visible()

    page.goto(f"/cases/{second.reference}/")
    reviewer = page.get_by_role("region", name="Physician review needed")
    expect(reviewer).to_contain_text("The margin was scraped.")
    expect(page.locator("#verdict-heading")).to_contain_text("Criteria met")
    assert_sound(page)
    page.goto(f"/cases/{first.reference}/review/")
    page.get_by_label("Send back with a question").check()
    page.get_by_label("Your question").fill("Is the margin final?")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()


def test_a_question_is_answered_and_a_closed_case_amended(page: Page, sign_in: Callable[[str], User]) -> None:
    case = completed("Monday")
    sign_in("reviewer")
    page.goto(f"/cases/{case.reference}/review/")
    page.get_by_label("Send back with a question").check()
    page.get_by_label("Your question").fill("Is the margin final?")
    page.get_by_role("button", name="Record the decision").click()
    sign_in("coordinator")
    page.goto(f"/cases/{case.reference}/questions/")
    expect(page.get_by_role("region", name="Sent back with a question")).to_contain_text("Is the margin final?")
    page.get_by_role("link", name="Verdict").click()
    page.get_by_label("Your answer").fill("Yes, page 2.")
    assert_sound(page)
    page.get_by_role("button", name="Complete case").click()
    expect(page.get_by_text("Why again: Yes, page 2.")).to_be_visible()
    sign_in("reviewer")
    page.goto(f"/cases/{case.reference}/review/")
    page.get_by_label("Agree").check()
    page.get_by_role("button", name="Record the decision").click()

    sign_in("coordinator")
    page.goto(f"/cases/{case.reference}/questions/")
    expect(page.get_by_text("its answers stand still")).to_be_visible()
    assert_sound(page)
    page.get_by_role("link", name="Amend", exact=True).click()
    page.get_by_label("Why is this case amended?").fill("Another reading of the slides.")
    page.get_by_role("button", name="Open it again").click()
    questions = Questionnaire(page)
    questions.answer(MARGIN, "Negative")
    expect(questions.question(BASIS)).to_have_count(0)
    questions.to_the_verdict()
    page.get_by_role("button", name="Complete case").click()
    page.get_by_role("link", name="What changed since assessment 2").click()
    expect(page.get_by_role("row", name="Margin Positive Negative")).to_be_visible()
    assert_sound(page)
    page.go_back()
    page.get_by_role("button", name="Copy as the start of a new case").click()
    expect(page.get_by_text(f"Started as a copy of {case.reference}, without")).to_be_visible()
