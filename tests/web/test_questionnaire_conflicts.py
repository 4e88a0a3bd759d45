"""Two people on one questionnaire: the second is shown both, and nothing is lost."""

import pytest
from django.test import Client

from coverage_app.models import Case
from tests.services.making import make_case
from tests.services.test_cases import save
from tests.web.asking import send, shown, stored

pytestmark = pytest.mark.django_db


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
