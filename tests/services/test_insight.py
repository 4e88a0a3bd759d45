"""What was learned at the payers: nothing, what is read otherwise, what was amended since, small numbers."""

from collections import Counter

import pytest

from coverage_app.services.case_life import amend_case, override
from coverage_app.services.insight import Chosen, insight, share
from coverage_app.services.insight.tables import spread
from coverage_app.services.payer_steps import steps_of, strike_step
from tests.services.at_payers import NOT_MET, again, completed, shown, steps
from tests.services.making import edition_of, person
from tests.services.test_cases import save

pytestmark = pytest.mark.django_db


def test_nothing_decided_is_nothing_found() -> None:
    completed()
    found = insight(Chosen())
    assert (found.decided, found.times, found.denials, found.appeals, found.differently) == (0, {}, [], {}, [])


def test_a_provision_that_a_payer_reads_otherwise_comes_with_its_words_and_the_payer_s_reasons() -> None:
    steps(completed(), "submitted 0", "denied 2 criteria")
    steps(completed(), "submitted 0", "denied 2 investigational")
    steps(completed(), "submitted 0", "approved 2")
    steps(completed("fep", NOT_MET), "submitted 0", "approved 9")
    first, second = insight(Chosen()).differently
    assert [part.code for part in first.provisions] == ["F1"]
    assert first.provisions[0].quote.startswith("Rectal cancer with positive or close margins")
    assert (first.agreement.differ, first.agreement.compared, dict(first.reasons), first.approved) == (
        2, 3, {"criteria": 1, "investigational": 1}, 0,
    )  # fmt: skip
    assert ([part.code for part in second.provisions], second.approved, second.reasons) == (["F2"], 1, ())
    assert first.edition == edition_of("fep")


def test_a_case_amended_since_counts_with_the_provision_of_the_assessment_that_was_submitted() -> None:
    case = steps(completed(), "submitted 0", "denied 2 criteria")
    override(
        case=case,
        version=case.version,
        by=person("reviewer"),
        verdict="physician_review",
        reason="reading",
        comment="x",
    )
    case.refresh_from_db()
    amend_case(case=case, version=case.version, by=person("coordinator"), why="Read anew.")
    case.refresh_from_db()
    again(save(case, {"margin": "negative"}))
    steps(case, "submitted 5", "denied 6 criteria")
    assert shown(insight(Chosen()).by_part, lambda key: key and key[1]) == {("F2",): (1, 0, 0)}
    again(save(case, {"margin": "positive"}))
    assert shown(insight(Chosen()).by_part, lambda key: key and key[1]) == {("F2",): (1, 0, 0)}
    strike_step(step=steps_of(case)[-1], why="Not ours.", by=person("coordinator"))
    assert insight(Chosen()).by_part == {}  # the first assessment's verdict is the reviewer's, and settles nothing


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(3, 4, None), (0, 5, 0), (5, 5, 100), (1, 3, None), (1, 1000, 1), (999, 1000, 99), (2, 5, 40)],
)
def test_a_share_is_made_of_five_cases_or_more_and_never_says_all_of_what_is_not(
    part: int, whole: int, percent: int | None
) -> None:
    assert share(part, whole) == percent


def test_a_spread_of_one_number_is_that_number() -> None:
    one = spread(Counter({7: 1}))
    assert (one.count, one.least, one.low, one.median, one.high, one.most) == (1, 7, 7, 7, 7, 7)
