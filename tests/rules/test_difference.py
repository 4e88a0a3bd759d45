from collections import Counter
from decimal import Decimal
from itertools import product
from math import prod
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules import difference as difference_module
from coverage_app.rules.common import common_vocabulary
from coverage_app.rules.difference import Change, Difference, compare
from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary
from tests.support.examples import examples

from . import brute
from .brute_audit import effect, smallest
from .real import FEP, NIA, PAYERS, VOCABULARY
from .strategies import EFFECTS, editions, vocabularies

Row = tuple[str, str, str]


def read(*rows: Row, vocabulary: Vocabulary = VOCABULARY) -> Edition:
    return Edition.read("made_up", vocabulary, [*rows, ("Z", "always", "other")])


def renamed(vocabulary: Vocabulary) -> Vocabulary:
    """The same with the site for its second fact, where it is one that can be."""
    facts = list(vocabulary)
    if len(facts) > 1:
        facts[1] = Fact("site", "choice", values=tuple(Value(code) for code in ("colon", "lung", "anus")))
    return Vocabulary(tuple(facts))


@st.composite
def successions(draw: st.DrawFn) -> tuple[Edition, Edition]:
    """An edition and the one that replaces it, over the same or another vocabulary."""
    old = new = renamed(draw(vocabularies()))
    if draw(st.booleans()):
        new = draw(vocabularies())
    return draw(editions(old)), draw(editions(new))


@given(successions())
@examples(80)
def test_the_counts_are_those_of_counting_every_case(pair: tuple[Edition, Edition]) -> None:
    before, after = pair
    try:
        vocabulary = common_vocabulary(before, after)
    except EditionError:
        return
    cases = list(brute.fillings(vocabulary, {}))
    found = compare(before, after)
    assert found.total == len(cases)
    assert found.facts == tuple(fact.code for fact in vocabulary)
    assert found.matrix == Counter((effect(before, case), effect(after, case)) for case in cases)
    expected = Counter((case.get("site"), effect(before, case), effect(after, case)) for case in cases)
    counts = {(change.site, change.before, change.after): change.cases for change in found.changes}
    assert counts == {key: count for key, count in expected.items() if key[1] != key[2]}
    assert list(counts) == sorted(counts, key=lambda key: (key[0] or "", key[1:]))
    assert found.changed == sum(counts.values())


@given(successions())
@examples(40)
def test_an_example_settles_both_editions_and_no_smaller_one_does(pair: tuple[Edition, Edition]) -> None:
    before, after = pair
    try:
        vocabulary = common_vocabulary(before, after)
    except EditionError:
        return
    for change in compare(before, after).changes:
        cases = list(brute.fillings(vocabulary, change.example, complete=True))
        assert {(effect(before, case), effect(after, case)) for case in cases} == {(change.before, change.after)}
        assert change.example == smallest_change(vocabulary, before, after, change)


def smallest_change(
    vocabulary: Vocabulary, before: Edition, after: Edition, change: Change
) -> dict[str, Answer] | None:
    """By brute force: the site is given, and of the other facts the fewest."""
    given_site: dict[str, Answer] = {} if change.site is None else {"site": change.site}
    others = Vocabulary(tuple(fact for fact in vocabulary if fact.code not in given_site))
    wanted = (change.before, change.after)
    found = smallest(
        others, lambda case: (effect(before, {**case, **given_site}), effect(after, {**case, **given_site})) == wanted
    )
    return None if found is None else {**found, **given_site}


@pytest.mark.parametrize("edition", PAYERS, ids=lambda edition: edition.code)
def test_an_edition_does_not_differ_from_itself(edition: Edition) -> None:
    found = compare(edition, edition)
    assert (found.changes, found.changed) == ((), 0)
    assert sum(found.matrix.values()) == found.total
    assert all(before == after for before, after in found.matrix)


def test_t4_and_what_is_narrower_count_as_three_values_and_an_age_as_121() -> None:
    found = compare(read(), read(("A", "t_stage is t4 and age < 18", "x")))
    assert found == Difference(
        ("t_stage", "age"),
        9 * 121,
        {("other", "other"): 9 * 121 - 3 * 18, ("other", "x"): 3 * 18},
        (Change(None, "other", "x", 54, {"t_stage": "t4", "age": Decimal(0)}),),
    )


def test_each_site_has_a_row_and_an_example_of_its_own() -> None:
    before = read(("A", "site in (lung, colon) and intent is boost", "x"))
    after = read(("A", "site is lung and intent is boost", "x"), ("B", "site is anus", "y"))
    assert compare(before, after).changes == (
        Change("anus", "other", "y", 2, {"site": "anus"}),
        Change("colon", "x", "other", 1, {"site": "colon", "intent": "boost"}),
    )


def test_a_change_that_is_the_same_at_all_sites_is_told_for_each() -> None:
    found = compare(read(("A", "site is lung", "y")), read(("A", "site is lung", "y"), ("B", "margin is close", "x")))
    assert [change.site for change in found.changes] == sorted(set(VOCABULARY["site"].domain) - {"lung"})
    assert found.changes[0].example == {"site": "anus", "margin": "close"}


def test_a_value_added_later_is_compared_as_what_the_older_edition_does_not_have() -> None:
    t4, t4a = Value("t4"), Value("t4a", "", "t4")
    old = read(("A", "t_stage is t4", "x"), vocabulary=Vocabulary((Fact("t_stage", "choice", values=(t4,)),)))
    new = read(("A", "t_stage is t4", "x"), vocabulary=Vocabulary((Fact("t_stage", "choice", values=(t4, t4a)),)))
    assert compare(old, new).changes == (Change(None, "other", "x", 1, {"t_stage": "t4a"}),)
    assert compare(new, old).changes == (Change(None, "x", "other", 1, {"t_stage": "t4a"}),)


def test_thresholds_between_the_steps_of_the_other_edition_are_exact() -> None:
    fine = Fact("size", "number", least=Decimal(0), greatest=Decimal(4), step=Decimal("0.5"))
    coarse = Fact("size", "number", least=Decimal(0), greatest=Decimal(6), step=Decimal(1))
    before = read(("A", "size > 1.5", "x"), vocabulary=Vocabulary((fine,)))
    after = read(("A", "size > 2", "x"), vocabulary=Vocabulary((coarse,)))
    found = compare(before, after)
    assert found.total == 13
    assert found.changes == (Change(None, "x", "other", 1, {"size": Decimal(2)}),)


def test_only_what_decides_is_compared_not_by_which_provision() -> None:
    before = read(("A", "margin is close", "x"), ("B", "intent is boost", "x"))
    after = read(("B", "intent is boost", "x"), ("C", "margin is close", "x"))
    assert compare(before, after).changes == ()


def changed_nia() -> Edition:
    """NIA from forty-five years on, with lung cancer for review, and without N7r."""
    rows = [
        (p.id, str(p.criteria).replace("age >= 50", "age >= 45"), p.effect) for p in NIA.provisions if p.id != "N7r"
    ]
    return Edition.read("nia", VOCABULARY, [("N0", "site is lung and margin is positive", "physician_review"), *rows])


def test_a_changed_nia_is_counted_site_by_site() -> None:
    found = compare(NIA, changed_nia())
    sizes = {fact.code: len(brute.grid(fact)) for fact in VOCABULARY}
    assert found.total == prod(sizes.values()) // sizes["clinical_trial"] == 13_006_946_304
    rows = [(change.site, change.before, change.after, change.cases) for change in found.changes]
    assert rows[:3] == [
        ("breast", "investigational", "criteria_met", 240),
        ("breast", "investigational", "physician_review", 414_480),
        ("cervix", "physician_review", "investigational", 191_315_520),
    ]
    assert {change.site for change in found.changes} == {
        "breast", "cervix", "colon", "lung", "rectosigmoid", "rectum", "sarcoma_extremity", "sarcoma_other",
        "sarcoma_retroperitoneal", "sarcoma_trunk",
    }  # fmt: skip
    assert found.changes[1].example == {
        "site": "breast", "t_stage": "tis", "margin": "negative", "recurrence": "primary", "technique": "electron",
        "age": Decimal(45), "nodes": "clinically_negative",
    }  # fmt: skip


def test_fep_and_nia_can_be_compared_too() -> None:
    found = compare(FEP, NIA)
    assert ("not_addressed", "investigational") in found.matrix
    assert sum(found.matrix.values()) == found.total


def many(count: int) -> Vocabulary:
    return Vocabulary(tuple(Fact(f"{letter}{n}", "yes_no") for letter in "ab" for n in range(count)))


def test_two_hundred_facts_are_counted_exactly() -> None:
    text = " and ".join(f"{letter}{n} is yes" for letter in "ab" for n in range(100))
    found = compare(read(vocabulary=many(100)), read(("A", text, "x"), vocabulary=many(100)))
    assert found.total == 2**200
    assert found.matrix == {("other", "other"): 2**200 - 1, ("other", "x"): 1}
    assert len(found.changes[0].example) == 200


def test_ten_thousand_conditions_are_compared_within_seconds() -> None:
    sites = VOCABULARY["site"].domain
    parts = [f"(site is {sites[n % 25]} and age >= {n % 119} and not t_stage is t{n % 3 + 1})" for n in range(3400)]
    start = perf_counter()
    found = compare(read(("A", " or ".join(parts[:-40]), "x")), read(("A", " or ".join(parts), "x")))
    assert perf_counter() - start < 10
    assert sum(found.matrix.values()) == found.total


def test_editions_with_too_many_facts_between_them_are_refused_by_name() -> None:
    one = read(("A", " or ".join(f"a{n} is yes" for n in range(101)), "x"), vocabulary=many(101))
    other = read(("A", " or ".join(f"b{n} is yes" for n in range(101)), "x"), vocabulary=many(101))
    with pytest.raises(EditionError, match="made_up and made_up are too complex to be compared exactly: at most 200"):
        compare(one, other)


def test_editions_that_explode_together_are_refused() -> None:
    text = " or ".join(f"(a{n} is yes and b{n} is yes)" for n in range(40))
    with pytest.raises(EditionError, match="too complex to be compared exactly"):
        compare(read(vocabulary=many(40)), read(("A", text, "x"), vocabulary=many(40)))


def test_more_changes_than_can_be_listed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference_module, "CHANGES_LIMIT", 25)
    before = read(*((f"P{n}", f"site is {site}", f"e{n}") for n, site in enumerate(VOCABULARY["site"].domain)))
    with pytest.raises(EditionError, match="more than 25 ways"):
        compare(before, read())


def test_every_pair_of_effects_can_change() -> None:
    pairs = list(zip(VOCABULARY["site"].domain, product(EFFECTS, EFFECTS), strict=False))
    before = read(*((f"P{n}", f"site is {site}", effects[0]) for n, (site, effects) in enumerate(pairs)))
    after = read(*((f"P{n}", f"site is {site}", effects[1]) for n, (site, effects) in enumerate(pairs)))
    expected = [Change(site, *effects, 1, {"site": site}) for site, effects in pairs if effects[0] != effects[1]]
    assert compare(before, after).changes == tuple(sorted(expected, key=lambda change: str(change.site)))
