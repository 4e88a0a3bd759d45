"""The audit of an edition, held against brute force, on named examples, and on the editions on file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.audit import KINDS, Finding, Kind, audit
from coverage_app.rules.common import common_vocabulary
from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary
from tests.bench.material import Policies
from tests.support.examples import examples

from . import brute_audit
from .real import NIA, VOCABULARY
from .strategies import cases, editions, vocabularies

Row = tuple[str, str, str]


def read(*rows: Row, vocabulary: Vocabulary = VOCABULARY) -> Edition:
    return Edition.read("made_up", vocabulary, [*rows, ("Z", "always", "other")])


def of(kind: Kind, edition: Edition, previous: Edition | None = None) -> list[Finding]:
    return [finding for finding in audit(edition, previous) if finding.kind == kind]


edition_alone = cases().map(lambda case: case[0])


@given(edition_alone)
@examples(60)
def test_a_provision_never_decides_exactly_when_it_decides_no_complete_case(edition: Edition) -> None:
    found = {finding.provisions: finding.example for finding in of("never_decides", edition)}
    assert found == brute_audit.never_decides(edition)


@given(edition_alone)
@examples(60)
def test_a_leaf_is_idle_exactly_when_a_constant_in_its_place_changes_no_case(edition: Edition) -> None:
    found = of("idle_leaf", edition)
    places = {(finding.provisions[0], finding.leaf_index): finding.constant for finding in found}
    assert places == brute_audit.idle_leaves(edition)
    for finding in found:
        leaves = edition.by_id[finding.provisions[0]].criteria.leaves
        assert finding.leaf_index is not None
        assert finding.leaf == str(leaves[finding.leaf_index])


@given(edition_alone)
@examples(60)
def test_two_provisions_conflict_exactly_when_both_hold_where_the_first_decides(edition: Edition) -> None:
    found = of("conflict", edition)
    assert {finding.provisions: finding.example for finding in found} == brute_audit.conflicts(edition)
    for finding in found:
        assert finding.winner == finding.provisions[0]
        assert finding.effects == tuple(edition.by_id[identity].effect for identity in finding.provisions)


@given(edition_alone)
@examples(60)
def test_a_fact_is_idle_exactly_when_no_two_cases_differ_in_it_alone_and_in_effect(edition: Edition) -> None:
    assert {finding.fact: finding.provisions for finding in of("idle_fact", edition)} == brute_audit.idle_facts(edition)


@st.composite
def successions(draw: st.DrawFn) -> tuple[Edition, Edition]:
    old = new = draw(vocabularies())
    if draw(st.booleans()):
        new = draw(vocabularies())
    return draw(editions(new)), draw(editions(old))


@given(successions())
@examples(60)
def test_cases_fell_to_always_exactly_when_another_provision_decided_them_before(pair: tuple[Edition, Edition]) -> None:
    edition, previous = pair
    try:
        common = common_vocabulary(previous, edition)
    except EditionError:
        return
    found = of("fell_to_always", edition, previous)
    expected = brute_audit.fell_to_always(edition, previous, common)
    assert {finding.earlier: finding.example for finding in found} == expected
    closing = edition.provisions[-1]
    for finding in found:
        assert finding.provisions == (closing.id,)
        assert finding.effects == (previous.by_id[finding.earlier].effect, closing.effect)


@given(successions())
@examples(20)
def test_findings_stand_in_order_each_with_a_key_of_its_own(pair: tuple[Edition, Edition]) -> None:
    try:
        found = audit(*pair)
    except EditionError:
        return
    order = [provision.id for provision in pair[0].provisions]
    places = [(order.index(finding.provisions[0]), KINDS.index(finding.kind)) for finding in found]
    assert places == sorted(places)
    assert len({finding.key for finding in found}) == len(found)


def test_what_stands_behind_a_wider_provision_never_decides() -> None:
    edition = read(
        ("A", "margin in (close, positive)", "x"),
        ("B", "intent is sole", "y"),
        ("C", "margin is close and central_recurrence is yes", "y"),
    )
    (finding,) = of("never_decides", edition)
    assert finding.provisions == ("C", "A")
    assert finding.example == {"margin": "close", "central_recurrence": "yes"}


def test_all_that_take_a_provisions_cases_are_named() -> None:
    edition = read(
        ("A", "margin is close", "x"), ("B", "intent is sole", "y"), ("C", "margin is close or intent is sole", "y")
    )
    (finding,) = of("never_decides", edition)
    assert finding.provisions == ("C", "A", "B")


def test_criteria_that_can_never_hold_are_named_alone() -> None:
    edition = read(("A", "t_stage is t4a and not t_stage is t4", "x"))
    (finding,) = of("never_decides", edition)
    assert (finding.provisions, finding.example) == (("A",), None)
    assert of("idle_leaf", edition) == []


def test_the_closing_always_can_be_out_of_reach_too() -> None:
    edition = read(("A", "intent is boost", "x"), ("B", "not intent is boost", "y"))
    (finding,) = of("never_decides", edition)
    assert (finding.provisions, finding.example) == (("Z", "A", "B"), {})


@pytest.mark.parametrize(
    ("criteria", "leaf", "constant"),
    [
        ("t_stage is t4a and t_stage is t4", "t_stage is t4", True),
        ("t_stage is t4a or t_stage is t4", "t_stage is t4a", False),
        ("margin is close or intent is sole and margin is not close", "margin is not close", True),
        ("not (margin is close and t_stage is t4) and margin is close", "margin is close", True),
        ("intent is sole and (margin is close or age >= 0)", "margin is close", None),
        ("intent is sole and age >= 0", "age >= 0", True),
    ],
)
def test_an_idle_leaf_says_what_could_stand_for_it(criteria: str, leaf: str, constant: bool | None) -> None:
    found = {finding.leaf: finding.constant for finding in of("idle_leaf", read(("A", criteria, "x")))}
    assert found[leaf] is constant


def test_a_leaf_that_an_earlier_provision_leaves_nothing_to_is_idle() -> None:
    criteria = "intent is sole and (central_recurrence is yes or margin is close)"
    edition = read(("A", "margin is close", "x"), ("B", criteria, "y"))
    (finding,) = of("idle_leaf", edition)
    assert (finding.provisions, finding.leaf, finding.leaf_index, finding.constant) == (
        ("B",),
        "margin is close",
        2,
        False,
    )


def test_of_two_equal_leaves_each_is_idle_beside_the_other() -> None:
    first, second = of("idle_leaf", read(("A", "intent is sole or intent is sole", "x")))
    assert (first.leaf_index, second.leaf_index) == (0, 1)
    assert first.key != second.key


def test_a_conflict_says_who_wins_and_shows_the_smallest_case() -> None:
    edition = read(("A", "margin is close", "x"), ("B", "intent is sole", "y"), ("C", "margin is not positive", "x"))
    (finding, _) = of("conflict", edition)
    assert (finding.provisions, finding.winner, finding.effects) == (("A", "B"), "A", ("x", "y"))
    assert finding.example == {"margin": "close", "intent": "sole"}


def test_an_overlap_that_a_third_provision_takes_before_both_is_no_conflict() -> None:
    edition = read(
        ("A", "margin is close and intent is sole", "z"), ("B", "margin is close", "x"), ("C", "intent is sole", "y")
    )
    assert [finding.provisions for finding in of("conflict", edition)] == [("A", "B"), ("A", "C")]


def test_the_closing_always_conflicts_with_nothing() -> None:
    assert of("conflict", read(("A", "margin is close", "x"))) == []


def test_a_fact_that_only_chooses_between_provisions_of_one_effect_is_idle() -> None:
    edition = read(("A", "margin is close and intent is sole", "x"), ("B", "margin is close", "x"))
    (finding,) = of("idle_fact", edition)
    assert (finding.fact, finding.provisions) == ("intent", ("A",))


def test_cases_that_now_fall_to_always_are_told_with_both_effects() -> None:
    previous = read(("A", "margin in (close, positive)", "x"), ("B", "intent is sole", "other"))
    edition = read(("A", "margin is positive", "x"))
    first, second = of("fell_to_always", edition, previous)
    assert (first.provisions, first.earlier, first.effects) == (("Z",), "A", ("x", "other"))
    assert first.example == {"margin": "close"}
    assert (second.earlier, second.effects) == ("B", ("other", "other"))
    assert second.example == {"margin": "negative", "intent": "sole"}


def test_a_value_that_the_new_edition_dropped_falls_to_always() -> None:
    close, positive = Value("close"), Value("positive")
    rows = [("A", "margin is close", "x")]
    wide, narrow = (Vocabulary((Fact("margin", "choice", values=v),)) for v in ((close, positive), (close,)))
    previous = read(("A", "margin in (close, positive)", "x"), vocabulary=wide)
    (finding,) = of("fell_to_always", read(*rows, vocabulary=narrow), previous)
    assert (finding.earlier, finding.example) == ("A", {"margin": "positive"})


def test_a_finding_is_known_again_after_an_edit_beside_it() -> None:
    rows = [("A", "margin is close", "x"), ("B", "intent is sole", "y"), ("C", "age >= 0 and site is colon", "y")]
    before = audit(read(*rows))
    after = audit(read(("N", "site is lung", "z"), *rows, ("M", "site is anus", "y")))
    assert {finding.kind for finding in before} == {"conflict", "idle_leaf", "idle_fact"}
    assert {finding.key for finding in before} - {finding.key for finding in after} == set()


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "margin is positive", "x"), ("B", "intent is sole", "y")],
        [("A", "margin is close", "x"), ("C", "intent is sole", "y")],
        [("A", "margin is close", "z"), ("B", "intent is sole", "y")],
    ],
)
def test_a_finding_on_other_criteria_provisions_or_effects_is_another(rows: list[Row]) -> None:
    (before,) = audit(read(("A", "margin is close", "x"), ("B", "intent is sole", "y")))
    (after,) = audit(read(*rows))
    assert before.key != after.key


# What stands in a wider provision for review decides only what the narrower one before it leaves over. Each of these
# pairs is meant (reading.md, section 3, "RECTAL? is the wide one"): the narrower provision comes first and wins.
READ = [
    ("fep", "F1", "F1r"),  # F1r adds: anticipated, indeterminate or negative margins, distant, rectosigmoid, LDR
    ("bcbsma", "B1", "B1r"),  # the same, and HDR
    ("nia", "N1", "N1r"),  # N1r adds: Tis, outside the suitable group, a close margin, recurrence, radiation, a boost
    ("nia", "N3", "N3r"),  # N3r adds: regional and not central, radiation of this course, all but electrons
    ("nia", "N3", "N7r"),  # a positive margin or high risk with a boost: N3 is the narrower paragraph
    ("nia", "N4", "N4r"),  # N4r adds: distant recurrence, a T4 primary, IORT alone after an earlier course, x-ray
    ("nia", "N4", "N7r"),
    ("nia", "N6", "N6r"),
    ("nia", "N6", "N7r"),
    ("nia", "N7", "N7r"),  # N7r adds: all but electrons, a margin only anticipated, a high risk only asserted
]
# Written so that the second alternative can be read by itself: a boost is covered by the first one already.
REPEATED = [("nia", "N4r", "intent is sole"), ("nia", "N7r", "intent is sole")]


@pytest.fixture(scope="module")
def payers() -> dict[str, Edition]:
    return Policies.read().payers


def test_the_real_editions_have_no_findings_but_overlaps_and_repetitions_that_are_meant(
    payers: dict[str, Edition],
) -> None:
    found = [(code, finding) for code in ("fep", "bcbsma", "nia") for finding in audit(payers[code])]
    assert [(code, *finding.provisions) for code, finding in found if finding.kind == "conflict"] == READ
    idle = [(code, *f.provisions, f.leaf) for code, f in found if f.kind == "idle_leaf"]
    assert idle == REPEATED
    assert len(found) == len(READ) + len(REPEATED)


def test_recurrent_colon_cancer_is_where_n4_and_n4r_overlap(payers: dict[str, Edition]) -> None:
    example: dict[str, Answer] = {"site": "colon", "recurrence": "local", "technique": "electron", "intent": "boost"}
    (finding,) = [finding for finding in audit(payers["nia"]) if finding.provisions == ("N4", "N4r")]
    assert (finding.winner, finding.effects) == ("N4", ("criteria_met", "physician_review"))
    assert finding.example == example


def test_without_the_wide_reading_of_rectal_cancer_its_cases_fall_to_n9() -> None:
    rows = [(p.id, str(p.criteria), p.effect) for p in NIA.provisions if p.id != "N6r"]
    (finding,) = of("fell_to_always", Edition.read("nia", VOCABULARY, rows), NIA)
    assert (finding.provisions, finding.earlier) == (("N9",), "N6r")
    assert finding.effects == ("physician_review", "investigational")
    assert finding.example == {"site": "rectum", "margin": "close", "recurrence": "distant", "intent": "sole"}
