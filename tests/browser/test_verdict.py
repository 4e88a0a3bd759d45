"""The verdict page: an argument that can be read, completed, edited and printed."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from coverage_app.models import Case

from .people import MARGIN, Questionnaire, case_on_file

RECURRENT = {"site": "rectum", "recurrence": "local", "margin": "close", "margin_basis": "final", "technique": "xray"}


@pytest.fixture(autouse=True)
def _signed_in(coordinator: User) -> None:
    """Everybody here is a coordinator."""


def read(page: Page, case: Case) -> Locator:
    """Open the verdict of a case; its headline."""
    page.goto(f"/cases/{case.reference}/")
    return page.locator(".verdict .say")


def part(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading, exact=True)


def test_a_local_recurrence_in_the_rectum_meets_feps_criteria(page: Page) -> None:
    expect(read(page, case_on_file("fep", **RECURRENT))).to_contain_text("Criteria met")
    banner = page.locator(".verdict")
    expect(banner).to_contain_text("FEP 8.01.08")
    expect(banner).to_contain_text("Policy statement")
    expect(banner).to_contain_text("1 Oct 2023")
    expect(banner).to_contain_text("“may be considered medically necessary”. This is not a promise of payment.")
    words = part(page, "The policy’s words")
    expect(words.locator("mark")).to_have_text(
        "Rectal cancer with positive or close margins with T4 lesions or recurrent disease."
    )
    margin = words.locator(".criterion").filter(has_text="Margin: Close or Positive").first
    expect(margin.locator(".answer")).to_have_text("Close Met")


def test_beside_it_stand_guidelines_codes_turning_points_and_the_other_payers(page: Page) -> None:
    read(page, case_on_file("fep", **RECURRENT | {"margin_basis": "frozen", "intent": "boost"}))
    row = part(page, "NCCN and ABS for this site").get_by_role("row").filter(has_text="NCCN")
    expect(row).to_contain_text("Version 3.2023 · category 2A")
    expect(row.locator(".chip")).to_have_text("Option under conditions")
    expect(row).to_contain_text("As summarized in FEP 8.01.08 (2023), Table 2")
    codes = part(page, "Codes and authorization")
    expect(codes).not_to_contain_text("77425")
    codes.get_by_text("Billing indicators for 77424").click()
    expect(codes).to_contain_text("Comprehensive APC", ignore_case=True)
    turning = part(page, "What would change this verdict")
    expect(turning).to_contain_text("Check the chart; do not answer to fit the policy.")
    documented, planned = turning.locator("ul.turn").all()
    expect(documented).to_contain_text("Margin basis: Anticipated here: Frozen section")
    expect(turning.get_by_role("heading", name="Depends on the plan")).to_be_visible()
    expect(planned).to_contain_text("Technique: LDR brachytherapy here: Low-energy x-ray")
    site = turning.get_by_role("listitem").filter(has_text="Cancer site: Rectum")
    expect(site).to_be_hidden()
    turning.get_by_text("Clinical facts that this verdict depends on: 2").click()
    expect(site).to_be_visible()
    elsewhere = part(page, "The same case elsewhere").get_by_role("listitem")
    expect(elsewhere).to_have_count(2)
    expect(elsewhere.first).to_contain_text("BCBSMA 278")
    expect(page.get_by_role("region", name="Disclaimer")).to_contain_text("not medical advice")


def test_the_other_provisions_are_folded_and_open_by_a_click_or_a_link_to_them(page: Page) -> None:
    read(page, case_on_file("fep", **RECURRENT))
    criterion = page.locator("#provision-F1r .criterion").first
    expect(criterion).to_be_hidden()
    part(page, "What would change this verdict").get_by_role("link", name="F1r").first.click()
    expect(criterion).to_be_visible()
    page.locator("details.fold").filter(has_text="F1r").locator("summary").first.click()
    expect(criterion).to_be_hidden()


def test_authorization_depends_on_product_and_setting(page: Page) -> None:
    fields = {"product": "Medicare PPO Blue", "setting": "outpatient", "diagnosis_code": "C18.9"}
    read(page, case_on_file("bcbsma", **RECURRENT, fields=fields))
    codes = part(page, "Codes and authorization")
    expect(codes.get_by_role("heading", name="Authorization:")).to_contain_text("not required", ignore_case=True)
    applies = codes.get_by_role("row").filter(has=page.get_by_text("Applies", exact=True))
    expect(applies).to_have_count(1)
    expect(applies).to_contain_text("Medicare PPO Blue")
    expect(codes).to_contain_text("Not listed")


def test_what_is_missing_is_a_list_to_tick_with_the_questions(page: Page) -> None:
    case = case_on_file("fep", site="rectum", recurrence="local", margin="close")
    expect(read(page, case)).to_have_text("More documentation needed")
    missing = part(page, "Missing from the chart")
    missing.get_by_label("Margin basis").check()
    expect(missing.get_by_label("Margin basis")).to_be_checked()
    missing.get_by_role("link", name="Answer in the questionnaire").click()
    expect(page).to_have_url(f"/cases/{case.reference}/questions/")


def test_a_completed_case_keeps_its_assessment_and_an_edit_makes_a_new_one(page: Page) -> None:
    case = case_on_file("fep", **RECURRENT)
    read(page, case)
    page.get_by_role("button", name="Complete case").click()
    note = page.locator(".note")
    expect(note).to_contain_text("Assessment 1, completed by Mara Alvarez")
    expect(page.get_by_role("button", name="Complete case")).to_have_count(0)
    page.get_by_role("link", name="Edit answers").click()
    questions = Questionnaire(page)
    questions.answer(MARGIN, "Negative")
    questions.to_the_verdict()
    expect(page.locator(".verdict .say")).to_have_text("Physician review needed")
    expect(page.locator(".verdict")).to_contain_text("The sentence can be read either way")
    expect(note).to_contain_text("These are the answers of now.")
    page.get_by_role("button", name="Complete case").click()
    expect(note).to_contain_text("Assessment 2")
    page.get_by_role("link", name=re.compile("^Assessment 1")).click()
    expect(page.locator(".verdict .say")).to_contain_text("Criteria met")
    expect(note).to_contain_text("it reads as it did then")


def test_looking_at_the_questions_of_a_completed_case_changes_nothing(page: Page) -> None:
    case = case_on_file("fep", **RECURRENT)
    read(page, case)
    page.get_by_role("button", name="Complete case").click()
    page.get_by_role("link", name="Edit answers").click()
    Questionnaire(page).to_the_verdict()
    expect(page.locator(".note")).to_contain_text("Assessment 1, completed by")


def test_on_paper_there_is_the_verdict_and_no_navigation(page: Page) -> None:
    headline = read(page, case_on_file("fep", **RECURRENT))
    page.emulate_media(media="print")
    expect(headline).to_be_visible()
    expect(page.locator("mark")).to_be_visible()
    expect(page.get_by_role("region", name="Disclaimer")).to_be_visible()
    for gone in ("Main", "Sign out", "Edit answers", "Print", "Complete case"):
        expect(page.get_by_role("navigation", name=gone).or_(page.get_by_role("button", name=gone))).to_have_count(0)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_print_opens_the_browsers_own_print(page: Page) -> None:
    read(page, case_on_file("fep", **RECURRENT))
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.get_by_role("button", name="Print").click()
    expect(page.locator("body[data-printed]")).to_have_count(1)
