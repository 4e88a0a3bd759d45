"""The report of a case: what else is said with its verdict."""

import datetime as dt
from typing import Any

from tests.services.making import MET, report
from tests.services.reports import EITHER_WAY, NEGATIVE


def titles(found: dict[str, Any], kind: str) -> list[str]:
    return [remark["title"] for remark in found["remarks"] if remark["kind"] == kind]


def test_remarks_show_for_their_effects_alone() -> None:
    assert titles(report("fep", NEGATIVE), "benefit") == ["What investigational means for the benefit"]
    assert titles(report("fep", MET), "benefit") == []
    assert titles(report("nia", MET), "frequency") == ["One fraction"]
    assert titles(report("nia", {"site": "kidney"}), "frequency") == []


def test_remarks_show_when_their_criteria_are_met() -> None:
    recurrent = "Two ways to read the sentence"
    for code in ("fep", "bcbsma"):
        assert recurrent in titles(report(code, EITHER_WAY), "reading")
        assert recurrent not in titles(report(code, {**MET, "margin_basis": "anticipated"}), "reading")
    for given in (NEGATIVE, EITHER_WAY):
        summary = [r for r in report("bcbsma", given)["remarks"] if "National Comprehensive" in r["quote"]]
        assert len(summary) == 1
    assert not any("National Comprehensive" in r["quote"] for r in report("bcbsma", MET)["remarks"])


def test_the_criteria_of_a_remark_are_read_with_every_answer_that_is_recorded() -> None:
    adds = "What the summary adds about T4 or recurrent disease"
    given = {"site": "rectum", "margin": "negative", "t_stage": "t4", "recurrence": "primary"}
    assert adds in titles(report("bcbsma", given), "reading")
    del given["t_stage"]
    assert adds not in titles(report("bcbsma", given), "reading")


def test_remarks_show_for_their_sites_alone() -> None:
    assert titles(report("nia", {"site": "breast"}), "related_policy") == ["NIA's breast guideline"]
    assert "A site that this guideline does not name" in titles(report("nia", {"site": "kidney"}), "reading")
    assert "A site that this guideline does not name" not in titles(report("nia", MET), "reading")
    for given in (MET, {"site": "kidney"}, {}):
        assert titles(report("nia", given), "opening") == ["Case-by-case determinations"]
    assert "pancreatic" in titles(report("nia", {"site": "pancreas"}), "reading")[0]


def test_what_is_said_of_sarcoma_is_shown_for_each_of_its_sites() -> None:
    for site in ("sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other"):
        assert [line["title"] for line in report("fep", {"site": site})["evidence"]] == ["Soft tissue sarcoma"]
    assert report("fep", {"site": "fibromatosis"})["evidence"] != report("fep", {"site": "sarcoma_other"})["evidence"]


def test_what_a_later_document_says_stands_with_its_month() -> None:
    (context,) = [r for r in report("bcbsma", MET)["remarks"] if r["kind"] == "context"]
    assert (context["title"], context["dated"]) == ("Medicare local coverage determinations", "2021-07")
    assert "check the Medicare Coverage Database" in context["text"]
    assert titles(report("nia", {"site": "breast"}), "context") == ["A newer ASTRO guideline exists"]
    assert titles(report("nia", MET), "context") == []


def test_medicare_and_fda_lines_and_the_disclaimer_stand_with_every_verdict_of_fep() -> None:
    for given in ({}, MET, NEGATIVE, {"site": "non_oncologic"}):
        found = report("fep", given)
        assert "no national coverage determination" in str(
            [r["quote"] for r in found["remarks"] if r["kind"] == "medicare"]
        )
        assert "JAD, LHN" in str([r["quote"] for r in found["remarks"] if r["kind"] == "fda"])
        assert "warranty" in found["disclaimers"][0]["quote"]


def test_the_evidence_summary_is_shown_for_the_site_alone() -> None:
    assert [line["title"] for line in report("fep", MET)["evidence"]] == ["Rectal cancer"]
    assert [line["title"] for line in report("bcbsma", {"site": "kidney"})["evidence"]] == ["Renal cell carcinoma"]
    assert report("fep", {"site": "prostate"})["evidence"] == []
    assert report("nia", MET)["evidence"] == []


def test_the_evidence_summary_and_the_statement_of_fep_differ_and_the_report_says_so() -> None:
    for given in (MET, EITHER_WAY):
        assert "Evidence summary and policy statement differ" in titles(report("fep", given), "reading")
    assert "Evidence summary and policy statement differ" not in titles(report("fep", NEGATIVE), "reading")


def test_misprints_are_explained_where_they_are_quoted() -> None:
    assert [m["title"] for m in report("fep", MET)["misprints"]][:1] == ["Xofigo"]
    assert [m["title"] for m in report("nia", {"site": "breast"})["misprints"]] == ["Xofig"]
    assert report("bcbsma", MET)["misprints"] == []


def test_the_same_case_stands_under_the_other_payers_a_line_each() -> None:
    found = {line["document"]["code"]: line for line in report("fep", {**MET, "technique": "hdr"})["elsewhere"]}
    assert list(found) == ["bcbsma", "nia"]
    assert found["bcbsma"]["verdict"]["code"] == "physician_review"
    (early, other) = report("nia", MET, date_of_service=dt.date(2022, 12, 31))["elsewhere"]
    assert (early["verdict"]["code"], other["verdict"]["code"]) == ("criteria_met", "no_edition")
    open_line = report("fep", {"site": "rectum"})["elsewhere"][0]
    assert (open_line["verdict"]["code"], open_line["missing_count"] > 3) == ("undetermined", True)
