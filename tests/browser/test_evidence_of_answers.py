"""Where answers stand in the chart: noted under them as they are given, carried over, printed for the clinic."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from coverage_app.models import Case
from coverage_app.services.evidence import evidence_of

from .people import MARGIN, RECURRENCE, Questionnaire, case_on_file
from .sound import assert_sound

GIVEN = {"site": "rectum", "margin": "close", "margin_basis": "anticipated", "technique": "electron"}


def noted(case: Case, fact: str = "margin") -> tuple[str, bool]:
    """The line on file, and whether it counts."""
    found = evidence_of(Case.objects.get(pk=case.pk))[fact]
    return found.line, found.holds


def ask(questions: Questionnaire, question: str = MARGIN) -> Locator:
    """The line under an answer that opens on what it rests on."""
    return questions.question(question).locator("details.chart > summary")


def field(questions: Questionnaire, label: str) -> Locator:
    """A field of the document for the margin."""
    return questions.question(MARGIN).get_by_label(f"{label} for Margin")


def test_a_document_is_noted_by_keyboard_rests_and_is_carried_over(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", **GIVEN)
    questions.open(case)
    expect(ask(questions, RECURRENCE)).to_have_count(0)
    ask(questions).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    questions.save(lambda: page.keyboard.type("Pathology"))
    field(questions, "Page or section").fill("2")
    questions.save(lambda: page.keyboard.press("Tab"))
    dated = field(questions, "Date")
    questions.save(lambda: dated.fill("2999-01-01"), status=422)
    expect(questions.question(MARGIN).get_by_role("alert")).to_contain_text("still to come")
    expect(dated).to_have_value("2999-01-01")
    questions.save(lambda: dated.fill("2024-03-01"))
    expect(questions.question(MARGIN).get_by_role("alert")).to_have_count(0)
    expect(ask(questions)).to_contain_text("Pathology report, 1 Mar 2024, page 2")
    questions.answer(RECURRENCE, "Local recurrence")
    expect(ask(questions, RECURRENCE)).to_be_visible()

    questions.answer(MARGIN, "Positive")
    rests = questions.question(MARGIN).locator(".rests-now")
    expect(rests).to_contain_text("Noted for “Close”: Pathology report, 1 Mar 2024, page 2.")
    assert_sound(page)
    questions.save(rests.get_by_role("button", name="It also says this").click)
    expect(rests).to_have_count(0)
    expect(ask(questions)).to_be_focused()
    assert noted(case) == ("Pathology report, 1 Mar 2024, page 2", True)
    questions.save(page.get_by_role("button", name="Remove the document for Margin").click)
    expect(field(questions, "Document")).to_have_value("")
    assert evidence_of(case) == {}


def test_the_checklist_prints_on_one_page_and_without_a_script_it_all_works_too(
    window: Callable[..., BrowserContext],
) -> None:
    case = case_on_file("fep", **GIVEN | {"t_stage": "t2"})
    plain = window("coordinator", java_script_enabled=False).new_page()
    questions = Questionnaire(plain).open(case)
    ask(questions).click()
    field(questions, "Document").select_option("Imaging report")
    field(questions, "Note").fill("abuts the fascia")
    plain.get_by_role("button", name="Continue").click()
    expect(ask(questions)).to_contain_text("Imaging report: abuts the fascia")
    plain.get_by_role("button", name="To the verdict").click()
    rests = plain.get_by_role("region", name="The answers it rests on")
    expect(rests).to_contain_text("Imaging report: abuts the fascia")

    page = window("coordinator").new_page()
    page.goto(f"/cases/{case.reference}/")
    page.get_by_role("link", name="Checklist for the clinic").click()
    expect(page.get_by_role("heading", name="What can still decide")).to_be_visible()
    page.get_by_label("Primary or recurrent").check()
    assert_sound(page)
    page.emulate_media(media="print", color_scheme="light")
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
