"""What would change a verdict, on its page: where each change would lead, in whose words; never advice."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from coverage_app.models import Fact
from tests.services.making import MET, import_small, report

pytestmark = pytest.mark.django_db
FROZEN = {**MET, "margin_basis": "frozen"}
BREAST = {
    "site": "breast",
    "technique": "electron",
    "age": "62",
    "histology": "invasive",
    "t_stage": "t1",
    "nodes": "clinically_negative",
    "margin": "negative",
    "margin_basis": "frozen",
    "recurrence": "primary",
    "intent": "sole",
    "prior_rt": "none",
    "apbi_suitable": "yes",
}
SARCOMA = {
    "site": "sarcoma_trunk",
    "margin": "negative",
    "recurrence": "primary",
    "technique": "electron",
    "intent": "boost",
    "high_risk": "documented",
}
CASES = [("fep", FROZEN), ("bcbsma", FROZEN), ("nia", FROZEN), ("nia", BREAST), ("nia", SARCOMA)]


def section(found: dict[str, Any]) -> str:
    return " ".join(render_to_string("verdict/_turning.html", {"report": found}).split())


def words(found: dict[str, Any]) -> str:
    """What can be read of it."""
    return " ".join(re.sub(r"<[^>]*>", " ", section(found)).split())


def points(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [*found["turning"]["documentation"], *found["turning"]["plan"]]


def changed(found: dict[str, Any], kind: str) -> set[str]:
    """The facts that the points of a kind change."""
    return {change["fact"] for point in found["turning"][kind] for change in point["changes"]}


@pytest.mark.parametrize(("code", "given"), CASES)
def test_each_point_stands_with_its_provision_and_the_words_of_it(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    html, text = section(found), words(found)
    assert all(found["turning"].values())
    for point in points(found):
        assert point["effects"]
        for provision in point["provisions"]:
            assert f'href="#provision-{provision["id"]}"' in html
            assert provision["quote"] in text
        for change in point["changes"]:
            assert f"{change['label']} : {change['to']}" in text
    assert "title=" not in html


def test_the_words_of_a_provision_stand_once_however_many_changes_lead_to_it() -> None:
    found = report("nia", BREAST)
    quotes = [provision["quote"] for point in points(found) for provision in point["provisions"]]
    assert len(quotes) > len(set(quotes))
    text = words(found)
    assert [text.count(quote) for quote in set(quotes)] == [1] * len(set(quotes))


@pytest.mark.parametrize(("code", "given"), CASES)
def test_what_documentation_can_establish_stands_apart_from_what_the_plan_decides(
    code: str, given: dict[str, str]
) -> None:
    found = report(code, given)
    chart, plan = words(found).split("Depends on the plan The treatment plan decides these")
    assert changed(found, "documentation") <= {"margin", "margin_basis", "high_risk"}
    assert changed(found, "plan") <= {"technique", "intent"}
    for kind, text in (("documentation", chart), ("plan", plan)):
        for point in found["turning"][kind]:
            assert f"{point['changes'][0]['label']} : {point['changes'][0]['to']}" in text


# Facts that are fixed


def test_facts_that_are_fixed_are_only_named_folded_with_how_many_there_are() -> None:
    found = report("nia", BREAST)
    fixed = found["turning"]["fixed"]
    assert [fact["fact"] for fact in fixed] == [
        "site", "t_stage", "recurrence", "prior_rt", "age", "histology", "nodes", "apbi_suitable"
    ]  # fmt: skip
    folded = section(found).partition('<details class="more facts">')[2]
    assert "<summary>Clinical facts that this verdict depends on: 8</summary>" in folded
    for fact in fixed:
        assert f"<li>{fact['label']}: <strong>{fact['answer']}</strong></li>" in folded
    assert "Age: <strong>62 years</strong>" in folded
    assert "provision" not in folded
    assert "excerpt" not in folded


@pytest.mark.parametrize(
    ("code", "given"), [*CASES, ("fep", MET), ("bcbsma", {"site": "breast", "recurrence": "local"})]
)
def test_no_fact_that_is_fixed_is_a_turning_point(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    fixed = {fact["fact"] for fact in found["turning"]["fixed"]}
    assert "site" in fixed
    assert fixed.isdisjoint(changed(found, "documentation") | changed(found, "plan"))


def test_a_margin_is_fixed_once_final_pathology_has_told_it() -> None:
    before, after = report("fep", FROZEN), report("fep", MET)
    assert changed(before, "documentation") == {"margin", "margin_basis"}
    assert after["turning"]["documentation"] == []
    assert "Margin: Positive" in words(after).partition("Clinical facts")[2]
    assert "No additional documentation would change this verdict on its own." in words(after)


def test_where_a_fixed_fact_would_have_to_change_too_nothing_turns_it() -> None:
    import_small()
    found = report("small", {"site": "lung", "margin": "close"}, date_of_service=None)
    assert points(found) == []
    assert words(found).startswith(
        "What would change this verdict No additional documentation would change this verdict on its own."
        " Clinical facts that this verdict depends on: 1"
    )


# Two answers, ranges and open ends


def test_a_range_of_numbers_has_its_unit() -> None:
    Fact.objects.filter(code="age").update(nature=Fact.Nature.DOCUMENTATION)
    assert "Age : 0 to 49 years here: 62 years" in words(report("nia", BREAST))


def test_two_answers_stand_together_where_none_turns_it_alone() -> None:
    import_small(
        **{"margin_basis is final and high_risk is documented": "site is breast and margin in (negative, close)"}
    )
    given = {"margin_basis": "anticipated", "high_risk": "asserted"}
    found = report("small", given, date_of_service=None)
    (point,) = found["turning"]["documentation"]
    assert [change["fact"] for change in point["changes"]] == ["margin_basis", "high_risk"]
    assert (found["turning"]["plan"], found["turning"]["fixed"]) == ([], [])
    assert "Margin basis : Final pathology here: Anticipated together with High risk of recurrence" in words(found)


def test_two_answers_of_which_the_plan_decides_one_depend_on_the_plan() -> None:
    import_small(
        **{"margin_basis is final and technique is electron": "site is breast and margin in (negative, close)"}
    )
    found = report("small", {"margin_basis": "anticipated", "technique": "hdr"}, date_of_service=None)
    (point,) = found["turning"]["plan"]
    assert [change["fact"] for change in point["changes"]] == ["margin_basis", "technique"]
    assert found["turning"]["documentation"] == []
    assert "No additional documentation would change this verdict on its own. Depends on the plan" in words(found)


def test_where_a_change_leaves_it_open_all_that_is_then_possible_is_said() -> None:
    found = report("nia", SARCOMA)
    point = next(p for p in found["turning"]["plan"] if len(p["effects"]) > 1)
    assert len(point["provisions"]) > 1
    assert "Investigational , Physician review needed by what is not documented yet" in words(found)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        *CASES,
        ("fep", MET),
        ("fep", {**MET, "margin_basis": "anticipated"}),
        ("bcbsma", {"site": "breast", "recurrence": "local"}),
    ],
)
def test_it_confirms_and_never_coaches(code: str, given: dict[str, str]) -> None:
    text = words(report(code, given)).lower()
    assert "do not answer to fit the policy" in text or "no additional documentation would change" in text
    text = text.replace("they are not documentation to obtain", "")
    for coaching in (" should", " must ", "you need", "to get", "to obtain", "answer yes", "change your", "instead"):
        assert coaching not in text


def test_an_open_verdict_turns_on_nothing_yet() -> None:
    assert section(report("fep", {"site": "rectum"})) == ""
