"""Codes and authorization: two questions of their own, beside coverage."""

from typing import Any

import pytest

from tests.services.making import MET, payer, report

PRODUCTS = (
    "Commercial Managed Care (HMO and POS)",
    "Commercial PPO and Indemnity",
    "Medicare HMO Blue",
    "Medicare PPO Blue",
)


def codes(code: str, given: dict[str, Any] = MET, **about: Any) -> dict[str, Any]:
    return report(code, given, **about)["codes"]  # type: ignore[no-any-return]


# Codes


@pytest.mark.parametrize(("technique", "cpt"), [("electron", ["77425"]), ("xray", ["77424"])])
def test_a_technique_has_its_code(technique: str, cpt: list[str]) -> None:
    found = codes("bcbsma", {**MET, "technique": technique})
    assert [line["code"] for line in found["cpt"]] == cpt
    assert [line["listed"]["code"] for line in found["cpt"]] == ["listed"]
    assert found["cpt_note"] == ""


@pytest.mark.parametrize(("technique", "cpt"), [("electron", ["77425"]), ("xray", ["77424"]), ("ldr", [])])
def test_a_technique_that_cannot_change_the_verdict_still_chooses_the_code(technique: str, cpt: list[str]) -> None:
    given = {"site": "lung", "technique": technique}
    assert not next(q for q in report("bcbsma", given)["questions"] if q["fact"] == "technique")["counts"]
    assert [line["code"] for line in codes("bcbsma", given)["cpt"]] == cpt


def test_other_services_of_the_session_are_said_to_have_codes_of_their_own() -> None:
    for code in ("fep", "bcbsma", "nia"):
        assert "have codes of their own, which these documents do not name" in codes(code)["other_services"]


@pytest.mark.parametrize("technique", ["hdr", "ldr"])
@pytest.mark.parametrize("own", ["", "77425"])
def test_hdr_and_ldr_have_no_code_and_the_report_says_so(technique: str, own: str) -> None:
    found = codes("fep", {**MET, "technique": technique}, cpt_code=own)
    assert [line["code"] for line in found["cpt"]] == ([own] if own else [])
    assert "No document on file names a CPT code" in found["cpt_note"]


def test_without_a_technique_both_codes_are_shown() -> None:
    assert [line["code"] for line in codes("bcbsma", {"site": "rectum"})["cpt"]] == ["77425", "77424"]


def test_a_document_without_a_list_lists_nothing() -> None:
    assert [line["listed"]["code"] for line in codes("fep")["cpt"]] == ["no_list"]
    assert codes("fep", diagnosis_code="C20")["diagnosis"]["tag"]["code"] == "no_list"
    assert codes("fep", diagnosis_code="C19")["warnings"] == []


def test_a_code_that_is_not_listed_is_a_warning_with_the_payer_s_sentence() -> None:
    found = codes("bcbsma", diagnosis_code="C19", cpt_code="77427")
    assert found["warnings"] == ["77427 is not on this payer's list.", "C19 is not on this payer's list."]
    assert "does not constitute or imply member coverage" in found["rules"][0]["quote"]
    assert report("bcbsma", MET, diagnosis_code="C19")["verdict"]["code"] == "criteria_met"


def test_the_list_of_278_is_shown_whole_for_rectum_and_inpatient() -> None:
    found = codes("bcbsma", diagnosis_code="C20", setting="inpatient")
    assert [line["code"] for line in found["listed_diagnoses"]] == ["C20", "D01.2"]
    assert [line["code"] for line in found["procedure"]] == ["DDY7CZZ"]
    assert (found["diagnosis"]["tag"]["code"], found["diagnosis"]["note"]) == ("listed", "")
    assert found["diagnosis"]["description"] == "Malignant neoplasm of rectum"


@pytest.mark.parametrize(
    ("site", "setting"),
    [("rectum", "outpatient"), ("rectum", ""), ("colon", "inpatient"), ("rectosigmoid", "inpatient")],
)
def test_the_inpatient_code_of_the_rectum_is_shown_nowhere_else(site: str, setting: str) -> None:
    found = codes("bcbsma", {**MET, "site": site}, setting=setting)
    assert found["procedure"] == []
    assert [line["code"] for line in found["listed_diagnoses"]] == ["C20", "D01.2"]


@pytest.mark.parametrize("code", ["D48.1", "C18", "X99.99"])
def test_a_code_that_cannot_be_billed_is_told(code: str) -> None:
    assert "Not a billable ICD-10-CM code" in codes("fep", diagnosis_code=code)["diagnosis"]["note"]


def test_the_billing_indicators_belong_to_77424_alone() -> None:
    (found,) = codes("fep", {**MET, "technique": "xray"})["indicators"]
    assert found["code"] == "77424"
    assert len(str(found)) > 500
    assert codes("fep", {**MET, "technique": "electron"})["indicators"] == []


# Authorization


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize(("setting", "answer"), [("inpatient", "Required"), ("outpatient", "Not required")])
def test_278_requires_authorization_inpatient_and_not_outpatient(product: str, setting: str, answer: str) -> None:
    found = report("bcbsma", MET, product=product, setting=setting)["authorization"]
    assert found["answer"] == answer
    (applies,) = [rule for rule in found["rules"] if rule["applies"]]
    assert applies["product"] in (product, "All products")
    assert applies["quote"]


def test_without_a_setting_it_depends() -> None:
    found = report("bcbsma", MET, product=PRODUCTS[2])["authorization"]
    assert found["answer"] == "Depends on setting and product"
    assert [rule["possible"] for rule in found["rules"]] == [True, False, False, True, False]
    assert not any(rule["applies"] for rule in found["rules"])


def test_without_a_product_the_setting_may_be_enough() -> None:
    assert report("bcbsma", MET, setting="inpatient")["authorization"]["answer"] == "Required"
    assert report("bcbsma", MET, setting="outpatient")["authorization"]["answer"] == "Not required"


def test_authorization_is_not_coverage_and_the_report_says_so() -> None:
    given = {**MET, "margin": "negative"}
    found = report("bcbsma", given, setting="outpatient", product=PRODUCTS[0])
    assert (found["verdict"]["code"], found["authorization"]["answer"]) == ("investigational", "Not required")
    assert "still not covered" in found["authorization"]["note"]


@pytest.mark.parametrize(
    ("given", "setting", "said"),
    [
        ({**MET, "margin": "negative"}, "", True),  # it may be outpatient
        ({**MET, "margin": "negative"}, "inpatient", False),  # authorization is required anyway
        (MET, "outpatient", False),  # nothing is investigational here
        ({"site": "rectum"}, "outpatient", True),  # it may come out so
    ],
)
def test_that_no_authorization_is_no_coverage_is_said_where_both_can_be_the_case(
    given: dict[str, Any], setting: str, said: bool
) -> None:
    note = report("bcbsma", given, setting=setting)["authorization"]["note"]
    assert ("still not covered" in note) is said


@pytest.mark.parametrize("code", ["fep", "nia"])
def test_a_document_without_a_rule_says_so(code: str) -> None:
    found = report(code, MET, setting="inpatient")["authorization"]
    assert (found["answer"], found["rules"]) == ("Not stated in this document", [])


def test_278_names_four_products() -> None:
    rules = payer("bcbsma").editions.get().authorizationrules.exclude(product="")
    assert tuple(rules.values_list("product", flat=True)) == PRODUCTS
