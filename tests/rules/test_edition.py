import pytest

from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import Edition, EditionError

from .real import NIA, VOCABULARY


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "has no provisions"),
        ([("A", "margin is close", "x"), ("A", "always", "y")], "two provisions have the id A"),
        ([("A", "margin is close", "x")], "last provision must be always"),
        ([("A", "always", "x"), ("B", "margin is close", "y")], "last provision must be always"),
    ],
)
def test_provisions_that_do_not_answer_every_case_once_are_refused(
    rows: list[tuple[str, str, str]], message: str
) -> None:
    with pytest.raises(EditionError, match=message):
        Edition.read("made_up", VOCABULARY, rows)


def test_a_fault_in_the_criteria_names_the_provision() -> None:
    with pytest.raises(CriteriaError, match="did you mean close") as caught:
        Edition.read("made_up", VOCABULARY, [("A", "margin is clse", "x"), ("B", "always", "y")])
    assert caught.value.provision == "A"


def test_it_knows_the_facts_it_uses_in_vocabulary_order() -> None:
    edition = Edition.read("made_up", VOCABULARY, [("A", "age > 3 and margin is close", "x"), ("B", "always", "y")])
    assert edition.facts == ("margin", "age")


def test_a_reason_is_kept_apart_for_each_answer() -> None:
    provision = NIA.by_id["N5"]
    assert [provision.reason({"site": site}).truth for site in ("pancreas", "lung", "pancreas")] == [
        "met",
        "not_met",
        "met",
    ]
    assert provision.reason({}).truth == "unknown"
