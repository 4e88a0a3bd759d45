"""The questionnaire: every answer is saved as it is given, with htmx and without; nothing is lost."""

import gzip
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Case
from coverage_app.services.cases import answers_of
from tests.services.making import MET, answers, import_small, make_case, payer, signed_in
from tests.services.test_cases import complete, save
from tests.web.asking import HTMX, questions, send, shown

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP")
SARCOMA = {
    "site": "sarcoma_extremity",
    "t_stage": "t2",
    "margin": "positive",
    "recurrence": "local",
    "technique": "electron",
}


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def stored(case: Case) -> dict[str, Any]:
    return answers_of(Case.objects.get(pk=case.pk))


def statements(work: Callable[[], Any]) -> list[str]:
    """The SQL that it sends."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        work()
    return [query["sql"] for query in found.captured_queries]


# Looking


@pytest.mark.parametrize("name", ["questionnaire", "case"])
def test_opening_a_page_of_a_case_writes_nothing(desk: Client, name: str) -> None:
    case = make_case("nia", MET)
    sent = statements(lambda: desk.get(reverse(name, args=[case.reference])))
    assert sent
    assert [sql for sql in sent if sql.lstrip().upper().startswith(WRITES)] == []


def test_a_new_case_opens_with_the_core_four_and_not_documented_yet_chosen(desk: Client) -> None:
    response = desk.post(reverse("new_case"))
    text = shown(desk.get(response.url))  # type: ignore[attr-defined]
    for question in ("Which cancer is treated?", "What is the T category now?", "What is the margin status?"):
        assert question in text
    assert "How old is the patient" not in text
    assert text.count("Not documented yet</label>") == 4
    assert 'value="" id="id_margin_4" checked' in text
    assert "Choose the payer" in text


def test_the_questions_that_matter_are_on_the_page_with_their_answers(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("nia", {"site": "breast", "technique": "electron", "age": "62"}))))
    assert 'name="age" value="62"' in text
    assert "What is known of the lymph nodes?" in text
    assert "perforated the bowel" not in text


def test_why_a_question_is_asked_is_the_sentence_of_the_policy(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("nia", {"site": "colon", "intent": "boost", "recurrence": "primary"}))))
    assert "IORT can be used as a boost for recurrent cancer of T4 tumors with penetration/perforation" in text
    assert "NIA_CG_226, Colon Cancer" in text


# Saving


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
    assert "Criteria met: medically necessary under this policy" in text
    assert '<div id="live" class="visually-hidden" role="status" hx-swap-oob="true">Criteria met.</div>' in text


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


# Two people


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_to_save_is_shown_both_and_nothing_is_lost(desk: Client, htmx: bool) -> None:
    case = make_case("fep", {"margin": "close", "site": "rectum"})
    save(case, {"margin": "positive"}, by="editor")
    response = send(desk, case, htmx=htmx, margin="negative", site="rectum", setting="inpatient")
    text = shown(response)
    assert response.status_code == 409
    assert "Edda Novak saved this case" in text
    for label, theirs, yours in (("Margin", "Positive", "Negative"), ("Setting", "Not documented yet", "Inpatient")):
        assert (
            f'<th scope="row">{label}</th><td data-label="Saved now">{theirs}</td><td data-label="On your page">{yours}</td>'
            in text
        )
    assert "Cancer site</th>" not in text
    assert stored(case)["margin"] == "positive"
    if not htmx:
        assert 'value="negative" id="id_margin_0" checked' in text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_plain_save_after_a_conflict_is_a_conflict_again(desk: Client, htmx: bool) -> None:
    case = make_case("fep", {"margin": "close"})
    save(case, {"margin": "positive"}, by="editor")
    text = shown(send(desk, case, htmx=htmx, margin="negative"))
    if not htmx:
        assert f'id="version" value="{case.version}"' in text
    assert send(desk, case, htmx=htmx, margin="negative").status_code == 409


def test_what_is_on_the_page_is_saved_over_the_other_when_chosen(desk: Client) -> None:
    case = make_case("fep", {"margin": "close"})
    newer = save(case, {"margin": "positive"}, by="editor")
    assert send(desk, case, margin="negative", over=newer.version).status_code == 302
    assert stored(case)["margin"] == "negative"


def test_choosing_over_is_stale_in_its_turn(desk: Client) -> None:
    case = make_case("fep", {"margin": "close"})
    seen = save(case, {"margin": "positive"}, by="editor").version
    save(Case.objects.get(), {"margin": "indeterminate"}, by="editor")
    assert send(desk, case, margin="negative", over=seen).status_code == 409
    assert stored(case)["margin"] == "indeterminate"


def test_two_who_answer_the_same_do_not_disturb_each_other(desk: Client) -> None:
    case = make_case("fep", {})
    save(case, {"margin": "close"}, by="editor")
    assert send(desk, case, margin="close").status_code == 302


# Size and work


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
