"""What a page and a step of the questionnaire cost, whatever the policy asks."""

import gzip
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.cases import answers_of
from tests.services.making import MET, answers, import_small, make_case
from tests.web.asking import HTMX, questions, send, shown, statements

pytestmark = pytest.mark.django_db
SARCOMA = {
    "site": "sarcoma_extremity",
    "t_stage": "t2",
    "margin": "positive",
    "recurrence": "local",
    "technique": "electron",
}


def size(response: Any) -> int:
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content)
    return len(response.content)


@pytest.mark.parametrize("code", ["nia", "bcbsma", "fep"])
@pytest.mark.parametrize("given", [MET, SARCOMA, {"site": "breast"}, {"site": "cervix"}], ids=lambda g: g["site"])
def test_a_step_of_htmx_is_under_12_kb(desk: Client, code: str, given: dict[str, str]) -> None:
    case = make_case(code, {})
    data = {"version": case.version, "site": "", "t_stage": "", "margin": "", "recurrence": "", **given}
    first = desk.post(questions(case), data, headers={**HTMX, "accept-encoding": "gzip"})
    assert size(first) < 12 * 1024
    case.refresh_from_db()
    second = desk.post(
        questions(case),
        {**data, "version": case.version, "intent": "boost"},
        headers={**HTMX, "accept-encoding": "gzip"},
    )
    assert size(second) < 12 * 1024


def test_the_page_itself_is_small(desk: Client) -> None:
    case = make_case("nia", {**SARCOMA, "age": "40"})
    for path in (questions(case), reverse("case", args=[case.reference]), reverse("worklist")):
        assert size(desk.get(path, headers={"accept-encoding": "gzip"})) < 25 * 1024


def test_a_question_more_costs_no_query_more(desk: Client) -> None:
    few, many = make_case("fep", {"site": "kidney"}), make_case("fep", {**SARCOMA, "age": "40", "intent": "boost"})
    for case in (few, many):
        desk.get(questions(case))  # editions are read once a process
    one, other = (len(statements(partial(desk.get, questions(case)))) for case in (few, many))
    assert one == other
    assert one < 30


def test_an_htmx_save_costs_a_fixed_number_of_queries(desk: Client) -> None:
    case = make_case("nia", SARCOMA)
    send(desk, case, htmx=True, **SARCOMA)
    one = len(statements(lambda: send(desk, case, htmx=True, **{**SARCOMA, "margin": "close"})))
    case.refresh_from_db()
    several = {**SARCOMA, "margin": "negative", "t_stage": "t3", "recurrence": "primary", "technique": "xray"}
    assert len(statements(lambda: send(desk, case, htmx=True, **several))) - one < 25
    assert one < 60


def test_a_policy_of_tomorrow_is_asked_by_the_same_page(desk: Client) -> None:
    import_small()
    case = make_case("small", {"site": "breast"})
    assert "Small 1" in shown(desk.get(questions(case)))
    assert send(desk, case, margin="close").status_code == 302
    assert answers_of(Case.objects.get()) == answers({"site": "breast", "margin": "close"})
