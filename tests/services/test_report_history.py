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
        ("2019-01-01", "Statement unchanged since March 2018 by the policy's own history."),
        (
            "2015-01-01",
            "By the policy's own history, the policy statement was changed after this date: March 2018 (The other"
            " uses went back to investigational). The statement of that time dates from December 2012.",
        ),
        ("2010-01-01", "The policy's own history begins in December 2011; it says nothing about 1 Jan 2010."),
        (
            "2012-06-30",
            "By the policy's own history, the policy statement was changed after this date: December 2012 (For all"
            " other uses the word investigational was replaced by not medically necessary. The text of that time is"
            " not on file); March 2018 (The other uses went back to investigational). The statement of that time dates"
            " from December 2011.",
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


UNCHANGED = "Statement unchanged from this date to the version on file by the policy's own history."
NOT_CHANGED = "No later entry of the policy's own history changes the statement."


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-01-01", UNCHANGED),  # what was silent before that day does not matter
        ("2018-03-01", UNCHANGED),  # nor what is silent of its own month
        (
            "2016-01-01",
            f"{NOT_CHANGED} The entries of January 2017 and March 2018 do not mention the statement.",
        ),
        ("2017-01-15", f"{NOT_CHANGED} The entry of March 2018 does not mention the statement."),
        ("2006-12-31", "The policy's own history begins in January 2007; it says nothing about 31 Dec 2006."),
    ],
)
def test_the_history_of_278_changes_no_statement_and_names_the_later_entries_that_are_silent(
    day: str, said: str
) -> None:
    assert says("bcbsma", day) == said
    (edition,) = report("bcbsma", MET, date_of_service=dt.date.fromisoformat(day))["editions_on_file"]
    assert edition["history_says"] == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2021-06-01", UNCHANGED),
        ("2020-01-01", f"{NOT_CHANGED} The entry of February 2020 does not mention the statement."),
        ("2018-01-01", "The policy's own history begins in February 2019; it says nothing about 1 Jan 2018."),
    ],
)
def test_the_history_of_nia_begins_with_its_table_and_claims_nothing_that_a_silent_entry_leaves_open(
    day: str, said: str
) -> None:
    assert says("nia", day) == said


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
        "By the policy's own history, the policy statement was changed after this date: May 2022 (Entry). The"
        " statement of that time dates from January 2020."
    )
    said = history_says(edition, dt.date(2023, 1, 1))
    assert said == "Statement unchanged since May 2022 by the policy's own history."


def test_a_change_that_is_not_described_is_told_by_its_month_alone() -> None:
    edition = three_provisions()
    for place, (dated, text) in enumerate([("2021-03", ""), ("2022-05", "Two sites were added.")], 1):
        edition.remarks.create(
            kind="history", title=dated, quote="Changed.", text=text, dated=dated, statement="changed", position=place
        )
    said = history_says(edition, dt.date(2021, 3, 1))
    assert "after this date: May 2022 (Two sites were added). The statement of that time dates from March 2021." in said
    edition.remarks.create(kind="history", quote="Reviewed.", dated="2020-01", statement="unchanged", position=3)
    said = history_says(edition, dt.date(2020, 6, 1))
    assert said.endswith("was changed after this date: March 2021; May 2022 (Two sites were added).")


def test_on_a_day_with_an_edition_the_history_is_not_asked() -> None:
    assert report("fep", MET, date_of_service=dt.date(2023, 10, 1))["editions_on_file"] == []
