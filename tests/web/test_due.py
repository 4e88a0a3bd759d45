"""What is due stands on the home page, and filters the worklist."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.services.due_cases import changed, near, overdue
from tests.services.making import MET, make_case, person
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, listed, shown

pytestmark = pytest.mark.django_db

HOME = reverse("worklist")


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def test_nothing_due_shows_nothing(desk: Client) -> None:
    make_case("fep", MET)
    assert "What is due" not in shown(desk.get(HOME))


def test_a_coordinator_is_told_of_dates_and_changes_with_links(desk: Client) -> None:
    cases, (touched, _) = [near(n) for n in range(4)], changed()
    text = shown(desk.get(HOME))
    assert '<span class="many">4</span> dates of service within a week, answers missing' in text
    assert '<span class="many">1</span> case touched by a policy change' in text
    for case, words in zip(cases[:3], ("today, ", "tomorrow, ", "in 2 days, "), strict=True):
        link = f'<a href="{reverse("questionnaire", args=[case.reference])}">{case.reference}</a>'
        assert f'{link} <span class="fine">{words}' in text
    assert f'<a href="{HOME}?due=dates">1 more' in text
    assert f"{len(cases[0].missing)} answers missing</span>" in text
    link = f'<a href="{reverse("case", args=[touched.reference])}">{touched.reference}</a>'
    assert f'{link} <span class="fine">Criteria met under this policy → Physician review needed' in text


def test_a_reviewer_is_told_of_overdue_reviews() -> None:
    case = overdue(1)
    near()
    text = shown(signed_in("reviewer").get(HOME))
    assert '<span class="many">1</span> review overdue' in text
    assert f'<a href="{reverse("case_review", args=[case.reference])}">{case.reference}</a>' in text
    assert "due yesterday" in text
    assert "dates of service within" not in text


def test_what_is_one_s_own_is_marked_where_not_all_is() -> None:
    overdue(1), overdue(2, reviewer=person("reviewer"))
    text = shown(signed_in("reviewer").get(HOME))
    assert '2</span> reviews overdue<span class="fine"> · 1 yours</span>' in text
    assert "due 2 days ago · yours" in text


def test_the_worklist_can_be_filtered_by_what_is_due(desk: Client) -> None:
    case, (touched, _) = near(), changed()
    late = overdue()
    assert listed(desk, due="dates") == [case.reference]
    assert listed(desk, due="policy") == [touched.reference]
    assert listed(desk, due="reviews") == []  # a reviewer's
    assert listed(signed_in("reviewer"), due="reviews") == [late.reference]
    assert listed(desk, due="dates", payer="nia") == []
    text = shown(desk.get(HOME, {"due": "dates"}))
    assert "Only: <strong>Dates of service within a week, with answers missing</strong>" in text
    assert '<input type="hidden" name="due" value="dates" id="id_due">' in text
    assert "?due=dates&amp;sort=payer" in desk.get(HOME, {"due": "dates"}).content.decode()


def test_a_filter_that_is_none_is_told(desk: Client) -> None:
    response = desk.get(HOME, {"due": "x' or 1=1"})
    assert response.status_code == 200
    assert "All cases are shown." in shown(response)


def test_the_list_alone_comes_without_the_strip(desk: Client) -> None:
    near()
    assert "What is due" not in shown(desk.get(HOME, headers=HTMX))


def test_the_home_page_asks_no_more_for_more_that_is_due(desk: Client) -> None:
    def asked(client: Client) -> int:
        client.get(HOME)
        with CaptureQueriesContext(connection) as found:
            client.get(HOME)
        return len(found)

    near(), changed(), overdue()
    clients = (desk, signed_in("reviewer"))
    few = [asked(client) for client in clients]
    for n in range(3):
        near(n), overdue(n + 1)
    assert [asked(client) for client in clients] == few
