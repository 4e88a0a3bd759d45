from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.edition import Edition
from coverage_app.rules.turning import Change, TurningPoint, depends_on, turning_points
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary
from tests.support.examples import examples

from . import brute
from .real import FEP, VOCABULARY
from .strategies import cases

RECTAL: dict[str, Answer] = {
    "site": "rectum", "t_stage": "t4", "margin": "close", "recurrence": "primary", "margin_basis": "final",
    "technique": "electron",
}  # fmt: skip


def written_out(edition: Edition, points: tuple[TurningPoint, ...]) -> brute.Changed:
    """Each single way of changing the answers, with its outcome; none may be told twice."""
    found: brute.Changed = {}
    for point in points:
        for values in product(*(_values(edition, change) for change in point.changes)):
            key = tuple((change.fact, value) for change, value in zip(point.changes, values, strict=True))
            assert key not in found
            found[key] = (point.effects, point.provisions)
    return found


def _values(edition: Edition, change: Change) -> list[Answer]:
    if change.low is None or change.high is None:
        return list(change.values)
    assert change.values == ()
    return [v for v in brute.grid(edition.vocabulary[change.fact]) if change.low <= Decimal(v) <= change.high]


@given(cases(foreign=True))
@examples(60)
def test_turning_points_are_those_that_trying_everything_finds(case: tuple[Edition, dict[str, Answer]]) -> None:
    edition, answers = case
    points = turning_points(edition, answers)
    expected = brute.turning(edition, answers, 1) or brute.turning(edition, answers, 2)
    assert written_out(edition, points) == expected


FIXED = st.sets(st.sampled_from(["alpha", "beta", "gamma", "delta"]), max_size=3)


@given(cases(foreign=True), FIXED)
@examples(60)
def test_what_is_fixed_is_never_changed_and_everything_else_is_as_if_it_were_asked_alone(
    case: tuple[Edition, dict[str, Answer]], fixed: set[str]
) -> None:
    edition, answers = case
    points = turning_points(edition, answers, fixed)
    found = [brute.turning(edition, answers, size) for size in (1, 2)]
    free = [{key: out for key, out in size.items() if not fixed & {fact for fact, _ in key}} for size in found]
    assert written_out(edition, points) == (free[0] or free[1])


@given(cases(foreign=True), FIXED)
@examples(60)
def test_a_verdict_depends_on_the_facts_without_whose_answer_it_would_be_open(
    case: tuple[Edition, dict[str, Answer]], facts: set[str]
) -> None:
    edition, answers = case
    expected = []
    if len(brute.outcome(edition, answers)[0]) == 1:
        for fact in edition.vocabulary:
            rest = {code: answer for code, answer in answers.items() if code != fact.code}
            if fact.code in facts and fact.code in answers and len(brute.outcome(edition, rest)[0]) > 1:
                expected.append(fact.code)
    assert list(depends_on(edition, answers, facts)) == expected


@given(cases())
@examples(20)
def test_values_of_a_choice_with_one_outcome_stand_together(case: tuple[Edition, dict[str, Answer]]) -> None:
    edition, answers = case
    singles = [p for p in turning_points(edition, answers) if len(p.changes) == 1 and p.changes[0].values]
    keys = [(p.changes[0].fact, p.effects, p.provisions) for p in singles]
    assert len(set(keys)) == len(keys)


def test_a_met_verdict_turns_on_each_answer_that_it_rests_on() -> None:
    points = turning_points(FEP, RECTAL)
    changes = {(p.changes[0].fact, p.changes[0].values, p.effects) for p in points}
    assert ("margin", ("negative",), ("investigational",)) in changes
    assert ("margin_basis", ("anticipated",), ("physician_review",)) in changes
    assert ("technique", ("ldr",), ("physician_review",)) in changes
    assert points[0].changes[0].fact == "site"


def test_t4_turns_into_a_review_by_a_distant_recurrence() -> None:
    (point,) = [p for p in turning_points(FEP, RECTAL) if p.changes[0].fact == "recurrence"]
    assert point == TurningPoint((Change("recurrence", ("distant",)),), ("physician_review",), ("F1r",))


def test_a_met_verdict_whose_disease_and_margin_are_fixed_turns_on_the_plan_alone() -> None:
    fixed = {"site", "t_stage", "recurrence", "margin", "margin_basis"}
    (point,) = turning_points(FEP, RECTAL, fixed)
    assert point == TurningPoint((Change("technique", ("ldr",)),), ("physician_review",), ("F1r",))
    assert depends_on(FEP, RECTAL, fixed) == ("site", "t_stage", "margin", "recurrence", "margin_basis")


def test_a_verdict_whose_answers_are_all_fixed_turns_on_nothing_and_depends_on_them() -> None:
    assert turning_points(FEP, RECTAL, set(RECTAL)) == ()
    assert set(depends_on(FEP, RECTAL, set(RECTAL))) == set(RECTAL)


def test_a_pair_is_not_named_when_one_of_the_two_is_fixed() -> None:
    rows = [("A", "margin in (close, positive) and age >= 50", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", VOCABULARY, rows)
    answers: dict[str, Answer] = {"margin": "negative", "age": Decimal(20)}
    assert len(turning_points(edition, answers)) == 1
    assert turning_points(edition, answers, {"age"}) == ()
    assert depends_on(edition, answers, {"age"}) == ()  # the margin alone keeps it from A
    assert depends_on(edition, {"margin": "close", "age": Decimal(20)}, {"age", "margin"}) == ("age",)


def test_a_verdict_depends_on_no_answer_that_was_not_given_and_on_none_that_changes_nothing() -> None:
    answers: dict[str, Answer] = {"site": "lung", "margin": "close"}
    assert depends_on(FEP, answers, {"site", "t_stage", "margin"}) == ("site",)


def test_an_undetermined_verdict_has_no_turning_points_and_depends_on_nothing_yet() -> None:
    assert turning_points(FEP, {"site": "rectum"}) == ()
    assert depends_on(FEP, {"site": "rectum"}, {"site"}) == ()


def test_an_age_turns_by_an_interval() -> None:
    rows = [("A", "age >= 18 and age < 70 and not age = 30", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", VOCABULARY, rows)
    points = turning_points(edition, {"age": Decimal(5)})
    assert [p.changes for p in points] == [
        (Change("age", (), Decimal(18), Decimal(29)),),
        (Change("age", (), Decimal(31), Decimal(69)),),
    ]


def test_pairs_are_named_only_where_no_single_change_turns_the_verdict() -> None:
    rows = [("A", "margin in (close, positive) and age >= 50", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", VOCABULARY, rows)
    points = turning_points(edition, {"margin": "negative", "age": Decimal(20)})
    wanted = (Change("margin", ("close", "positive")), Change("age", (), Decimal(50), Decimal(120)))
    assert points == (TurningPoint(wanted, ("x",), ("A",)),)


def test_pairs_that_make_no_rectangle_are_told_apart() -> None:
    rows = [
        ("A", "margin is close and intent is boost or margin is positive and histology is in_situ", "y"),
        ("B", "margin is close and age > 9 or margin is positive and age > 50", "x"),
        ("C", "always", "y"),
    ]
    edition = Edition.read("made_up", VOCABULARY, rows)
    points = turning_points(
        edition, {"margin": "negative", "age": Decimal(5), "intent": "sole", "histology": "invasive"}
    )
    assert [[(c.values, c.low) for c in p.changes] for p in points] == [
        [(("close",), None), ((), 10)],
        [(("positive",), None), ((), 51)],
    ]


def test_an_answer_that_leaves_its_narrower_ones_open_turns_by_a_complete_one_of_its_own_cell_too() -> None:
    """To "beta is t4" the answers t3 and t5 are alike, but t3 leaves open whether it is t4, and t5 does not."""
    beta = Fact("beta", "choice", values=(Value("t3"), Value("t4", parent="t3"), Value("t5")))
    rows = [("A", "beta is t4 or intent is boost", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", Vocabulary((VOCABULARY["intent"], beta)), rows)
    points = turning_points(edition, {"intent": "boost", "beta": "t3"})
    wanted = (Change("intent", ("sole",)), Change("beta", ("t5",)))
    assert points == (TurningPoint(wanted, ("y",), ("B",)),)


def test_a_value_added_later_can_turn_by_a_pair_too() -> None:
    margin = Fact("margin", "choice", values=(Value("close"), Value("positive")))
    rows = [("A", "margin in (close, positive) and intent is boost", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", Vocabulary((margin, VOCABULARY["intent"])), rows)
    points = turning_points(edition, {"margin": "hairline", "intent": "sole"})
    assert [[c.values for c in p.changes] for p in points] == [[("close", "positive"), ("boost",)]]
