"""The questionnaire as it opens: the questions that matter, and their answers."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.services.making import MET, make_case
from tests.web.asking import questions, send, shown, statements, stored

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP")


@pytest.mark.parametrize("name", ["questionnaire", "case"])
def test_opening_a_page_of_a_case_writes_nothing(desk: Client, name: str) -> None:
    case = make_case("nia", MET)
    sent = statements(lambda: desk.get(reverse(name, args=[case.reference])))
    assert sent
    assert [sql for sql in sent if sql.lstrip().upper().startswith(WRITES)] == []


def test_a_new_case_opens_with_the_core_four_and_the_technique_all_not_documented_yet(desk: Client) -> None:
    response = desk.post(reverse("new_case"))
    text = shown(desk.get(response.url))  # type: ignore[attr-defined]
    for question in ("What is the primary cancer site?", "What is the T category now?", "What is the margin status?"):
        assert question in text
    assert "How old is the patient" not in text
    assert text.count("Not documented yet</label>") == 5
    assert 'value="" id="id_technique_4" checked' in text
    assert 'value="" id="id_margin_4" checked' in text
    assert "Choose the payer" in text


def test_the_questions_that_matter_are_on_the_page_with_their_answers(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("nia", {"site": "breast", "technique": "electron", "age": "62"}))))
    assert 'name="age" value="62"' in text
    assert "What is the status of the lymph nodes?" in text
    assert "place the patient in the ASTRO suitable group" in text
    assert "Is the recurrence central?" not in text


def test_why_a_question_is_asked_is_the_sentence_of_the_policy(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("nia", {"site": "colon", "intent": "boost", "recurrence": "primary"}))))
    assert "IORT can be used as a boost for recurrent cancer of T4 tumors with penetration/perforation" in text
    assert "NIA_CG_226, Colon Cancer" in text


def test_a_group_is_no_option_of_the_site_question(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("nia", {}))))
    assert '<label class="" for="id_site_19"><input type="radio" name="site" value="sarcoma_extremity"' in text
    assert 'value="soft_tissue_sarcoma"' not in text


def test_a_group_that_is_sent_as_an_answer_is_refused_with_the_answers_below_it(desk: Client) -> None:
    case = make_case("nia", {"site": "kidney"})
    response = send(desk, case, site="soft_tissue_sarcoma")
    assert response.status_code == 422
    assert "is a group of answers; did you mean sarcoma_extremity or sarcoma_retroperitoneal" in shown(response)
    assert stored(case) == {"site": "kidney"}
