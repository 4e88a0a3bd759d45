"""The report of a case: the policy's own words, and how each criterion stands."""

import pytest

from tests.services.making import MET, report


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
