"""What a verdict turns on, on its page: where each change would lead, in whose words; never advice."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.services.making import MET, import_small, report

pytestmark = pytest.mark.django_db
BREAST = {
    "site": "breast",
    "technique": "electron",
    "age": "62",
    "histology": "invasive",
    "t_stage": "t1",
    "nodes": "clinically_negative",
    "margin": "negative",
    "margin_basis": "final",
    "recurrence": "primary",
    "intent": "sole",
    "prior_rt": "none",
}


def section(found: dict[str, Any]) -> str:
    return " ".join(render_to_string("verdict/_turning.html", {"report": found}).split())


def words(found: dict[str, Any]) -> str:
    """What can be read of it."""
    return " ".join(re.sub(r"<[^>]*>", " ", section(found)).split())


@pytest.mark.parametrize(("code", "given"), [("fep", MET), ("bcbsma", MET), ("nia", MET), ("nia", BREAST)])
def test_each_point_stands_with_its_provision_and_the_words_of_it(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    html, text = section(found), words(found)
    points = [*found["turning"]["documentation"], *found["turning"]["fixed"]]
    assert points
    for point in points:
        assert point["effects"]
        for provision in point["provisions"]:
            assert f'href="#provision-{provision["id"]}"' in html
            assert provision["quote"] in text
        for change in point["changes"]:
            assert f"{change['label']} : {change['to']}" in text
    assert "title=" not in html


def test_the_words_of_a_provision_stand_once_however_many_changes_lead_to_it() -> None:
    found = report("nia", BREAST)
    quotes = [p["quote"] for kind in found["turning"].values() for point in kind for p in point["provisions"]]
    assert len(quotes) > len(set(quotes))
    text = words(found)
    assert [text.count(quote) for quote in set(quotes)] == [1] * len(set(quotes))


def test_a_long_list_of_facts_is_folded_and_says_how_many_there_are() -> None:
    found = report("nia", BREAST)
    count = len(found["turning"]["fixed"])
    assert count > 4
    assert f"Facts of the disease and the patient: {count} that it turns on" in words(found)
    assert '<details class="more facts">' in section(found)
    assert "<details" not in section(report("fep", {"site": "pancreas", "margin": "close", "recurrence": "primary"}))


def test_a_range_of_numbers_has_its_unit() -> None:
    assert "Age : 0 to 49 years here: 62 years" in words(report("nia", BREAST))


def test_two_answers_stand_together_where_none_turns_it_alone() -> None:
    import_small(
        **{"margin_basis is final and technique is electron": "site is breast and margin in (negative, close)"}
    )
    given = {"margin_basis": "anticipated", "technique": "hdr"}
    found = report("small", given, date_of_service=None)
    (point,) = found["turning"]["documentation"]
    assert [change["fact"] for change in point["changes"]] == ["margin_basis", "technique"]
    assert found["turning"]["fixed"] == []
    assert "Margin basis : Final pathology here: Anticipated together with Technique" in words(found)


def test_two_answers_of_which_one_is_fixed_are_facts() -> None:
    import_small()
    found = report("small", {"site": "lung", "margin": "positive"}, date_of_service=None)
    (point,) = found["turning"]["fixed"]
    assert [change["fact"] for change in point["changes"]] == ["site", "margin"]
    assert "No answer that documentation can establish turns it by itself." in words(found)


def test_where_a_change_leaves_it_open_all_that_is_then_possible_is_said() -> None:
    found = report("bcbsma", {"site": "breast"})
    point = next(p for p in found["turning"]["fixed"] if len(p["effects"]) > 1)
    assert len(point["provisions"]) > 1
    assert "by what is not documented yet" in words(found)


@pytest.mark.parametrize(
    ("code", "given"),
    [("fep", MET), ("fep", {**MET, "margin_basis": "anticipated"}), ("nia", BREAST), ("bcbsma", {"site": "breast"})],
)
def test_it_confirms_and_never_coaches(code: str, given: dict[str, str]) -> None:
    text = words(report(code, given)).lower()
    assert "documentation to confirm, not advice on how to answer" in text or "by itself" in text
    for coaching in (" should", " must ", "you need", "to get", "to obtain", "answer yes", "change your", "instead"):
        assert coaching not in text


def test_an_open_verdict_turns_on_nothing_yet() -> None:
    assert section(report("fep", {"site": "rectum"})) == ""
