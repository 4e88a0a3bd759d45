"""A policy that tells narrower answers apart: the broader one is then not enough, and the page asks for the narrower."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from coverage_app.services.exchange import import_text
from tests.services.making import SMALL, make_case
from tests.web.asking import questions, shown

pytestmark = pytest.mark.django_db
IN_FORCE = dt.date(2025, 3, 11)
TELLS_T4A_APART = SMALL.replace("site is breast and margin in (negative, close)", "site is rectum and t_stage is t4a")


@pytest.fixture(autouse=True)
def _a_policy_on_t4a() -> None:
    import_text(text=TELLS_T4A_APART, by=User.objects.get(username="editor"))


def test_t4_is_missing_where_a_policy_tells_t4a_apart_and_the_page_asks_for_the_narrower_answer(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("small", {"site": "rectum", "t_stage": "t4"}, date_of_service=IN_FORCE))))
    assert "More documentation needed" in text
    assert "This policy does not treat T4, T4a and T4b alike: answer which one the chart says." in text


def test_the_narrower_answer_settles_it(desk: Client) -> None:
    text = shown(
        desk.get(questions(make_case("small", {"site": "rectum", "t_stage": "t4a"}, date_of_service=IN_FORCE)))
    )
    assert "Criteria met under this policy" in text
    assert "does not treat" not in text


def test_where_no_policy_tells_them_apart_t4_is_a_complete_answer(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", {"site": "rectum", "t_stage": "t4"}))))
    assert "does not treat" not in text
