"""The fixtures against the policies as plain Python: two independent ways to one answer, on cases made up at random."""

from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coverage_app.rules.care import regions_of
from coverage_app.rules.conditions import Conditions
from coverage_app.rules.criteria import parse
from coverage_app.rules.store import NO
from coverage_app.rules.verdict import assess
from tests import policies_by_hand as by_hand
from tests.support.examples import examples
from tests.test_named_cases import PAYERS, document, payer_edition, rows, vocabulary

ANY_DAY = document("nia")["editions"][-1]["in_force"].replace(year=2026)


def _rules(payer: str) -> Any:
    return payer_edition(payer, ANY_DAY)


def _answers(case: dict[str, Any]) -> dict[str, Any]:
    """The case as the rules take it: an age is a decimal number."""
    return {fact: Decimal(answer) if isinstance(answer, int) else answer for fact, answer in case.items()}


@st.composite
def cases(draw: st.DrawFn, sites: tuple[str, ...], facts: tuple[str, ...], absent: int) -> dict[str, Any]:
    """A complete case of one of the sites, of which up to ``absent`` of the answers to ``facts`` are left out."""
    case = {fact: draw(st.sampled_from(values)) for fact, values in by_hand.ANSWERS.items()}
    case["site"] = draw(st.sampled_from(sites))
    left_out = draw(st.lists(st.sampled_from(facts), max_size=absent, unique=True)) if facts else []
    return {fact: answer for fact, answer in case.items() if fact not in left_out}


def test_the_vocabulary_has_the_same_facts_and_answers_in_the_same_order() -> None:
    """Nothing that can be answered is missing from the second way, and nothing is in it besides."""
    found = {
        fact.code: fact.domain or tuple(range(int(fact.limits[0]), int(fact.limits[1]) + 1)) for fact in vocabulary()
    }
    assert list(found) == list(by_hand.ANSWERS)
    assert found == by_hand.ANSWERS


@pytest.mark.parametrize("payer", PAYERS)
@examples(400)
@given(data=st.data())
def test_a_complete_case_is_decided_by_the_same_provision(payer: str, data: st.DataObject) -> None:
    """The provision that decides a complete case and its effect are those of the plain Python."""
    sites = tuple(by_hand.ASKED[payer]) if data.draw(st.booleans()) else tuple(by_hand.SITES)
    case = data.draw(cases(sites, (), 0))
    verdict = assess(_rules(payer), _answers(case))
    assert (verdict.provisions, verdict.effect) == ((by_hand.PAYERS[payer](case)[0],), by_hand.PAYERS[payer](case)[1])


@pytest.mark.parametrize("payer", PAYERS)
@examples(25)
@given(data=st.data())
def test_an_incomplete_case_has_the_same_verdict_and_lacks_the_same_facts(payer: str, data: st.DataObject) -> None:
    """What is possible, what is missing and what can decide are found by trying every filling."""
    site = data.draw(st.sampled_from(sorted(by_hand.ASKED[payer])))
    case = data.draw(cases((site,), by_hand.ASKED[payer][site], 5))
    verdict = assess(_rules(payer), _answers(case))
    assert by_hand.payer_verdict(payer, case) == {
        "verdict": verdict.effect,
        "possible": list(verdict.possible),
        "missing": list(verdict.missing),
        "provisions": sorted(verdict.provisions),
    }


@pytest.mark.parametrize("row", by_hand.ROWS)
@examples(25)
@given(data=st.data())
def test_a_row_takes_the_same_stance(row: str, data: st.DataObject) -> None:
    """The stance on a case of one of the row's sites, with up to two answers left out."""
    sites, facts, _ = by_hand.ROWS[row]
    case = data.draw(cases(sites, facts, 2))
    assert by_hand.stance(row, case) == assess(rows()[row], _answers(case)).effect


@pytest.mark.parametrize("payer", PAYERS)
def test_every_case_that_the_text_does_not_settle_has_a_reason(payer: str) -> None:
    """Exact, over all complete cases: where a provision sends to review unasked, one of its reasons is met."""
    rules = _rules(payer)
    data = {each["id"]: each for each in document(payer)["editions"][-1]["provisions"]}
    reasons = {
        code: [parse(reason["criteria"], vocabulary()) for reason in each.get("reasons", [])]
        for code, each in data.items()
    }
    every = [provision.criteria for provision in rules.provisions] + [one for each in reasons.values() for one in each]
    conditions = Conditions(vocabulary(), every)
    regions = regions_of(conditions, rules.provisions)
    for provision, decided in zip(rules.provisions, regions.decided, strict=True):
        if provision.effect != "physician_review":
            continue
        if data[provision.id].get("asked_by_policy"):
            assert not reasons[provision.id]
            continue
        said = conditions.store.fold("or", [conditions.of(reason) for reason in reasons[provision.id]])
        unexplained = conditions.store.combine("and", decided, conditions.negated(said))
        assert unexplained is NO, provision.id
