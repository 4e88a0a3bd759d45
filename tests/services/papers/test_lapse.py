"""A case whose edition no longer decides on the case's own day: no letter, and a summary that says so."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_app.models import Case, Edition
from coverage_app.services.case_life import agree
from coverage_app.services.papers import NoLetter, cautions, paper, prospects
from coverage_app.services.papers.source import source_of
from coverage_app.services.superseded import superseded
from tests.services.editions_made import copy_of, published, withdrawn
from tests.services.making import DAY, MET, edition_of, person
from tests.services.papers.cases import completed, completed_again, letter_text, pdf_text, sent_back
from tests.services.test_superseded import withdraw

pytestmark = pytest.mark.django_db

LETTERS = ("necessity", "appeal")
CLAIM = "the criteria of this passage are met"


def of_the_day() -> Edition:
    """Another edition, in force before DAY."""
    return published(copy_of("fep", dt.date(2024, 1, 1)))


def of_later() -> Edition:
    """Another edition, in force after DAY: the date of service keeps the older one."""
    return published(copy_of("fep", dt.date(2025, 1, 1)))


def replaced() -> None:
    """The edition withdrawn, and another of the same start in its place."""
    draft = copy_of("fep", edition_of("fep").in_force)
    withdraw(edition_of("fep"))
    published(draft)


def closed(case: Case) -> Case:
    agree(case=case, version=case.version, by=person("reviewer"))
    return Case.objects.get(pk=case.pk)


def reason(case: Case, kind: str) -> str:
    with pytest.raises(NoLetter) as none:
        paper(case=case, kind=kind)
    return str(none.value)


# Letters


@pytest.mark.parametrize("kind", LETTERS)
def test_no_letter_claims_what_another_edition_decides_by_now(kind: str) -> None:
    case = completed("fep", MET)
    assert CLAIM in letter_text(case, kind)
    of_the_day()
    assert reason(case, kind) == (
        "Assessment 1 was made under the edition of 1 Oct 2023, which no longer decides on this case. For the date of"
        " service, 11 Mar 2024, the edition of 1 Jan 2024 decides now. Ask the reviewer to send the case back, and"
        " complete it again."
    )
    assert "in force since 1 Jan 2024" in letter_text(completed_again(sent_back(case)), kind)


def test_a_closed_case_is_to_be_amended() -> None:
    case = closed(completed("fep", MET))
    of_the_day()
    assert reason(case, "necessity").endswith("decides now. Amend the case, and complete it again.")


@pytest.mark.parametrize("kind", LETTERS)
def test_a_withdrawn_edition_leaves_no_text_for_a_letter(kind: str) -> None:
    case = completed("fep", MET)
    withdraw(edition_of("fep"))
    assert reason(case, kind) == (
        "Assessment 1 was made under the edition of 1 Oct 2023, which was withdrawn. No edition of FEP 8.01.08 is on"
        " file for the date of service, 11 Mar 2024, any more. Once one is, ask the reviewer to send the case back,"
        " and complete it again."
    )


def test_one_that_took_the_place_of_a_withdrawn_edition_is_told_apart_from_it() -> None:
    case = completed("fep", MET)
    replaced()
    said = reason(case, "necessity")
    assert "of 1 Oct 2023, which was withdrawn. For the date of service, 11 Mar 2024, the one in its place, of" in said


def test_a_case_without_a_date_of_service_is_held_against_today() -> None:
    case = completed("fep", MET, date_of_service=None)
    start = timezone.localdate() - dt.timedelta(days=1)
    published(copy_of("fep", start))
    said = reason(case, "necessity")
    assert "The case has no date of service, and today the edition of" in said
    withdraw(Edition.objects.get(in_force=start))
    assert "No edition of FEP 8.01.08 is on file for today any more" in reason(case, "necessity")


@pytest.mark.parametrize("kind", LETTERS)
def test_a_date_of_service_that_keeps_the_older_edition_keeps_its_letters(kind: str) -> None:
    case = completed("fep", MET)
    of_later()
    assert CLAIM in letter_text(case, kind)
    assert paper(case=case, kind="summary").warning == ""


# The summary, and what is said beside it


def test_the_summary_says_that_the_text_no_longer_decides_and_still_says_what_was_assessed() -> None:
    case = completed("fep", MET)
    of_the_day()
    text = pdf_text(case)
    assert "Criteria met under this policy" in text
    said = paper(case=case, kind="summary").warning
    assert said.endswith("the edition of 1 Jan 2024 decides now. This says what assessment 1 says.")
    assert said in text


def test_the_cautions_say_it_once_and_the_letters_what_to_do() -> None:
    case = completed("fep", MET)
    of_the_day()
    source, found = prospects(case)
    assert next(cautions(source)).endswith("the edition of 1 Jan 2024 decides now.")
    assert [bool(prospect.refused) for prospect in found] == [False, True, True]


def test_an_open_case_says_that_it_is_open_and_nothing_of_editions() -> None:
    case = sent_back(completed("fep", MET))
    of_the_day()
    assert source_of(case).lapse is None
    assert paper(case=case, kind="summary").warning.startswith("The case is open again")


# What it is held against, and what that takes


@pytest.mark.parametrize("happens", [of_the_day, of_later, replaced, lambda: withdraw(edition_of("fep")), lambda: None])
def test_it_agrees_with_the_notice_on_the_verdict_page(happens: Callable[[], object]) -> None:
    case = completed("fep", MET)
    happens()
    source = source_of(case)
    found = superseded(case, source.assessment)
    assert (source.lapse is None) is (found is None or found.kept)


def test_the_gap_of_an_edition_that_was_withdrawn_is_never_filled_by_the_older_text() -> None:
    case = completed("fep", MET)
    withdrawn(copy_of("fep", dt.date(2024, 1, 1)))
    assert "which no longer decides on this case. No edition of FEP 8.01.08 is on file" in reason(case, "necessity")


def test_a_verdict_without_an_edition_has_none_that_could_lapse() -> None:
    case = completed("fep", MET, date_of_service=DAY.replace(year=2020))
    of_the_day()
    assert source_of(case).lapse is None


def test_it_takes_one_query_where_there_is_nothing_to_tell() -> None:
    case = Case.objects.get(pk=completed("fep", MET).pk)
    of_later()
    with CaptureQueriesContext(connection) as asked:
        assert source_of(case).lapse is None
    assert len(asked) == 3
