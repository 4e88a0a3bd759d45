from decimal import Decimal
from itertools import product

from hypothesis import given

from coverage_app.rules.edition import Edition
from coverage_app.rules.turning import Change, TurningPoint, turning_points
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


def test_an_undetermined_verdict_has_no_turning_points() -> None:
    assert turning_points(FEP, {"site": "rectum"}) == ()


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


def test_a_value_added_later_can_turn_by_a_pair_too() -> None:
    margin = Fact("margin", "choice", values=(Value("close"), Value("positive")))
    rows = [("A", "margin in (close, positive) and intent is boost", "x"), ("B", "always", "y")]
    edition = Edition.read("made_up", Vocabulary((margin, VOCABULARY["intent"])), rows)
    points = turning_points(edition, {"margin": "hairline", "intent": "sole"})
    assert [[c.values for c in p.changes] for p in points] == [[("close", "positive"), ("boost",)]]
