"""From completing to closing: when a review is due, who decides, and what each decision does."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from coverage_app.models import Assessment, AuditEvent, CaseReview
from coverage_app.services.case_life import (
    ReviewFault,
    StaleCase,
    agree,
    assign,
    desk_verdict,
    override,
    send_back,
)
from coverage_app.services.cases import NotComplete, checksum, complete_case
from coverage_app.services.decisions import sent_back
from coverage_app.services.life import withdraw_edition
from coverage_app.services.working_days import review_due
from tests.services.making import MET, edition_of, make_case, person
from tests.services.reviewing import (
    agreed,
    another_reviewer,
    closed,
    completed,
    newest,
    now,
    overridden,
    sent,
)
from tests.services.test_cases import complete, save

FRIDAY = dt.date(2024, 3, 8)


# When a review is due


@pytest.mark.parametrize(
    ("service", "done", "due"),
    [
        (dt.date(2024, 3, 15), dt.date(2024, 3, 4), dt.date(2024, 3, 13)),
        (dt.date(2024, 3, 18), dt.date(2024, 3, 4), dt.date(2024, 3, 14)),  # Monday: over the weekend
        (dt.date(2024, 3, 17), dt.date(2024, 3, 4), dt.date(2024, 3, 14)),  # Sunday
        (dt.date(2024, 3, 12), FRIDAY, dt.date(2024, 3, 11)),  # two days before has gone by
        (dt.date(2024, 3, 8), FRIDAY, dt.date(2024, 3, 11)),
        (dt.date(2020, 1, 1), FRIDAY, dt.date(2024, 3, 11)),
        (None, FRIDAY, dt.date(2024, 3, 15)),
        (None, dt.date(2024, 3, 9), dt.date(2024, 3, 15)),  # completed on a Saturday
    ],
)
def test_a_review_is_due_before_the_service_and_not_before_the_next_working_day(
    service: dt.date | None, done: dt.date, due: dt.date
) -> None:
    assert review_due(service, done) == due


def test_a_completed_case_waits_for_review_until_its_day() -> None:
    case = completed(date_of_service=None)
    assert (case.status, case.review_due) == ("completed", review_due(None, timezone.localdate()))
    assert not CaseReview.objects.exists()


# The three decisions


def test_agreeing_closes_the_case_and_says_who_and_when() -> None:
    case = completed()
    review = agreed(case, comment=" As I read it. ")
    case = now(case)
    assert (case.status, case.review_due, case.updated_by) == ("closed", None, person("reviewer"))
    assert (review.decision, review.comment, review.by) == ("agreed", "As I read it.", person("reviewer"))
    assert desk_verdict(newest(case)) == "criteria_met"
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.by_name, event.detail["assessment"]) == ("agreed", "reviewer", 1)


def test_an_override_stands_beside_the_assessment_and_rewrites_nothing() -> None:
    case = completed()
    before = newest(case)
    overridden(case)
    after = newest(case)
    assert (after.verdict, after.report, after.checksum) == (before.verdict, before.report, checksum(before.report))
    assert (desk_verdict(after), after.review.reason, now(case).status) == ("investigational", "chart", "closed")


def test_a_case_sent_back_is_a_draft_with_a_question_until_it_is_completed_again() -> None:
    case = completed()
    sent(case, "Which report?")
    case = now(case)
    assert (case.status, sent_back().get().comment) == ("draft", "Which report?")
    save(case, {"margin": "close"})
    assert sent_back().exists()
    complete(case)
    assert not sent_back().exists()
    save(now(case), {"margin": "positive"})
    assert not sent_back().exists()  # the newer assessment was not sent back


def test_the_answer_to_a_question_is_kept_with_the_next_assessment() -> None:
    case = completed()
    sent(case)
    again = complete_case(case=case, version=now(case).version, by=person("coordinator"), reply=" Final, page 2. ")
    assert (again.number, again.why) == (2, "Final, page 2.")


def test_a_reply_that_is_too_long_is_refused_and_nothing_is_completed() -> None:
    case = make_case("fep", MET)
    with pytest.raises(NotComplete, match="at most 200"):
        complete_case(case=case, version=case.version, by=person("coordinator"), reply="x" * 201)
    assert not Assessment.objects.exists()


def test_a_case_sent_back_reads_by_the_edition_of_now() -> None:
    case = completed()
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    assert now(case).verdict == "criteria_met"
    sent(case)
    assert now(case).verdict == "no_edition"


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        (send_back, {"question": "  "}, "sent back with a question"),
        (send_back, {"question": "x" * 2001}, "at most 2000"),
        (agree, {"comment": "x" * 2001}, "at most 2000"),
        (override, {"verdict": "criteria_met", "reason": "chart", "comment": "So."}, "own verdict"),
        (override, {"verdict": "undetermined", "reason": "chart", "comment": "So."}, "Choose the verdict"),
        (override, {"verdict": "nonsense", "reason": "chart", "comment": "So."}, "Choose the verdict"),
        (override, {"verdict": "investigational", "reason": "mood", "comment": "So."}, "Choose the reason"),
        (override, {"verdict": "investigational", "reason": "chart", "comment": " "}, "Say in the comment why"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(step: Any, given: dict[str, str], words: str) -> None:
    case = completed()
    with pytest.raises(ReviewFault, match=words):
        step(case=case, version=case.version, by=person("reviewer"), **given)
    assert now(case).status == "completed"
    assert not CaseReview.objects.exists()


def test_nobody_reviews_what_they_completed_themselves() -> None:
    both = another_reviewer(also="coordinator")
    case = completed(by=both.username)
    for step, given in ((agree, {}), (send_back, {"question": "Why?"})):
        with pytest.raises(ReviewFault, match="You completed this case"):
            step(case=case, version=case.version, by=both, **given)
    with pytest.raises(ReviewFault, match="completed themselves"):
        assign(case=case, reviewer=both, by=person("reviewer"))


@pytest.mark.parametrize("made", [lambda: make_case("fep", MET), closed, lambda: make_case(None, {})])
def test_only_a_case_that_waits_is_decided_on(made: Any) -> None:
    case = made()
    with pytest.raises(ReviewFault, match="does not wait for review"):
        send_back(case=case, version=case.version, by=person("reviewer"), question="Why?")


# Two at once


def test_the_second_of_two_reviewers_is_told() -> None:
    case, second = completed(), another_reviewer()
    agreed(case)
    with pytest.raises(StaleCase) as told:
        agree(case=case, version=case.version, by=second)
    assert told.value.case.updated_by == person("reviewer")
    assert CaseReview.objects.get().by == person("reviewer")


def test_a_decision_sent_twice_is_written_down_once() -> None:
    case = completed()
    first = agree(case=case, version=case.version, by=person("reviewer"), comment="Good.")
    assert agree(case=case, version=case.version, by=person("reviewer"), comment="Good.") == first
    assert now(case).version == case.version + 1


def test_a_decision_on_answers_that_changed_meanwhile_is_stale() -> None:
    case = completed()
    save(case, {"margin": "close"})
    with pytest.raises(StaleCase):
        agree(case=case, version=case.version, by=person("reviewer"))
    complete(case)
    with pytest.raises(StaleCase):
        agree(case=case, version=case.version, by=person("reviewer"))
    assert not CaseReview.objects.exists()


# Whose it is


def test_a_case_is_taken_given_on_and_given_back() -> None:
    case, other = completed(), another_reviewer()
    version = case.version
    for reviewer in (person("reviewer"), other, None):
        case = assign(case=case, reviewer=reviewer, by=person("reviewer"))
        assert now(case).reviewer == reviewer
    assert now(case).version == version
    assert AuditEvent.objects.filter(action="assign").count() == 3


def test_taking_what_somebody_else_took_meanwhile_is_told() -> None:
    case, other = completed(), another_reviewer()
    assign(case=case, reviewer=other, by=other)
    with pytest.raises(ReviewFault, match="given to Ines Dahl meanwhile"):
        assign(case=case, reviewer=person("reviewer"), by=person("reviewer"))
    assert now(case).reviewer == other


def test_only_a_reviewer_is_given_a_case_and_only_one_that_waits() -> None:
    with pytest.raises(ReviewFault, match="Edda Novak is no reviewer"):
        assign(case=completed(), reviewer=person("editor"), by=person("reviewer"))
    with pytest.raises(ReviewFault, match="does not wait"):
        assign(case=closed(), reviewer=person("reviewer"), by=person("reviewer"))


def test_the_reviewer_stays_when_the_case_is_changed_and_completed_again() -> None:
    case = assign(case=completed(), reviewer=person("reviewer"), by=person("reviewer"))
    assert (save(case, {"margin": "close"}).review_due, now(case).reviewer) == (None, person("reviewer"))
    complete(case)
    assert now(case).reviewer == person("reviewer")
    assert now(case).review_due


def test_a_reviewer_who_completes_the_case_is_no_longer_the_one_to_review_it() -> None:
    both = another_reviewer(also="coordinator")
    case = assign(case=completed(), reviewer=both, by=both)
    case = save(case, {"margin": "close"}, by=both.username)
    complete_case(case=case, version=case.version, by=both)
    assert now(case).reviewer is None
