import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_app.rules.vocabulary import AnswerError, Fact, UnknownFact, Value, Vocabulary, VocabularyError
from tests.support.examples import examples

from .real import VOCABULARY
from .strategies import vocabularies

SIZE = Fact("size", "number", unit="cm", least=Decimal("0.5"), greatest=Decimal(10), step=Decimal("0.1"))


def test_a_value_covers_itself_and_all_narrower_values() -> None:
    assert VOCABULARY["t_stage"].covered("t4") == {"t4", "t4a", "t4b"}
    assert VOCABULARY["t_stage"].covered("t4a") == {"t4a"}


def test_covering_goes_down_more_than_one_step() -> None:
    fact = Fact("t", "choice", values=(Value("a"), Value("b", parent="a"), Value("c", parent="b")))
    assert fact.covered("a") == {"a", "b", "c"}


def test_a_group_is_no_answer_and_stands_for_those_below_it() -> None:
    site = VOCABULARY["site"]
    below = {"sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other"}
    assert "soft_tissue_sarcoma" not in site.domain
    assert site.covered("soft_tissue_sarcoma") == below


def test_a_group_that_is_an_answer_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(AnswerError) as caught:
        VOCABULARY["site"].check("soft_tissue_sarcoma")
    assert str(caught.value) == (
        '"soft_tissue_sarcoma" is a group of answers; did you mean sarcoma_extremity or sarcoma_retroperitoneal or'
        " sarcoma_trunk or sarcoma_other?"
    )
    assert (caught.value.fact, caught.value.value) == ("site", "soft_tissue_sarcoma")


def test_a_group_that_has_nothing_below_it_is_refused_without_a_name_and_covers_nothing() -> None:
    fact = Fact("t", "choice", values=(Value("a"), Value("g", group=True)))
    assert fact.covered("g") == frozenset()
    with pytest.raises(AnswerError) as caught:
        fact.check("g")
    assert str(caught.value) == '"g" is a group of answers'


def test_a_group_within_a_group_is_spelled_out_and_narrower_answers_are_too() -> None:
    values = (
        Value("all", group=True), Value("some", parent="all", group=True), Value("a", parent="some"),
        Value("b", parent="all"), Value("b1", parent="b"),
    )  # fmt: skip
    fact = Fact("t", "choice", values=values)
    assert fact.covered("some") == {"a"}
    assert fact.covered("all") == {"a", "b", "b1"}
    assert fact.domain == ("a", "b", "b1")
    with pytest.raises(AnswerError) as caught:
        fact.check("all")
    assert caught.value.hint == "a or b or b1"


def test_a_yes_no_fact_has_the_values_yes_and_no() -> None:
    assert VOCABULARY["preop_ebrt"].domain == ("yes", "no")


def test_it_knows_its_facts_in_order() -> None:
    assert [fact.code for fact in VOCABULARY][:4] == ["site", "t_stage", "margin", "recurrence"]
    assert "margin" in VOCABULARY
    assert "tumor" not in VOCABULARY


def test_an_unknown_fact_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownFact, match=r'unknown fact "margn"; did you mean margin\?'):
        VOCABULARY["margn"]


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("62", "62"),
        (62, "62"),
        (Decimal("62.0"), "62"),
        ("0", "0"),
        ("120", "120"),
        ("-0", "0"),
        (Decimal("5E+1"), "50"),
    ],
)
def test_ages_are_taken_from_text_integers_and_decimals(raw: object, answer: str) -> None:
    checked = VOCABULARY["age"].check(raw)
    assert isinstance(checked, Decimal)
    assert str(checked) == answer


HUGE = [Decimal("1E-999999"), Decimal("1E+999999"), 10**400, "9" * 10_000]
FINE = ["49.5", "50." + "0" * 29 + "1", Decimal("50." + "0" * 40 + "1")]
ODD = [
    "",
    " 50",
    "5e1",
    "٥٠",
    "1_0",
    "fifty",
    "NaN",
    "inf",
    True,
    50.0,
    float("nan"),
    Decimal("NaN"),
    Decimal("Infinity"),
]


@pytest.mark.parametrize("raw", ["-1", "121", "2000", None, [], *HUGE, *FINE, *ODD])
def test_what_is_no_whole_number_of_years_in_range_is_refused(raw: object) -> None:
    with pytest.raises(AnswerError) as caught:
        VOCABULARY["age"].check(raw)
    assert caught.value.fact == "age"
    assert len(str(caught.value)) < 150


def test_steps_count_from_the_least_value() -> None:
    assert SIZE.check("0.7") == Decimal("0.7")
    with pytest.raises(AnswerError, match=r"between the steps; size is 0.5 to 10 cm in steps of 0.1"):
        SIZE.check("0.75")


@pytest.mark.parametrize(("raw", "hint"), [("Close", "close"), ("clse", "close"), ("unknown", None), (3, None)])
def test_codes_are_exact_and_have_no_synonyms(raw: object, hint: str | None) -> None:
    with pytest.raises(AnswerError, match="unknown value") as caught:
        VOCABULARY["margin"].check(raw)
    assert caught.value.hint == hint


def test_checking_puts_answers_in_order_and_leaves_out_what_is_not_documented() -> None:
    checked = VOCABULARY.check({"age": "50", "margin": None, "site": "rectum"})
    assert list(checked.items()) == [("site", "rectum"), ("age", Decimal(50))]


def test_checking_refuses_an_unknown_fact_even_without_an_answer() -> None:
    with pytest.raises(UnknownFact):
        VOCABULARY.check({"tumor": None})


@given(vocabularies() | st.just(VOCABULARY))
@examples(20)
def test_it_survives_the_way_through_json(vocabulary: Vocabulary) -> None:
    assert Vocabulary.from_data(json.loads(json.dumps(vocabulary.to_data()))) == vocabulary


def test_further_keys_in_the_data_are_passed_over() -> None:
    data = [{"code": "site", "kind": "choice", "question": "Which?", "values": [{"code": "anus", "help": "…"}]}]
    assert Vocabulary.from_data(data)["site"].domain == ("anus",)


def number(least: object, greatest: object, step: object) -> dict[str, object]:
    return {"code": "age", "kind": "number", "least": least, "greatest": greatest, "step": step}


def choice(*values: tuple[str, str | None]) -> dict[str, object]:
    return {"code": "site", "kind": "choice", "values": [{"code": c, "parent": p} for c, p in values]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([choice(), choice()], "two facts have the code site"),
        ([choice(("a", None), ("a", None))], "two values have the same code"),
        ([choice(("a", "b"))], "unknown broader value"),
        ([choice(("a", "b"), ("b", "a"))], "narrower than itself"),
        ([choice(("Not", None))], "cannot be a code"),
        ([choice(("not", None))], "cannot be a code"),
        ([{"code": "x", "kind": "text"}], "unknown kind"),
        ([{"code": "x"}], "incomplete"),
        ([{"code": "x", "kind": "yes_no", "values": [{"code": "maybe"}]}], "yes and no"),
        ([number("0", "120", None)], "needs a least"),
        ([number("120", "0", "1")], "must exceed"),
        ([number("0", "120", "0")], "must exceed 0"),
        ([number("0", "NaN", "1")], "plain numbers"),
        ([number("0", "many", "1")], "incomplete"),
        ([{**choice(), "least": "1"}], "only a number"),
        ([{"code": "x", "kind": "yes_no", "values": [{"code": "yes", "group": True}, {"code": "no"}]}], "not groups"),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused(data: list[dict[str, object]], message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        Vocabulary.from_data(data)
