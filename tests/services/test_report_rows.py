"""The report of a case: the guidelines' rows."""

from tests.services.making import MET, report
from tests.services.reports import rows


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
