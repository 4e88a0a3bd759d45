"""The benchmark compares like with like."""

from zen import ZenEngine

from coverage_app.rules.verdict import effect_of

from .__main__ import context
from .material import Policies, cases
from .table import decision_table


def test_the_decision_table_says_what_the_edition_says_of_every_complete_case() -> None:
    policies = Policies.read()
    fep = policies.payers["fep"]
    zen = ZenEngine().create_decision(decision_table(fep))
    complete = cases(policies.vocabulary, 500, seed=1, complete=True)
    said = [zen.evaluate(context(fep, case))["result"]["effect"] for case in complete]
    assert said == [effect_of(fep, case) for case in complete]
    assert set(said) == {provision.effect for provision in fep.provisions}


def test_a_row_for_a_group_of_sites_is_asked_at_each_of_them_and_at_no_group() -> None:
    policies = Policies.read()
    assert "soft_tissue_sarcoma" not in policies.rows
    for site in policies.vocabulary["site"].covered("soft_tissue_sarcoma"):
        assert "nccn-soft-tissue-sarcoma" in {row.code for row in policies.rows[site]}


def test_the_made_up_cases_are_varied_and_the_same_for_a_seed() -> None:
    vocabulary = Policies.read().vocabulary
    some = cases(vocabulary, 300, seed=1)
    assert some == cases(vocabulary, 300, seed=1)
    assert len({tuple(case.items()) for case in some}) > 295
    assert {case["site"] for case in some} == set(vocabulary["site"].domain)
