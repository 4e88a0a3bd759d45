"""The questionnaire: every answer is saved as it is given, with htmx and without; nothing is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent, Case
from tests.services.making import MET, make_case, payer
from tests.services.test_cases import complete
from tests.web.asking import questions, send, shown, stored

pytestmark = pytest.mark.django_db


def test_an_answer_is_saved_with_htmx_as_it_is_given(desk: Client) -> None:
    case = make_case("fep", {"site": "rectum"})
    response = send(desk, case, htmx=True, site="rectum", margin="close")
    assert response.status_code == 200
    assert stored(case) == {"site": "rectum", "margin": "close"}
    text = shown(response)
    assert f'name="version" id="version" value="{case.version + 1}"' in text
    assert "<html" not in text
    assert 'id="rail"' in text


def test_an_answer_is_saved_without_a_script_and_the_page_is_shown_again(desk: Client) -> None:
    case = make_case("fep", {"site": "rectum"})
    response = send(desk, case, margin="close", then="continue")
    assert (response.status_code, response.url) == (302, questions(case))  # type: ignore[attr-defined]
    assert stored(case) == {"site": "rectum", "margin": "close"}


@pytest.mark.parametrize("htmx", [True, False])
def test_to_the_verdict_saves_first(desk: Client, htmx: bool) -> None:
    case = make_case("fep", {"site": "rectum"})
    response = send(desk, case, htmx=htmx, margin="close", then="verdict")
    where = response.headers["HX-Redirect" if htmx else "Location"]
    assert where == reverse("case", args=[case.reference])
    assert stored(case)["margin"] == "close"


def test_every_field_of_the_coverage_is_saved(desk: Client) -> None:
    case = make_case(None, {}, date_of_service=None)
    sent = {"payer": "bcbsma", "product": "Medicare HMO Blue", "setting": "inpatient", "date_of_service": "2026-12-04"}
    assert send(desk, case, diagnosis_code="d012", cpt_code="77425", label="Bed 4", **sent).status_code == 302
    case.refresh_from_db()
    assert (case.document, case.product, case.setting) == (payer("bcbsma"), "Medicare HMO Blue", "inpatient")
    assert (case.diagnosis_code, case.cpt_code, case.label) == ("D01.2", "77425", "Bed 4")
    assert case.date_of_service.isoformat() == "2026-12-04"  # type: ignore[union-attr]


def test_what_is_not_on_the_page_is_left_as_it_is(desk: Client) -> None:
    case = make_case("bcbsma", {**MET, "nodes": "clinically_negative"}, label="Bed 4", setting="inpatient")
    send(desk, case, margin="close")
    case.refresh_from_db()
    assert (case.label, case.setting, case.document) == ("Bed 4", "inpatient", payer("bcbsma"))
    assert stored(case) == {**MET, "nodes": "clinically_negative", "margin": "close"}


def test_not_documented_yet_takes_an_answer_back(desk: Client) -> None:
    case = make_case("nia", {"site": "breast", "age": "62"})
    send(desk, case, site="", age="")
    assert stored(case) == {}


def test_sending_the_same_page_again_writes_nothing(desk: Client) -> None:
    case = make_case("fep", MET)
    events = AuditEvent.objects.count()
    assert send(desk, case, htmx=True, **MET).status_code == 200
    assert (AuditEvent.objects.count(), Case.objects.get().version) == (events, case.version)


def test_a_question_that_begins_to_matter_comes_with_the_answer_to_the_other(desk: Client) -> None:
    case = make_case("nia", {})
    core = {"site": "colon", "t_stage": "t4", "margin": "positive", "recurrence": "primary"}
    text = shown(send(desk, case, htmx=True, **core))
    assert 'id="slot-intent"' in text
    assert 'id="slot-margin"' not in text
    assert 'id="slot-nodes"' not in text


def test_a_question_that_no_longer_matters_leaves_and_returns_with_its_answer(desk: Client) -> None:
    case = make_case("nia", {"site": "breast", "technique": "electron", "age": "62", "nodes": "clinically_positive"})
    page = {"technique": "electron", "age": "62", "nodes": "clinically_positive"}
    text = shown(send(desk, case, htmx=True, site="kidney", **page))
    assert '<div id="slot-nodes" hx-swap-oob="true"></div>' in text
    assert stored(case)["nodes"] == "clinically_positive"
    case.refresh_from_db()
    back = shown(send(desk, case, htmx=True, site="breast"))
    assert 'value="clinically_positive" id="id_nodes_1" checked' in back


def test_the_live_verdict_comes_with_each_answer(desk: Client) -> None:
    case = make_case("fep", {fact: answer for fact, answer in MET.items() if fact != "technique"})
    assert "More documentation needed" in shown(desk.get(questions(case)))
    text = shown(send(desk, case, htmx=True, **MET))
    live = '<div id="live" class="visually-hidden" role="status" hx-swap-oob="true">'
    assert f"{live}Criteria met under this policy.</div>" in text


def test_a_contradiction_is_pointed_out_at_once_and_blocks_nothing(desk: Client) -> None:
    case = make_case("fep", {"site": "rectum", "t_stage": "t4"})
    text = shown(send(desk, case, htmx=True, site="rectum", t_stage="t4", diagnosis_code="C50.911", cpt_code=""))
    assert "C50.911 does not fit the site Rectum." in text
    assert Case.objects.get().diagnosis_code == "C50.911"


def test_changing_the_payer_keeps_every_answer(desk: Client) -> None:
    case = make_case("fep", MET, product="")
    text = shown(send(desk, case, htmx=True, payer="bcbsma", products_of="fep", **MET))
    assert stored(case) == MET
    assert 'id="slot-product"' in text
    assert "Medicare PPO Blue" in text


def test_a_completed_case_that_is_changed_becomes_a_draft_and_keeps_its_assessment(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    case.refresh_from_db()
    send(desk, case, margin="negative")
    case.refresh_from_db()
    assert (case.status, case.assessments.count()) == ("draft", 1)
