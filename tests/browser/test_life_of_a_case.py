"""A case's whole life by three people: answered, reviewed, denied, appealed, won, and learned from."""

import datetime as dt
import io
from collections.abc import Callable

import docx
import pypdf
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coverage_app.models import Case

from .people import BASIS, MARGIN, RECURRENCE, SITE, TECHNIQUE, Questionnaire, T, newest_case
from .test_authorization import record
from .test_papers import fetched

LAST_WEEK = dt.date.today() - dt.timedelta(days=7)
TODAY = dt.date.today()


def completed_with_its_evidence(page: Page) -> Case:
    """A coordinator answers, notes where the margin stands, and completes."""
    page.goto("/")
    page.get_by_role("button", name="New case").click()
    questions = Questionnaire(page)
    questions.choose_payer("FEP")
    questions.fill("Date of service", LAST_WEEK.isoformat())
    questions.answer(SITE, "Rectum")
    for question, answer in (
        (T, "T4"),
        (RECURRENCE, "Primary tumor"),
        (MARGIN, "Positive"),
        (BASIS, "Final pathology"),
    ):
        questions.answer(question, answer)
    questions.answer(TECHNIQUE, "Electrons (IOERT)")
    margin = questions.question(MARGIN)
    margin.locator("details.chart > summary").click()
    questions.save(lambda: margin.get_by_label("Document for Margin").select_option(label="Pathology report"))
    questions.to_the_verdict()
    page.get_by_role("button", name="Complete case").click()
    expect(page.locator("main")).to_contain_text("Assessment 1, completed by Mara Alvarez")
    return newest_case()


def agreed(page: Page, case: Case) -> None:
    """A reviewer finds it in the queue and agrees."""
    page.goto("/reviews/")
    page.get_by_role("link", name=case.reference).click()
    expect(page.get_by_role("main")).to_contain_text("Pathology report")
    page.get_by_label("Agree").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("status").filter(has_text="closed")).to_be_visible()


def papers(page: Page, case: Case) -> tuple[str, str]:
    """The text of the summary and of the appeal letter, as real readers see them."""
    page.goto(f"/cases/{case.reference}/papers/")
    summary = pypdf.PdfReader(io.BytesIO(fetched(page, "Download Case summary")[1]))
    letter = docx.Document(io.BytesIO(fetched(page, "Download Appeal letter")[1]))
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    return "\n".join(p.extract_text() for p in summary.pages), "\n".join([p.text for p in letter.paragraphs] + cells)


def test_from_the_first_answer_to_an_appeal_that_was_won(page: Page, sign_in: Callable[[str], User]) -> None:
    sign_in("coordinator")
    case = completed_with_its_evidence(page)
    sign_in("reviewer")
    agreed(page, case)

    sign_in("coordinator")
    page.goto(f"/cases/{case.reference}/authorization/")
    record(page, "", LAST_WEEK.isoformat(), reference="A-17")
    record(page, "Denied", TODAY.isoformat(), reason="The policy's criteria are not met", reference="D-99")
    expect(page.get_by_role("region", name="The payer’s decision differs from the verdict")).to_be_visible()

    sign_in("editor")
    page.goto("/insight/")
    page.get_by_role("region", name="Where a payer reads").get_by_role("link", name="F1 of").click()
    expect(page.locator("#F1")).to_contain_text("positive or close margins")

    sign_in("coordinator")
    summary, letter = papers(page, case)
    assert not [words for words in ("Criteria met", "Pathology report") if words not in summary]
    assert not [words for words in ("D-99", "positive or close margins", "Pathology report") if words not in letter]
    page.goto(f"/cases/{case.reference}/authorization/")
    record(page, "Appealed", TODAY.isoformat())
    record(page, "Approved on appeal", TODAY.isoformat())
    expect(page.get_by_role("region", name="The payer’s decision differs from the verdict")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("row", name=case.reference)).to_contain_text("Payer: approved on appeal")
    case.refresh_from_db()
    assert (case.status, case.outcome, case.differs) == ("closed", "appeal_won", False)
