"""A case from its beginning to its second assessment, page by page, as a coordinator works."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent, Case
from tests.services.making import MET
from tests.support.sessions import signed_in
from tests.web.asking import send, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def begun(desk: Client) -> Case:
    desk.post(reverse("new_case"))
    return Case.objects.latest("pk")


def test_the_whole_way_without_a_script(desk: Client) -> None:
    case = begun(desk)
    for step in ({"payer": "fep", "date_of_service": "2024-03-11"}, {"site": "rectum", "t_stage": "t4"}, MET):
        case.refresh_from_db()
        assert send(desk, case, **step).status_code == 302
    case.refresh_from_db()
    response = send(desk, case, then="verdict", **MET)
    page = desk.get(response.url)  # type: ignore[attr-defined]
    assert "Criteria met under this policy" in shown(page)
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert version
    desk.post(reverse("complete_case", args=[case.reference]), {"version": version[1]})
    case.refresh_from_db()
    assert (case.status, case.assessments.get().verdict) == ("completed", "criteria_met")
    assert case.reference in shown(desk.get(reverse("worklist"), {"status": "completed"}))


def test_the_whole_way_is_in_the_audit(desk: Client) -> None:
    case = begun(desk)
    send(desk, case, payer="fep", **MET)
    case.refresh_from_db()
    desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version})
    events = AuditEvent.objects.filter(subject="case", subject_id=str(case.pk)).order_by("pk")
    assert [(event.action, event.by_name) for event in events] == [
        ("create", "coordinator"), ("save", "coordinator"), ("complete", "coordinator")
    ]  # fmt: skip


def test_completing_twice_by_a_double_click_makes_one_assessment(desk: Client) -> None:
    case = begun(desk)
    send(desk, case, payer="fep", **MET)
    case.refresh_from_db()
    for _ in range(2):
        response = desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version})
        assert response.status_code == 302
    assert case.assessments.count() == 1


def test_a_colleague_goes_on_with_a_case_and_stands_with_it(desk: Client) -> None:
    case = begun(desk)
    other = signed_in("reviewer")
    send(desk, case, payer="fep", site="rectum")
    page = shown(other.get(reverse("case", args=[case.reference])))
    assert "Rectum" in page
    case.refresh_from_db()
    assert case.updated_by.username == "coordinator"


def test_the_questionnaire_of_a_completed_case_opens_with_its_answers(desk: Client) -> None:
    case = begun(desk)
    send(desk, case, payer="fep", **MET)
    case.refresh_from_db()
    desk.post(reverse("complete_case", args=[case.reference]), {"version": case.version})
    text = shown(desk.get(reverse("questionnaire", args=[case.reference])))
    assert 'value="positive" id="id_margin_2" checked' in text
    assert Case.objects.get().status == "completed"
