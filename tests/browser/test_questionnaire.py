"""The questionnaire: what a coordinator does from New case to the verdict."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from .people import (
    AGE,
    BASIS,
    DAY,
    HISTOLOGY,
    MARGIN,
    OPEN,
    RECURRENCE,
    SITE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
    newest_case,
    saved,
)


def test_from_new_case_to_the_verdict_by_clicking(questions: Questionnaire, page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="New case").click()
    expect(questions.headline).to_have_text("Choose the payer")
    questions.choose_payer("FEP 8.01.08")
    expect(questions.headline).to_have_text("More documentation needed")
    questions.fill("Date of service", DAY.isoformat())
    questions.answer(SITE, "Rectum")
    questions.answer(RECURRENCE, "Local recurrence")
    questions.answer(MARGIN, "Close")
    questions.answer(BASIS, "Frozen section")
    expect(questions.headline).to_have_text("More documentation needed")
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    expect(questions.headline).to_contain_text("Criteria met")
    questions.to_the_verdict()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum, local recurrence")
    expect(page.locator(".verdict .say")).to_contain_text("Criteria met")


def test_the_empty_worklist_says_how_to_begin(page: Page, coordinator: User) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="No cases yet")).to_be_visible()
    page.get_by_role("button", name="Begin the first case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New case")
    expect(page.get_by_role("combobox", name="Payer")).to_be_visible()


def test_every_question_starts_as_not_documented_yet(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep"))
    for question in (SITE, T, RECURRENCE, MARGIN):
        expect(questions.option(question, OPEN)).to_be_checked()


def test_each_criterion_says_how_it_stands(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    margin, t = questions.criterion("Margin: Close or Positive"), questions.criterion("T category: T4").first
    expect(margin).to_contain_text("Not documented")
    questions.answer(MARGIN, "Positive")
    expect(margin.locator(".answer")).to_have_text("Positive Met")
    questions.answer(T, "T3")
    expect(t.locator(".answer")).to_have_text("T3 Not met")


def test_an_investigational_verdict_shows_the_criterion_that_is_not_met(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep", site="rectum", recurrence="local"))
    questions.answer(MARGIN, "Negative")
    expect(questions.headline).to_contain_text("Investigational")
    expect(questions.criterion("Margin: Close or Positive").locator(".answer").first).to_have_text("Negative Not met")


def test_the_missing_answers_are_named_and_counted_down(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep", site="rectum", recurrence="local", margin="positive"))
    expect(questions.rail).to_contain_text("Margin basis and Technique")
    questions.answer(BASIS, "Final pathology")
    expect(questions.rail).to_contain_text("1 answer can still decide: Technique.")


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


def test_a_contradiction_is_pointed_out_at_once_where_it_stands_and_blocks_nothing(questions: Questionnaire) -> None:
    case = case_on_file("fep", dos=None, site="rectum")
    questions.open(case)
    questions.answer(MARGIN, "Positive")
    questions.answer(BASIS, "Anticipated")
    questions.fill("Date of service", "2024-01-15")
    expect(questions.question(BASIS).get_by_role("note")).to_contain_text("date of service is past")
    questions.answer(BASIS, "Final pathology")
    expect(questions.question(BASIS).get_by_role("note")).to_have_count(0)
    assert saved(case)["margin_basis"] == "final"


def test_a_code_that_does_not_fit_the_site_is_pointed_out(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("bcbsma", site="rectum"))
    questions.fill("Diagnosis code", "C18.9")
    expect(page.locator("#coverage-warnings")).to_contain_text("C18.9 does not fit the site Rectum.")
    questions.fill("Diagnosis code", "C20")
    expect(page.locator("#coverage-warnings")).to_be_empty()


def test_a_diagnosis_code_that_cannot_be_billed_is_refused_and_the_rest_is_saved(
    questions: Questionnaire, page: Page
) -> None:
    case = case_on_file("bcbsma", site="fibromatosis", fields={"diagnosis_code": "D48.111"})
    questions.open(case)
    questions.fill("CPT code", "77425")
    questions.fill("Diagnosis code", "D48.1", status=422)
    error = page.get_by_role("alert").filter(has_text="D48.1")
    expect(error).to_contain_text("cannot be billed")
    expect(page.get_by_label("Diagnosis code")).to_have_value("D48.1")
    case.refresh_from_db()
    assert (case.cpt_code, case.diagnosis_code) == ("77425", "D48.111")
    questions.fill("Diagnosis code", "D48.112")
    expect(error).to_have_count(0)
    case.refresh_from_db()
    assert case.diagnosis_code == "D48.112"


def test_an_impossible_age_is_refused_where_it_stands_and_the_answer_before_it_stays(
    questions: Questionnaire, page: Page
) -> None:
    case = case_on_file("nia", site="breast", technique="electron")
    questions.open(case)
    questions.fill("Age, in years", "61")
    questions.fill("Age, in years", "2000", status=422)
    expect(questions.question(AGE).get_by_role("alert")).to_contain_text("120")
    assert saved(case)["age"] == 61
    questions.fill("Age, in years", "62")
    expect(questions.question(AGE).get_by_role("alert")).to_have_count(0)


def test_the_button_to_the_verdict_stays_on_the_page_while_something_is_wrong(
    questions: Questionnaire, page: Page
) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    questions.fill("Diagnosis code", "Q", status=422)
    page.get_by_role("button", name="To the verdict").click()
    error = page.locator("#coverage-errors")
    expect(error).to_contain_text("Q is not an ICD-10-CM code.")
    expect(error).to_be_in_viewport()


@pytest.mark.parametrize(
    ("payer", "question", "sentence"),
    [
        ("fep", MARGIN, "Rectal cancer with positive or close margins with T4 lesions or recurrent disease."),
        (
            "nia",
            MARGIN,
            "IORT is indicated for rectal cancer with positive or close margins for T4 lesions or recurrent",
        ),
    ],
)
def test_why_a_question_is_asked_shows_the_policys_sentence(
    questions: Questionnaire, payer: str, question: str, sentence: str
) -> None:
    questions.open(case_on_file(payer, site="rectum"))
    group = questions.question(question)
    expect(group.locator("blockquote")).to_be_hidden()
    group.get_by_text("Why this is asked").click()
    expect(group.locator("blockquote")).to_contain_text(sentence)


def test_how_to_answer_says_what_close_means_here(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep"))
    group = questions.question(MARGIN)
    group.get_by_text("How to answer").click()
    expect(group).to_contain_text("no source on file defines it")


def test_why_this_is_asked_follows_the_site(questions: Questionnaire) -> None:
    questions.open(case_on_file("nia", site="rectum"))
    questions.answer(SITE, "Breast")
    group = questions.question(MARGIN)
    group.get_by_text("Why this is asked").click()
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


def test_a_date_before_the_first_edition_is_told_with_what_is_on_file(questions: Questionnaire) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    questions.fill("Date of service", "2023-09-30")
    expect(questions.headline).to_have_text("No edition on file for this date")
    expect(questions.rail).to_contain_text("2023")
    questions.fill("Date of service", "2023-10-01")
    expect(questions.headline).to_have_text("More documentation needed")


def test_the_title_of_the_page_follows_the_answers(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("fep"))
    questions.answer(SITE, "Rectum")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum, FEP 8.01.08")


def test_a_live_update_is_announced(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("fep", site="rectum", recurrence="local", margin="close", margin_basis="final"))
    status = page.get_by_role("status")
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    expect(status).to_contain_text("Criteria met")


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


def test_a_new_case_has_no_date_and_says_which_edition_is_used(questions: Questionnaire, page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="New case").click()
    questions.choose_payer("FEP")
    expect(questions.rail).to_contain_text("the edition of today is used")
    assert newest_case().reference.startswith(str(dt.date.today().year))


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


def test_on_a_narrow_screen_the_bar_covers_nothing_at_the_end_of_the_page(questions: Questionnaire, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    questions.open(case_on_file("fep"))
    page.keyboard.press("End")
    page.locator("footer").click()  # fails where the bar lies over it
