"""Whose criterion each condition of a provision is, and what is said of sources and reasons that do not fit."""

from typing import Any

import pytest

from coverage_app.models import Provision
from coverage_app.rules.criteria import parse
from coverage_app.services import library
from coverage_app.services.criterion_sources import as_pairs, criterion_sources, is_reading, source_errors
from coverage_app.services.editions import EditionFault, faults
from coverage_app.services.vocabulary import current_wording
from tests.services.editions_made import change, published, three_provisions
from tests.services.making import edition_of

QUOTE = "Rectal cancer with positive or close margins with T4 lesions or recurrent disease."
CRITERIA = (
    "site is rectum and margin in (positive, close) and ((t_stage is t4 and recurrence is not distant) or "
    "(recurrence is local and t_stage is t4))"
)
WORDS = {"leaf": "margin in (positive, close)", "policy_words": "positive or close margins"}


def provision(criteria: str = CRITERIA, **columns: Any) -> Provision:
    return Provision(**{"code": "P", "criteria": criteria, "effect": "criteria_met", "quote": QUOTE, **columns})


def sources(made: Provision) -> list[tuple[str, str, str]]:
    """Each condition with whose it is and the policy's words for it."""
    vocabulary = current_wording().vocabulary
    criteria = parse(made.criteria, vocabulary)
    found = criterion_sources(made, criteria, vocabulary)
    return [(str(leaf), one.whose, one.policy_words) for leaf, one in zip(criteria.leaves, found, strict=True)]


def errors(made: Provision) -> list[tuple[str, str]]:
    vocabulary = current_wording().vocabulary
    return list(source_errors(made, parse(made.criteria, vocabulary), vocabulary))


# Whose it is


def test_a_condition_that_is_named_nowhere_is_the_policys() -> None:
    assert {whose for _, whose, _ in sources(provision())} == {"policy"}


def test_ours_narrowed_and_stated_are_told_apart_in_the_order_of_the_criteria() -> None:
    made = provision(
        ours=["recurrence is not distant"],
        narrowed=[{"leaf": "recurrence is local", "policy_words": "recurrent disease"}],
        stated=[WORDS],
    )
    assert errors(made) == []
    assert sources(made) == [
        ("site is rectum", "policy", ""),
        ("margin in (positive, close)", "policy", "positive or close margins"),
        ("t_stage is t4", "policy", ""),
        ("recurrence is not distant", "ours", ""),
        ("recurrence is local", "narrowed", "recurrent disease"),
        ("t_stage is t4", "policy", ""),
    ]


def test_a_condition_that_stands_twice_is_named_for_both_places() -> None:
    made = provision(stated=[{"leaf": "t_stage is t4", "policy_words": "T4 lesions"}])
    assert [words for leaf, _, words in sources(made) if leaf == "t_stage is t4"] == ["T4 lesions", "T4 lesions"]


@pytest.mark.parametrize("text", ["t_stage is t4 [2]", " t_stage  is t4[2] "])
def test_a_number_in_brackets_names_one_occurrence_alone(text: str) -> None:
    made = provision(ours=[text])
    assert errors(made) == []
    assert [whose for leaf, whose, _ in sources(made) if leaf == "t_stage is t4"] == ["policy", "ours"]


def test_the_two_occurrences_can_have_sources_of_their_own() -> None:
    made = provision(ours=["t_stage is t4 [2]"], stated=[{"leaf": "t_stage is t4 [1]", "policy_words": "T4 lesions"}])
    assert errors(made) == []
    assert [whose for leaf, whose, _ in sources(made) if leaf == "t_stage is t4"] == ["policy", "ours"]


def test_conditions_are_known_again_however_they_are_spaced() -> None:
    made = provision(ours=["margin in ( positive ,close )"])
    assert ("margin in (positive, close)", "ours", "") in sources(made)


@pytest.mark.parametrize(
    ("columns", "reading"),
    [
        ({"effect": "physician_review"}, True),
        ({"effect": "physician_review", "asked_by_policy": True}, False),
        ({"effect": "governed_elsewhere"}, True),
        ({"effect": "criteria_met"}, False),
        ({"effect": "investigational"}, False),
        ({"effect": "not_addressed"}, False),
    ],
)
def test_a_provision_that_sends_a_case_elsewhere_is_a_reading_unless_the_policy_asks_for_it(
    columns: dict[str, Any], reading: bool
) -> None:
    made = provision(**columns, stated=[WORDS])
    assert is_reading(made) is reading
    found = {whose for _, whose, _ in sources(made)}
    assert found == ({"reading"} if reading else {"policy"})


def test_an_entry_that_matches_nothing_is_passed_over_where_sources_are_shown() -> None:
    made = provision(ours=["site is colon", "sites is colon", "margin is close and site is rectum"])
    assert {whose for _, whose, _ in sources(made)} == {"policy"}
    assert len(errors(made)) == 3


def test_entries_are_shown_as_people_type_them() -> None:
    assert as_pairs([WORDS], "leaf", "policy_words") == "margin in (positive, close) => positive or close margins"


# What is wrong


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"ours": ["sites is rectum"]},
            ("ours", '"sites is rectum": line 1, column 1: unknown fact "sites"; did you mean site?'),
        ),
        (
            {"stated": [{"leaf": "margin is clse", "policy_words": "close margins"}]},
            ("stated", '"margin is clse": line 1, column 11: unknown value "clse" of margin; did you mean close?'),
        ),
        (
            {"ours": ["site is colon"]},
            ("ours", '"site is colon" is not a condition of the criteria; did you mean site is rectum?'),
        ),
        (
            {"narrowed": [{"leaf": "age >= 50", "policy_words": "T4 lesions"}]},
            ("narrowed", '"age >= 50" is not a condition of the criteria.'),
        ),
        (
            {"ours": ["t_stage is t4 [3]"]},
            ("ours", '"t_stage is t4 [3]" is not a condition of the criteria; did you mean t_stage is t4?'),
        ),
        (
            {"ours": ["site is rectum and t_stage is t4"]},
            (
                "ours",
                '"site is rectum and t_stage is t4" is not a condition of the criteria; did you mean site is rectum?',
            ),
        ),
        (
            {"ours": ["site is rectum", "site is rectum"]},
            ("ours", '"site is rectum" is named twice: a condition has one source.'),
        ),
        (
            {"ours": ["margin in (positive, close)"], "stated": [WORDS]},
            ("stated", '"margin in (positive, close)" is named twice: a condition has one source.'),
        ),
        (
            {"ours": ["t_stage is t4 [2]", "t_stage is t4"]},
            ("ours", '"t_stage is t4" is named twice: a condition has one source.'),
        ),
        (
            {"narrowed": [{"leaf": "site is rectum", "policy_words": " "}]},
            ("narrowed", '"site is rectum": add the policy\'s own words.'),
        ),
        (
            {"stated": [{"leaf": "site is rectum", "policy_words": ""}]},
            ("stated", '"site is rectum": add the policy\'s own words.'),
        ),
        (
            {"stated": [{"leaf": "site is rectum", "policy_words": "Anal cancer"}]},
            ("stated", '"Anal cancer" is not in the quote of the provision, nor in its section heading.'),
        ),
        (
            {"reasons": [{"criteria": "site is rectum", "text": "Because."}]},
            ("reasons", "Only a provision that gives physician review has reasons for it."),
        ),
        (
            {"effect": "physician_review", "reasons": [{"criteria": "site is rectm", "text": "Because."}]},
            ("reasons", '"site is rectm": line 1, column 9: unknown value "rectm" of site; did you mean rectum?'),
        ),
        (
            {"effect": "physician_review", "reasons": [{"criteria": "site is rectum", "text": "  "}]},
            ("reasons", '"site is rectum": say why the text does not settle the case.'),
        ),
    ],
)
def test_each_fault_is_told_with_its_field(columns: dict[str, Any], expected: tuple[str, str]) -> None:
    assert errors(provision(**columns)) == [expected]


def test_all_faults_are_told_at_once() -> None:
    made = provision(
        ours=["site is colon"],
        stated=[{"leaf": "site is rectum", "policy_words": "Anal cancer"}],
        reasons=[{"criteria": "x", "text": ""}],
    )
    assert [field for field, _ in errors(made)] == ["ours", "stated", "reasons", "reasons", "reasons"]


def test_the_policys_words_are_found_in_the_quote_whatever_its_white_space() -> None:
    made = provision(quote="Rectal cancer with positive\nor  close margins.", stated=[WORDS])
    assert errors(made) == []


def test_the_policys_words_may_stand_in_the_section_heading_alone() -> None:
    heading = [{"leaf": "site is rectum", "policy_words": "Rectal  Cancer"}]
    quote = "IORT is indicated with positive or close margins."
    assert errors(provision(quote=quote, locator="Rectal Cancer", stated=heading)) == []
    assert len(errors(provision(quote=quote, locator="Colon Cancer", stated=heading))) == 1


# On file


@pytest.mark.parametrize("code", ["fep", "bcbsma", "nia"])
def test_the_provisions_on_file_have_no_faults(code: str) -> None:
    assert [error for made in edition_of(code).provisions.all() for error in errors(made)] == []


def test_an_edition_whose_sources_do_not_fit_is_not_published_and_says_which_provision() -> None:
    draft = three_provisions()
    change(draft, "A", ours=["margin is close"])
    said = 'Provision A: "margin is close" is not a condition of the criteria.'
    assert faults(draft) == [said]
    with pytest.raises(EditionFault, match="Provision A"):
        published(draft)


def test_what_is_read_of_an_edition_has_the_sources_and_reasons_of_each_provision() -> None:
    reading = library.read(edition_of("fep"))
    assert [source.whose for source in reading.sources["F1"]].count("ours") == 3
    assert {source.whose for source in reading.sources["F1r"]} == {"reading"}
    assert reading.reasons["F1"] == ()
    assert "The text does not say whether an expected margin suffices." in {r.text for r in reading.reasons["F1r"]}
