"""The report of a case: the policy's own words, and how each criterion stands."""

from collections.abc import Iterator
from typing import Any

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
    t4, in_place = either["children"][0]["children"]
    assert (t4["text"], t4["answer"]) == ("T category: T4, T4a or T4b", "T4b")
    assert (in_place["text"], in_place["answer"]) == ("Primary or recurrent: not Distant recurrence", "Primary tumor")


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["kind"] == "leaf":
        yield node
    for child in node["children"]:
        yield from leaves(child)


def test_each_condition_of_a_provision_that_is_met_says_whose_it_is() -> None:
    found = {p["id"]: p for p in report("fep", MET)["provisions"]}
    assert [(leaf["fact"], leaf["whose"], leaf["policy_words"]) for leaf in leaves(found["F1"]["tree"])] == [
        ("site", "narrowed", "Rectal cancer"),
        ("margin", "policy", "positive or close margins"),
        ("margin_basis", "ours", ""),
        ("t_stage", "policy", "T4 lesions"),
        ("recurrence", "ours", ""),
        ("recurrence", "narrowed", "recurrent disease"),
        ("technique", "ours", ""),
    ]
    said = {leaf["whose"]: leaf["whose_words"] for leaf in leaves(found["F1"]["tree"])}
    assert said == {
        "policy": "The policy's criterion",
        "narrowed": "The policy's criterion, read narrower by us",
        "ours": "Our condition, not stated as a criterion",
    }


def test_a_provision_for_review_is_a_reading_as_a_whole_unless_the_policy_asks_for_it() -> None:
    nia = {p["id"]: p for p in report("nia", {"site": "pancreas"})["provisions"]}
    assert {code for code, p in nia.items() if p["reading"]} == {"N1r", "N3r", "N4r", "N6r", "N7r"}
    assert {leaf["whose"] for leaf in leaves(nia["N6r"]["tree"])} == {"reading"}
    assert {leaf["whose"] for leaf in leaves(nia["N5"]["tree"])} == {"policy"}
    bcbsma = {p["id"]: p for p in report("bcbsma", MET)["provisions"]}
    assert {code for code, p in bcbsma.items() if p["reading"]} == {"B6", "B1r"}


def test_an_answer_that_does_not_count_is_never_shown_as_not_documented() -> None:
    given = {"site": "lung", "technique": "xray"}
    found = report("bcbsma", given)
    assert "technique" not in [q["fact"] for q in found["questions"] if q["counts"]]
    (leaf,) = [leaf for p in found["provisions"] for leaf in leaves(p["tree"]) if leaf["fact"] == "technique"]
    assert (leaf["answer"], leaf["state"]["code"]) == ("Low-energy x-ray", "met")


def test_a_group_is_named_by_itself_and_not_by_what_it_stands_for() -> None:
    (n7,) = [p for p in report("nia", {"site": "sarcoma_other"})["provisions"] if p["id"] == "N7"]
    site = next(leaf for leaf in leaves(n7["tree"]) if leaf["fact"] == "site")
    assert (site["text"], site["answer"]) == ("Cancer site: Soft tissue sarcoma", "Sarcoma, other place")
    (n7r,) = [p for p in report("nia", {"site": "colon"})["provisions"] if p["id"] == "N7r"]
    site = next(leaf for leaf in leaves(n7r["tree"]) if leaf["fact"] == "site")
    assert site["text"].startswith("Cancer site: Soft tissue sarcoma, Rectum")
    assert "extremity" not in site["text"]


def test_a_certain_verdict_can_have_a_leaf_that_is_not_documented() -> None:
    found = report("nia", {"site": "kidney"})
    assert found["verdict"]["code"] == "investigational"
    states = {child["state"]["code"] for p in found["provisions"] for child in p["tree"]["children"]}
    assert "unknown" in states
