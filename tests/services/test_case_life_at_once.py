"""Two people at one case in the same moment: one is served, the other is told."""

import pytest

from coverage_app.models import CaseReview
from coverage_app.services.case_life import ReviewFault, StaleCase, agree, amend_case, assign, send_back
from coverage_app.services.cases import answers_of
from tests.services.making import MET, person
from tests.services.reviewing import another_reviewer, closed, completed, now
from tests.services.test_two_at_once import at_once, saving

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reviewers_at_once_the_second_is_told() -> None:
    case, first, second = completed(), person("reviewer"), another_reviewer()
    found = at_once(
        lambda: agree(case=case, version=case.version, by=first),
        lambda: send_back(case=case, version=case.version, by=second, question="Why?"),
    )
    assert sorted(type(result).__name__ for result in found) == ["CaseReview", "StaleCase"]
    review = CaseReview.objects.get()
    assert now(case).status == ("closed" if review.decision == "agreed" else "draft")


def test_of_deciding_and_changing_at_once_one_is_told() -> None:
    case, by = completed(), person("reviewer")
    decided, saved = at_once(
        lambda: agree(case=case, version=case.version, by=by), saving(case, {"margin": "negative"})
    )
    if isinstance(decided, StaleCase):
        assert (now(case).status, answers_of(now(case))["margin"]) == ("draft", "negative")
    else:
        assert type(saved).__name__ == "ClosedCase"
        assert (now(case).status, answers_of(now(case))["margin"]) == ("closed", MET["margin"])


def test_a_case_is_taken_or_amended_by_one_of_two() -> None:
    case, people = completed(), (person("reviewer"), another_reviewer())
    found = at_once(*[lambda by=by: assign(case=case, reviewer=by, by=by) for by in people])  # type: ignore[misc]
    assert [type(result) for result in found].count(ReviewFault) == 1
    shut, by = closed(), person("coordinator")
    found = at_once(
        *[lambda why=why: amend_case(case=shut, version=shut.version, by=by, why=why) for why in ("One.", "Two.")]
    )  # type: ignore[misc]
    assert [type(result) for result in found].count(StaleCase) == 1
