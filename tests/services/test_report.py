"""The report of a case: plain data, and above all the verdict."""

import json

import pytest

from tests.services.making import MET, report
from tests.services.reports import NEGATIVE


@pytest.mark.parametrize("code", ["fep", "bcbsma", "nia"])
@pytest.mark.parametrize("given", [{}, MET, NEGATIVE, {"site": "breast"}], ids=["nothing", "met", "negative", "breast"])
def test_a_report_is_plain_data(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("code", "verb"),
    [
        ("fep", "may be considered medically necessary"),
        ("bcbsma", "may be considered MEDICALLY NECESSARY"),
        ("nia", "is indicated"),
    ],
)
def test_criteria_met_keeps_the_verb_of_its_policy(code: str, verb: str) -> None:
    verdict = report(code, MET)["verdict"]
    assert verdict["code"] == "criteria_met"
    assert f"“{verb}”" in verdict["sentence"]
    assert "not a promise of payment" in verdict["sentence"]


def test_a_recurrent_colon_cancer_keeps_nia_s_other_verb() -> None:
    given = {"site": "colon", "recurrence": "local", "intent": "boost", "technique": "xray"}
    assert "can also be used" in report("nia", given)["verdict"]["sentence"]


def test_the_sentence_names_payer_document_edition_and_section() -> None:
    sentence = report("fep", NEGATIVE)["verdict"]["sentence"]
    for words in ("FEP 8.01.08", "Federal Employee Program", "Policy statement", "1 Oct 2023", "investigational"):
        assert words in sentence


def test_no_report_says_approved_or_denied() -> None:
    for code in ("fep", "bcbsma", "nia"):
        for given in ({}, MET, NEGATIVE, {"site": "breast"}, {"site": "pancreas"}, {"site": "non_oncologic"}):
            verdict = report(code, given)["verdict"]
            assert not any(word in json.dumps(verdict).lower() for word in ("approved", "denied"))


def test_breast_under_278_is_governed_elsewhere_with_what_278_alone_says() -> None:
    found = report("bcbsma", {"site": "breast"})
    assert found["verdict"]["code"] == "governed_elsewhere"
    (remark,) = [remark for remark in found["remarks"] if remark["kind"] == "related_policy"]
    assert "326" in remark["title"]
    assert "INVESTIGATIONAL" in remark["quote"]


def test_one_effect_by_several_provisions_holds_whichever_applies() -> None:
    given = {"site": "cervix", "recurrence": "distant", "intent": "boost", "margin": "positive"}
    assert not report("nia", given)["verdict"]["holds_whichever"]
    del given["recurrence"]
    found = report("nia", {**given, "prior_rt": "ebrt", "technique": "hdr"})
    assert found["verdict"]["code"] == "physician_review"
    assert found["verdict"]["holds_whichever"]
    assert [p["id"] for p in found["provisions"] if p["decides"]] == ["N3r", "N7r"]


def test_an_open_verdict_says_what_is_possible_and_what_is_missing() -> None:
    found = report("fep", {fact: answer for fact, answer in MET.items() if fact != "margin_basis"})
    assert [tag["code"] for tag in found["verdict"]["possible"]] == ["criteria_met", "physician_review"]
    (missing,) = found["missing"]
    assert (missing["label"], missing["question"]) == ("Margin basis", "On what is the margin based?")
    assert missing["help"]
    assert "1 answer not documented yet" in found["verdict"]["sentence"]
