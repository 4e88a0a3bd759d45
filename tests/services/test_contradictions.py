"""Section 7 of the reading: each contradiction where it stands, and its neighbor that is none."""

import datetime as dt
from typing import Any

import pytest

from coverage_app.services.contradictions import contradictions
from coverage_app.services.standing import CaseFacts
from coverage_app.services.vocabulary import current_wording
from tests.services.making import MET, answers, report

TODAY = dt.date(2026, 6, 15)
YESTERDAY, TOMORROW = dt.date(2026, 6, 14), dt.date(2026, 6, 16)

# what contradicts: where it is pointed out, a case with it, a case without it
PAIRS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "in situ with T1": (
        "histology",
        {"histology": "in_situ", "t_stage": "t1"},
        {"histology": "in_situ", "t_stage": "tis"},
    ),
    "in situ with T0": ("histology", {"histology": "in_situ", "t_stage": "t0"}, {"histology": "in_situ"}),
    "Tis with invasive": (
        "t_stage",
        {"histology": "invasive", "t_stage": "tis"},
        {"histology": "invasive", "t_stage": "t1"},
    ),
    "an in-situ code with T1": (
        "diagnosis_code",
        {"site": "breast", "t_stage": "t1", "diagnosis_code": "D05.11"},
        {"site": "breast", "t_stage": "tis", "diagnosis_code": "D05.11"},
    ),
    "an in-situ code of the rectum with T4a": (
        "diagnosis_code",
        {"site": "rectum", "t_stage": "t4a", "diagnosis_code": "D01.2"},
        {"site": "rectum", "t_stage": "t4a", "diagnosis_code": "C20"},
    ),
    "a code of another site": (
        "diagnosis_code",
        {"site": "rectum", "diagnosis_code": "C18.7"},
        {"site": "colon", "diagnosis_code": "C18.7"},
    ),
    "a code of the neighboring site": (
        "diagnosis_code",
        {"site": "rectum", "diagnosis_code": "C19"},
        {"site": "rectosigmoid", "diagnosis_code": "C19"},
    ),
    "a code outside a range": (
        "diagnosis_code",
        {"site": "head_neck", "diagnosis_code": "C34.11"},
        {"site": "head_neck", "diagnosis_code": "C14.0"},
    ),
    "a sarcoma of the wrong part": (
        "diagnosis_code",
        {"site": "sarcoma_trunk", "diagnosis_code": "C49.21"},
        {"site": "sarcoma_trunk", "diagnosis_code": "C49.6"},
    ),
    "a brain metastasis coded elsewhere": (
        "diagnosis_code",
        {"site": "rectum", "diagnosis_code": "C79.31"},
        {"site": "rectum", "diagnosis_code": "C79.51"},
    ),
    "a code that no site claims": (
        "diagnosis_code",
        {"site": "rectum", "diagnosis_code": "C61"},
        {"site": "rectum", "diagnosis_code": "C78.7"},
    ),
    "primary with central recurrence": (
        "recurrence",
        {"recurrence": "primary", "central_recurrence": "no"},
        {"recurrence": "local", "central_recurrence": "no"},
    ),
    "downstaged with T4b now": (
        "downstaged_from_t4",
        {"downstaged_from_t4": "yes", "t_stage": "t4b"},
        {"downstaged_from_t4": "yes", "t_stage": "t3"},
    ),
    "a T category of a glioma": (
        "t_stage",
        {"site": "high_grade_glioma", "t_stage": "t2"},
        {"site": "high_grade_glioma", "t_stage": "not_applicable"},
    ),
    "a T category of a brain metastasis": (
        "t_stage",
        {"site": "brain_metastasis", "t_stage": "t1"},
        {"site": "brain_metastasis"},
    ),
    "no T category for a rectum": (
        "t_stage",
        {"site": "rectum", "t_stage": "not_applicable"},
        {"site": "other_cancer", "t_stage": "not_applicable"},
    ),
    "a basis without a margin": ("margin", {"margin_basis": "final"}, {"margin_basis": "final", "margin": "close"}),
    "anticipated in the past": (
        "margin_basis",
        {"margin": "close", "margin_basis": "anticipated", "date_of_service": YESTERDAY},
        {"margin": "close", "margin_basis": "anticipated", "date_of_service": TODAY},
    ),
    "frozen section in the future": (
        "margin_basis",
        {"margin": "close", "margin_basis": "frozen", "date_of_service": TOMORROW},
        {"margin": "close", "margin_basis": "frozen", "date_of_service": TODAY},
    ),
    "final pathology in the future": (
        "margin_basis",
        {"margin": "close", "margin_basis": "final", "date_of_service": TOMORROW},
        {"margin": "close", "margin_basis": "anticipated", "date_of_service": TOMORROW},
    ),
    "HDR with 77424": (
        "cpt_code",
        {"technique": "hdr", "cpt_code": "77424"},
        {"technique": "hdr", "cpt_code": "77770"},
    ),
    "LDR with 77425": ("cpt_code", {"technique": "ldr", "cpt_code": "77425"}, {"technique": "ldr"}),
    "x-ray with 77425": (
        "cpt_code",
        {"technique": "xray", "cpt_code": "77425"},
        {"technique": "xray", "cpt_code": "77424"},
    ),
    "electrons with 77424": (
        "cpt_code",
        {"technique": "electron", "cpt_code": "77424"},
        {"technique": "electron", "cpt_code": "77425"},
    ),
    "neuroblastoma at 18": ("age", {"site": "neuroblastoma", "age": "18"}, {"site": "neuroblastoma", "age": "17"}),
    "77424 before it was added": (
        "date_of_service",
        {"cpt_code": "77424", "date_of_service": dt.date(2011, 12, 31)},
        {"cpt_code": "77424", "date_of_service": dt.date(2012, 1, 1)},
    ),
    "an old date with 77424 only": (
        "date_of_service",
        {"cpt_code": "77424", "date_of_service": dt.date(2010, 1, 1)},
        {"cpt_code": "77425", "date_of_service": dt.date(2010, 1, 1)},
    ),
}
FIELDS = ("diagnosis_code", "cpt_code", "date_of_service")


def places(case: dict[str, Any]) -> list[str]:
    """Where something is pointed out in this case, on a day that is TODAY."""
    about = {name: case[name] for name in FIELDS if name in case}
    given = answers({fact: answer for fact, answer in case.items() if fact not in FIELDS})
    return [found.fact for found in contradictions(CaseFacts(given, **about), current_wording(), TODAY)]


@pytest.mark.parametrize("name", PAIRS)
def test_it_is_pointed_out_where_it_stands(name: str) -> None:
    place, case, _ = PAIRS[name]
    assert places(case) == [place]


@pytest.mark.parametrize("name", PAIRS)
def test_its_neighbor_is_left_alone(name: str) -> None:
    _, _, neighbor = PAIRS[name]
    assert places(neighbor) == []


def test_nothing_is_wrong_with_a_case_without_answers() -> None:
    assert places({}) == []


def test_several_contradictions_are_all_pointed_out() -> None:
    case = {**MET, "margin_basis": "anticipated", "technique": "hdr", "cpt_code": "77425", "diagnosis_code": "D01.2"}
    assert places({**case, "date_of_service": YESTERDAY}) == ["margin_basis", "diagnosis_code", "cpt_code"]


def test_an_answer_off_the_path_is_looked_at_too() -> None:
    assert places({"site": "kidney", "histology": "in_situ", "t_stage": "t2"}) == ["histology"]


def test_a_contradiction_never_changes_the_verdict() -> None:
    found = report("fep", MET, diagnosis_code="C50.911", cpt_code="77424")
    assert [c["fact"] for c in found["contradictions"]] == ["diagnosis_code", "cpt_code"]
    assert found["verdict"]["code"] == "criteria_met"
