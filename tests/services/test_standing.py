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
    assert "central_recurrence" not in standing("nia", {"site": "rectum"}).relevant
    assert "central_recurrence" in standing("nia", {"site": "cervix"}).relevant
    assert "apbi_suitable" in standing("nia", {"site": "breast"}).relevant
    assert "apbi_suitable" not in standing("bcbsma", {"site": "breast"}).relevant
    assert "nodes" in standing("nia", {"site": "breast"}).relevant
    assert "nodes" not in standing("fep", {"site": "breast"}).relevant


def test_a_row_of_the_site_asks_its_questions_too() -> None:
    found = standing("fep", {**SARCOMA, "site": "sarcoma_retroperitoneal"})
    assert found.code == "investigational"
    assert found.verdict.missing == ()
    assert {"age", "preop_ebrt", "intent"} <= set(found.relevant)


# What a question is asked for


def test_the_technique_is_asked_last_for_the_code_where_it_can_change_nothing_else() -> None:
    found = standing("fep", {"site": "kidney"})
    assert "technique" not in found.relevant
    assert found.for_code == ("technique",)
    assert found.asked == (*found.relevant, "technique")
    assert (found.purpose_of("technique"), "technique" in found.askable) == ("code", True)


def test_the_technique_is_asked_in_its_place_where_it_can_change_the_verdict() -> None:
    found = standing("nia", {"site": "breast"})
    assert (found.for_code, found.asked) == ((), found.relevant)
    assert found.purpose_of("technique") == "payer"


def test_a_question_is_told_by_what_it_can_change() -> None:
    found = standing("fep", {**MET, "margin_basis": "anticipated"})
    purposes = {fact: found.purpose_of(fact) for fact in found.asked}
    assert (purposes["site"], purposes["margin"]) == ("payer", "payer")
    assert purposes["intent"] == "guideline"  # for nccn-rectal alone
    assert found.for_payer < set(found.relevant)
    assert found.purpose_of("nodes") == ""  # not asked
    assert standing("fep", {"site": "kidney"}).purpose_of("margin") == ""  # core, and idle


def test_without_a_payer_no_question_is_the_payers() -> None:
    found = stand(CaseFacts({"site": "rectum"}, date_of_service=DAY))
    assert found.for_payer == frozenset()
    assert found.purpose_of("intent") == "guideline"
    assert found.purpose_of("technique") == "code"


def test_an_answer_given_for_the_code_counts_for_no_verdict() -> None:
    found = standing("fep", {"site": "kidney", "technique": "hdr"})
    assert "technique" not in found.counted
    assert found.reachable.answers["technique"] == "hdr"
    lines = report("fep", {"site": "kidney", "technique": "hdr"})["questions"]
    (line,) = [line for line in lines if line["fact"] == "technique"]
    assert (line["purpose"], line["counts"], lines[-1]) == ("code", False, line)


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
        "recurrence": "primary",
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
    given = {"site": "pancreas", "margin": "positive", "recurrence": "primary"}
    found = stand(CaseFacts(given, date_of_service=DAY))
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
