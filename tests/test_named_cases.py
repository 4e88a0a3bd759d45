"""Named cases, written out by hand from the documents, against the criteria in fixtures/ and the rules core.

The expectations of ``named_cases.yaml`` come from reading the policies, never from this product's code. Provisions,
statements and the vocabulary are read straight from the fixture files, so that no database stands in between.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coverage_app.rules.edition import Edition
from coverage_app.rules.verdict import assess
from coverage_app.rules.vocabulary import Vocabulary

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NAMED = yaml.load(Path(__file__).with_name("named_cases.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
PAYERS = ("bcbsma", "fep", "nia")
GUIDELINES = ("abs", "nccn")
NOTHING_MET = ("-", "always", "conditions_not_met")


@cache
def document(code: str) -> dict[str, Any]:
    """The fixture file of one document, as plain data."""
    data: dict[str, Any] = yaml.load((FIXTURES / f"{code}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return data


@cache
def vocabulary() -> Vocabulary:
    """The facts of the fixtures; a value's ``broader`` is its parent in the rules core."""
    facts = document("vocabulary")["facts"]
    return Vocabulary.from_data(
        [fact | {"values": [_value(each) for each in fact.get("values", [])]} for fact in facts]
    )


def _value(value: dict[str, Any]) -> dict[str, Any]:
    """One value of a fact, in the names of the rules core."""
    return {**value, "parent": value.get("broader")}


def in_force(editions: Iterable[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The edition with the latest start on or before the day (a start is inclusive), or none."""
    begun = [edition for edition in editions if edition["in_force"] <= day]
    return max(begun, key=lambda edition: edition["in_force"], default=None)


@cache
def payer_edition(payer: str, day: date) -> Edition | None:
    """The rules of the payer's edition in force on the day, or none."""
    found = in_force(document(payer)["editions"], day)
    if found is None:
        return None
    provisions = [(each["id"], each["criteria"], each["effect"]) for each in found["provisions"]]
    return Edition.read(payer, vocabulary(), provisions)


@cache
def rows() -> dict[str, Edition]:
    """Every guideline row as rules: its statements, closed by "conditions not met" where none is always met."""
    found = {}
    for guideline in GUIDELINES:
        for row in document(guideline)["editions"][-1]["rows"]:
            statements = [
                (str(number), each["criteria"], each["stance"])
                for number, each in enumerate(row["statements"], start=1)
            ]
            if statements[-1][1] != "always":
                statements.append(NOTHING_MET)
            found[row["id"]] = Edition.read(row["id"], vocabulary(), statements)
    return found


def by_name(cases: list[dict[str, Any]]) -> list[Any]:
    """The cases as parameters of a test, each under its name."""
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", by_name(NAMED["payer_cases"]))
def test_payer_case(case: dict[str, Any]) -> None:
    """The payer's verdict, what is still possible, what is missing and what can decide are those written by hand."""
    edition = payer_edition(case["payer"], case["dos"])
    found: dict[str, Any]
    if edition is None:
        found = {"verdict": "no_edition", "possible": [], "missing": [], "provisions": []}
    else:
        verdict = assess(edition, vocabulary().check(case["answers"]))
        found = {
            "verdict": verdict.effect,
            "possible": list(verdict.possible),
            "missing": list(verdict.missing),
            "provisions": sorted(verdict.provisions),
        }
    assert found == {field: case[field] for field in found}, case["why"]


@pytest.mark.parametrize("case", by_name(NAMED["row_cases"]))
def test_row_case(case: dict[str, Any]) -> None:
    """The stance of the guideline row is the one written by hand, and the case is one of the row's sites."""
    assert assess(rows()[case["row"]], vocabulary().check(case["answers"])).effect == case["stance"], case["why"]
    assert case["answers"]["site"] in _sites(case["row"])


def _sites(row_id: str) -> list[str]:
    """The sites to which a guideline row applies, groups spelled out."""
    every = [row for guideline in GUIDELINES for row in document(guideline)["editions"][-1]["rows"]]
    sites = next(row["sites"] for row in every if row["id"] == row_id)
    return [site for named in sites for site in vocabulary()["site"].covered(named)]


def test_there_are_at_least_sixty_cases_each_with_its_own_name() -> None:
    """The table has at least 60 payer cases, and no name stands twice."""
    names = [case["name"] for case in NAMED["payer_cases"] + NAMED["row_cases"]]
    assert len(NAMED["payer_cases"]) >= 60
    assert len(names) == len(set(names))


@pytest.mark.parametrize("payer", PAYERS)
def test_every_provision_decides_a_named_case(payer: str) -> None:
    """No provision of a payer is without a case in which it alone decides."""
    provisions = {each["id"] for edition in document(payer)["editions"] for each in edition["provisions"]}
    cases = [case for case in NAMED["payer_cases"] if case["payer"] == payer]
    alone = {case["provisions"][0] for case in cases if len(case["provisions"]) == 1}
    assert alone == provisions


def test_every_stance_of_every_row_has_a_named_case() -> None:
    """All 22 rows are there, each of a row's stances has a case, and so has "undetermined" where it can be."""
    stances: dict[str, set[str]] = {row_id: set() for row_id in rows()}
    for case in NAMED["row_cases"]:
        stances[case["row"]].add(case["stance"])
    assert len(stances) == 22
    for row_id, edition in rows().items():
        reachable = assess(edition, {}).possible
        assert stances[row_id] == {*reachable, *(["undetermined"] if len(reachable) > 1 else [])}, row_id
