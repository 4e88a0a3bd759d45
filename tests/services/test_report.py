"""The report of a case: verdict, words of the policy, rows, what it turns on, what else is shown."""

import datetime as dt
import json
from typing import Any

import pytest

from tests.services.making import DAY, MET, report

NEGATIVE = {**MET, "margin": "negative", "recurrence": "local"}


def rows(code: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in report(code, given)["rows"]}


def titles(found: dict[str, Any], kind: str) -> list[str]:
    return [remark["title"] for remark in found["remarks"] if remark["kind"] == kind]


@pytest.mark.parametrize("code", ["fep", "bcbsma", "nia"])
@pytest.mark.parametrize("given", [{}, MET, NEGATIVE, {"site": "breast"}], ids=["nothing", "met", "negative", "breast"])
def test_a_report_is_plain_data(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    assert json.loads(json.dumps(found)) == found


# The verdict


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


# The policy's words


def test_the_deciding_sentence_is_marked_in_its_passage() -> None:
    (excerpt,) = report("fep", MET)["excerpts"]
    assert excerpt["provisions"] == ["F1"]
    marked = [segment["text"] for segment in excerpt["segments"] if segment["marked"]]
    assert marked == ["Rectal cancer with positive or close margins with T4 lesions or recurrent disease."]
    assert len(excerpt["segments"]) == 3


@pytest.mark.parametrize("code", ["fep", "bcbsma", "nia"])
def test_every_provision_that_decides_is_marked_somewhere(code: str) -> None:
    for given in ({}, MET, {"site": "breast"}, {"site": "cervix"}, {"site": "colon"}, {"site": "sarcoma_trunk"}):
        found = report(code, given)
        marked = " ".join(s["text"] for e in found["excerpts"] for s in e["segments"] if s["marked"])
        for provision in found["provisions"]:
            if provision["decides"]:
                assert all(part in marked for part in provision["quote"].split(" [...] ")), provision["id"]


def test_each_provision_has_its_state_and_each_leaf_its_answer() -> None:
    found = {p["id"]: p for p in report("fep", {**MET, "t_stage": "t4b"})["provisions"]}
    assert [(code, p["state"]["code"]) for code, p in found.items()] == [
        ("F0", "not_met"), ("F1", "met"), ("F1r", "met"), ("F2", "met")
    ]  # fmt: skip
    leaves = {leaf["fact"]: leaf for leaf in found["F1"]["tree"]["children"] if leaf["kind"] == "leaf"}
    assert leaves["margin"]["text"] == "Margin: Close or Positive"
    assert leaves["margin"]["answer"] == "Positive"
    (either,) = [child for child in found["F1"]["tree"]["children"] if child["kind"] == "any"]
    assert either["children"][0]["text"] == "T category: T4, T4a or T4b"
    assert either["children"][0]["answer"] == "T4b"


def test_a_certain_verdict_can_have_a_leaf_that_is_not_documented() -> None:
    found = report("nia", {"site": "kidney"})
    assert found["verdict"]["code"] == "investigational"
    states = {child["state"]["code"] for p in found["provisions"] for child in p["tree"]["children"]}
    assert "unknown" in states


# What it turns on


def test_the_hint_stands_where_an_anticipated_margin_alone_is_in_the_way() -> None:
    words = "confirm by frozen section"
    assert words in report("fep", {**MET, "margin_basis": "anticipated"})["hint"]
    assert words in report("nia", {**MET, "margin_basis": "anticipated"})["hint"]


@pytest.mark.parametrize(
    "given",
    [
        MET,
        {**MET, "margin_basis": "anticipated", "t_stage": "t3"},
        {**MET, "margin_basis": "anticipated", "technique": "ldr"},
        {**MET, "margin_basis": "anticipated", "margin": "indeterminate"},
    ],
    ids=["confirmed", "T3", "LDR", "indeterminate"],
)
def test_the_hint_stays_away_where_confirming_would_not_help(given: dict[str, str]) -> None:
    assert report("fep", given)["hint"] == ""


def test_what_documentation_can_establish_stands_apart_from_what_is_as_it_is() -> None:
    turning = report("fep", {**MET, "t_stage": "t3", "downstaged_from_t4": "no"})["turning"]
    assert {point["changes"][0]["fact"] for point in turning["fixed"]} >= {"t_stage", "recurrence"}
    assert [point["changes"][0]["fact"] for point in turning["documentation"]] == ["downstaged_from_t4"]
    (point,) = turning["documentation"]
    assert (point["changes"][0]["now"], point["changes"][0]["to"]) == ("No", "Yes")
    assert [tag["code"] for tag in point["effects"]] == ["physician_review"]
    assert [p["id"] for p in point["provisions"]] == ["F1r"]


def test_an_open_verdict_turns_on_nothing_yet() -> None:
    assert report("fep", {"site": "rectum"})["turning"] == {"documentation": [], "fixed": []}


# The rows


def test_the_rows_of_the_site_stand_with_version_category_and_stance() -> None:
    found = rows("fep", {**MET, "intent": "boost"})
    assert list(found) == ["abs-colorectal", "nccn-rectal"]
    row = found["nccn-rectal"]
    assert (row["version"], row["category"], row["stance"]["code"]) == ("3.2023", "2A", "supports")
    assert row["quote"]
    assert "current version" in report("fep", MET)["rows_note"]


def test_a_row_points_at_disagreement_with_the_payer_and_at_agreement() -> None:
    given = {**MET, "t_stage": "t3", "downstaged_from_t4": "no", "intent": "boost"}
    for row in rows("fep", given).values():
        assert row["stance"]["code"] == "supports"
        assert "disagree" in row["agreement"]["text"]
    for row in rows("fep", {**MET, "intent": "boost"}).values():
        assert "agree." in row["agreement"]["text"]
        assert "disagree" not in row["agreement"]["text"]


def test_a_row_that_advises_against_agrees_with_investigational() -> None:
    given = {"site": "breast", "intent": "sole", "clinical_trial": "no", "technique": "xray"}
    assert "agree" in rows("nia", given)["abs-breast"]["agreement"]["text"]
    electron = {"technique": "electron", "age": "62", "histology": "invasive", "t_stage": "t1", "margin": "negative"}
    covered = {"nodes": "clinically_negative", "margin_basis": "final", "recurrence": "primary", "prior_rt": "none"}
    assert "disagree" in rows("nia", {**given, **electron, **covered})["abs-breast"]["agreement"]["text"]


def test_a_category_3_row_is_labelled_and_never_the_sole_support() -> None:
    found = rows("nia", {"site": "cervix", "recurrence": "local", "prior_rt": "ebrt"})
    assert "major disagreement" in found["nccn-cervical"]["category_note"]
    assert rows("nia", {"site": "colon"})["nccn-colon"]["category_note"] == ""


def test_an_open_row_says_what_it_lacks() -> None:
    row = rows("fep", {"site": "pancreas"})["abs-pancreas"]
    assert (row["stance"]["code"], row["missing"]) == ("undetermined", ["Margin"])


def test_no_site_no_rows_and_no_evidence() -> None:
    found = report("fep", {"margin": "close"})
    assert (found["rows"], found["evidence"]) == ([], [])


# What else is said


def test_remarks_show_for_their_effects_alone() -> None:
    assert titles(report("fep", NEGATIVE), "benefit") == ["What investigational means for the benefit"]
    assert titles(report("fep", MET), "benefit") == []
    assert titles(report("nia", MET), "frequency") == ["One fraction"]
    assert titles(report("nia", {"site": "kidney"}), "frequency") == []


def test_remarks_show_when_their_criteria_are_met() -> None:
    recurrent = "Recurrent disease still needs a positive or close margin"
    assert recurrent in titles(report("fep", NEGATIVE), "reading")
    assert recurrent not in titles(
        report("fep", {**NEGATIVE, "recurrence": "primary", "downstaged_from_t4": "no"}), "reading"
    )
    summary = [r for r in report("bcbsma", NEGATIVE)["remarks"] if "National Comprehensive" in r["quote"]]
    assert len(summary) == 1


def test_remarks_show_for_their_sites_alone() -> None:
    assert titles(report("nia", {"site": "breast"}), "related_policy") == ["NIA's breast guideline"]
    assert titles(report("nia", {"site": "kidney"}), "opening") == ["A site that no NIA guideline addresses"]
    assert titles(report("nia", MET), "opening") == []
    assert "pancreatic" in titles(report("nia", {"site": "pancreas"}), "reading")[0]


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
    assert "Evidence summary and policy statement differ" in titles(report("fep", MET), "reading")
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


# Dates


def test_before_the_first_edition_the_history_is_shown_and_no_verdict() -> None:
    found = report("fep", MET, date_of_service=dt.date(2023, 9, 30))
    assert (found["verdict"]["code"], found["edition"], found["provisions"]) == ("no_edition", None, [])
    (edition,) = found["editions_on_file"]
    assert edition["in_force"] == "2023-10-01"
    assert [entry["title"] for entry in edition["history"]][:3] == ["December 2011", "December 2012", "March 2018"]
    assert "30 Sep 2023" in found["verdict"]["sentence"]
    assert found["authorization"]["answer"] == "No edition on file for this date"
    assert found["rows"]


def test_the_day_itself_has_the_edition() -> None:
    assert report("fep", MET, date_of_service=dt.date(2023, 10, 1))["verdict"]["code"] == "criteria_met"


@pytest.mark.parametrize(
    ("code", "day", "note"),
    [
        ("fep", dt.date(2024, 9, 30), ""),
        ("fep", dt.date(2024, 10, 1), "September 2023"),
        ("nia", dt.date(2023, 1, 31), ""),
        ("nia", dt.date(2023, 2, 1), "January 2022"),
        ("bcbsma", dt.date(2024, 3, 11), "September 2020"),
    ],
)
def test_the_last_review_is_old_when_more_than_twelve_months_are_past_since_its_month_ended(
    code: str, day: dt.date, note: str
) -> None:
    found = report(code, MET, date_of_service=day)["edition"]["age_note"]
    assert bool(found) == bool(note)
    assert note in found


def test_the_report_says_which_edition_of_today_is_used_without_a_date() -> None:
    found = report("fep", MET, date_of_service=None, today=DAY)
    assert found["case"]["date_of_service"] is None
    assert "11 Mar 2024" in found["case"]["date_note"]
    assert report("fep", MET)["case"]["date_note"] == ""


def test_how_the_day_in_force_is_known_stands_with_the_edition() -> None:
    assert "confirm that it applies" in report("nia", MET)["edition"]["in_force_note"].lower()
    assert "history entry, 9/2020" in report("bcbsma", MET)["edition"]["in_force_note"]
