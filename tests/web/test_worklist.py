"""The worklist: every case, found again by what is known of it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from tests.services.making import MET, make_case, person
from tests.services.test_cases import complete, save
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, listed, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


@pytest.fixture(scope="module")
def cases(once_for_all: None) -> dict[str, Case]:
    """Three cases that differ in everything the worklist shows."""
    found = {
        "met": make_case("fep", MET, label="Bed 4", diagnosis_code="C20", date_of_service=dt.date(2024, 5, 1)),
        "breast": make_case(
            "bcbsma",
            {"site": "breast", "recurrence": "primary"},
            label="Room_9",
            date_of_service=dt.date(2024, 7, 1),
        ),
        "open": make_case("nia", {"site": "colon", "recurrence": "local"}, date_of_service=dt.date(2024, 6, 1)),
    }
    complete(found["met"])
    save(found["open"], {"t_stage": "t4"}, by="editor")
    return found


def named(desk: Client, cases: dict[str, Case], **query: Any) -> list[str]:
    names = {case.reference: name for name, case in cases.items()}
    return [names[reference] for reference in listed(desk, **query)]


def test_cases_stand_newest_first_with_what_is_known_of_them(desk: Client, cases: dict[str, Case]) -> None:
    text = shown(desk.get(reverse("worklist")))
    assert named(desk, cases) == ["open", "breast", "met"]
    for words in ("Bed 4", "FEP 8.01.08", "Rectum, T4", "1 May 2024", "Criteria met", "Awaiting review"):
        assert words in text
    for words in ("Check another policy first", "answers missing", "Edda Novak", "Colon, local recurrence, T4"):
        assert words in text


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("bed", ["met"]),
        ("BED 4", ["met"]),
        ("rectum", ["met"]),
        ("c20", ["met"]),
        ("278", ["breast"]),
        ("massachusetts", ["breast"]),
        ("novak", ["open"]),
        ("local recurrence", ["open"]),
        ("recurrence colon", ["open"]),
        ("room_9", ["breast"]),
        ("room%", []),
        ("nothing", []),
        ("", ["open", "breast", "met"]),
    ],
)
def test_a_search_finds_all_its_words_anywhere(desk: Client, cases: dict[str, Case], q: str, found: list[str]) -> None:
    assert named(desk, cases, q=q) == found


def test_a_reference_is_found_by_a_part_of_it(desk: Client, cases: dict[str, Case]) -> None:
    assert named(desk, cases, q=cases["breast"].reference) == ["breast"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"payer": "nia"}, ["open"]),
        ({"verdict": "undetermined"}, ["open"]),
        ({"verdict": "governed_elsewhere"}, ["breast"]),
        ({"site": "rectum"}, ["met"]),
        ({"status": "completed"}, ["met"]),
        ({"status": "draft", "payer": "bcbsma"}, ["breast"]),
        ({"status": "completed", "payer": "bcbsma"}, []),
        ({"sort": "created"}, ["met", "breast", "open"]),
        ({"sort": "service"}, ["met", "open", "breast"]),
        ({"sort": "-service"}, ["breast", "open", "met"]),
        ({"sort": "payer"}, ["breast", "met", "open"]),
        ({"sort": "disease"}, ["breast", "open", "met"]),
        ({"sort": "who"}, ["breast", "met", "open"]),
        ({"sort": "-status"}, ["open", "breast", "met"]),
        ({"sort": "service", "status": "draft"}, ["open", "breast"]),
    ],
)
def test_filters_and_orders_work_together(
    desk: Client, cases: dict[str, Case], query: dict[str, str], found: list[str]
) -> None:
    assert named(desk, cases, **query) == found


def test_one_s_own_cases_are_found_by_the_person(desk: Client, cases: dict[str, Case]) -> None:
    assert named(desk, cases, who=person("editor").pk) == ["open"]


def test_a_head_says_how_it_is_sorted_and_turns_the_order_round(desk: Client, cases: dict[str, Case]) -> None:
    text = shown(desk.get(reverse("worklist"), {"sort": "payer", "status": "draft"}))
    assert '<th scope="col" aria-sort="ascending"><a class="sort" href="?status=draft&sort=-payer">Payer' in text
    assert 'aria-sort="descending"' not in text


def test_cases_without_a_date_or_a_payer_stand_in_every_order(desk: Client, cases: dict[str, Case]) -> None:
    make_case(None, {}, date_of_service=None)
    for head in ("created", "payer", "disease", "service", "verdict", "status", "who"):
        for sort in (head, f"-{head}"):
            assert len(listed(desk, sort=sort)) == 4


def test_with_htmx_the_list_alone_comes_back(desk: Client, cases: dict[str, Case]) -> None:
    text = shown(desk.get(reverse("worklist"), {"payer": "nia"}, headers=HTMX))
    assert "<html" not in text
    assert "1 case found." in text


def test_an_impossible_filter_is_told_and_all_cases_are_shown(desk: Client, cases: dict[str, Case]) -> None:
    text = shown(desk.get(reverse("worklist"), {"payer": "nobody"}))
    assert "All cases are shown." in text
    assert len(listed(desk, payer="nobody")) == 3


def test_a_search_that_finds_nothing_says_so_and_leads_back(desk: Client, cases: dict[str, Case]) -> None:
    text = shown(desk.get(reverse("worklist"), {"q": "zebra"}))
    assert "No case matches" in text
    assert 'value="zebra"' in text
