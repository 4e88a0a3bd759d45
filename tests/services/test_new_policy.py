"""A policy that speaks of something new comes in without a release, and nothing published before it changes."""

from decimal import Decimal

import pytest

from coverage_app.models import Edition, Fact, FactValue
from coverage_app.services.exchange import import_text
from coverage_app.services.vocabulary import current_wording
from tests.services.making import MET, edition_of, make_case, person, report, standing

POLICY = """\
facts:
- code: site
  kind: choice
  label: Cancer site
  question: Which cancer is treated?
  values:
  - {code: eyelid, label: Eyelid, diagnosis_codes: [C44.1]}
- code: tumor_size
  kind: number
  section: disease
  label: Tumor size
  question: How large is the tumor?
  unit: centimeters
  least: 0
  greatest: 30
  step: 0.1
code: eyes
kind: payer_policy
short_name: Eyes 7
title: Radiation of the eyelid
publisher: A plan for eyes
editions:
- in_force: 2024-01-01
  status: published
  provisions:
  - id: E1
    criteria: site is eyelid and tumor_size <= 2.5
    effect: criteria_met
    quote: Small tumors of the eyelid are considered medically necessary.
    locator: Policy
  - id: E2
    criteria: always
    effect: investigational
    quote: All else is investigational.
    locator: Policy
"""


@pytest.fixture(autouse=True, scope="module")
def _policy(once_for_all: None) -> None:
    import_text(text=POLICY, by=person("editor"))


@pytest.mark.parametrize(
    ("size", "verdict"), [("2.5", "criteria_met"), ("2.6", "investigational"), ("0", "criteria_met")]
)
def test_a_new_number_decides_at_its_threshold(size: str, verdict: str) -> None:
    found = standing("eyes", {"site": "eyelid", "tumor_size": size})
    assert found.code == verdict
    assert found.counted["tumor_size"] == Decimal(size)


def test_a_new_number_is_asked_for_where_it_matters_only() -> None:
    assert standing("eyes", {"site": "eyelid"}).verdict.missing == ("tumor_size",)
    assert "tumor_size" in standing("eyes", {"site": "eyelid"}).relevant
    assert "tumor_size" not in standing("eyes", {"site": "rectum"}).relevant
    assert "tumor_size" not in standing("fep", {"site": "eyelid"}).relevant


def test_a_new_number_is_read_with_its_unit() -> None:
    found = report("eyes", {"site": "eyelid", "tumor_size": "0.7"})
    leaf = found["provisions"][0]["tree"]["children"][1]
    assert (leaf["text"], leaf["answer"]) == ("Tumor size: at most 2.5 centimeters", "0.7 centimeters")
    (point,) = found["turning"]["documentation"]
    assert [change["fact"] for change in point["changes"]] == ["tumor_size"]
    assert point["changes"][0]["to"] == "2.6 to 30 centimeters"


def test_a_case_stores_a_new_number_exactly() -> None:
    case = make_case("eyes", {"site": "eyelid", "tumor_size": "2.5"})
    assert case.verdict == "criteria_met"
    assert case.answers.get(fact__code="tumor_size").number == Decimal("2.5")


@pytest.mark.parametrize(
    ("payer", "verdict"), [("fep", "investigational"), ("bcbsma", "investigational"), ("nia", "investigational")]
)
def test_an_older_edition_reads_a_new_site_as_any_other(payer: str, verdict: str) -> None:
    found = standing(payer, {**MET, "site": "eyelid"})
    assert found.code == verdict
    assert found.reading.edition.vocabulary != current_wording().to_data()


def test_a_narrower_value_added_later_is_not_covered_by_an_older_edition_and_the_verdict_says_so() -> None:
    t4 = FactValue.objects.get(fact__code="t_stage", code="t4")
    FactValue.objects.create(fact=t4.fact, code="t4z", label="T4z", position=99, broader=t4)
    assert standing("fep", MET).code == "criteria_met"
    given = {**MET, "t_stage": "t4z", "downstaged_from_t4": "no"}
    assert standing("fep", given).code == "investigational"
    told = "“T4z” came to T category after this edition was published"
    assert told in report("fep", given)["verdict"]["sentence"]
    assert "after this edition was published" not in report("fep", MET)["verdict"]["sentence"]


@pytest.mark.parametrize(
    ("age", "verdict"), [("125", "criteria_met"), ("50.5", "criteria_met"), ("49.5", "investigational")]
)
def test_a_number_whose_range_or_step_was_changed_is_read_by_an_older_edition(age: str, verdict: str) -> None:
    Fact.objects.filter(code="age").update(greatest=130, step=Decimal("0.5"))
    given = {"site": "breast", "technique": "electron", "t_stage": "t1", "margin": "negative", "margin_basis": "final"}
    rest = {"recurrence": "primary", "intent": "sole", "prior_rt": "none", "histology": "invasive"}
    more = {"nodes": "clinically_negative", "apbi_suitable": "yes"}
    found = report("nia", {**given, **rest, **more, "age": age})
    assert found["verdict"]["code"] == verdict


def test_the_vocabulary_of_a_published_edition_is_frozen() -> None:
    before = edition_of("fep").vocabulary
    FactValue.objects.filter(fact__code="margin", code="close").update(label="Narrow", help="Another help")
    assert edition_of("fep").vocabulary == before
    assert "eyelid" not in str(before)
    assert "eyelid" in str(edition_of("eyes").vocabulary)
    assert Edition.objects.filter(status="published", vocabulary=None).count() == 0


def test_a_new_policy_stands_beside_the_others() -> None:
    lines = {line["document"]["code"]: line["verdict"]["code"] for line in report("fep", MET)["elsewhere"]}
    assert lines == {"bcbsma": "criteria_met", "eyes": "investigational", "nia": "criteria_met"}
