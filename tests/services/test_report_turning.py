"""The report of a case: what its verdict turns on."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from tests.services.making import DAY, MET, report


@pytest.mark.parametrize("code", ["fep", "nia"])
def test_the_hint_stands_where_an_anticipated_margin_alone_is_in_the_way(code: str) -> None:
    anticipated, today = {**MET, "margin_basis": "anticipated"}, timezone.localdate()
    frozen, final = "confirm by frozen section", "The date of service is past: use the final pathology."
    for day in (None, today, today + dt.timedelta(days=1)):
        hint = report(code, anticipated, date_of_service=day)["hint"]
        assert frozen in hint
        assert "pathology" not in hint
    for day in (DAY, today - dt.timedelta(days=1)):
        hint = report(code, anticipated, date_of_service=day)["hint"]
        assert hint.endswith(final)
        assert "frozen section" not in hint


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


def turning(code: str, given: dict[str, str]) -> dict[str, Any]:
    found = report(code, given)["turning"]
    assert list(found) == ["documentation", "plan", "fixed"]
    return found  # type: ignore[no-any-return]


def facts(points: list[dict[str, Any]]) -> list[list[str]]:
    return [[change["fact"] for change in point["changes"]] for point in points]


def test_what_documentation_can_establish_stands_apart_from_the_plan() -> None:
    found = turning("fep", {**MET, "margin_basis": "anticipated"})
    assert facts(found["documentation"]) == [["margin"], ["margin_basis"]]
    point = found["documentation"][1]
    assert (point["changes"][0]["now"], point["changes"][0]["to"]) == (
        "Anticipated",
        "Frozen section or Final pathology",
    )
    assert [tag["code"] for tag in point["effects"]] == ["criteria_met"]
    assert [p["id"] for p in point["provisions"]] == ["F1"]
    assert found["plan"] == []
    found = turning("fep", {**MET, "margin_basis": "frozen"})
    assert facts(found["plan"]) == [["technique"]]
    assert (found["plan"][0]["changes"][0]["to"], found["plan"][0]["effects"][0]["code"]) == (
        "LDR brachytherapy", "physician_review",
    )  # fmt: skip


def test_what_is_as_it_is_is_no_turning_point_and_only_named_where_the_verdict_depends_on_it() -> None:
    found = turning("fep", {**MET, "t_stage": "t3", "downstaged_from_t4": "no"})
    assert (found["documentation"], found["plan"]) == ([], [])
    assert [(line["fact"], line["answer"]) for line in found["fixed"]] == [
        ("site", "Rectum"), ("t_stage", "T3"), ("recurrence", "Primary tumor"), ("downstaged_from_t4", "No"),
    ]  # fmt: skip
    assert {line["label"] for line in found["fixed"]} >= {"Cancer site", "Downstaged from T4"}


def test_no_other_site_category_or_history_is_ever_held_out_as_a_way_to_another_verdict() -> None:
    fixed = {
        "site", "t_stage", "downstaged_from_t4", "recurrence", "prior_rt", "central_recurrence", "age", "histology",
        "nodes", "apbi_suitable",
    }  # fmt: skip
    cases = [MET, {**MET, "margin": "negative"}, {"site": "kidney", "t_stage": "t3"}, {"site": "breast", "age": "49"}]
    for code in ("fep", "bcbsma", "nia"):
        for given in cases:
            found = turning(code, given)
            points = found["documentation"] + found["plan"]
            assert not fixed & {fact for point in facts(points) for fact in point}


@pytest.mark.parametrize(("basis", "open_"), [("anticipated", True), ("frozen", True), ("final", False)])
def test_margin_and_basis_can_be_documented_until_the_pathology_is_final(basis: str, open_: bool) -> None:
    found = turning("fep", {**MET, "margin_basis": basis})
    assert (["margin"] in facts(found["documentation"])) is open_
    named = {line["fact"] for line in found["fixed"]}
    assert ({"margin", "margin_basis"} <= named) is not open_


@pytest.mark.parametrize(("high_risk", "open_"), [("asserted", True), ("no", False)])
def test_a_high_risk_can_be_documented_until_it_was_answered_with_no(high_risk: str, open_: bool) -> None:
    given = {
        "site": "sarcoma_trunk", "recurrence": "primary", "margin": "negative", "margin_basis": "final",
        "technique": "electron", "intent": "boost", "high_risk": high_risk,
    }  # fmt: skip
    found = turning("nia", given)
    assert (["high_risk"] in facts(found["documentation"])) is open_
    assert ("high_risk" in {line["fact"] for line in found["fixed"]}) is not open_


def test_what_would_take_another_plan_beside_a_document_depends_on_the_plan() -> None:
    given = {
        "site": "sarcoma_trunk", "recurrence": "primary", "margin": "negative", "margin_basis": "frozen",
        "technique": "electron", "intent": "sole", "prior_rt": "none", "high_risk": "no",
    }  # fmt: skip
    found = turning("nia", given)
    assert report("nia", given)["verdict"]["code"] == "investigational"
    assert {tuple(point) for point in facts(found["plan"])} == {("margin", "intent")}
    assert found["documentation"] == []


def test_an_open_verdict_turns_on_nothing_yet() -> None:
    assert turning("fep", {"site": "rectum"}) == {"documentation": [], "plan": [], "fixed": []}
