"""The page of what the payer did with a case."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case, PayerStep
from coverage_app.services.case_life import override
from coverage_app.services.payer_steps import steps_of, strike_step
from tests.services.at_payers import NOT_MET, UNSETTLED, completed, step, steps
from tests.services.making import make_case, person
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db

DAY = "2024-03-11"


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def at(case: Case) -> str:
    return reverse("authorization", args=[case.reference])


def page(client: Client, case: Case) -> str:
    return shown(client.get(at(case)))


def send(client: Client, case: Case, **data: Any) -> Any:
    """What the form sends from a page that shows the case as it is."""
    last = PayerStep.objects.filter(assessment__case=case, struck_at__isnull=True).last()
    return client.post(at(case), {"after": last.pk if last else 0, "happened_on": DAY, **data})


def offered(text: str) -> list[str]:
    return re.findall(r'name="kind" value="(\w+)"', text)


def test_the_steps_stand_in_order_with_who_when_and_reference(desk: Client) -> None:
    case = completed()
    step(case, "submitted 0", reference="A-17")
    step(case, "denied 11 criteria", by="reviewer", comment="By letter.")
    text = page(desk, case)
    words = ("Submitted", "1 Mar 2024", "A-17", "Mara Alvarez", "Denied", "12 Mar 2024", "11 days after the submission",
             "The policy's criteria are not met", "By letter.", "Robin Chen")  # fmt: skip
    places = [text.index(word, text.index('class="timeline steps"')) for word in words]
    assert places == sorted(places)


def test_the_form_offers_what_can_come_now_and_nothing_else(desk: Client) -> None:
    case = completed()
    assert offered(page(desk, case)) == ["submitted"]
    step(case, "submitted 0")
    assert offered(page(desk, case)) == ["approved", "denied", "submitted"]
    steps(case, "denied 1 criteria", "appealed 2")
    assert offered(page(desk, case)) == ["appeal_won", "appeal_lost"]


def test_a_whole_course_is_recorded(desk: Client) -> None:
    case = completed()
    for data in (
        {"kind": "submitted", "reference": "A-1"},
        {"kind": "denied", "reason": "investigational"},
        {"kind": "appealed", "reason": "coding"},  # left over from a field that is no longer on view
        {"kind": "appeal_won"},
    ):
        assert send(desk, case, **data).headers["location"] == at(case)
    assert [each.kind for each in steps_of(case)] == ["submitted", "denied", "appealed", "appeal_won"]
    assert "The payer decided as the verdict reads: Criteria met under this policy." in page(desk, case)


WRONG = [
    ({"kind": "denied"}, "a denial has one"),
    ({"kind": "denied", "reason": "mood"}, "mood is not one of the available choices"),
    ({}, "Choose what happened."),
    ({"kind": "nonsense"}, "nonsense is not one of the available choices"),
    ({"kind": "approved", "happened_on": ""}, "Give the day."),
    ({"kind": "approved", "happened_on": "soon"}, "Give a day."),
    (
        {"kind": "approved", "happened_on": "2024-02-01"},
        "cannot come before the one before it: “Submitted” on 1 Mar 2024.",
    ),
    (
        {"kind": "approved", "happened_on": str(timezone.localdate() + dt.timedelta(1))},
        "That day is still to come.",
    ),
    ({"kind": "approved", "reference": "x" * 61}, "at most 60 characters"),
    ({"kind": "approved", "comment": "a\u202eb"}, "control characters"),
    ({"kind": "appealed"}, "After “Submitted” comes “Approved”, “Denied” or “Submitted”."),
]


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Client) -> None:
    case = steps(completed(), "submitted 0")
    for data, words in WRONG:
        response = send(desk, case, **{"comment": "Kept words", **data})
        text = shown(response)
        assert (response.status_code, words in text) == (422, True), words
        assert "comment" in data or "Kept words" in text
    assert len(steps_of(case)) == 1


def test_a_page_without_its_last_step_is_refused(desk: Client) -> None:
    for after in ("", "x", "9" * 30):
        assert desk.post(at(completed()), {"after": after}).status_code == 400


def test_a_double_click_records_one_step(desk: Client) -> None:
    case = completed()
    for _ in range(2):
        response = desk.post(at(case), {"after": 0, "kind": "submitted", "happened_on": DAY})
        assert response.status_code == 302
    assert len(steps_of(case)) == 1


def test_a_stale_page_is_told_and_keeps_what_was_typed(desk: Client) -> None:
    case = steps(completed(), "submitted 0")
    seen = steps_of(case)[0].pk
    step(case, "approved 1", by="reviewer")
    response = desk.post(
        at(case), {"after": seen, "kind": "denied", "reason": "coding", "happened_on": DAY, "comment": "My words"}
    )
    assert response.status_code == 409
    text = shown(response)
    assert "“Approved” of 2 Mar 2024, recorded by Robin Chen. Nothing was written." in text
    assert "My words" in text
    assert offered(text) == ["submitted"]


def test_what_was_sent_after_the_session_ended_comes_back_to_be_looked_over() -> None:
    case, client = completed(), Client()
    user = person("coordinator")
    sent = {"after": 0, "by": user.pk, "kind": "submitted", "happened_on": DAY, "reference": "A-99"}
    assert client.post(at(case), sent).status_code == 302
    client.force_login(user)
    text = page(client, case)
    assert "What you sent was not recorded" in text
    assert "A-99" in text
    assert not steps_of(case)


# Whether the payer differs


def test_where_payer_and_verdict_differ_a_sentence_says_so_with_the_provision(desk: Client) -> None:
    case = steps(completed(), "submitted 0", "denied 2 not_necessary")
    text = page(desk, case)
    assert "The payer denied this request on 3 Mar 2024 (“Not medically necessary”). As FEP 8.01.08 is written, the criteria are met." in text  # fmt: skip
    assert "Rectal cancer with positive or close margins with T4 lesions or recurrent disease." in text
    assert 'href="/policies/fep/2023-10-01/#F1"' in text


def test_an_approval_of_what_reads_investigational_differs_too(desk: Client) -> None:
    case = steps(completed("fep", NOT_MET), "submitted 0", "denied 1 coding", "appealed 2", "appeal_won 3")
    text = page(desk, case)
    assert "The payer approved this request on appeal on 4 Mar 2024. As FEP 8.01.08 is written, this use is investigational." in text  # fmt: skip


def test_a_reviewer_s_own_verdict_is_named_as_that(desk: Client) -> None:
    case = steps(completed("fep", UNSETTLED), "submitted 0", "denied 2 criteria")
    told = {"verdict": "criteria_met", "reason": "reading", "comment": "So it reads."}
    override(case=case, version=case.version, by=person("reviewer"), **told)
    text = page(desk, case)
    assert "The reviewer reads FEP 8.01.08 otherwise: the criteria are met." in text
    assert "A reviewer has overridden it." in text


@pytest.mark.parametrize(
    ("given", "denial", "words"),
    [
        (None, "denied 2 documentation", "“Documentation missing”, does not speak of the policy’s text"),
        (UNSETTLED, "denied 2 criteria", "“Physician review needed”, does not settle the case"),
    ],
)
def test_what_cannot_be_compared_is_not_called_a_difference(
    desk: Client, given: dict[str, str] | None, denial: str, words: str
) -> None:
    text = page(desk, steps(completed("fep", given), "submitted 0", denial))
    assert words in text
    assert "differs from the verdict" not in text


def test_the_rule_of_the_frozen_report_stands_beside(desk: Client) -> None:
    text = page(desk, completed("bcbsma", product="Commercial PPO and Indemnity", setting="inpatient"))
    assert "Authorization: Required" in text
    assert "This desk works out no deadlines" in text
    assert "Not stated in this document" in page(desk, completed("fep"))


# Striking


def test_a_step_is_struck_with_a_reason_and_stays_in_words(desk: Client) -> None:
    case = steps(completed(), "submitted 0", "denied 1 criteria")
    first, last = steps_of(case)
    away = reverse("authorization_strike", args=[case.reference, last.pk])
    assert desk.post(away, {"why": ""}).status_code == 422
    assert desk.post(away, {"why": "Another case’s letter."}).status_code == 302
    text = page(desk, case)
    assert "<strong>Struck:</strong> <s>Denied, 2 Mar 2024</s>" in text
    assert "Struck by Mara Alvarez" in text
    assert "Another case’s letter." in text
    step(case, "approved 4")
    blocked = desk.post(reverse("authorization_strike", args=[case.reference, first.pk]), {"why": "x"})
    assert (blocked.status_code, "rests on this step" in shown(blocked)) == (409, True)


def test_a_step_of_another_case_is_not_found(desk: Client) -> None:
    case = steps(completed(), "submitted 0")
    address = reverse("authorization_strike", args=[completed().reference, steps_of(case)[0].pk])
    assert desk.post(address, {"why": "x"}).status_code == 404
    assert desk.get(address).status_code == 405


# Who, empty, how much


def test_who_may_see_and_who_may_write() -> None:
    case = steps(completed(), "submitted 0")
    assert "Record" in page(signed_in("reviewer"), case)
    editor = signed_in("editor")
    assert editor.get(at(case)).status_code == 403
    assert send(editor, case, kind="approved").status_code == 403
    reviewer = person("reviewer")
    reviewer.groups.clear()
    for name in ("view_case", "view_payerstep"):
        reviewer.user_permissions.add(*_permission(name))
    client = signed_in("reviewer")
    assert offered(page(client, case)) == []
    assert ">Strike<" not in page(client, case)
    assert send(client, case, kind="approved").status_code == 403
    assert client.post(reverse("authorization_strike", args=[case.reference, 1]), {"why": "x"}).status_code == 403


def _permission(name: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=name)


def test_a_case_that_was_never_completed_says_what_to_do(desk: Client) -> None:
    text = page(desk, make_case(None, {}))
    assert "complete the case on its verdict page" in text
    assert offered(text) == []


def test_more_steps_ask_no_more_of_the_database(desk: Client) -> None:
    case = steps(completed(), "submitted 0", "denied 1 criteria")
    desk.get(at(case))
    with CaptureQueriesContext(connection) as few:
        desk.get(at(case))
    steps(case, "appealed 2", "appeal_lost 3 criteria", "appealed 4", "appeal_lost 5 criteria", "submitted 6")
    strike_step(step=steps_of(case)[-1], why="Not sent.", by=person("reviewer"))
    with CaptureQueriesContext(connection) as many:
        desk.get(at(case))
    assert len(many) == len(few)


def test_worklist_and_verdict_page_show_the_outcome_and_mark_a_difference(desk: Client) -> None:
    steps(completed(), "submitted 0", "denied 1 criteria")
    steps(completed(), "submitted 0", "approved 1")
    assert "The payer’s decision differs" in shown(
        desk.get(reverse("case", args=[Case.objects.earliest("pk").reference]))
    )
    text = shown(desk.get(reverse("worklist")))
    assert (text.count("Payer: denied"), text.count("Payer: approved")) == (1, 1)
    assert text.count("The payer’s decision differs") == 1
