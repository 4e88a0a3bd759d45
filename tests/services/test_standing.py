"""Which questions are asked, which answers count, and the verdict that they give."""

import pytest

from coverage_app.services.standing import CaseFacts, stand
from tests.services.making import DAY, MET, report, standing

CORE = ("site", "t_stage", "margin", "recurrence")
SARCOMA = {"site": "sarcoma_extremity", "t_stage": "t2", "margin": "positive", "recurrence": "primary"}


def test_the_core_four_are_asked_of_every_case() -> None:
    assert standing("fep", {}).relevant[:4] == CORE
    assert standing("nia", {"site": "non_oncologic"}).relevant == CORE


def test_questions_come_in_the_order_of_the_vocabulary() -> None:
    found = standing("nia", {"site": "breast"})
    order = [fact for fact in found.wording.facts if fact in found.relevant]
    assert list(found.relevant) == order


def test_a_question_is_asked_only_while_it_can_change_something() -> None:
    assert "perforation" not in standing("nia", {"site": "rectum"}).relevant
    assert "perforation" in standing("nia", {"site": "colon"}).relevant
    assert "nodes" in standing("nia", {"site": "breast"}).relevant
    assert "nodes" not in standing("fep", {"site": "breast"}).relevant


def test_a_row_of_the_site_asks_its_questions_too() -> None:
    found = standing("fep", {**SARCOMA, "site": "sarcoma_retroperitoneal"})
    assert found.code == "investigational"
    assert found.verdict.missing == ()
    assert {"age", "preop_ebrt", "intent"} <= set(found.relevant)


def test_an_answer_off_the_path_does_not_count_and_is_kept() -> None:
    given = {**SARCOMA, "nodes": "clinically_positive", "central_recurrence": "yes"}
    found = standing("nia", given)
    assert "nodes" not in found.counted
    assert found.facts.answers["nodes"] == "clinically_positive"
    lines = {line["fact"]: line for line in report("nia", given)["questions"]}
    assert (lines["nodes"]["answer"], lines["nodes"]["counts"]) == ("Clinically positive", False)
    assert lines["margin"]["counts"]


def test_an_answer_counts_again_when_its_question_comes_back() -> None:
    given = {"site": "breast", "technique": "electron", "age": "49", "nodes": "clinically_negative", "intent": "sole"}
    assert "nodes" not in standing("nia", given).counted
    assert standing("nia", {**given, "age": "50"}).counted["nodes"] == "clinically_negative"


def test_two_answers_that_make_each_other_idle_do_not_both_drop_out() -> None:
    given = {
        "site": "sarcoma_trunk",
        "margin": "positive",
        "margin_basis": "final",
        "technique": "electron",
        "intent": "boost",
    }
    for high_risk in ("documented", "no"):
        assert standing("nia", {**given, "high_risk": high_risk}).code == "criteria_met"


@pytest.mark.parametrize("absent", [fact for fact in MET if fact != "recurrence"])
def test_a_missing_answer_is_never_taken_as_no(absent: str) -> None:
    found = standing("nia", {fact: answer for fact, answer in MET.items() if fact != absent})
    assert found.code == "undetermined"
    assert "criteria_met" in found.verdict.possible
    assert absent in found.verdict.missing


def test_one_effect_left_is_the_verdict_and_nothing_more_is_missing() -> None:
    found = standing("fep", {"site": "kidney"})
    assert (found.code, found.verdict.missing) == ("investigational", ())


def test_without_a_payer_there_is_no_verdict_but_the_rows_are_there() -> None:
    found = stand(CaseFacts({"site": "pancreas", "margin": "positive"}, date_of_service=DAY))
    assert (found.code, found.verdict) == ("", None)
    assert {code: stance.effect for code, stance in found.stances.items()}["abs-pancreas"] == "supports"


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({}, ""),
        ({"site": "rectum", "recurrence": "local", "t_stage": "t3"}, "Rectum, local recurrence, T3"),
        ({"site": "breast", "recurrence": "primary", "t_stage": "tis"}, "Breast, Tis"),
        ({"recurrence": "local"}, "Local recurrence"),
    ],
)
def test_a_case_is_called_by_its_disease(given: dict[str, str], title: str) -> None:
    assert standing("fep", given).title == title
