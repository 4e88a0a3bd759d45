"""With which payer, at which site, from which day and for which reason a case counts, by name."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from coverage_app.models import Case, FactValue
from coverage_app.services.insight import Chosen, insight
from coverage_app.services.insight.rows import rows
from coverage_app.services.insight.tables import spread
from tests.services.at_payers import again, completed, shown, steps
from tests.services.making import payer
from tests.services.test_cases import save

pytestmark = pytest.mark.django_db


def by_payer(chosen: Chosen | None = None) -> dict[Any, tuple[int, int, int]]:
    found = insight(chosen or Chosen())
    return shown(found.by_payer, lambda key: found.payers[key].code)


def by_site() -> dict[Any, tuple[int, int, int]]:
    found = insight(Chosen())
    assert [row[2] for row in rows("decisions", Chosen())][1:] == [found.sites[key] for key in found.by_site if key]
    return shown(found.by_site, lambda key: found.sites[key])


def changed_payer(case: Case, code: str) -> Case:
    return again(save(case, document=payer(code)))


def test_an_appeal_after_a_change_of_payer_counts_with_the_payer_that_denied() -> None:
    case = steps(completed("fep"), "submitted 0", "denied 1 criteria")
    steps(changed_payer(case, "nia"), "appealed 5", "appeal_won 40")
    found = insight(Chosen())
    fep = payer("fep").pk
    assert by_payer() == {"fep": (1, 0, 0)}
    assert (list(found.times), list(found.appeals), [one.turned for one in found.denials]) == ([fep], [fep], [1])
    assert insight(Chosen(payer("nia").pk)).decided == 0


def test_a_request_to_another_payer_is_a_course_of_its_own() -> None:
    case = steps(completed("fep"), "submitted 0", "denied 1 criteria", "submitted 2")
    steps(changed_payer(case, "nia"), "submitted 20", "approved 23")
    found = insight(Chosen())
    assert {found.payers[key or 0].code: one.most for key, one in found.times.items()} == {"fep": 1, "nia": 3}
    assert [one.turned for one in found.denials] == [0]  # it is another payer that approved


def test_an_assessment_without_an_edition_stays_with_its_payer() -> None:
    case = steps(completed("fep", date_of_service=dt.date(2001, 1, 1)), "submitted 0", "denied 1 criteria")
    changed_payer(case, "nia")
    assert by_payer() == {"fep": (0, 0, 1)}


def test_a_decision_counts_at_the_site_that_was_submitted_although_it_is_amended_since() -> None:
    case = steps(completed(), "submitted 0", "approved 2")
    save(case, {"site": "breast"})
    assert by_site() == {"Rectum": (1, 0, 0)}
    again(case)
    assert by_site() == {"Rectum": (1, 0, 0)}
    steps(case, "submitted 5", "approved 6")
    assert list(by_site()) == ["Breast"]


def test_a_site_that_is_named_otherwise_since_is_the_same_site() -> None:
    case = steps(completed(), "submitted 0", "approved 2")
    save(case, {"margin": "negative"})
    FactValue.objects.filter(fact__code="site", code="rectum").update(label="Rectum and rectosigmoid")
    assert by_site() == {"Rectum and rectosigmoid": (1, 0, 0)}


def test_a_request_that_is_denied_again_after_a_talk_is_denied_once_and_for_the_last_reason() -> None:
    steps(completed(), "submitted 0", "denied 4 coding", "peer_to_peer 5", "denied 9 criteria", "submitted 10")
    found = insight(Chosen())
    assert [(one.reason, one.count, one.turned) for one in found.denials] == [("criteria", 1, 0)]
    assert found.overall_times == spread(Counter({4: 1}))  # the talk's outcome has no time of its own


def test_days_count_from_the_first_submission_that_waits_for_the_decision() -> None:
    steps(completed(), "submitted 0", "submitted 20", "approved 21", "submitted 30", "denied 33 other")
    assert insight(Chosen()).overall_times == spread(Counter({21: 1, 3: 1}))
    assert [row[2:4] for row in rows("times", Chosen())][1] == ["2024-03-01", "2024-03-22"]
