"""What the database refuses of the parts of a draft: a review that is none, a statement of what is no history."""

import pytest

from coverage_app.models import Provision, Remark
from tests.services.editions_made import three_provisions
from tests.services.making import refused


@pytest.mark.parametrize(("code", "effect"), [("A", "criteria_met"), ("B", "investigational")])
def test_only_a_review_can_be_asked_for_by_the_policy(code: str, effect: str) -> None:
    found = Provision.objects.filter(edition=three_provisions(), code=code, effect=effect)
    with refused("review_asked_by_policy_is_a_review"):
        found.update(asked_by_policy=True)
    assert found.update(asked_by_policy=True, effect="physician_review") == 1


def test_only_a_history_entry_says_what_became_of_the_statement() -> None:
    remark = Remark.objects.create(edition=three_provisions(), kind="evidence", text="Little.", position=1)
    found = Remark.objects.filter(pk=remark.pk)
    with refused("remark_statement_known"):
        found.update(statement="changed")
    with refused("remark_statement_known"):
        found.update(kind="history", statement="rewritten")
    assert found.update(kind="history", statement="changed") == 1
