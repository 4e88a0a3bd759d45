"""The questionnaire: what does not fit is pointed out where it stands."""

from playwright.sync_api import Page, expect

from .people import (
    AGE,
    BASIS,
    MARGIN,
    Questionnaire,
    case_on_file,
    saved,
)


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
