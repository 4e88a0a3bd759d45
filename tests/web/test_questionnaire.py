"""The questionnaire as it opens: the questions that matter, and their answers."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.services.making import MET, make_case
from tests.web.asking import questions, shown, statements

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP")


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
