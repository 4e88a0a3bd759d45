"""The notice that an edition has changed what a stored case is given."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case, Edition, PolicyNotice
from coverage_app.services.editions import put_in_force, take_out_of_force
from coverage_app.services.noting import renote_due
from coverage_app.services.report.words import day
from tests.services.impacts import draft_of
from tests.services.making import MET, make_case, person
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


@pytest.fixture
def case() -> Case:
    """A case that met the criteria before FEP's new edition was published."""
    case = make_case("fep", MET)
    put_in_force(edition=draft_of("fep"), by=None)
    return case


def verdict_page(client: Client, case: Case) -> str:
    return shown(client.get(reverse("case", args=[case.reference])))


def seen(case: Case) -> str:
    return reverse("notice_seen", args=[case.reference, PolicyNotice.objects.latest("pk").pk])


@pytest.mark.parametrize("page", ["case", "questionnaire"])
def test_the_case_s_pages_say_what_has_changed_and_lead_to_the_edition(desk: Client, case: Case, page: str) -> None:
    text = shown(desk.get(reverse(page, args=[case.reference])))
    assert "The policy has changed" in text
    assert '<a href="/policies/fep/2024-02-10/">FEP 8.01.08 of 10 Feb 2024</a> came on file on' in text
    notice = text[text.index("policy-notice") : text.index("Seen")]
    assert notice.index("Criteria met") < notice.index("Investigational")


def test_seen_sets_the_notice_aside_and_leads_back(desk: Client, case: Case) -> None:
    questions = reverse("questionnaire", args=[case.reference])
    assert desk.post(seen(case)).headers["location"] == reverse("case", args=[case.reference])
    assert desk.post(seen(case), headers={"referer": f"http://testserver{questions}"}).headers["location"] == questions
    assert "The policy has changed" not in verdict_page(desk, case)
    assert PolicyNotice.objects.get().seen.get().by == person("coordinator")


def test_a_completed_case_is_told_that_its_assessment_stands(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    put_in_force(edition=draft_of("fep"), by=None)
    text = verdict_page(desk, case)
    assert "This case is completed: its assessment stands as it was." in text
    assert "Criteria met under this policy" in text


def test_a_withdrawal_is_told_as_one(desk: Client, case: Case) -> None:
    edition = Edition.objects.filter(document__code="fep").latest("in_force")
    take_out_of_force(edition=edition, by=None, reason="An error.")
    text = verdict_page(desk, case)
    assert "An edition was withdrawn" in text
    assert "No policy on file for this date" in text


def test_one_left_on_the_day_of_an_edition_says_when_that_came_on_file(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case("fep", MET, date_of_service=None)
    put_in_force(edition=draft_of("fep", in_force=dt.date(2099, 1, 1)), by=None)
    published = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2099, 1, 1))
    renote_due()
    assert f"FEP 8.01.08 of 1 Jan 2099</a> came on file on {day(published)}." in verdict_page(desk, case)


def test_a_reviewer_reads_the_notice_and_cannot_set_it_aside(case: Case) -> None:
    reviewer = signed_in("reviewer")
    text = verdict_page(reviewer, case)
    assert "The policy has changed" in text
    assert ">Seen<" not in text
    assert reviewer.post(seen(case)).status_code == 403


def test_a_notice_of_another_case_is_not_found(desk: Client, case: Case) -> None:
    other = make_case("fep", {})
    address = reverse("notice_seen", args=[other.reference, PolicyNotice.objects.get().pk])
    assert desk.post(address).status_code == 404
    assert desk.get(seen(case)).status_code == 405
