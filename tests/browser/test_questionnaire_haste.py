"""The questionnaire, for a person who is faster than the server."""

import re

from playwright.sync_api import Page, expect

from .people import (
    BASIS,
    HISTOLOGY,
    MARGIN,
    RECURRENCE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
    press_slowly,
    saved,
)


def test_clicks_in_quick_succession_are_all_saved(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("nia", site="breast", technique="electron")
    questions.open(case)
    given = {T: "T1", MARGIN: "Negative", RECURRENCE: "Primary tumor", TECHNIQUE: "Electrons (IOERT)"}
    for question, answer in given.items():
        questions.option(question, answer).click(no_wait_after=True)
    questions.option(BASIS, "Final pathology").click()
    questions.option(HISTOLOGY, "Invasive").click()
    expect(page.locator("#conflict")).to_be_empty()
    page.wait_for_load_state("networkidle")
    page.reload()
    for question, answer in {**given, BASIS: "Final pathology", HISTOLOGY: "Invasive"}.items():
        expect(questions.option(question, answer)).to_be_checked()


def test_clicks_within_one_moment_are_all_saved(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    page.evaluate(
        """names => names.forEach(([name, value]) =>
            document.querySelector(`input[name=${name}][value=${value}]`).click())""",
        [["margin", "positive"], ["recurrence", "local"], ["t_stage", "t3"], ["margin", "close"], ["t_stage", "t4b"]],
    )
    expect(questions.headline).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert saved(case) == {"site": "rectum", "margin": "close", "recurrence": "local", "t_stage": "t4b"}
    expect(page.locator("#conflict")).to_be_empty()


def test_an_answer_clicked_while_an_older_one_still_makes_its_question_leave_is_saved(
    questions: Questionnaire, page: Page
) -> None:
    case = case_on_file("fep", site="rectum", recurrence="local", margin="close")
    questions.open(case)
    page.evaluate(
        """async () => {
            const click = id => document.querySelector(id).click();
            const sent = new Promise(go => document.addEventListener("htmx:afterRequest", go, {once: true}));
            click("input[name=margin][value=negative]");  // by mistake: the basis would leave
            click("input[name=margin][value=close]");
            click("input[name=margin_basis][value=final]");
            await sent;
        }"""
    )
    page.wait_for_load_state("networkidle")
    expect(questions.option(BASIS, "Final pathology")).to_be_checked()
    assert saved(case)["margin_basis"] == "final"


def test_an_answer_given_just_before_the_verdict_counts(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum", recurrence="local", margin="close", margin_basis="final")
    questions.open(case)
    questions.option(TECHNIQUE, "HDR brachytherapy").click()
    questions.to_the_verdict()
    expect(page.locator(".verdict .say")).to_contain_text("Criteria met")


def test_a_label_typed_just_before_the_verdict_is_saved(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    page.get_by_label("Your own label").fill("Tuesday")
    questions.to_the_verdict()
    case.refresh_from_db()
    assert case.label == "Tuesday"


def test_a_slow_click_after_typing_is_not_lost(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    page.get_by_label("Your own label").fill("Tuesday")
    press_slowly(questions.option(MARGIN, "Close"))
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    page.get_by_label("Your own label").fill("Wednesday")
    press_slowly(page.get_by_role("button", name="To the verdict"))
    expect(page).to_have_url(re.compile(rf"/cases/{case.reference}/$"))
    case.refresh_from_db()
    assert (case.label, saved(case)["margin"]) == ("Wednesday", "close")
