"""One case under every payer on file: what each says, and where they differ."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_app.models import AuthorizationRule
from coverage_app.services.life import withdraw_edition
from coverage_app.services.side_by_side import Cell, SideBySide, side_by_side
from coverage_app.services.standing import CaseFacts
from tests.services.editions_made import copy_of, published
from tests.services.making import DAY, MET, answers, edition_of, import_small, payer, person

pytestmark = pytest.mark.django_db


def compared(code: str | None, given: dict[str, str], **about: Any) -> SideBySide:
    facts = CaseFacts(answers(given), payer(code) if code else None, **{"date_of_service": DAY, **about})
    return side_by_side(facts)


def cells(found: SideBySide, aspect: str) -> dict[str, Cell]:
    """What each payer says on an aspect, by the payer's code."""
    line = next(line for line in found.aspects if line.code == aspect)
    return {cell.column.document.code: cell for cell in line.cells}


def differs(found: SideBySide, aspect: str) -> tuple[bool, set[str]]:
    """Whether the payers differ on an aspect, and which differ from the case's own."""
    line = next(line for line in found.aspects if line.code == aspect)
    return line.differs, {cell.column.document.code for cell in line.cells if cell.differs}


def test_the_case_s_own_payer_stands_first_and_the_others_by_code() -> None:
    found = compared("nia", MET)
    assert [column.document.code for column in found.columns] == ["nia", "bcbsma", "fep"]
    assert found.own is found.columns[0]
    assert compared(None, MET).own is None


def test_verdicts_are_gathered_with_who_gives_them() -> None:
    found = compared("bcbsma", {**MET, "technique": "hdr"})
    assert [(tag["code"], names) for tag, names in found.verdicts] == [
        ("physician_review", ["BCBSMA 278", "NIA_CG_226"]),
        ("criteria_met", ["FEP 8.01.08"]),
    ]
    assert differs(found, "verdict") == (True, {"fep"})
    assert differs(compared("bcbsma", MET), "verdict") == (False, set())


def test_without_a_payer_the_others_are_held_against_one_another() -> None:
    assert differs(compared(None, {**MET, "technique": "hdr"}), "verdict") == (True, set())


def test_what_decides_is_the_sentence_verbatim_with_its_locator() -> None:
    found = cells(compared("fep", MET), "decides")
    [sentence] = found["nia"].data["sentences"]
    assert sentence == {
        "provisions": ["N6"],
        "locator": "Rectal Cancer",
        "quote": "IORT is indicated for rectal cancer with positive or close margins for T4 lesions or recurrent disease.",
    }
    assert found["nia"].differs
    assert not found["bcbsma"].differs  # the same sentence, under another heading


def test_what_is_missing_is_named_for_each_payer() -> None:
    found = compared("fep", {"site": "breast", "recurrence": "primary"})
    assert cells(found, "missing")["fep"].data["labels"] == []
    assert "Technique" in cells(found, "missing")["nia"].data["labels"]
    assert differs(found, "missing") == (True, {"nia"})
    found = compared("fep", {"site": "breast"})
    assert cells(found, "missing")["bcbsma"].data["labels"] == ["Primary or recurrent"]
    assert differs(found, "missing") == (True, {"nia", "bcbsma"})


def authorization(code: str, **about: Any) -> dict[str, Any]:
    return cells(compared(code, MET, **about), "authorization")["bcbsma"].data


def test_authorization_follows_the_case_s_setting_and_product() -> None:
    about = {"setting": "outpatient", "product": "Medicare HMO Blue"}
    [line] = authorization("bcbsma", **about)["lines"]
    assert (line["setting"], line["answer"], line["products"]) == ("Outpatient", "Not required", "Medicare HMO Blue")
    assert [line["setting"] for line in authorization("bcbsma")["lines"]] == ["Inpatient", "Outpatient"]


@pytest.mark.parametrize(
    ("margin", "about", "said"),
    [
        ("negative", {"setting": "outpatient"}, True),
        ("negative", {}, True),
        ("negative", {"setting": "inpatient"}, False),
        ("positive", {"setting": "outpatient"}, False),
    ],
)
def test_that_no_authorization_is_no_coverage_is_said_where_both_can_be_the_case(
    margin: str, about: dict[str, str], said: bool
) -> None:
    data = cells(compared("bcbsma", {**MET, "margin": margin}, **about), "authorization")["bcbsma"].data
    assert ("still not covered" in data["note"]) is said


def test_another_payer_s_product_is_said_to_be_none_of_these() -> None:
    data = authorization("nia", setting="outpatient", product="Somebody else's plan")
    assert "“Somebody else's plan” is not a product of this payer. All of its own are shown." in data["foreign"]
    [line] = data["lines"]
    assert (line["answer"], line["products"]) == ("Not required", "for all 4 products")


def test_products_with_unlike_rules_are_told_apart() -> None:
    draft = copy_of("bcbsma", dt.date(2024, 1, 1))
    rule = draft.authorizationrules.get(product="Medicare HMO Blue", setting="outpatient")
    AuthorizationRule.objects.filter(pk=rule.pk).update(rule="required")
    published(draft)
    [line] = authorization("bcbsma", setting="outpatient")["lines"]
    assert line["answer"] == "Depends on the product"
    assert "Required: Medicare HMO Blue" in line["products"]


def test_a_payer_without_rules_of_authorization_states_none() -> None:
    found = compared("fep", MET, setting="outpatient")
    assert cells(found, "authorization")["fep"].data["lines"] == []
    assert differs(found, "authorization") == (True, {"bcbsma"})


def test_codes_are_held_against_each_list() -> None:
    found = cells(compared("bcbsma", MET, diagnosis_code="C19", cpt_code="77424"), "codes")
    shown = {code: [(l["code"], l["tag"]["code"]) for l in cell.data["lines"]] for code, cell in found.items()}  # noqa: E741
    assert shown["bcbsma"] == [("77425", "listed"), ("77424", "listed"), ("C19", "not_listed")]
    assert shown["fep"] == [("77425", "no_list"), ("77424", "no_list"), ("C19", "no_list")]
    assert shown["nia"] == [("77425", "listed"), ("77424", "listed"), ("C19", "no_list")]


@pytest.mark.parametrize(("technique", "words"), [("hdr", "No document on file names a CPT code"), (None, "Technique")])
def test_a_technique_without_a_code_is_said(technique: str | None, words: str) -> None:
    given = {**MET, "technique": technique} if technique else {k: v for k, v in MET.items() if k != "technique"}
    cell = cells(compared("fep", given), "codes")["fep"]
    assert words.lower() in cell.data["note"].lower()
    assert cell.key is None  # no code, so nothing that could differ


def test_a_technique_that_changes_no_verdict_still_has_its_code() -> None:
    found = cells(compared("bcbsma", {"site": "kidney", "technique": "xray"}), "codes")
    assert [line["code"] for line in found["bcbsma"].data["lines"]] == ["77424"]


def test_a_payer_without_an_edition_of_the_day_says_from_when_it_has_one() -> None:
    found = compared("bcbsma", MET, date_of_service=dt.date(2022, 5, 1))
    fep = next(column for column in found.columns if column.document.code == "fep")
    assert (fep.edition, fep.standing.code, fep.starts) == (None, "no_edition", (dt.date(2023, 10, 1),))
    assert differs(found, "verdict") == (True, {"fep", "nia"})
    assert differs(found, "decides") == (False, set())  # nothing to compare with


def test_a_withdrawn_edition_is_none() -> None:
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    column = compared("fep", MET).own
    assert column is not None
    assert (column.standing.code, column.starts) == ("no_edition", ())


def test_without_a_date_of_service_it_is_today_s_editions() -> None:
    today = dt.date(2024, 2, 2)
    facts = CaseFacts(answers(MET), payer("fep"))
    found = side_by_side(facts, today=today)
    assert (found.day, found.dated) == (today, False)


def test_it_asks_no_more_for_more_payers() -> None:
    facts = CaseFacts(answers(MET), payer("fep"), date_of_service=dt.date(2026, 1, 2), diagnosis_code="C20")
    side_by_side(facts)  # each edition is read once a process
    with CaptureQueriesContext(connection) as few:
        side_by_side(facts)
    import_small()
    side_by_side(facts)
    with CaptureQueriesContext(connection) as more:
        found = side_by_side(facts)
    assert len(found.columns) == 4
    assert len(more) == len(few)
