"""The verdict page: the argument, whole and in words, and the frozen assessments exactly as they read."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case
from tests.services.making import MET, make_case
from tests.services.test_cases import complete, rename_everything, save
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def page(desk: Client, code: str | None, given: dict[str, str], **fields: Any) -> str:
    return shown(desk.get(reverse("case", args=[make_case(code, given, **fields).reference])))


def words(desk: Client, path: str) -> str:
    """The page without what is new each time: the forms' tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown(desk.get(path)))


def headline(text: str) -> str:
    """The verdict as the page says it, largest."""
    return text.partition('id="verdict-heading">')[2].partition("<span>")[2].partition("</span>")[0]


def frozen(desk: Client, case: Case, number: int) -> str:
    return shown(desk.get(reverse("case_assessment", args=[case.reference, number])))


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("fep", MET, "Criteria met under this policy"),
        ("fep", {**MET, "margin": "negative"}, "Investigational: not covered under this policy"),
        ("fep", {**MET, "margin_basis": "anticipated"}, "Physician review needed"),
        ("fep", {"site": "rectum"}, "More documentation needed"),
        ("bcbsma", {"site": "breast", "recurrence": "primary"}, "Check another policy first"),
        ("fep", {"site": "non_oncologic"}, "Not addressed by this policy"),
        (None, MET, "Choose the payer"),
    ],
)
def test_every_verdict_is_said_in_words(desk: Client, code: str | None, given: dict[str, str], words: str) -> None:
    assert headline(page(desk, code, given)) == words


def test_no_edition_names_what_is_on_file(desk: Client) -> None:
    text = page(desk, "fep", MET, date_of_service=dt.date(2023, 9, 30))
    assert headline(text) == "No policy on file for this date"
    for words in ("In force from 1 Oct 2023", "December 2011 New policy"):
        assert words in text


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2023, 9, 30), "Statement unchanged since March 2018 by the policy's own history."),
        (
            dt.date(2015, 6, 1),
            "the policy statement was changed after this date: March 2018 (The other uses went back to"
            " investigational). The statement of that time dates from December 2012.",
        ),
        (
            dt.date(2012, 6, 1),
            "December 2012 (For all other uses the word investigational was replaced by not medically necessary. The"
            " text of that time is not on file); March 2018 (The other uses went back to investigational).",
        ),
        (dt.date(2010, 6, 1), "own history begins in December 2011; it says nothing about 1 Jun 2010."),
    ],
)
def test_a_date_before_the_first_edition_is_told_what_the_history_says_of_it(
    desk: Client, day: dt.date, told: str
) -> None:
    text = page(desk, "fep", MET, date_of_service=day)
    _, _, history = text.partition("What the policy’s own history says of this date</h3>")
    assert told in history.partition("</strong>")[0]
    assert history.partition("</ol>")[0].count('<span class="fine">Policy history</span>') == 12
    assert headline(text) == "No policy on file for this date"


def test_the_deciding_sentence_stands_marked_in_its_passage(desk: Client) -> None:
    text = page(desk, "fep", MET)
    assert "<mark>Rectal cancer with positive or close margins with T4 lesions or recurrent disease.</mark>" in text
    assert "Use of intraoperative radiotherapy may be considered medically necessary" in text


def test_rows_codes_authorization_evidence_and_disclaimer_are_on_the_page(desk: Client) -> None:
    text = page(desk, "bcbsma", MET, setting="outpatient", product="Medicare HMO Blue", diagnosis_code="C20")
    for words in ("NCCN", "3.2023", "77425", "Other services of the session", "Malignant neoplasm of rectum"):
        assert words in text
    assert "Authorization: Not required" in text
    for words in ("FEP 8.01.08", "NIA_CG_226", "Rectal cancer", "contract benefits in effect", "last reviewed"):
        assert words.lower() in text.lower()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**MET, "technique": "hdr"}, "No document on file names a CPT code for HDR brachytherapy."),
        ({**MET, "margin_basis": "frozen"}, "Check the chart; do not answer to fit the policy."),
        (MET, "What the evidence summary says"),
    ],
)
def test_the_page_says_where_codes_end_what_the_evidence_is_and_that_it_gives_no_advice(
    desk: Client, given: dict[str, str], said: str
) -> None:
    assert said in page(desk, "fep", given)


@pytest.mark.parametrize(
    ("site", "setting", "shown"),
    [
        ("rectum", "inpatient", True),
        ("rectum", "outpatient", False),
        ("rectum", "", False),
        ("colon", "inpatient", False),
    ],
)
def test_the_inpatient_procedure_code_is_shown_for_the_rectum_and_inpatient_alone(
    desk: Client, site: str, setting: str, shown: bool
) -> None:
    assert ("DDY7CZZ" in page(desk, "bcbsma", {**MET, "site": site}, setting=setting)) is shown


@pytest.mark.parametrize(("margin", "shown"), [("positive", False), ("negative", True)])
def test_that_no_authorization_is_no_coverage_is_said_where_the_use_is_investigational(
    desk: Client, margin: str, shown: bool
) -> None:
    text = page(desk, "bcbsma", {**MET, "margin": margin}, setting="outpatient")
    assert ("an investigational service that needs no prior authorization is still not covered" in text) is shown


def test_what_is_missing_is_a_checklist_of_questions(desk: Client) -> None:
    text = page(desk, "fep", {fact: answer for fact, answer in MET.items() if fact != "margin_basis"})
    assert "How was the margin determined?" in text


def missing(text: str) -> tuple[list[str], list[str]]:
    """What the page says is missing: what the chart documents, and what the plan decides."""
    section = text.partition('id="missing-heading"')[2].partition("</section>")[0].partition('class="for-rows"')[0]
    chart, _, plan = section.partition("<h3>To decide or confirm in the plan</h3>")
    found = (re.findall(r"<strong>(.*?)</strong>", part) for part in (chart, plan))
    return next(found), next(found)


@pytest.mark.parametrize(
    ("without", "chart", "plan"),
    [
        ({"margin", "technique"}, ["Margin"], ["Technique"]),
        ({"margin"}, ["Margin"], []),
        ({"technique"}, [], ["Technique"]),
    ],
)
def test_what_the_plan_decides_stands_apart_from_what_the_chart_documents(
    desk: Client, without: set[str], chart: list[str], plan: list[str]
) -> None:
    text = page(desk, "fep", {fact: answer for fact, answer in MET.items() if fact not in without})
    assert missing(text) == (chart, plan)
    assert ("To decide or confirm in the plan" in text) is bool(plan)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2024, 3, 11), "The date of service is past: use the final pathology."),
        (None, "Send imaging and the surgeon's note, and confirm by frozen section."),
    ],
)
def test_how_an_anticipated_margin_can_still_be_confirmed_depends_on_the_day(
    desk: Client, day: dt.date | None, told: str
) -> None:
    text = page(desk, "fep", {**MET, "margin_basis": "anticipated"}, date_of_service=day)
    assert (
        f"The margin is only anticipated, and the policy does not say whether an expected margin suffices. {told}"
        in text
    )


def test_contradictions_stand_on_the_page(desk: Client) -> None:
    assert "does not fit the site Rectum" in page(desk, "fep", MET, diagnosis_code="C50.911")


def test_text_of_the_user_is_never_markup(desk: Client) -> None:
    response = desk.get(reverse("case", args=[make_case("fep", MET, label="<script>alert(1)</script>").reference]))
    assert "<script>alert" not in response.content.decode()


# Completing


def test_completing_leads_to_the_assessment(desk: Client) -> None:
    case = make_case("fep", MET)
    response = desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version}, follow=True)
    text = shown(response)
    assert "assessment 1 is kept as it reads now" in text
    assert case.assessments.get().checksum[:12] in text
    assert "Mara Alvarez" in text


def test_a_case_without_a_payer_is_sent_back_to_its_questions(desk: Client) -> None:
    case = make_case(None, MET)
    response = desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version}, follow=True)
    assert "Choose the payer first" in shown(response)
    assert "What is the primary cancer site?" in shown(response)


def test_a_case_that_somebody_changed_is_not_completed(desk: Client) -> None:
    case = make_case("fep", MET)
    save(case, {"margin": "negative"}, by="editor")
    response = desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version})
    assert response.status_code == 409
    assert "It was not completed, and nothing is lost" in shown(response)
    assert not case.assessments.exists()


def test_a_completed_case_reads_as_it_was_frozen_whatever_is_edited_since(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    path = reverse("case", args=[case.reference])
    before = words(desk, path)
    rename_everything()
    assert words(desk, path) == before
    assert "What is the margin status?" in before


def test_who_completed_it_is_called_what_they_were_called_then() -> None:
    case = make_case("fep", MET)
    complete(case)
    User.objects.filter(username="coordinator").update(last_name="Married-Since")
    reviewer = signed_in("reviewer")
    for path in (reverse("case", args=[case.reference]), reverse("case_review", args=[case.reference])):
        assert "Mara Alvarez" in shown(reviewer.get(path))
    assert "completed by Mara Alvarez" in frozen(reviewer, case, 1)


def test_old_assessments_stay_beside_the_new_one(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    save(Case.objects.get(), {"margin": "negative"})
    complete(case)
    assert "Criteria met under this policy" in frozen(desk, case, 1)
    assert "Investigational: not covered" in frozen(desk, case, 2)
    assert reverse("case_assessment", args=[case.reference, 1]) in shown(
        desk.get(reverse("case", args=[case.reference]))
    )


# Work


def queries(desk: Client, case: Case) -> int:
    with CaptureQueriesContext(connection) as found:
        desk.get(reverse("case", args=[case.reference]))
    return len(found)


def test_five_assessments_cost_no_more_queries_than_one(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    queries(desk, case)
    one = queries(desk, case)
    for margin in ("negative", "close", "negative", "positive"):
        save(Case.objects.get(), {"margin": margin})
        complete(case)
    assert case.assessments.count() == 5
    assert queries(desk, case) == one
    assert one < 12


def test_a_live_verdict_costs_a_bounded_number_of_queries(desk: Client) -> None:
    case = make_case("nia", {"site": "cervix"}, diagnosis_code="C53.9")
    queries(desk, case)
    assert queries(desk, case) < 30
