"""A closed case stands still, is amended with a reason, or is copied."""

import pytest

from coverage_app.models import AuditEvent
from coverage_app.services.case_life import (
    ClosedCase,
    ReviewFault,
    StaleCase,
    amend_case,
    copy_case,
)
from coverage_app.services.cases import Change, answers_of, complete_case, save_case
from coverage_app.services.life import withdraw_edition
from tests.services.making import DAY, MET, answers, edition_of, make_case, person
from tests.services.reviewing import (
    amended,
    closed,
    completed,
    now,
)
from tests.services.test_cases import complete, save


def test_a_closed_case_stands_still() -> None:
    case = closed()
    with pytest.raises(ClosedCase, match="amended before it changes"):
        save(case, {"margin": "close"})
    with pytest.raises(ClosedCase):
        complete_case(case=case, version=case.version, by=person("coordinator"))
    unchanged = save_case(case=case, version=case.version, change=Change({}, answers(MET)), by=person("coordinator"))
    assert (unchanged.status, answers_of(now(case))) == ("closed", answers(MET))


def test_amending_makes_a_further_assessment_with_the_reason_and_keeps_the_old_one() -> None:
    case = amended(closed())
    assert (case.status, case.amendment) == ("draft", "Final pathology came in.")
    save(case, {"margin": "negative"})
    complete(case)
    first, second = case.assessments.order_by("number")
    assert (first.verdict, first.review.decision, first.why) == ("criteria_met", "agreed", "")
    assert (second.verdict, second.why) == ("investigational", "Final pathology came in.")
    assert (now(case).status, now(case).amendment) == ("completed", "")


def test_amending_reads_by_the_edition_of_now() -> None:
    case = closed()
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    assert now(case).verdict == "criteria_met"
    assert amended(case).verdict == "no_edition"


@pytest.mark.parametrize(("why", "words"), [(" \n ", "Say why"), ("x" * 201, "at most 200")])
def test_amending_needs_a_reason_that_can_be_kept(why: str, words: str) -> None:
    case = closed()
    with pytest.raises(ReviewFault, match=words):
        amended(case, why)
    assert now(case).status == "closed"


def test_only_a_closed_case_is_amended_and_only_as_it_was_seen() -> None:
    with pytest.raises(ReviewFault, match="is not closed"):
        amended(completed())
    case = closed()
    amended(case)
    with pytest.raises(StaleCase):
        amend_case(case=case, version=case.version, by=person("coordinator"), why="Me too.")


def test_a_copy_asked_for_twice_at_once_is_one_and_a_later_one_is_another() -> None:
    case = make_case("fep", MET)
    first = copy_case(case=case, by=person("coordinator"))
    assert copy_case(case=case, by=person("coordinator")) == first
    assert copy_case(case=case, by=person("editor")) != first
    save_case(case=first, version=first.version, change=Change({"label": "A"}, {}), by=person("coordinator"))
    assert copy_case(case=case, by=person("coordinator")) != first


def test_a_copy_has_the_fields_and_answers_and_nothing_of_the_patient() -> None:
    case = closed(given={**MET, "age": "62"}, label="Bed 4", setting="inpatient", diagnosis_code="C20")
    copy = copy_case(case=case, by=person("coordinator"))
    assert (copy.copied_from, copy.status, copy.label, copy.verdict) == (case, "draft", "", "criteria_met")
    assert (copy.document, copy.setting, copy.diagnosis_code, copy.date_of_service) == (
        case.document, "inpatient", "C20", DAY
    )  # fmt: skip
    assert answers_of(copy) == answers({**MET, "age": "62"})
    assert not copy.evidence.exists()
    assert not copy.assessments.exists()
    assert list(AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:3]) == ["save", "copy", "create"]


def test_an_empty_case_can_be_copied_too() -> None:
    case = make_case(None, {}, date_of_service=None)
    assert copy_case(case=case, by=person("coordinator")).copied_from == case


def test_a_closed_case_is_left_alone_when_an_edition_is_withdrawn() -> None:
    case = closed()
    before = (case.verdict, case.status, case.version, case.updated_at)
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    case = now(case)
    assert (case.verdict, case.status, case.version, case.updated_at) == before
    assert case.policy_notices.get().after == "no_edition"
