"""Two editions side by side: words, parts, verdicts."""

import datetime as dt
import time
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_app.models import Edition
from coverage_app.rules.verdict import effect_of
from coverage_app.services import library
from coverage_app.services.differences import (
    PartDifference,
    SectionDifference,
    compare_items,
    compare_verdicts,
    compare_words,
    held_against,
)
from coverage_app.services.edition_parts import Item, Line
from coverage_app.services.marked_sides import mark
from coverage_app.services.vocabulary import current_wording
from tests.services.editions_made import add, change, change_statement, copy_of, published, withdrawn
from tests.services.making import edition_of

LATER = dt.date(2027, 1, 1)


def said(text: object) -> str:
    """A marked text, what differs in brackets."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in text)  # type: ignore[attr-defined]


def sections(before: Edition, after: Edition) -> dict[str, SectionDifference]:
    return {section.code: section for section in compare_words(before, after)}


def parts(before: Edition, after: Edition, kind: str = "provisions") -> dict[str, PartDifference]:
    return {part.name: part for part in sections(before, after)[kind].parts}


# Words


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("positive or close margins", "positive margins", "positive [or close] margins", "positive margins"),
        ("a  b\nc", "a b c", "a  b\nc", "a b c"),
        ("", "new text", "", "[new text]"),
        ("always", "site is breast", "[always]", "[site is breast]"),
        ("age >= 50 and site is breast", "age >= 45 and site is breast", "age >= [50] and site is breast",
         "age >= [45] and site is breast"),
    ],
)  # fmt: skip
def test_the_words_that_differ_are_marked(before: str, after: str, left: str, right: str) -> None:
    marked = mark(before, after)
    assert (said(marked.before), said(marked.after)) == (left, right)


def test_a_comma_or_an_or_between_two_changes_is_not_left_standing_alone() -> None:
    marked = mark("for positive, close or unknown margins here", "for negative, thin or doubtful margins here")
    assert said(marked.after) == "for [negative, thin or doubtful] margins here"


def test_texts_that_share_nothing_are_marked_whole() -> None:
    assert mark("one two three", "four five six").whole
    assert not mark("one two three", "one two four").whole


def test_texts_of_ten_thousand_conditions_are_marked_in_a_bounded_time() -> None:
    texts = [" or ".join(f"(site is breast and age >= {n % 97 + shift})" for n in range(10_000)) for shift in (0, 1)]
    start = time.perf_counter()
    assert mark(*texts).changed
    assert time.perf_counter() - start < 5


# Parts


def items(*names: str) -> list[Item]:
    return [Item((name,), name, (Line("Text", name.lower()),)) for name in names]


def standings(before: list[Item], after: list[Item]) -> list[tuple[str, str, tuple[int, int] | None]]:
    return [(part.name, part.standing, part.moved) for part in compare_items(before, after)]


def test_what_was_removed_stands_where_it_stood() -> None:
    found = standings(items("A", "B", "C"), items("A", "C", "D"))
    assert found == [("A", "unchanged", None), ("B", "removed", None), ("C", "unchanged", None), ("D", "added", None)]
    assert standings(items("A", "B"), items("B"))[0] == ("A", "removed", None)


def test_only_what_left_its_order_has_moved() -> None:
    found = standings(items("A", "B", "C", "D"), items("D", "A", "B", "C"))
    assert [part for part in found if part[2]] == [("D", "unchanged", (4, 1))]


def test_a_removal_before_it_moves_nothing() -> None:
    assert not any(moved for *_, moved in standings(items("A", "B", "C"), items("B", "C")))


def test_parts_of_one_name_are_matched_by_their_words_first() -> None:
    def remark(text: str) -> Item:
        return Item(("reading", ""), "How it is read", (Line("Text", text),))

    found = compare_items([remark("one"), remark("two")], [remark("new"), remark("one"), remark("two")])
    assert [part.standing for part in found] == ["added", "unchanged", "unchanged"]


# Editions


def test_a_copy_differs_in_nothing_but_its_dates() -> None:
    for code in ("nia", "bcbsma", "nccn"):
        old = edition_of(code)
        new = copy_of(code, LATER)
        differing = {section.code for section in compare_words(old, new) if section.differing}
        assert differing == {"edition"}
        assert not any(one.difference and one.difference.changed for one in compare_verdicts(old, new))


def test_provisions_are_matched_by_id_and_said_to_be_added_removed_changed() -> None:
    old, new = edition_of("nia"), copy_of("nia", LATER)
    new.provisions.get(code="N5").delete()
    add(new, "N50", 3, "site is stomach", "physician_review")
    change(new, "N6", criteria="site is rectum and margin is positive", effect="physician_review")
    found = parts(old, new)
    standing = {name: part.standing for name, part in found.items() if part.differs}
    assert standing == {"N5": "removed", "N50": "added", "N6": "changed"}
    assert [line.label for line in found["N6"].fields if line.changed] == ["Criteria", "Effect"]


def test_criteria_are_compared_in_their_one_spelling() -> None:
    old, new = edition_of("fep"), copy_of("fep", LATER)
    criteria = new.provisions.get(code="F1").criteria
    change(new, "F1", criteria=f"( {criteria.replace(' and ', '   and ')} )")
    assert not parts(old, new)["F1"].differs


def test_criteria_that_do_not_read_are_shown_as_typed_and_give_no_verdicts() -> None:
    old, new = edition_of("fep"), copy_of("fep", LATER)
    change(new, "F1", criteria="site is rectom")
    line = next(line for line in parts(old, new)["F1"].fields if line.label == "Criteria")
    assert "rectom" in said(line.marked.after)
    fault = compare_verdicts(old, new)[0].fault
    assert fault.startswith("The edition of 1 Jan 2027 does not decide: provision F1: ")


def test_an_edition_without_provisions_is_told_so() -> None:
    old = edition_of("fep")
    new = Edition.objects.create(document=old.document, in_force=LATER)
    assert "has no provisions" in compare_verdicts(old, new)[0].fault


def test_rows_and_their_statements_codes_and_rules_are_compared_too() -> None:
    old, new = edition_of("nccn"), copy_of("nccn", LATER)
    change_statement(new, "nccn-colon", stance="conditional")
    row = next(part for name, part in parts(old, new, "rows").items() if part.differs)
    assert [line.label for line in row.fields if line.changed] == ["Statements, in order"]
    old, new = edition_of("bcbsma"), copy_of("bcbsma", LATER)
    new.listedcodes.get(code="C20").delete()
    new.authorizationrules.filter(setting="outpatient").update(rule="required")
    found = sections(old, new)
    assert [(part.name, part.standing) for part in found["codes"].differing] == [("ICD-10-CM C20", "removed")]
    assert len(found["authorization"].differing) == 4


def test_golden_expectations_are_compared() -> None:
    old, new = edition_of("fep"), copy_of("fep", LATER)
    new.goldencases.create(name="A new case", answers={"site": "rectum", "age": "62"}, verdict="investigational")
    part = parts(old, new, "golden")["A new case"]
    assert part.standing == "added"
    assert "Age: 62 years" in said(next(line for line in part.fields if line.label == "Answers").marked.after)


# Verdicts


def test_the_verdicts_that_change_are_counted_by_site_and_exactly() -> None:
    old, new = edition_of("fep"), copy_of("fep", LATER)
    add(new, "F9", 2, "site is colon and margin is close", "physician_review")
    (found,) = compare_verdicts(old, new)
    assert found.difference
    (change_,) = found.difference.changes
    assert (change_.site, change_.before, change_.after) == ("colon", "investigational", "physician_review")
    assert change_.cases * 27 * 4 == found.difference.total
    assert change_.example == {"site": "colon", "margin": "close"}


def test_a_guideline_is_compared_row_by_row() -> None:
    old, new = edition_of("nccn"), copy_of("nccn", LATER)
    change_statement(new, "nccn-colon", criteria="intent is boost and t_stage is t4")
    found = {one.name: one.difference for one in compare_verdicts(old, new)}
    assert set(found) == {row.code for row in old.guidelinerows.all()}
    changed = {name for name, difference in found.items() if difference and difference.changed}
    assert changed == {"nccn-colon"}
    row = found["nccn-colon"]
    assert row
    rules = [next(r for r in library.read(e).rows if r.row.code == "nccn-colon").rules for e in (old, new)]
    values = [[value.code for value in current_wording().vocabulary[fact].values] for fact in row.facts]
    cases = [dict(zip(row.facts, answers, strict=True)) for answers in product(*values)]
    assert row.total == len(cases)
    assert row.changed == sum(effect_of(rules[0], case) != effect_of(rules[1], case) for case in cases)


def test_a_background_page_has_no_verdicts() -> None:
    assert compare_verdicts(edition_of("mayo-iort"), copy_of("mayo-iort", LATER)) == []


def test_the_difference_of_two_editions_takes_less_than_100_ms() -> None:
    old, new = edition_of("nia"), copy_of("nia", LATER)
    change(new, "N6", criteria="site is rectum and margin in (positive, close, indeterminate)")
    took = []
    for _ in range(3):
        start = time.perf_counter()
        compare_verdicts(old, new)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1


def test_the_number_of_queries_does_not_grow_with_the_parts() -> None:
    counted = []
    for code in ("fep", "nccn", "nia"):
        old, new = edition_of(code), copy_of(code, LATER)
        compare_words(old, new)
        with CaptureQueriesContext(connection) as queries:
            compare_words(old, new)
        counted.append(len(queries) - (2 if code == "nccn" else 0))  # the statements of its rows
    assert len(set(counted)) == 1


# Which edition one is held against


def test_the_edition_before_is_the_published_one_in_force_until_then() -> None:
    first = edition_of("fep")
    second = published(copy_of("fep", dt.date(2025, 1, 1)))
    gone = withdrawn(copy_of("fep", dt.date(2026, 1, 1)))
    draft = copy_of("fep", LATER)
    others = [draft, gone, second, first]
    assert held_against(draft, others) == second
    assert held_against(gone, others) == second
    assert held_against(second, others) == first
    assert held_against(first, others) is None


def test_a_draft_is_held_against_the_published_edition_of_its_own_day() -> None:
    first = edition_of("fep")
    draft = copy_of("fep", first.in_force)
    assert held_against(draft, [draft, first]) == first


def test_a_draft_that_begins_before_all_others_is_held_against_what_it_was_started_from() -> None:
    first = edition_of("fep")
    draft = copy_of("fep", dt.date(2020, 1, 1))
    assert held_against(draft, [draft, first]) == first
