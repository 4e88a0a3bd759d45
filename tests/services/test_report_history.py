"""What a policy's own history says of a day before the edition on file; it never gives a verdict."""

import datetime as dt

import pytest

from coverage_app.services.report.history import history_says
from tests.services.editions_made import three_provisions
from tests.services.making import MET, edition_of, report


def says(code: str, day: str) -> str:
    return history_says(edition_of(code), dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-05-01", "Statement unchanged since March 2018 by the policy's own history."),
        (
            "2015-01-01",
            "By the policy's own history, the policy statement was changed after this date, in March 2018. The"
            " statement of that time dates from December 2012.",
        ),
        ("2010-01-01", "The policy's own history begins in December 2011; it says nothing about 1 Jan 2010."),
        (
            "2012-06-30",
            "By the policy's own history, the policy statement was changed after this date, in December 2012 and March"
            " 2018. The statement of that time dates from December 2011.",
        ),
    ],
)
def test_the_history_of_fep_says_whether_its_statement_was_changed_since(day: str, said: str) -> None:
    assert says("fep", day) == said
    found = report("fep", MET, date_of_service=dt.date.fromisoformat(day))
    assert found["verdict"]["code"] == "no_edition"
    (edition,) = found["editions_on_file"]
    assert edition["history_says"] == said


@pytest.mark.parametrize(
    ("before", "on"), [("2018-02-28", "2018-03-01"), ("2012-11-30", "2012-12-01"), ("2011-11-30", "2011-12-01")]
)
def test_an_entry_counts_from_the_first_of_its_month(before: str, on: str) -> None:
    assert says("fep", before) != says("fep", on)
    assert says("fep", on) == says("fep", f"{on[:7]}-28")


def test_the_history_of_278_changes_no_statement_and_says_which_entries_are_silent() -> None:
    said = (
        "No entry of the policy's own history since January 2007, where it begins, changes the statement. The entries"
        " of December 2013, August 2014, October 2014, September 2015, November 2015, January 2017 and March 2018 do"
        " not mention the statement."
    )
    assert says("bcbsma", "2016-01-01") == said
    assert says("bcbsma", "2019-01-01") == said  # a silent entry of before leaves it open too


def test_the_history_of_nia_claims_nothing_that_its_silent_entries_leave_open() -> None:
    said = says("nia", "2021-06-01")
    assert said.startswith("No entry of the policy's own history since November 2013, where it begins, changes")
    assert said.endswith("February 2019, February 2020 and January 2023 do not mention the statement.")
    assert says("nia", "2013-10-31").startswith("The policy's own history begins in November 2013;")


def test_silent_entries_count_from_the_last_change_on_and_one_is_told_in_the_singular() -> None:
    edition = three_provisions()
    lines = [("2019-02", ""), ("2020-01", "changed"), ("2021-03", ""), ("2022-05", "unchanged")]
    for place, (dated, statement) in enumerate(lines, 1):
        edition.remarks.create(kind="history", text="Entry.", dated=dated, statement=statement, position=place)
    assert history_says(edition, dt.date(2020, 6, 1)) == (
        "Statement unchanged since January 2020 by the policy's own history. The entry of March 2021 does not mention"
        " the statement."
    )


def test_a_policy_without_a_history_says_nothing_of_the_past() -> None:
    edition = three_provisions()
    assert history_says(edition, dt.date(2020, 1, 1)) == ""
    edition.remarks.create(kind="history", text="Reviewed.", position=1)  # of no month
    assert history_says(edition, dt.date(2020, 1, 1)) == ""
    edition.remarks.create(kind="context", text="Elsewhere.", dated="2019-01", position=2)
    assert history_says(edition, dt.date(2020, 1, 1)) == ""


def test_entries_are_read_by_their_months_wherever_they_stand() -> None:
    edition = three_provisions()
    for place, (dated, statement) in enumerate([("2022-05", "changed"), ("2020-01", "new"), ("2021-03", "")], 1):
        edition.remarks.create(kind="history", text="Entry.", dated=dated, statement=statement, position=place)
    assert history_says(edition, dt.date(2021, 1, 1)) == (
        "By the policy's own history, the policy statement was changed after this date, in May 2022. The statement of"
        " that time dates from January 2020."
    )
    said = history_says(edition, dt.date(2023, 1, 1))
    assert said == "Statement unchanged since May 2022 by the policy's own history."


def test_on_a_day_with_an_edition_the_history_is_not_asked() -> None:
    assert report("fep", MET, date_of_service=dt.date(2023, 10, 1))["editions_on_file"] == []
