"""The whole case on one page for its reviewer, and the three decisions."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case, CaseReview
from coverage_app.services.evidence import set_evidence
from tests.services.making import MET, make_case, person
from tests.services.reviewing import agreed, another_reviewer, closed, completed, newest, now, overridden, sent
from tests.services.test_cases import complete, save
from tests.support.sessions import signed_in
from tests.web.asking import questions, send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("reviewer")


@pytest.fixture
def coordinator() -> Client:
    return signed_in("coordinator")


def page(desk: Client, case: Case) -> str:
    return shown(desk.get(reverse("case_review", args=[case.reference])))


def decide(desk: Client, case: Case, decision: str, **given: Any) -> Any:
    sent = {"version": case.version, "decision": decision, **given}
    return desk.post(reverse("case_review", args=[case.reference]), sent)


# The whole case


def test_the_reviewer_sees_the_whole_case_on_one_page(desk: Client) -> None:
    case = completed("bcbsma", {**MET, "nodes": "clinically_negative"}, diagnosis_code="C50.911", setting="inpatient")
    text = page(desk, case)
    for words in ("Criteria met under this policy", "<mark>Rectal cancer", "How was the margin determined?"):
        assert words in text
    for words in ("Answered, but not relevant here", "Clinically negative", "does not count"):
        assert words in text
    for words in ("C50.911 does not fit the site Rectum", "NCCN", "77425", "Missing from the chart", "Intent"):
        assert words in text
    assert "No document noted" in text


def test_each_answer_stands_with_the_document_that_it_rests_on(desk: Client) -> None:
    case, by = make_case("fep", MET), person("coordinator")
    noted = {"document_type": "pathology", "dated": dt.date(2024, 3, 2), "by": by}
    set_evidence(case=case, fact="margin", place="page 2", note="Tumor at ink.", **noted)
    set_evidence(case=case, fact="t_stage", **noted)
    save(now(case), {"t_stage": "t4a"})
    complete(case)
    text = page(desk, case)
    assert "Pathology report, 2 Mar 2024, page 2" in text
    assert "Tumor at ink." in text
    assert "No document noted for this answer" in text


def test_earlier_assessments_decisions_and_questions_stand_on_the_page(desk: Client) -> None:
    case = completed()
    sent(case, "Is it <b>final</b>?")
    save(now(case), {"margin": "close"})
    complete(case)
    text = page(desk, case)
    for words in ("Sent back", "Robin Chen", "Is it <b>final</b>?", "what changed", "Assessment 2"):
        assert words in text
    response = desk.get(reverse("case_review", args=[case.reference]))
    assert b"<b>final</b>" not in response.content


def test_a_case_never_completed_says_that_there_is_nothing_to_review(desk: Client) -> None:
    assert "Nothing to review yet" in page(desk, make_case("fep", MET))


def test_nobody_is_offered_the_review_of_their_own(desk: Client) -> None:
    case = completed(by="reviewer")
    text = page(desk, case)
    assert "You completed this case." in text
    assert "Record the decision" not in text
    assert "another reviewer has to look at it" in shown(desk.get(reverse("reviews")))
    response = decide(desk, case, "agreed")
    assert (response.status_code, now(case).status) == (409, "completed")
    assert "You completed this case" in shown(response)


def test_the_page_costs_a_constant_number_of_queries(desk: Client) -> None:
    def asked(case: Case) -> int:
        with CaptureQueriesContext(connection) as found:
            page(desk, case)
        return len(found)

    case = completed()
    asked(case)
    one = asked(case)
    for margin in ("close", "negative", "positive"):
        sent(case)
        save(now(case), {"margin": margin})
        complete(case)
    assert asked(case) == one
    assert one < 14


# Deciding


def test_agreeing_closes_the_case_and_leads_back_to_the_queue(desk: Client) -> None:
    case = completed()
    response = decide(desk, case, "agreed", comment="As I read it.", question="left over")
    assert response.url == reverse("reviews")
    assert (now(case).status, newest(case).review.comment) == ("closed", "As I read it.")
    text = shown(desk.get(reverse("case", args=[case.reference])))
    for words in ("Agreed", "Robin Chen", "As I read it.", "Closed"):
        assert words in text


def test_an_override_stands_beside_the_assessment_on_the_verdict_page(desk: Client) -> None:
    case = completed()
    decide(desk, case, "overridden", verdict="investigational", reason="chart", because="The margin is R2.")
    text = shown(desk.get(reverse("case", args=[case.reference])))
    for words in ("The reviewer’s verdict", "Investigational", "The chart says more than the questions ask."):
        assert words in text
    for words in ("The margin is R2.", "Criteria met under this policy", "stays as it was"):
        assert words in text
    assert "Reviewer: Investigational" in shown(desk.get(reverse("worklist")))


def test_a_question_stands_on_both_pages_until_it_is_answered(desk: Client, coordinator: Client) -> None:
    case = completed()
    decide(desk, case, "sent_back", question="Which report?")
    for path in (questions(case), reverse("case", args=[case.reference])):
        assert "Which report?" in shown(coordinator.get(path))
    version = now(case).version
    coordinator.post(reverse("complete_case", args=[case.reference]), {"version": version, "reply": "Page 2."})
    assert (now(case).status, newest(case).why) == ("completed", "Page 2.")
    assert "Sent back with a question" not in shown(coordinator.get(questions(case)))
    assert "Page 2." in page(desk, case)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"decision": ""}, "Choose one of the three."),
        ({"decision": "approve"}, "Select a valid choice"),
        ({"decision": "overridden", "reason": "chart", "because": "So."}, "Choose the verdict that you give."),
        ({"decision": "overridden", "verdict": "criteria_met", "reason": "chart", "because": "So."}, "valid choice"),
        ({"decision": "overridden", "verdict": "investigational", "because": "So."}, "Choose the reason."),
        ({"decision": "overridden", "verdict": "investigational", "reason": "chart"}, "Say why"),
        ({"decision": "sent_back", "question": " "}, "Ask what you need to know."),
        ({"decision": "sent_back", "question": "x" * 2001}, "at most 2000"),
        ({"decision": "agreed", "comment": "a\x00b"}, "Null characters"),
        ({"decision": "agreed", "comment": "a\u202eb"}, "Control characters"),
    ],
)
def test_a_decision_that_is_not_whole_comes_back_with_what_was_written(
    desk: Client, given: dict[str, str], words: str
) -> None:
    case = completed()
    response = decide(desk, case, **given)
    assert response.status_code == 422
    assert words in shown(response)
    assert now(case).status == "completed"


@pytest.mark.parametrize("version", ["", "x", "9" * 40])
def test_a_decision_without_the_version_it_was_made_on_is_refused(desk: Client, version: str) -> None:
    case = completed()
    response = desk.post(reverse("case_review", args=[case.reference]), {"version": version, "decision": "agreed"})
    assert (response.status_code, now(case).status) == (400, "completed")


def test_the_second_of_two_reviewers_is_told_and_keeps_what_they_wrote(desk: Client) -> None:
    other, case = another_reviewer(), completed()
    agreed(case, by=other.username)
    response = decide(desk, case, "sent_back", question="Which report is it?")
    text = shown(response)
    assert response.status_code == 409
    for words in ("Ines Dahl", "Your decision was not recorded", "What you wrote", "Which report is it?"):
        assert words in text
    assert CaseReview.objects.get().by == other


def test_deciding_while_the_coordinator_changes_the_case_shows_the_case_as_it_is_now(desk: Client) -> None:
    case = completed()
    save(case, {"margin": "negative"})
    complete(case)
    response = decide(desk, case, "overridden", verdict="investigational", reason="chart", because="I would not.")
    text = shown(response)
    assert response.status_code == 409
    for words in ("has changed while you had it open: Mara Alvarez", "Investigational: not covered", "I would not."):
        assert words in text
    assert f'name="version" value="{now(case).version}"' in text
    assert "checked" not in text


def test_a_decision_sent_twice_by_a_double_click_is_made_once(desk: Client) -> None:
    case = completed()
    for _ in range(2):
        given = {"verdict": "investigational", "reason": "chart", "because": "So."}
        assert decide(desk, case, "overridden", **given).status_code == 302
    assert CaseReview.objects.count() == 1


def test_what_was_written_outlives_the_session(desk: Client) -> None:
    case = completed()
    token = re.search(r'name="_by" value="([^"]+)"', page(desk, case))
    assert token
    desk.logout()
    response = decide(desk, case, "sent_back", question="A long question?", _by=token[1])
    assert response.url.startswith(reverse("login"))
    desk.force_login(person("reviewer"))
    text = page(desk, case)
    assert "Your session had ended" in text
    assert "A long question?" in text
    assert now(case).status == "completed"
    decide(desk, case, "sent_back", question="A long question?")
    assert "Your session had ended" not in page(desk, case)


# The worklist


def test_the_worklist_tells_the_four_statuses_apart(coordinator: Client) -> None:
    cases = {"draft": make_case("fep", MET), "completed": completed(), "closed": closed(), "sent_back": completed()}
    sent(cases["sent_back"])
    text = shown(coordinator.get(reverse("worklist")))
    for words in ("Draft", "Awaiting review", "Closed", "Sent back", "to Mara Alvarez"):
        assert words in text
    for status, case in cases.items():
        found = coordinator.get(reverse("worklist"), {"status": status})
        assert [row["case"] for row in found.context["rows"]] == [case], status
    mine = coordinator.get(reverse("worklist"), {"who": person("coordinator").pk, "status": "sent_back"})
    assert len(mine.context["rows"]) == 1


def test_the_assessment_that_was_overridden_keeps_its_page(desk: Client) -> None:
    case = completed()
    overridden(case)
    text = shown(desk.get(reverse("case_assessment", args=[case.reference, 1])))
    assert "The reviewer’s verdict" in text
    assert newest(case).checksum[:12] in text


def test_a_save_on_a_case_closed_meanwhile_is_refused_and_told(coordinator: Client) -> None:
    case = completed()
    agreed(case)
    for htmx in (True, False):
        response = send(coordinator, case, margin="close", htmx=htmx)
        assert response.status_code == 409
        assert "Nothing was saved: this case was closed while you had it open." in shown(response)
