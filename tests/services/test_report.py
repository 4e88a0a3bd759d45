"""The report of a case: plain data, and above all the verdict."""

import json

import pytest

from tests.services.making import MET, report
from tests.services.reports import EITHER_WAY, NEGATIVE


@pytest.mark.parametrize("code", ["fep", "bcbsma", "nia"])
@pytest.mark.parametrize(
    "given",
    [{}, MET, NEGATIVE, EITHER_WAY, {"site": "breast"}],
    ids=["nothing", "met", "negative", "either way", "breast"],
)
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
    given = {"site": "colon", "recurrence": "local", "intent": "boost", "technique": "electron"}
    assert "can also be used" in report("nia", given)["verdict"]["sentence"]


def test_the_sentence_names_payer_document_edition_and_section() -> None:
    sentence = report("fep", NEGATIVE)["verdict"]["sentence"]
    for words in ("FEP 8.01.08", "Federal Employee Program", "Policy statement", "1 Oct 2023", "investigational"):
        assert words in sentence


@pytest.mark.parametrize(
    ("code", "given", "headline"),
    [
        ("fep", MET, "Criteria met under this policy"),
        ("fep", NEGATIVE, "Investigational: not covered under this policy"),
        ("fep", EITHER_WAY, "Physician review needed"),
        ("bcbsma", {"site": "breast", "recurrence": "local"}, "Check another policy first"),
        ("nia", {}, "More documentation needed"),
    ],
)
def test_each_verdict_has_its_headline(code: str, given: dict[str, str], headline: str) -> None:
    assert report(code, given)["verdict"]["headline"] == headline


# Why a physician has to look at it

SETTLED = "The policy's text does not settle this case."


def why(code: str, given: dict[str, str]) -> tuple[str, dict[str, bool]]:
    """Why a case goes to review: in a sentence, and each reason with whether it applies for certain."""
    verdict = report(code, given)["verdict"]
    return verdict["why"], {reason["text"]: reason["applies"] for reason in verdict["reasons"]}


def test_the_policy_itself_asks_for_the_review_of_pancreatic_cancer_alone() -> None:
    assert why("nia", {"site": "pancreas"}) == ("The policy asks for it.", {})
    assert why("fep", EITHER_WAY)[0] == SETTLED


@pytest.mark.parametrize(
    ("code", "changed", "reason"),
    [
        ("fep", {"margin_basis": "anticipated"}, "The text does not say whether an expected margin suffices."),
        (
            "fep",
            {"margin": "indeterminate"},
            "An indeterminate margin is neither the positive or close margin that the text asks for, nor",
        ),
        ("bcbsma", {"recurrence": "distant"}, "The text does not say whether recurrent disease includes distant"),
        ("fep", {"site": "rectosigmoid"}, "The text does not say whether the rectosigmoid junction is rectum."),
        (
            "nia",
            {"site": "rectosigmoid", "intent": "sole", "prior_rt": "none"},
            "The text does not say whether the rectosigmoid junction is rectum or colon.",
        ),
        ("fep", {"technique": "ldr"}, "LDR is not among the techniques that the policy describes."),
        ("bcbsma", {"technique": "hdr"}, "The policy lists codes for x-ray and electrons only."),
        ("nia", {"technique": "xray"}, "Electronic brachytherapy for IORT is called experimental under Breast Cancer"),
        (
            "fep",
            {"t_stage": "t3", "downstaged_from_t4": "yes"},
            "The text does not say whether a tumor that was T4 before neoadjuvant treatment is still a T4 lesion.",
        ),
        ("fep", {"margin": "negative", "recurrence": "regional"}, "The sentence can be read either way"),
    ],
)
def test_a_review_says_what_the_text_does_not_settle(code: str, changed: dict[str, str], reason: str) -> None:
    said, reasons = why(code, {**MET, **changed})
    assert said == SETTLED
    ((text, applies),) = reasons.items()
    assert text.startswith(reason)
    assert applies


def test_several_reasons_are_each_told_once_and_those_that_only_may_apply_last() -> None:
    said, reasons = why("fep", {"site": "rectosigmoid", "recurrence": "distant", "margin": "close"})
    assert said == SETTLED
    assert list(reasons.values()) == sorted(reasons.values(), reverse=True)
    assert reasons["The text does not say whether an expected margin suffices."] is False
    assert reasons["The text does not say whether recurrent disease includes distant disease."] is True
    assert reasons["The text does not say whether the rectosigmoid junction is rectum."] is True


@pytest.mark.parametrize("given", [{}, MET, NEGATIVE], ids=["open", "met", "investigational"])
def test_a_case_that_goes_to_no_review_has_no_reasons_for_one(given: dict[str, str]) -> None:
    assert why("fep", given) == ("", {})


def test_no_report_says_approved_or_denied() -> None:
    for code in ("fep", "bcbsma", "nia"):
        for given in ({}, MET, NEGATIVE, EITHER_WAY, *({"site": s} for s in ("breast", "pancreas", "non_oncologic"))):
            verdict = report(code, given)["verdict"]
            assert not any(word in json.dumps(verdict).lower() for word in ("approved", "denied"))


def test_breast_under_278_is_governed_elsewhere_with_what_278_alone_says() -> None:
    found = report("bcbsma", {"site": "breast", "recurrence": "primary"})
    assert found["verdict"]["code"] == "governed_elsewhere"
    assert "278 alone calls this use investigational" in found["verdict"]["sentence"]
    (remark,) = [remark for remark in found["remarks"] if remark["kind"] == "related_policy"]
    assert "326" in remark["title"]
    assert "#326" in remark["quote"]
    marked = " ".join(s["text"] for e in found["excerpts"] for s in e["segments"] if s["marked"])
    assert "INVESTIGATIONAL for all other oncologic applications" in marked
    assert "Accelerated Breast Irradiation" in marked


def test_a_distant_recurrence_of_breast_cancer_is_not_governed_elsewhere() -> None:
    assert report("bcbsma", {"site": "breast", "recurrence": "distant"})["verdict"]["code"] == "investigational"
    assert report("bcbsma", {"site": "breast"})["verdict"]["code"] == "undetermined"


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
    assert (missing["label"], missing["question"]) == ("Margin basis", "How was the margin determined?")
    assert missing["help"]
    assert "1 answer not documented yet" in found["verdict"]["sentence"]
