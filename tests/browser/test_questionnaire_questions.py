"""The questionnaire: questions come, leave and return with their answers, and say why they are asked."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from coverage_app.models import Case
from coverage_app.services.evidence import evidence_of

from .people import (
    AGE,
    BASIS,
    HISTOLOGY,
    INTENT,
    MARGIN,
    RECURRENCE,
    SITE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
    save_by,
    saved,
)

SURGERY = "Surgery and radiation"
PLAN = "For the plan and the codes"


def test_a_question_comes_when_it_matters_leaves_when_not_and_returns_with_its_answer(
    questions: Questionnaire,
) -> None:
    questions.open(case_on_file("nia", site="rectum"))
    expect(questions.question(HISTOLOGY)).to_have_count(0)
    questions.answer(SITE, "Breast")
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    questions.answer(HISTOLOGY, "Invasive")
    questions.fill("Age, in years", "61")
    questions.answer(SITE, "Rectum")
    expect(questions.question(HISTOLOGY)).to_have_count(0)
    expect(questions.question(AGE)).to_have_count(0)
    questions.answer(SITE, "Breast")
    expect(questions.option(HISTOLOGY, "Invasive")).to_be_checked()
    expect(questions.page.get_by_role("spinbutton", name="Age")).to_have_value("61")


def test_the_section_of_questions_that_left_is_gone_too(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("bcbsma", site="rectum", recurrence="local", margin="positive"))
    heading = page.get_by_role("heading", name="What this payer also asks")
    expect(heading).to_be_hidden()
    questions.answer(RECURRENCE, "Primary tumor")
    expect(heading).to_be_visible()
    questions.answer(T, "T4")
    expect(heading).to_be_hidden()


def test_changing_an_earlier_answer_keeps_all_later_ones(questions: Questionnaire) -> None:
    case = case_on_file("fep", site="rectum", recurrence="local", margin="close", margin_basis="final", technique="hdr")
    questions.open(case)
    questions.answer(SITE, "Colon")
    questions.answer(SITE, "Rectum")
    questions.page.reload()
    expect(questions.option(MARGIN, "Close")).to_be_checked()
    expect(questions.option(BASIS, "Final pathology")).to_be_checked()
    expect(questions.option(TECHNIQUE, "HDR brachytherapy")).to_be_checked()


def test_leaving_and_coming_back_loses_nothing(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("bcbsma")
    questions.open(case)
    questions.answer(SITE, "Rectum")
    questions.fill("Your own label", "second opinion, Tuesday list")
    page.get_by_label("Setting").select_option("Outpatient")
    page.get_by_role("link", name="All cases").click()
    page.get_by_role("link", name=case.reference).click()
    page.get_by_role("link", name="Edit answers").click()
    expect(questions.option(SITE, "Rectum")).to_be_checked()
    expect(page.get_by_label("Your own label")).to_have_value("second opinion, Tuesday list")
    expect(page.get_by_label("Setting")).to_have_value("outpatient")


def test_going_back_in_the_browser_shows_the_answers_given_last(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep")
    questions.open(case)
    questions.answer(SITE, "Rectum")
    questions.answer(MARGIN, "Positive")
    questions.to_the_verdict()
    page.go_back()
    expect(questions.option(SITE, "Rectum")).to_be_checked()
    expect(questions.option(MARGIN, "Positive")).to_be_checked()
    questions.answer(RECURRENCE, "Local recurrence")  # and no quarrel with oneself
    expect(page.locator("#conflict")).to_be_empty()
    assert saved(case) == {"site": "rectum", "margin": "positive", "recurrence": "local"}


def test_a_question_says_why_it_is_asked_here_and_how_to_answer_it(questions: Questionnaire) -> None:
    questions.open(case_on_file("nia", site="rectum"))
    group = questions.question(MARGIN)
    expect(group.locator("blockquote")).to_be_hidden()
    group.get_by_text("Why this is asked").click()
    expect(group.locator("blockquote")).to_contain_text(
        "IORT is indicated for rectal cancer with positive or close margins for T4 lesions or recurrent"
    )
    group.get_by_text("How to answer").click()
    expect(group).to_contain_text("No source on file defines close")
    questions.answer(SITE, "Breast")
    expect(group.locator("blockquote")).not_to_contain_text("rectal")


def test_the_products_are_those_of_the_payer(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("fep"))
    expect(page.get_by_label("Product")).to_have_count(0)
    questions.choose_payer("BCBSMA 278")
    product = page.get_by_label("Product")
    expect(product.locator("option")).to_have_count(5)
    questions.save(lambda: product.select_option("Medicare PPO Blue"))
    questions.choose_payer("NIA_CG_226")
    expect(product).to_have_count(0)
    questions.choose_payer("BCBSMA 278")
    expect(product).to_have_value("Medicare PPO Blue")


# Technique is always asked: where it cannot change the verdict, in the last section, for the code


@pytest.fixture
def anticipated() -> Case:
    """T4 rectal cancer whose positive margin is only anticipated: under FEP for review, whatever the technique."""
    answers = {"site": "rectum", "t_stage": "t4", "recurrence": "primary", "margin": "positive"}
    return case_on_file("fep", dos=None, margin_basis="anticipated", **answers)


def section(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading)


def technique_is_asked_in(questions: Questionnaire, heading: str, answer: str) -> None:
    """The question stands there and nowhere else: one group of radio buttons, with this one chosen."""
    there = section(questions.page, heading).get_by_role("group", name=TECHNIQUE)
    expect(there).to_be_visible()
    expect(questions.question(TECHNIQUE)).to_have_count(1)
    expect(questions.page.locator("input[name=technique]")).to_have_count(5)
    expect(there.get_by_role("radio", name=answer, exact=True)).to_be_checked()


def answer_basis_late(questions: Questionnaire, key: str, *, focus: Locator) -> None:
    """By keyboard: another basis by an arrow, and Tab to `focus`, which the question holds, before the server answers."""
    page, held = questions.page, list[Route]()
    page.route("**/questions/", lambda route: held.append(route) if not held else route.continue_())
    questions.question(BASIS).get_by_role("radio", checked=True).focus()

    def press() -> None:
        with page.expect_request("**/questions/"):
            page.keyboard.press(key)
        for _ in range(30):
            if focus.evaluate("it => it === document.activeElement"):
                break
            page.keyboard.press("Tab")
        expect(focus).to_be_focused()
        held[0].continue_()

    questions.save(press)
    page.unroute("**/questions/")


def test_technique_moves_with_its_answer_between_the_plan_and_the_surgery_as_it_comes_to_count(
    questions: Questionnaire, page: Page, anticipated: Case
) -> None:
    questions.open(anticipated)
    technique_is_asked_in(questions, PLAN, "Not documented yet")
    expect(section(page, PLAN)).to_contain_text("For the code: does not change the verdict")
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    technique_is_asked_in(questions, PLAN, "Electrons (IOERT)")
    expect(questions.headline).to_have_text("Physician review needed")
    questions.answer(BASIS, "Final pathology")
    technique_is_asked_in(questions, SURGERY, "Electrons (IOERT)")
    expect(section(page, PLAN)).to_be_hidden()
    expect(questions.headline).to_contain_text("Criteria met")
    questions.answer(BASIS, "Anticipated")
    technique_is_asked_in(questions, PLAN, "Electrons (IOERT)")
    assert saved(anticipated)["technique"] == "electron"


def test_technique_waits_with_its_move_while_the_focus_is_on_an_answer_and_loses_none(
    questions: Questionnaire, page: Page, anticipated: Case
) -> None:
    questions.open(anticipated)
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    radio = section(page, PLAN).get_by_role("radio", name="Electrons (IOERT)")
    answer_basis_late(questions, "ArrowDown", focus=radio)  # to Frozen section
    technique_is_asked_in(questions, PLAN, "Electrons (IOERT)")
    expect(radio).to_be_focused()
    expect(questions.headline).to_contain_text("Criteria met")
    questions.save(lambda: page.keyboard.press("ArrowDown"))
    technique_is_asked_in(questions, PLAN, "Low-energy x-ray")
    expect(section(page, PLAN).get_by_role("radio", name="Low-energy x-ray")).to_be_focused()
    questions.answer(INTENT, "Boost")
    technique_is_asked_in(questions, SURGERY, "Low-energy x-ray")
    expect(section(page, PLAN)).to_be_hidden()
    given = {"margin_basis": "frozen", "technique": "xray", "intent": "boost"}
    assert given.items() <= saved(anticipated).items()


def test_technique_waits_with_its_move_while_the_focus_is_on_its_reason(
    questions: Questionnaire, page: Page, anticipated: Case
) -> None:
    questions.open(anticipated)
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    reason = questions.question(TECHNIQUE).locator("summary", has_text="Why this is asked")
    answer_basis_late(questions, "ArrowDown", focus=reason)  # to Frozen section
    technique_is_asked_in(questions, PLAN, "Electrons (IOERT)")
    expect(reason).to_be_focused()
    questions.answer(INTENT, "Boost")
    technique_is_asked_in(questions, SURGERY, "Electrons (IOERT)")


def test_a_document_noted_while_technique_waits_with_its_move_is_saved(
    questions: Questionnaire, page: Page, anticipated: Case
) -> None:
    save_by("coordinator", anticipated, margin_basis="frozen", technique="electron")
    questions.open(anticipated)
    questions.question(TECHNIQUE).locator("details.chart > summary").click()
    document = section(page, SURGERY).get_by_label("Document for Technique")
    answer_basis_late(questions, "ArrowUp", focus=document)  # to Anticipated
    questions.save(lambda: document.select_option("Radiation treatment summary"))
    assert [note.line for note in evidence_of(anticipated).values()] == ["Radiation treatment summary"]
    questions.answer(INTENT, "Boost")
    technique_is_asked_in(questions, PLAN, "Electrons (IOERT)")
    expect(questions.question(TECHNIQUE)).to_contain_text("Radiation treatment summary")
