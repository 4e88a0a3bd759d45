"""The vocabulary of now: its order, and the numbers that editions compare a fact with."""

import datetime as dt
from decimal import Decimal

import pytest

from coverage_app.models import Edition, Fact, FactValue
from coverage_app.services.editions import note_uses
from coverage_app.services.evidence_notes import notes_of
from coverage_app.services.exchange import export_document
from coverage_app.services.thresholds import passed_by
from coverage_app.services.vocabulary import current_wording
from tests.services.editions_made import change, copy_of, three_provisions, withdrawn
from tests.services.making import MET, edition_of, make_case, standing
from tests.services.notes import note

NIA, ABS = "NIA_CG_226 · 1 Jan 2023 (published)", "ABS 2019 · 1 Jan 2019 (published)"


def age() -> Fact:
    return Fact.objects.get(code="age")


def said(least: str, greatest: str, step: str = "1") -> list[tuple[str, str]]:
    """What is said of another range of the age."""
    return list(passed_by(fact=age(), least=Decimal(least), greatest=Decimal(greatest), step=Decimal(step)))


# The order of questions


def test_core_facts_are_asked_first_wherever_an_editor_puts_them() -> None:
    Fact.objects.filter(code="site").update(position=50)
    facts = list(current_wording().facts)
    assert facts[:4] == ["t_stage", "margin", "recurrence", "site"]
    assert current_wording().core == tuple(facts[:4])
    assert [fact.code for fact in current_wording().vocabulary] == facts


def test_the_other_facts_follow_by_position_then_code() -> None:
    Fact.objects.filter(code__in=("technique", "age")).update(position=0)
    assert list(current_wording().facts)[4:7] == ["age", "technique", "downstaged_from_t4"]


def test_no_question_becomes_relevant_because_the_site_is_placed_last() -> None:
    before = set(standing("fep", {"site": "breast"}).relevant)
    Fact.objects.filter(code="site").update(position=50)
    assert set(standing("fep", {"site": "breast"}).relevant) == before


def test_documents_of_the_chart_are_listed_in_the_order_of_questions() -> None:
    case = make_case("fep", MET)
    for fact in ("technique", "site", "margin"):
        case = note(case, fact)
    Fact.objects.filter(code="site").update(position=50)
    assert list(notes_of(case, {})) == ["margin", "site", "technique"]


def test_the_vocabulary_is_exported_by_position_alone() -> None:
    Fact.objects.filter(code="site").update(position=50)
    text = export_document("vocabulary")
    assert text.index("code: t_stage") < text.index("code: clinical_trial") < text.index("code: site")


# What editions compare a number with


@pytest.mark.parametrize(
    ("least", "greatest", "step"), [("0", "120", "1"), ("0", "130", "1"), ("-10", "120", "0.5"), ("2", "60", "2")]
)
def test_a_range_on_both_sides_of_what_editions_ask_for_is_no_matter(least: str, greatest: str, step: str) -> None:
    assert said(least, greatest, step) == []


def test_a_number_that_an_edition_compares_with_stays_in_the_range() -> None:
    gone = "which would be no answer any more: keep it in the range and on the steps."
    assert said("0", "40") == [("greatest", f"{NIA} compares it with 50, {gone}")]
    assert said("30", "120") == [("least", f"{ABS} compares it with 18, {gone}")]


def test_a_number_that_an_edition_compares_with_stays_on_a_step() -> None:
    assert [(place, words.split(",")[0]) for place, words in said("0", "119", "7")] == [
        ("step", f"{ABS} compares it with 18"),
        ("step", f"{NIA} compares it with 50"),
    ]


def test_a_comparison_goes_both_ways_still() -> None:
    keep = "keep answers on either side of 18."
    assert said("18", "120") == [
        ("least", f"{ABS} has “age < 18”, and no answer would meet it any more: {keep}"),
        ("least", f"{ABS} has “age >= 18”, and every answer would meet it: {keep}"),
    ]
    assert said("0", "50") == []


@pytest.mark.parametrize("status", ["draft", "in review", "withdrawn"])
def test_an_edition_counts_whatever_has_become_of_it(status: str) -> None:
    edition = copy_of("fep", dt.date(2030, 1, 1))
    criteria = "site is rectum and (age = 101 or not age <= 101)"
    change(edition, "F1", criteria=criteria, ours=[], narrowed=[], stated=[])
    note_uses(edition=edition)
    if status == "withdrawn":
        withdrawn(edition)
    elif status == "in review":
        Edition.objects.filter(pk=edition.pk).update(status="in_review")
    ((place, words),) = said("0", "100")
    assert (place, words.split(",")[0]) == ("greatest", f"FEP 8.01.08 · 1 Jan 2030 ({status}) compares it with 101")


def test_statements_and_remarks_of_an_edition_count_too() -> None:
    draft = copy_of("abs", dt.date(2030, 1, 1))
    draft.remarks.create(kind="note", text="Older patients.", criteria="age > 110")
    note_uses(edition=draft)
    assert [words.split(",")[0] for _, words in said("0", "100")] == [
        "ABS 2019 · 1 Jan 2030 (draft) compares it with 110"
    ]


def test_a_range_that_was_too_narrow_already_can_be_widened_little_by_little() -> None:
    Fact.objects.filter(code="age").update(greatest=40)
    assert said("0", "45") == []
    assert said("0", "50") == []
    assert said("0", "120") == []


def test_criteria_of_a_draft_that_do_not_read_hold_no_range() -> None:
    draft = three_provisions()
    change(draft, "B", criteria="age >= 110")
    note_uses(edition=draft)
    change(draft, "B", criteria="age >= 110 and")
    assert said("0", "100") == []


def test_a_published_edition_is_read_with_the_vocabulary_it_froze() -> None:
    assert edition_of("nia").vocabulary
    Fact.objects.filter(code="histology").update(label="Another")
    assert len(said("0", "40")) == 1


# Groups, what is billed, and what is fixed


def test_a_group_is_no_option_and_covers_what_is_below_it() -> None:
    wording = current_wording()
    codes = [value["code"] for value in wording.options("site")]
    assert "soft_tissue_sarcoma" not in codes
    assert [value["code"] for value in wording.facts["site"]["values"] if value["group"]] == ["soft_tissue_sarcoma"]
    assert wording.covered("site", ["soft_tissue_sarcoma", "colon"]) == {
        "colon", "sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other",
    }  # fmt: skip
    assert wording.options("no_such_fact") == []


def test_a_broader_answer_covers_its_narrower_ones_and_what_is_unknown_stands_for_itself() -> None:
    wording = current_wording()
    assert wording.covered("t_stage", ["t4", "t1"]) == {"t1", "t4", "t4a", "t4b"}
    assert wording.covered("site", ["eyelid", "anus"]) == {"eyelid", "anus"}
    assert wording.covered("no_such_fact", ["a", "b"]) == {"a", "b"}
    assert wording.covered("site", []) == frozenset()


def test_the_technique_alone_decides_the_code_until_an_editor_gives_another_answer_one() -> None:
    assert current_wording().billed == ("technique",)
    FactValue.objects.filter(fact__code="intent", code="boost").update(cpt="77469")
    assert current_wording().billed == ("technique", "intent")


FIXED = {
    "site", "t_stage", "recurrence", "downstaged_from_t4", "prior_rt", "central_recurrence", "age", "histology",
    "nodes", "apbi_suitable",
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({}, set()),
        ({"margin": "close", "margin_basis": "anticipated"}, set()),
        ({"margin": "close", "margin_basis": "frozen"}, set()),
        ({"margin": "close", "margin_basis": "final"}, {"margin", "margin_basis"}),
        ({"margin_basis": "final"}, {"margin", "margin_basis"}),
        ({"high_risk": "asserted"}, set()),
        ({"high_risk": "documented"}, set()),
        ({"high_risk": "no", "margin_basis": "final"}, {"margin", "margin_basis", "high_risk"}),
    ],
)
def test_what_is_is_fixed_and_a_margin_or_a_risk_once_it_is_final(answers: dict[str, str], more: set[str]) -> None:
    assert current_wording().fixed(answers) == FIXED | more


def test_nothing_of_the_plan_is_ever_fixed() -> None:
    wording = current_wording()
    planned = {code for code, fact in wording.facts.items() if fact["nature"] == "plan"}
    assert planned == {"technique", "intent", "preop_ebrt", "clinical_trial"}
    assert not planned & wording.fixed({**MET, "intent": "sole", "high_risk": "no"})


def test_an_editor_can_say_when_an_answer_is_final() -> None:
    Fact.objects.filter(code="nodes").update(nature="documentation", fixed_when="nodes is pathologically_positive")
    wording = current_wording()
    assert "nodes" not in wording.fixed({"nodes": "clinically_negative"})
    assert "nodes" in wording.fixed({"nodes": "pathologically_positive"})
