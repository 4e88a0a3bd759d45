"""The report of a case: which edition, and how old it is."""

import datetime as dt

import pytest

from tests.services.making import DAY, MET, report


def test_before_the_first_edition_the_history_is_shown_and_no_verdict() -> None:
    found = report("fep", MET, date_of_service=dt.date(2023, 9, 30))
    assert (found["verdict"]["code"], found["edition"], found["provisions"]) == ("no_edition", None, [])
    (edition,) = found["editions_on_file"]
    assert edition["in_force"] == "2023-10-01"
    titles = [entry["title"] for entry in edition["history"]]
    assert (titles[:2], titles[-1]) == (["December 2011", "December 2012"], "September 2023")
    assert [entry["dated"] for entry in edition["history"] if entry["title"] == "March 2018"] == ["2018-03"]
    assert edition["history_says"] == "Statement unchanged since March 2018 by the policy's own history."
    assert "30 Sep 2023" in found["verdict"]["sentence"]
    assert found["authorization"]["answer"] == "No policy on file for this date"
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
