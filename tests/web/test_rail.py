"""The live verdict beside the questions tells of every provision that can still decide."""

import pytest

from coverage_app.services.standing import CaseFacts, stand
from coverage_app.web.presenters.questionnaire import rail
from tests.services.making import payer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "answers", "told", "more"),
    [
        ("fep", {"site": "rectosigmoid", "t_stage": "t4"}, ["F1r"], 1),  # F1r now, F2 closes
        ("fep", {"site": "rectosigmoid", "recurrence": "local"}, ["F1r"], 0),  # whatever the margin
        ("fep", {"site": "stomach"}, ["F2"], 0),
        ("nia", {"site": "rectum"}, ["N6", "N6r"], 2),  # N7r and N9 can decide too
        ("nia", {"site": "pancreas"}, ["N5"], 0),
    ],
)
def test_what_is_not_shown_of_the_provisions_that_can_decide_is_counted(
    code: str, answers: dict[str, str], told: list[str], more: int
) -> None:
    standing = stand(CaseFacts(answers=answers, document=payer(code)))
    beside = rail(standing)
    assert standing.verdict is not None
    assert [provision["id"] for provision in beside["provisions"]] == told
    assert beside["more"] == more == len(standing.verdict.provisions) - len(told)
