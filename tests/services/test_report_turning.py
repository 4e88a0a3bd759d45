"""The report of a case: what its verdict turns on."""

import pytest

from tests.services.making import MET, report


def test_the_hint_stands_where_an_anticipated_margin_alone_is_in_the_way() -> None:
    words = "confirm by frozen section"
    assert words in report("fep", {**MET, "margin_basis": "anticipated"})["hint"]
    assert words in report("nia", {**MET, "margin_basis": "anticipated"})["hint"]


@pytest.mark.parametrize(
    "given",
    [
        MET,
        {**MET, "margin_basis": "anticipated", "t_stage": "t3"},
        {**MET, "margin_basis": "anticipated", "technique": "ldr"},
        {**MET, "margin_basis": "anticipated", "margin": "indeterminate"},
    ],
    ids=["confirmed", "T3", "LDR", "indeterminate"],
)
def test_the_hint_stays_away_where_confirming_would_not_help(given: dict[str, str]) -> None:
    assert report("fep", given)["hint"] == ""


def test_what_documentation_can_establish_stands_apart_from_what_is_as_it_is() -> None:
    turning = report("fep", {**MET, "t_stage": "t3", "downstaged_from_t4": "no"})["turning"]
    assert {point["changes"][0]["fact"] for point in turning["fixed"]} >= {"t_stage", "recurrence"}
    assert [point["changes"][0]["fact"] for point in turning["documentation"]] == ["downstaged_from_t4"]
    (point,) = turning["documentation"]
    assert (point["changes"][0]["now"], point["changes"][0]["to"]) == ("No", "Yes")
    assert [tag["code"] for tag in point["effects"]] == ["physician_review"]
    assert [p["id"] for p in point["provisions"]] == ["F1r"]


def test_an_open_verdict_turns_on_nothing_yet() -> None:
    assert report("fep", {"site": "rectum"})["turning"] == {"documentation": [], "fixed": []}
