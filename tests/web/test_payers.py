"""The page that shows a case under all payers, and the notice of a superseded edition on the verdict page."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.life import withdraw_edition
from tests.services.editions_made import add, copy_of, published
from tests.services.making import DAY, MET, SMALL, edition_of, import_small, make_case, person
from tests.services.making import import_text as import_policy
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def page(desk: Client, case: Case, name: str = "payers") -> str:
    return shown(desk.get(reverse(name, args=[case.reference])))


def test_payers_stand_side_by_side_with_their_sentences(desk: Client) -> None:
    text = page(desk, make_case("fep", {**MET, "technique": "hdr"}, diagnosis_code="C20", setting="outpatient"))
    assert "3 payers, 2 verdicts" in text
    assert "Rectal cancer with positive or close margins with T4 lesions or recurrent disease." in text
    assert "IORT is indicated for rectal cancer with positive or close margins" in text
    for words in ("This case’s payer", "They differ", "Differs from FEP 8.01.08", "Outpatient: <strong>Not required"):
        assert words in text
    assert re.search(r"under the editions in force on the date of service, 11 Mar 2024", text)


def test_a_row_says_whether_the_payers_differ(desk: Client) -> None:
    text = page(desk, make_case("fep", MET))
    assert "All 3 payers give the same verdict" in text
    row = text[text.index("aspect-verdict") :][:300]
    assert "The same" in row
    assert "They differ" in text[text.index("aspect-authorization") :][:300]


def test_of_a_completed_case_it_says_that_the_answers_are_those_of_now(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    text = page(desk, case)
    assert "the answers as they are stored now" in text
    assert reverse("case_assessment", args=[case.reference, 1]) in text
    assert "stands as it was completed" in text
    assert "is not what that assessment gave" not in text
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    assert "is not what that assessment gave" in page(desk, case)


def test_without_a_date_or_a_payer_it_says_so(desk: Client) -> None:
    text = page(desk, make_case(None, {}, date_of_service=None))
    assert "for want of a date of service" in text
    assert "No payer is chosen" in text
    assert "Site not documented yet" in text


def test_a_day_before_any_edition_reads_too(desk: Client) -> None:
    text = page(desk, make_case("fep", MET, date_of_service=dt.date(2010, 1, 1)))
    assert "All 3 payers give the same verdict" in text
    assert "On file from 1 Oct 2023." in text


def test_what_people_typed_stays_text(desk: Client) -> None:
    case = make_case("nia", MET, label="<script>x</script>", product="<b>Plan</b>")
    text = desk.get(reverse("payers", args=[case.reference])).content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>x" not in text
    assert "<b>Plan" not in text


def test_eight_payers_ask_no_more_than_three(desk: Client) -> None:
    case = make_case("fep", MET, date_of_service=dt.date(2026, 1, 2))
    path = reverse("payers", args=[case.reference])

    def asked() -> int:
        desk.get(path)  # each edition is read once a process
        with CaptureQueriesContext(connection) as found:
            assert desk.get(path).status_code == 200
        return len(found)

    three = asked()
    for n in range(5):
        import_policy(text=SMALL.replace("small", f"small{n}").replace("Small 1", f"Small {n}"), by=person("editor"))
    assert asked() == three
    assert "8 payers, " in shown(desk.get(path))


def test_who_may_not_see_cases_does_not_see_this_either() -> None:
    case = make_case("fep", MET)
    path = reverse("payers", args=[case.reference])
    assert signed_in("editor").get(path).status_code == 403
    assert signed_in("reviewer").get(path).status_code == 200
    assert signed_in("reviewer").post(path).status_code == 405
    assert signed_in("reviewer").get(reverse("payers", args=["2026-9999"])).status_code == 404


def test_the_verdict_page_leads_here(desk: Client) -> None:
    case = make_case("fep", MET)
    assert reverse("payers", args=[case.reference]) in page(desk, case, "case")
    supposed = desk.get(reverse("suppose"), {"payer": "fep", "site": "rectum"})
    assert "Payers side by side" not in shown(supposed)


# A superseded edition


def superseding(**wanted: Any) -> None:
    """FEP's next edition, in force since a month: rectal cancers need a physician."""
    draft = copy_of("fep", wanted.get("day", timezone.localdate() - dt.timedelta(days=30)))
    add(draft, "X1", 1, "site is rectum", "physician_review")
    published(draft)


def test_a_completed_case_says_that_its_edition_is_superseded_and_what_the_new_one_says(desk: Client) -> None:
    case = make_case("fep", MET)
    assessment = complete(case)
    superseding()
    text = page(desk, case, "case")
    assert "A newer edition of FEP 8.01.08 is in force" in text
    assert "Assessment 1 was made under the edition of 1 Oct 2023 and stands as it was completed." in text
    assert "so the older text still holds for this case" in text
    assert "A new sentence." in text
    assert "against=previous" in text
    assert "Criteria met under this policy" in text  # the assessment itself, unchanged
    assessment.refresh_from_db()
    assert assessment.verdict == "criteria_met"


def test_one_that_is_still_to_come_is_on_file_and_not_in_force(desk: Client) -> None:
    soon = timezone.localdate() + dt.timedelta(days=5)
    case = make_case("fep", MET, date_of_service=soon)
    complete(case)
    superseding(day=soon)
    text = page(desk, case, "case")
    assert "A newer edition of FEP 8.01.08 is on file" in text
    assert "FEP 8.01.08 is in force<" not in text


def test_where_a_later_edition_was_withdrawn_its_day_has_none(desk: Client) -> None:
    soon = timezone.localdate() + dt.timedelta(days=5)
    case = make_case("fep", MET, date_of_service=soon)
    complete(case)
    superseding(day=soon)
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    assert "No edition of FEP 8.01.08 is on file for this case any more" in page(desk, case, "case")


def test_the_reviewer_is_told_too() -> None:
    case = make_case("fep", MET)
    complete(case)
    superseding()
    assert "Assessment 1 was made under the edition of 1 Oct 2023" in page(signed_in("reviewer"), case, "case_review")


def test_an_open_case_says_that_its_day_keeps_it_under_the_older_text(desk: Client) -> None:
    superseding()
    text = page(desk, make_case("fep", MET), "case")
    assert "it keeps this case under the older text, of 1 Oct 2023" in text


def test_an_assessment_s_own_page_reads_as_it_did(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    superseding()
    text = shown(desk.get(reverse("case_assessment", args=[case.reference, 1])))
    assert "A newer edition" not in text


def test_a_withdrawn_edition_is_told_on_open_and_completed_cases(desk: Client) -> None:
    still_open, case = make_case("fep", MET), make_case("fep", MET)
    complete(case)
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    for one in (still_open, case):
        text = page(desk, one, "case")
        assert "The edition of 1 Oct 2023 was withdrawn" in text
        assert "No edition of FEP 8.01.08 is on file for the date of service, 11 Mar 2024, any more." in text


def test_nothing_is_said_where_nothing_is_newer(desk: Client) -> None:
    import_small()
    text = page(desk, make_case("fep", MET, date_of_service=DAY), "case")
    assert "superseded-heading" not in text
