from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given

from coverage_app.rules import diagram as diagram_module
from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.verdict import Verdict, assess
from coverage_app.rules.vocabulary import Answer, Fact, Value, Vocabulary
from tests.support.examples import examples

from . import brute
from .real import FEP, NIA, PAYERS, VOCABULARY
from .strategies import cases


def many(count: int) -> Vocabulary:
    """Yes/no facts a0, a1, … and then b0, b1, …"""
    return Vocabulary(tuple(Fact(f"{letter}{n}", "yes_no") for letter in "ab" for n in range(count)))


def test_the_diagram_of_nia_is_small() -> None:
    assert NIA.diagram.size < 200
    assert FEP.diagram.size < 30


def test_sites_that_the_criteria_do_not_tell_apart_share_a_cell() -> None:
    cells = FEP.diagram.cells["site"].all
    assert [cell.values for cell in cells if len(cell.values) == 1] == [
        ("rectum",),
        ("rectosigmoid",),
        ("non_oncologic",),
    ]
    assert len(cells) == 4


def test_a_group_is_in_no_cell_and_its_answers_share_one_where_criteria_name_it() -> None:
    cells = [set(cell.values) for cell in NIA.diagram.cells["site"].all]
    assert set().union(*cells) == set(VOCABULARY["site"].domain)
    assert "soft_tissue_sarcoma" not in set().union(*cells)
    assert {"sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other"} in cells


def test_ages_are_split_at_the_thresholds_that_are_used() -> None:
    assert [(cell.low, cell.high) for cell in NIA.diagram.cells["age"].all] == [(0, 49), (50, 120)]


@pytest.mark.parametrize(
    ("criteria", "cells"),
    [
        ("size > 0.3", [("0", "0.3"), ("0.4", "1.0")]),
        ("size <= 0.3", [("0", "0.3"), ("0.4", "1.0")]),
        ("size = 0.3", [("0", "0.2"), ("0.3", "0.3"), ("0.4", "1.0")]),
        ("size >= 0", [("0", "1.0")]),
        ("size > 1", [("0", "1.0")]),
        ("size < 0.5 or size >= 0.7", [("0", "0.4"), ("0.5", "0.6"), ("0.7", "1.0")]),
    ],
)
def test_centimeters_are_split_exactly(criteria: str, cells: list[tuple[str, str]]) -> None:
    size = Fact("size", "number", unit="cm", least=Decimal(0), greatest=Decimal(1), step=Decimal("0.1"))
    edition = Edition.read("made_up", Vocabulary((size,)), [("A", criteria, "x"), ("B", "always", "y")])
    found = edition.diagram.cells["size"].all
    assert [(cell.low, cell.high) for cell in found] == [(Decimal(low), Decimal(high)) for low, high in cells]


def test_answers_left_in_any_order_lead_to_one_node() -> None:
    one: dict[str, Answer] = {"margin": "close", "t_stage": "t4a"}
    other: dict[str, Answer] = {"t_stage": "t4", "margin": "close", "clinical_trial": "yes"}
    assert NIA.diagram.locate(one) is NIA.diagram.locate(other)


@given(cases(foreign=True))
@examples(20)
def test_a_store_that_is_renewed_all_the_time_gives_the_same(case: tuple[Edition, dict[str, Answer]]) -> None:
    edition, answers = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagram_module, "REMEMBERED_LIMIT", 0)
        assess(edition, {})
        verdict = assess(edition, answers)
    assert (verdict.possible, verdict.provisions) == brute.outcome(edition, answers)
    assert verdict.missing == brute.missing(edition, answers)


def test_threads_that_share_an_edition_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram_module, "REMEMBERED_LIMIT", 200)
    margins = VOCABULARY["margin"].domain
    work: list[dict[str, Answer]] = [
        {"site": site, "intent": intent, "margin": margin}
        for site in VOCABULARY["site"].domain
        for intent in ("boost", "sole")
        for margin in margins
    ] * 4

    def verdicts(edition: Edition) -> list[Verdict]:
        return [assess(edition, answers) for answers in work]

    shared = Edition(NIA.code, NIA.vocabulary, NIA.provisions)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(verdicts, [shared] * 8))
    assert all(result == verdicts(NIA) for result in results)


def test_ten_thousand_conditions_compile() -> None:
    sites = VOCABULARY["site"].domain
    parts = [f"(site is {sites[n % 25]} and age >= {n % 119} and not t_stage is t{n % 3 + 1})" for n in range(3400)]
    edition = Edition.read("long", VOCABULARY, [("A", " or ".join(parts), "x"), ("B", "always", "y")])
    verdict = assess(edition, {"site": "colon"})
    assert verdict.possible == ("x", "y")
    assert verdict.missing == ("age", "t_stage")


def test_thousands_of_provisions_compile() -> None:
    rows = [(f"P{n}", f"age = {n % 121} and site is colon", f"e{n}") for n in range(3000)]
    edition = Edition.read("long", VOCABULARY, [*rows, ("Z", "always", "none")])
    assert assess(edition, {"site": "colon", "age": Decimal(7)}).provisions == ("P7",)
    assert len(assess(edition, {}).provisions) == 122


def test_a_hundred_levels_compile_without_deep_calls() -> None:
    text = "age > 5 or (age < 3 and (" * 50 + "margin is close" + "))" * 50
    edition = Edition.read("deep", VOCABULARY, [("A", text, "x"), ("B", "always", "y")])
    assert assess(edition, {"age": Decimal(2), "margin": "close"}).effect == "x"
    assert assess(edition, {"age": Decimal(2)}).missing == ("margin",)


def test_two_hundred_facts_compile_without_deep_calls() -> None:
    text = " and ".join(f"({letter}{n} is yes or b7 is no)" for letter in "ab" for n in range(100))
    edition = Edition.read("wide", many(100), [("A", text, "x"), ("B", "always", "y")])
    assert len(assess(edition, {}).missing) == 200
    assert assess(edition, {"b7": "no"}).effect == "x"


def test_an_edition_with_too_many_facts_is_refused_by_name() -> None:
    text = " or ".join(f"{letter}{n} is yes" for letter in "ab" for n in range(101))
    edition = Edition.read("wide", many(101), [("A", text, "x"), ("B", "always", "y")])
    with pytest.raises(EditionError, match="too complex"):
        assess(edition, {})


def test_a_diagram_that_explodes_is_refused() -> None:
    text = " or ".join(f"(a{n} is yes and b{n} is yes)" for n in range(40))
    edition = Edition.read("explosive", many(40), [("A", text, "x"), ("B", "always", "y")])
    with pytest.raises(EditionError, match="too complex to be decided exactly"):
        assess(edition, {})


def test_an_edition_keeps_to_its_vocabulary_when_a_value_is_added_later() -> None:
    margins = Fact("margin", "choice", values=(Value("close"), Value("positive")))
    rows = [("A", "margin in (close, positive)", "x"), ("B", "always", "y")]
    edition = Edition.read("old", Vocabulary((margins,)), rows)
    assert assess(edition, {}).possible == ("x",)
    assert assess(edition, {"margin": "hairline"}).effect == "y"
    for n in range(200):
        assert assess(edition, {"margin": f"later{n}"}).effect == "y"


@pytest.mark.parametrize("age", [Decimal(130), Decimal("49.5")])
def test_a_number_from_outside_the_vocabulary_is_compared_as_it_is(age: Decimal) -> None:
    rows = [("A", "age >= 50", "x"), ("B", "always", "y")]
    edition = Edition.read("old", VOCABULARY, rows)
    assert assess(edition, {"age": age}).effect == ("x" if age >= 50 else "y")
    assert assess(edition, {"age": "130"}).effect == "y"  # text is no number


@pytest.mark.parametrize("edition", PAYERS, ids=lambda edition: edition.code)
def test_answers_to_facts_that_it_does_not_ask_for_are_passed_over(edition: Edition) -> None:
    assert assess(edition, {"clinical_trial": "yes", "unheard_of": "x"}) == assess(edition, {})
