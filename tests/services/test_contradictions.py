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
    "a code of invasive breast cancer with in situ": (
        "diagnosis_code",
        {"site": "breast", "histology": "in_situ", "diagnosis_code": "C50.911"},
        {"site": "breast", "histology": "invasive", "diagnosis_code": "C50.911"},
    ),
    "an in-situ code of the breast with invasive": (
        "diagnosis_code",
        {"site": "breast", "histology": "invasive", "diagnosis_code": "D05.12"},
        {"site": "breast", "histology": "in_situ", "diagnosis_code": "D05.12"},
    ),
    "lobular carcinoma in situ": (
        "diagnosis_code",
        {"site": "breast", "diagnosis_code": "D05.01"},
        {"site": "breast", "diagnosis_code": "D05.11"},
    ),
    "a code of lymph nodes with the primary": (
        "diagnosis_code",
        {"recurrence": "primary", "diagnosis_code": "C77.5"},
        {"recurrence": "regional", "diagnosis_code": "C77.5"},
    ),
    "a code of lymph nodes with a local recurrence": (
        "diagnosis_code",
        {"recurrence": "local", "diagnosis_code": "C77.5"},
        {"recurrence": "distant", "diagnosis_code": "C77.5"},
    ),
    "a code of a liver metastasis with a local recurrence": (
        "diagnosis_code",
        {"recurrence": "local", "diagnosis_code": "C78.7"},
        {"recurrence": "distant", "diagnosis_code": "C78.7"},
    ),
    "a code of a bone metastasis with a regional recurrence": (
        "diagnosis_code",
        {"recurrence": "regional", "diagnosis_code": "C79.51"},
        {"diagnosis_code": "C79.51"},
    ),
    "a code of another metastasis at the brain": (
        "diagnosis_code",
        {"site": "brain_metastasis", "recurrence": "primary", "diagnosis_code": "C79.51"},
        {"site": "brain_metastasis", "recurrence": "primary", "diagnosis_code": "C79.31"},
    ),
    "primary with central recurrence": (
        "recurrence",
        {"recurrence": "primary", "central_recurrence": "no"},
        {"recurrence": "local", "central_recurrence": "no"},
    ),
    "a central recurrence that is regional": (
        "central_recurrence",
        {"recurrence": "regional", "central_recurrence": "yes"},
        {"recurrence": "regional", "central_recurrence": "no"},
    ),
    "a central recurrence that is distant": (
        "central_recurrence",
        {"recurrence": "distant", "central_recurrence": "yes"},
        {"recurrence": "local", "central_recurrence": "yes"},
    ),
    "T4 of the ovary": ("t_stage", {"site": "ovary", "t_stage": "t4"}, {"site": "ovary", "t_stage": "t3"}),
    "T4 of the vulva": ("t_stage", {"site": "vulva", "t_stage": "t4b"}, {"site": "vagina", "t_stage": "t4b"}),
    "IORT alone with preoperative radiation": (
        "intent",
        {"intent": "sole", "preop_ebrt": "yes"},
        {"intent": "boost", "preop_ebrt": "yes"},
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
    "no T category for a primary of the rectum": (
        "t_stage",
        {"site": "rectum", "recurrence": "primary", "t_stage": "not_applicable"},
        {"site": "rectum", "recurrence": "local", "t_stage": "not_applicable"},  # no rT was given
    ),
    "no T category for a primary of the stomach": (
        "t_stage",
        {"site": "stomach", "recurrence": "primary", "t_stage": "not_applicable"},
        {"site": "bladder", "recurrence": "primary", "t_stage": "not_applicable"},  # Ta
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


SUITABLE = {
    "apbi_suitable": "yes", "nodes": "clinically_negative", "t_stage": "t1", "margin": "negative", "age": "50",
    "histology": "invasive", "recurrence": "primary", "downstaged_from_t4": "no", "preop_ebrt": "no",
}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("nodes", "clinically_positive"),
        ("nodes", "pathologically_positive"),
        ("t_stage", "t2"),
        ("t_stage", "t4a"),
        ("margin", "close"),
        ("margin", "positive"),
        ("margin", "indeterminate"),
        ("age", "49"),
        ("histology", "in_situ"),
        ("recurrence", "local"),
        ("recurrence", "distant"),
        ("downstaged_from_t4", "yes"),
        ("preop_ebrt", "yes"),
    ],
)
def test_what_does_not_go_with_the_suitable_group_is_named_in_words(fact: str, answer: str) -> None:
    given = answers({**SUITABLE, fact: answer})
    found = contradictions(CaseFacts(given), current_wording(), TODAY)
    (said,) = [one.text for one in found if one.fact == "apbi_suitable"]
    wording = current_wording()
    assert said.endswith(f"does not go with “{wording.label(fact)}: {wording.answer(fact, given[fact])}”.")
    assert "apbi_suitable" not in places({**SUITABLE, fact: answer, "apbi_suitable": "no"})


def test_nothing_is_wrong_with_a_case_of_the_suitable_group() -> None:
    assert places(SUITABLE) == []
    assert places({**SUITABLE, "t_stage": "t0"}) == []


def test_everything_that_does_not_go_with_the_suitable_group_is_pointed_out() -> None:
    case = {"apbi_suitable": "yes", "nodes": "clinically_positive", "margin": "positive", "age": "40"}
    assert places(case) == ["apbi_suitable"] * 3


def texts(case: dict[str, Any]) -> list[str]:
    about = {name: case[name] for name in FIELDS if name in case}
    given = answers({fact: answer for fact, answer in case.items() if fact not in FIELDS})
    return [found.text for found in contradictions(CaseFacts(given, **about), current_wording(), TODAY)]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        (
            {"margin": "close", "margin_basis": "final", "date_of_service": TOMORROW},
            "Final pathology, but the date of service is in the future. That fits a re-excision only: the report is"
            " then of the earlier operation.",
        ),
        (
            {"margin": "close", "margin_basis": "frozen", "date_of_service": TOMORROW},
            "Frozen section, but the date of service is in the future. If the resection has already taken place, enter"
            " that date.",
        ),
        (
            {"recurrence": "local", "diagnosis_code": "C78.7"},
            "C78.7 is a code of distant metastases, but Local recurrence is entered.",
        ),
        (
            {"site": "ovary", "t_stage": "t4"},
            "Ovary has no T4 in recent editions: check which edition the report uses.",
        ),
        (
            {"site": "rectum", "recurrence": "primary", "t_stage": "not_applicable"},
            "Rectum has T categories. Leave TX at Not documented.",
        ),
        ({"margin_basis": "final"}, "Margin basis is entered but margin status is missing."),
    ],
)
def test_it_says_what_does_not_fit_and_what_to_do(case: dict[str, Any], text: str) -> None:
    assert texts(case) == [text]


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
