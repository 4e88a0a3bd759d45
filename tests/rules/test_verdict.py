from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.edition import Edition
from coverage_app.rules.verdict import assess, effect_of, reasons, relevant_facts
from coverage_app.rules.vocabulary import Answer
from tests.support.examples import examples

from . import brute
from .real import BCBSMA, CORE, FEP, NCCN_COLON, NCCN_RECTAL, NIA, PAYERS, ROWS, VOCABULARY
from .strategies import answers, cases, editions, vocabularies

RECTAL: dict[str, Answer] = {
    "site": "rectum", "margin": "close", "recurrence": "primary", "margin_basis": "final", "technique": "electron",
}  # fmt: skip


@given(cases(foreign=True))
@examples(80)
def test_the_verdict_is_that_of_every_filling(case: tuple[Edition, dict[str, Answer]]) -> None:
    edition, given_answers = case
    verdict = assess(edition, given_answers)
    possible, provisions = brute.outcome(edition, given_answers)
    assert verdict.possible == possible
    assert verdict.provisions == provisions
    assert (
        verdict.effect == effect_of(edition, given_answers) == (possible[0] if len(possible) == 1 else "undetermined")
    )


@given(cases(foreign=True))
@examples(80)
def test_missing_are_the_facts_in_which_fillings_with_different_effects_differ_alone(
    case: tuple[Edition, dict[str, Answer]],
) -> None:
    edition, given_answers = case
    assert assess(edition, given_answers).missing == brute.missing(edition, given_answers)


@given(st.data())
@examples(30)
def test_relevant_facts_follow_the_definition(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    asked = [data.draw(editions(vocabulary)) for _ in range(data.draw(st.integers(0, 2)))]
    core = [fact.code for fact in vocabulary][: data.draw(st.integers(0, 1))]
    given_answers = data.draw(answers(vocabulary))
    found = relevant_facts(vocabulary, core, asked, given_answers)
    assert tuple(found) == brute.relevant(vocabulary, core, asked, given_answers)
    for place, fact in enumerate(found):
        earlier = {code: given_answers[code] for code in tuple(found)[:place] if code in given_answers}
        changed = {n for n, edition in enumerate(asked) if fact in brute.missing(edition, earlier)}
        assert found[fact] == changed
    kept = {fact: answer for fact, answer in given_answers.items() if fact in found}
    assert [effect_of(edition, kept) for edition in asked] == [effect_of(edition, given_answers) for edition in asked]


@pytest.mark.parametrize("t_stage", ["t4", "t4a", "t4b"])
def test_t4_and_what_is_narrower_are_each_a_complete_answer(t_stage: str) -> None:
    assert assess(FEP, {**RECTAL, "t_stage": t_stage}).provisions == ("F1",)


def test_recurrent_disease_with_a_negative_margin_goes_to_review_where_the_sentence_can_be_read_either_way() -> None:
    given_answers: dict[str, Answer] = {**RECTAL, "recurrence": "local", "margin": "negative"}
    assert [assess(edition, given_answers).provisions for edition in PAYERS[:2]] == [("F1r",), ("B1r",)]
    assert assess(NIA, given_answers).possible == ("investigational", "physician_review")  # by N7r, no longer by N6r


def test_a_distant_recurrence_of_what_was_t4_goes_to_review() -> None:
    given_answers: dict[str, Answer] = {**RECTAL, "t_stage": "t4", "recurrence": "distant"}
    assert [assess(edition, given_answers).provisions for edition in PAYERS] == [("F1r",), ("B1r",), ("N6r",)]


def test_t4_with_the_recurrence_unknown_is_undetermined_since_it_may_be_distant() -> None:
    verdict = assess(FEP, {**{f: a for f, a in RECTAL.items() if f != "recurrence"}, "t_stage": "t4"})
    assert (verdict.possible, verdict.missing) == (("criteria_met", "physician_review"), ("recurrence",))


def test_nia_sends_x_ray_to_review_where_fep_and_278_cover_it() -> None:
    given_answers: dict[str, Answer] = {**RECTAL, "t_stage": "t4", "technique": "xray"}
    assert [assess(edition, given_answers).provisions for edition in PAYERS] == [("F1",), ("B1",), ("N6r",)]


def test_t3_with_the_margin_unknown_is_undetermined_and_says_what_is_missing() -> None:
    verdict = assess(FEP, {"site": "rectum", "t_stage": "t3", "recurrence": "primary"})
    assert verdict.effect == "undetermined"
    assert verdict.possible == ("investigational", "physician_review")
    assert verdict.missing == ("downstaged_from_t4", "margin")


def test_hdr_is_listed_by_fep_alone() -> None:
    given_answers: dict[str, Answer] = {**RECTAL, "t_stage": "t4", "technique": "hdr"}
    assert [effect_of(edition, given_answers) for edition in (FEP, BCBSMA)] == ["criteria_met", "physician_review"]


@pytest.mark.parametrize(("age", "effect"), [(49, "investigational"), (50, "criteria_met")])
def test_nia_takes_breast_cancer_from_fifty_years_on(age: int, effect: str) -> None:
    given_answers: dict[str, Answer] = {
        "site": "breast", "technique": "electron", "age": Decimal(age), "histology": "invasive", "t_stage": "t1",
        "nodes": "clinically_negative", "margin": "negative", "margin_basis": "final", "recurrence": "primary",
        "intent": "sole", "prior_rt": "none", "apbi_suitable": "yes",
    }  # fmt: skip
    assert effect_of(NIA, given_answers) == effect


@pytest.mark.parametrize(
    ("suitable", "effect"), [("yes", "criteria_met"), ("no", "physician_review"), (None, "undetermined")]
)
def test_nia_takes_breast_cancer_of_the_suitable_group_alone(suitable: str | None, effect: str) -> None:
    given_answers: dict[str, Answer] = {
        "site": "breast", "technique": "electron", "age": Decimal(62), "histology": "invasive", "t_stage": "t1",
        "nodes": "clinically_negative", "margin": "negative", "margin_basis": "final", "recurrence": "primary",
        "intent": "sole", "prior_rt": "none",
    }  # fmt: skip
    if suitable:
        given_answers["apbi_suitable"] = suitable
    verdict = assess(NIA, given_answers)
    assert verdict.effect == effect
    assert verdict.missing == (() if suitable else ("apbi_suitable",))


@pytest.mark.parametrize("site", ["sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other"])
def test_a_group_in_criteria_holds_for_each_site_below_it(site: str) -> None:
    given_answers: dict[str, Answer] = {
        "site": site, "recurrence": "primary", "technique": "electron", "intent": "boost", "high_risk": "documented",
    }  # fmt: skip
    assert assess(NIA, given_answers).provisions == ("N7",)
    assert assess(NIA, {**given_answers, "site": "fibromatosis"}).provisions == ("N9",)


def test_one_effect_from_several_provisions_is_settled_and_names_them_all() -> None:
    rows = [("A", "margin is close", "x"), ("B", "margin is positive", "x"), ("C", "always", "x")]
    verdict = assess(Edition.read("made_up", VOCABULARY, rows), {})
    assert (verdict.effect, verdict.missing, verdict.provisions) == ("x", (), ("A", "B", "C"))


def test_reasons_are_given_for_all_provisions_or_for_those_named() -> None:
    assert list(reasons(FEP, RECTAL)) == ["F0", "F1", "F1r", "F2"]
    assert reasons(FEP, RECTAL, ["F0"])["F0"].truth == "not_met"
    assert reasons(FEP, RECTAL)["F1"].truth == "unknown"


def test_only_relevant_questions_are_asked_and_the_core_always() -> None:
    assert tuple(relevant_facts(VOCABULARY, CORE, [FEP], {"site": "lung"})) == CORE
    found = relevant_facts(VOCABULARY, CORE, [FEP], {"site": "rectum", "t_stage": "t3", "margin": "close"})
    assert tuple(found) == (*CORE, "downstaged_from_t4", "margin_basis", "technique")


def test_a_question_comes_with_the_editions_that_it_can_change_and_a_core_one_may_change_none() -> None:
    assert relevant_facts(VOCABULARY, CORE, [FEP], {"site": "lung"}) == {
        "site": {0}, "t_stage": set(), "margin": set(), "recurrence": set(),
    }  # fmt: skip
    given_answers: dict[str, Answer] = {"site": "rectum", "margin": "close"}
    found = relevant_facts(VOCABULARY, CORE, [FEP, *ROWS], given_answers)
    assert found["technique"] == {0}
    assert found["margin_basis"] == {0}  # nccn-rectal asks for it of a positive margin alone
    assert found["intent"] == {1 + ROWS.index(NCCN_RECTAL), 1 + ROWS.index(NCCN_COLON)}


def test_two_answers_that_make_each_other_irrelevant_do_not_both_drop_out() -> None:
    rows = [("A", "intent is boost or preop_ebrt is yes", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", VOCABULARY, rows)
    given_answers: dict[str, Answer] = {"intent": "boost", "preop_ebrt": "yes"}
    assert tuple(relevant_facts(VOCABULARY, (), [edition], given_answers)) == ("intent",)


def test_a_later_answer_does_not_make_an_earlier_question_irrelevant() -> None:
    criteria = "intent is boost and (central_recurrence is yes or preop_ebrt is yes)"
    edition = Edition.read("made_up", VOCABULARY, [("A", criteria, "x"), ("B", "always", "y")])
    given_answers: dict[str, Answer] = {"intent": "boost", "central_recurrence": "yes", "preop_ebrt": "yes"}
    assert tuple(relevant_facts(VOCABULARY, (), [edition], given_answers)) == ("intent", "central_recurrence")


def test_rows_bring_questions_of_their_own() -> None:
    given_answers: dict[str, Answer] = {"site": "rectum", "margin": "close"}
    assert "intent" not in relevant_facts(VOCABULARY, CORE, [FEP], given_answers)
    assert "intent" in relevant_facts(VOCABULARY, CORE, [FEP, *ROWS], given_answers)


def test_an_answer_that_leaves_open_which_narrower_one_it_is_leaves_the_verdict_open_where_it_matters() -> None:
    """T4 may be T4a, T4b or neither: where a policy asks for T4a, the T category is still missing."""
    edition = Edition.read(
        "made_up",
        VOCABULARY,
        [("P1", "t_stage is t4a and margin is positive", "criteria_met"), ("P2", "always", "investigational")],
    )
    found = assess(edition, {"t_stage": "t4", "margin": "positive"})
    assert (found.possible, found.missing) == (("criteria_met", "investigational"), ("t_stage",))
    assert assess(edition, {"t_stage": "t4", "margin": "close"}).effect == "investigational"
    assert assess(edition, {"t_stage": "t4b", "margin": "positive"}).effect == "investigational"
