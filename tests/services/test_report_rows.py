"""The report of a case: the guidelines' rows."""

import pytest
from django.template.loader import render_to_string

from tests.services.making import MET, report
from tests.services.reports import rows


def test_the_rows_of_the_site_stand_with_version_category_and_stance() -> None:
    found = rows("fep", {**MET, "intent": "boost"})
    assert list(found) == ["abs-colorectal", "nccn-rectal"]
    row = found["nccn-rectal"]
    assert (row["version"], row["category"], row["stance"]["code"]) == ("3.2023", "2A", "supports")
    assert row["quote"]
    assert "current version" in report("fep", MET)["rows_note"]


def test_each_stance_is_shown_in_the_words_of_the_cell_and_not_as_a_rating() -> None:
    found = rows("fep", {**MET, "intent": "boost"})
    assert {row["stance"]["label"] for row in found.values()} == {"Option: may be considered"}
    close = rows("fep", {**MET, "intent": "boost", "margin": "close"})
    assert close["nccn-rectal"]["stance"]["label"] == "Option under conditions"


def test_a_row_is_cited_as_summarized_by_fep_with_the_society_s_own_publication() -> None:
    found = rows("bcbsma", {**MET, "intent": "boost"})
    assert found["abs-colorectal"]["locator"] == "As summarized in FEP 8.01.08 (2023), Table 1"
    assert found["nccn-rectal"]["locator"] == "As summarized in FEP 8.01.08 (2023), Table 2"
    assert "PMID 31084904" in found["abs-colorectal"]["citation"]
    assert found["nccn-rectal"]["citation"].startswith("National Comprehensive Cancer Network. Rectal cancer.")


# The payer's sentence beside the row's

INVESTIGATIONAL = {**MET, "t_stage": "t3", "downstaged_from_t4": "no", "intent": "boost"}
BREAST = {"site": "breast", "recurrence": "primary", "intent": "sole", "clinical_trial": "no"}
COVERED = {
    **BREAST, "technique": "electron", "age": "62", "histology": "invasive", "t_stage": "t1", "margin": "negative",
    "margin_basis": "final", "nodes": "clinically_negative", "prior_rt": "none", "apbi_suitable": "yes",
}  # fmt: skip


def test_where_the_policy_says_investigational_and_a_row_names_an_option_both_sentences_stand_side_by_side() -> None:
    found = rows("fep", INVESTIGATIONAL)
    assert {row["stance"]["code"] for row in found.values()} == {"supports"}
    for row in found.values():
        contrast = row["contrast"]
        said, cited = contrast["sentences"]
        assert (said["who"], said["locator"]) == ("FEP 8.01.08", "Policy statement")
        assert "considered investigational" in said["quote"]
        assert (cited["who"], cited["quote"], cited["locator"]) == (row["society"], row["quote"], row["locator"])
        assert (
            contrast["text"]
            == (
                f"The policy calls this use investigational. {row['society']}: option: may be considered."
                f" {row['stance_note']}"
            ).strip()
        )
        assert cited["category"] == {"ABS 2019": "", "NCCN 2023": "Category 2A."}[row["society"]]


def test_an_option_under_conditions_is_held_against_investigational_too() -> None:
    row = rows("fep", {"site": "pancreas"})["nccn-pancreatic"]
    assert row["stance"]["code"] == "conditional"
    assert row["contrast"]["text"] == (
        "The policy calls this use investigational. NCCN 2023: option under conditions. No clear role; specialized"
        " centers only."
    )


def test_where_criteria_are_met_a_row_that_advises_against_is_a_caution_and_no_argument() -> None:
    found = report("nia", COVERED)
    (row,) = found["rows"]
    assert (found["verdict"]["code"], row["stance"]["code"]) == ("criteria_met", "advises_against")
    assert row["contrast"]["text"].startswith("Caution: the policy's criteria are met; ABS 2019 advises against")
    assert [said["who"] for said in row["contrast"]["sentences"]] == ["NIA_CG_226", "ABS 2019"]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("fep", {**MET, "intent": "boost"}),  # criteria met, and an option
        ("nia", {**BREAST, "technique": "xray"}),  # investigational, and advised against
        ("nia", {**MET, "intent": "boost", "technique": "xray"}),  # for review, and an option
        ("fep", {"site": "kidney"}),  # investigational, and not addressed
    ],
)
def test_what_both_say_alike_is_never_called_agreement(code: str, given: dict[str, str]) -> None:
    found = report(code, given)
    assert found["rows"]
    assert [row["contrast"] for row in found["rows"]] == [None] * len(found["rows"])
    assert found["contrast"] is None
    assert "agree" not in str([row["stance"] for row in found["rows"]]).lower()


def test_all_rows_together_are_held_against_the_policy_s_sentence_once() -> None:
    found = report("fep", INVESTIGATIONAL)["contrast"]
    assert [said["who"] for said in found["policy"]] == ["FEP 8.01.08"]
    assert [said["who"] for said in found["guidelines"]] == ["ABS 2019", "NCCN 2023"]
    assert [said["stance"] for said in found["guidelines"]] == ["Option: may be considered"] * 2
    assert found["texts"] == ["The policy calls this use investigational."]


def test_a_row_of_category_3_keeps_its_label_where_it_is_held_against_the_policy() -> None:
    found = report("fep", {"site": "uterus", "recurrence": "local", "margin": "negative", "margin_basis": "final"})
    assert found["verdict"]["code"] == "investigational"
    (row,) = [row for row in found["rows"] if row["id"] == "nccn-uterine"]
    assert row["contrast"]["text"].endswith("NCCN 2023: option under conditions. " + row["stance_note"])
    (said,) = found["contrast"]["guidelines"]
    assert (said["who"], said["stance"]) == ("NCCN 2023", "Option under conditions")
    assert said["category"] == (
        "Category 3 for IORT. Category 3: major disagreement among the panel. Never the sole support of an appeal."
    )
    panel = render_to_string("verdict/_rows.html", {"report": found}).partition("<table")[0]
    assert "contrast-line" in panel
    assert f"{said['locator']}. {said['category']}" in panel


SARCOMA = {"site": "sarcoma_extremity", "recurrence": "local", "margin": "positive"}


def test_a_row_about_children_is_left_out_for_an_adult() -> None:
    found = report("fep", {**SARCOMA, "age": "18"})
    assert [row["id"] for row in found["rows"]] == ["abs-sarcoma-extremity", "nccn-soft-tissue-sarcoma"]
    assert "pediatric" not in str([found["rows"], found["contrast"]]).lower()


@pytest.mark.parametrize(("age", "stance"), [("17", "supports"), (None, "undetermined")])
def test_a_row_about_children_is_shown_for_a_child_and_while_the_age_is_not_documented(
    age: str | None, stance: str
) -> None:
    row = rows("fep", {**SARCOMA, **({"age": age} if age else {})})["abs-pediatric"]
    assert (row["stance"]["code"], row["missing"]) == (stance, [] if age else ["Age"])


def test_a_row_whose_conditions_a_child_does_not_meet_is_shown_all_the_same() -> None:
    row = rows("fep", {**SARCOMA, "age": "9", "recurrence": "distant"})["abs-pediatric"]
    assert row["stance"]["code"] == "conditions_not_met"


def test_a_row_for_a_group_of_sites_is_shown_at_each_of_them_and_one_for_a_single_site_there_alone() -> None:
    assert "nccn-soft-tissue-sarcoma" in rows("fep", {"site": "sarcoma_other"})
    assert "abs-pediatric" in rows("fep", {"site": "sarcoma_trunk"})
    assert "abs-sarcoma-extremity" not in rows("fep", {"site": "sarcoma_other"})


@pytest.mark.parametrize(
    ("site", "row"), [("rectum", "abs-colorectal"), ("lung", "abs-thorax"), ("breast", "abs-breast")]
)
def test_a_row_says_nothing_of_distant_disease(site: str, row: str) -> None:
    given = {"site": site, "margin": "positive", "t_stage": "t4", "intent": "boost", "recurrence": "distant"}
    assert rows("fep", given)[row]["stance"]["code"] == "conditions_not_met"
    assert rows("fep", {**given, "recurrence": "local"})[row]["stance"]["code"] == "supports"


def test_a_category_3_row_is_labelled_and_never_the_sole_support() -> None:
    found = rows("nia", {"site": "cervix", "recurrence": "local", "prior_rt": "ebrt"})
    assert "major disagreement" in found["nccn-cervical"]["category_note"]
    assert rows("nia", {"site": "colon"})["nccn-colon"]["category_note"] == ""


def test_an_open_row_says_what_it_lacks() -> None:
    row = rows("fep", {"site": "pancreas"})["abs-pancreas"]
    assert (row["stance"]["code"], row["missing"]) == ("undetermined", ["Margin", "Primary or recurrent"])


def test_no_site_no_rows_and_no_evidence() -> None:
    found = report("fep", {"margin": "close"})
    assert (found["rows"], found["evidence"]) == ([], [])
