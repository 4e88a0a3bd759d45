"""The technique, which is always asked: among the other questions, or last and for the code alone."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.evidence import evidence_of
from tests.services.making import MET, make_case
from tests.services.notes import note
from tests.web.asking import questions, send, shown, stored

pytestmark = pytest.mark.django_db
KIDNEY = {"site": "kidney", "t_stage": "", "margin": "", "recurrence": ""}
RECTUM = {"site": "rectum", "t_stage": "t4", "margin": "positive", "recurrence": "primary"}
LAST = {"technique": "xray", "technique-place": "plan"}
AMONG = {"technique": "xray", "technique-place": ""}


def section(text: str, code: str) -> str:
    """One section of the questionnaire."""
    return text.partition(f'id="section-{code}"')[2].partition("</section>")[0]


def slot(text: str, name: str) -> str:
    """What htmx puts into a slot of the page; blank where it leaves the slot alone."""
    return text.partition(f'<div id="slot-{name}" hx-swap-oob="true"')[2].partition('<div id="slot-')[0]


def test_where_it_cannot_change_the_verdict_it_is_asked_last_for_the_code(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", {"site": "kidney"}))))
    last = section(text, "plan")
    assert "For the plan and the codes</h2>" in last
    assert "How is the radiation delivered?" in last
    assert "For the code: does not change the verdict" in last
    assert "The answer decides which CPT code goes with the case." in last
    assert text.count("How is the radiation delivered?") == 1


def test_where_it_can_change_the_verdict_it_is_asked_in_its_own_section(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", RECTUM))))
    assert "How is the radiation delivered?" in section(text, "surgery")
    assert "How is the radiation delivered?" not in section(text, "plan")
    assert "For the code: does not change the verdict" not in text


def test_it_moves_to_its_own_section_with_the_answer_that_makes_it_matter(desk: Client) -> None:
    case = make_case("fep", {"site": "kidney", "technique": "xray"})
    text = shown(send(desk, case, htmx=True, **RECTUM, **LAST))
    assert '<div id="slot-plan-technique" hx-swap-oob="true" data-moves></div>' in text
    assert "How is the radiation delivered?" in slot(text, "technique")
    assert 'value="xray" id="id_technique_1" checked' in slot(text, "technique")
    assert stored(case) == {**RECTUM, "technique": "xray"}


def test_it_moves_back_to_the_end_with_the_answer_that_makes_it_idle(desk: Client) -> None:
    case = make_case("fep", {**RECTUM, "technique": "xray"})
    text = shown(send(desk, case, htmx=True, **KIDNEY, **AMONG))
    assert '<div id="slot-technique" hx-swap-oob="true" data-moves></div>' in text
    assert "For the code: does not change the verdict" in slot(text, "plan-technique")
    assert 'value="xray" id="id_technique_1" checked' in slot(text, "plan-technique")
    assert stored(case) == {"site": "kidney", "technique": "xray"}


def test_the_document_that_it_rests_on_moves_with_it(desk: Client) -> None:
    case = note(make_case("fep", {"site": "kidney", "technique": "xray"}), "technique", "operative", place="page 2")
    page = {"chart-technique-shown": "xray", "chart-technique-answer": "xray"}
    fields = {"chart-technique-kind": "operative", "chart-technique-place": "page 2"}
    text = shown(send(desk, case, htmx=True, **RECTUM, **LAST, **page, **fields))
    assert 'name="chart-technique-place" value="page 2"' in slot(text, "technique")
    assert text.count('name="chart-technique-place"') == 1
    assert evidence_of(Case.objects.get())["technique"].holds


@pytest.mark.parametrize(("given", "place"), [(KIDNEY, LAST), (RECTUM, AMONG)])
def test_where_it_stays_its_inputs_are_left_alone(desk: Client, given: dict[str, str], place: dict[str, str]) -> None:
    case = make_case("fep", {fact: answer for fact, answer in given.items() if answer})
    text = shown(send(desk, case, htmx=True, **given, **place))
    assert 'id="slot-technique"' not in text
    assert 'id="slot-plan-technique"' not in text
    assert stored(case)["technique"] == "xray"


@pytest.mark.parametrize(("technique", "code", "other"), [("xray", "77424", "77425"), ("electron", "77425", "77424")])
def test_an_answer_for_the_code_alone_chooses_the_cpt_code_and_not_the_verdict(
    desk: Client, technique: str, code: str, other: str
) -> None:
    case = make_case("fep", {"site": "kidney", "technique": technique})
    text = shown(desk.get(reverse("case", args=[case.reference])))
    assert "Investigational: not covered under this policy" in text
    assert f"<dt>CPT</dt> <dd><strong>{code}</strong>" in text
    assert other not in text
    assert "for the code: does not change the verdict" in text


def test_an_answer_that_only_completes_a_recommendation_is_marked_so(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", MET))))
    _, _, intent = text.partition('id="purpose-intent">')
    assert intent.startswith("Optional: completes a guideline’s recommendation")
    _, _, basis = text.partition('id="purpose-margin_basis">')
    assert basis.startswith("</span>")
