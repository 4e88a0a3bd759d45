"""The panel while an edition is edited: faults, findings and golden cases of what is typed, unsaved."""

import time
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition, EditionState, GoldenCase, Provision
from coverage_app.rules.edition import EditionError
from coverage_app.services.drafting import Drafted, LineFault
from coverage_app.services.findings import audit_of
from coverage_app.services.golden import run_of
from tests.admin.forms import added, typed

pytestmark = pytest.mark.django_db


def page_of(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])


def live_of(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_live", args=[edition.pk])


def live(client: Client, edition: Edition, **changes: Any) -> Any:
    """The panel for the form of the edition with these changes typed."""
    return client.post(live_of(edition), typed(client.get(page_of(edition)), **changes))


def test_only_who_may_edit_sees_it(coordinator: Client, client: Client, draft: Edition) -> None:
    for browser in (coordinator, client):
        answer = browser.post(live_of(draft), headers={"HX-Request": "true"})
        assert (answer.status_code, "next=" in answer.get("Location", "")) == (302, True)


def test_faults_are_listed_by_provision(editor: Client, draft: Edition) -> None:
    answer = live(editor, draft, provisions__1__criteria="site is brest", provisions__2__criteria="margin is close")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "did you mean breast?" in page
    assert [fault.code for fault in answer.context["faults"]] == ["B"]
    assert "1 fault</span>" in page


def test_the_findings_are_those_that_saving_would_bring(editor: Client, draft: Edition) -> None:
    changes = {"provisions__1__criteria": "site is rectum and t_stage in (t3, t4)"}
    answer = live(editor, draft, **changes)
    assert answer.context["findings"]
    before = [one.key for one in answer.context["findings"]]
    editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes))
    assert before == [one.key for one in audit_of(Edition.objects.get(pk=draft.pk))]


def test_an_accepted_finding_is_counted_and_not_listed(editor: Client, draft: Edition) -> None:
    changes = {"provisions__1__criteria": "site is rectum and t_stage in (t3, t4)"}
    found = live(editor, draft, **changes).context["findings"]
    draft.acceptances.create(kind=found[0].kind, key=found[0].key, reason="It is meant so.")
    answer = live(editor, draft, **changes)
    assert answer.context["accepted"] == 1
    assert found[0].key not in [one.key for one in answer.context["findings"]]


def test_golden_cases_are_run_on_what_is_typed(editor: Client, draft: Edition) -> None:
    GoldenCase.objects.create(edition=draft, name="A breast", answers={"site": "breast"}, verdict="investigational")
    passed = live(editor, draft)
    others = passed.context["golden"]
    failed = live(editor, draft, provisions__1__effect="criteria_met")
    assert others >= 1
    assert "A breast" not in [one.case.name for one, *_ in passed.context["failed"]]
    assert "A breast" in [one.case.name for one, *_ in failed.context["failed"]]
    assert "Criteria met under this policy by B, expected: Investigational." in " ".join(
        failed.content.decode().split()
    )
    assert all(one.passed for one in run_of(draft) if one.case.name == "A breast")


def test_the_order_deletions_and_empty_cards_count_as_they_will_when_saved(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(page_of(draft)), provisions__0__position=2, provisions__1__position=1)
    data = added(data, "provisions", position="", code="", criteria="", effect="", quote="", locator="")
    first = editor.post(live_of(draft), data | {"provisions-0-criteria": "sit", "provisions-1-criteria": "sit"})
    assert [(fault.number, fault.code) for fault in first.context["faults"]] == [(1, "B"), (2, "A")]
    deleted = editor.post(live_of(draft), data | {"provisions-0-criteria": "sit", "provisions-0-DELETE": "on"})
    assert "faults" not in deleted.context


@pytest.mark.parametrize("what", ["decided", "audited"])
def test_criteria_that_read_and_are_too_complex_are_not_said_to_be_misread(
    editor: Client, draft: Edition, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    said = f"fep is too complex to be {what} exactly: at most so much"
    if what == "decided":
        faulty = Drafted((LineFault(0, "", said),), None)
        monkeypatch.setattr("coverage_app.admin.workbench.live.read_lines", lambda *_: faulty)
    else:
        monkeypatch.setattr("coverage_app.admin.workbench.live.audit_rules", Mock(side_effect=EditionError(said)))
    page = " ".join(live(editor, draft).content.decode().split())
    assert "It does not read yet" not in page
    assert f"{draft} is too complex to be {what} exactly: at most so much." in page
    assert ("The audit and the golden cases wait until" in page) == (what == "decided")


def test_the_panel_writes_nothing(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(page_of(draft)), provisions__0__criteria="site is colon", provisions__0__note="New.")
    before = list(Provision.objects.values()), AuditEvent.objects.count(), EditionState.objects.count()
    with CaptureQueriesContext(connection) as asked:
        editor.post(live_of(draft), data)
    assert (list(Provision.objects.values()), AuditEvent.objects.count(), EditionState.objects.count()) == before
    written = [q["sql"] for q in asked if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []


def test_the_panel_asks_as_much_for_many_provisions_as_for_few(editor: Client, draft: Edition) -> None:
    def queries(data: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.post(live_of(draft), data)
        return len(asked)

    data = typed(editor.get(page_of(draft)))
    queries(data)
    few = queries(data)
    for n in range(20):
        data = added(data, "provisions", position=1, code=f"X{n}", criteria=f"age = {n}", effect="criteria_met")
    assert queries(data) == few <= 12


def test_an_edition_that_is_no_longer_a_draft_says_so(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(page_of(draft)))
    Edition.objects.filter(pk=draft.pk).update(status="in_review")
    answer = editor.post(live_of(draft), data)
    assert answer.status_code == 409
    assert "is in review now, not a draft" in answer.content.decode()


@pytest.mark.parametrize("total", ["", "-1", "x", "99999", "²"])
def test_half_a_form_is_refused(editor: Client, draft: Edition, total: str) -> None:
    assert editor.post(live_of(draft), {"provisions-TOTAL_FORMS": total}).status_code == 400


def test_no_edition_of_that_number(editor: Client) -> None:
    assert editor.post("/admin/coverage_app/edition/99999/live/").status_code == 404


def test_findings_without_end_are_answered_in_bounded_time(editor: Client, draft: Edition) -> None:
    text = " or ".join(f"(margin is close and age >= {n % 120})" for n in range(3000))
    begun = time.process_time()
    answer = live(editor, draft, provisions__0__criteria=text)
    assert time.process_time() - begun < 8
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


def test_the_panel_of_nia_takes_little_work(editor: Client) -> None:
    nia = Edition.objects.get(document__code="nia", status="published")
    draft = Edition.objects.create(document=nia.document, in_force="2031-01-01")
    for part in nia.provisions.all():
        part.pk, part.edition = None, draft
        part.save()
    data = typed(editor.get(page_of(draft)))
    spent = []
    for n in range(5):
        begun = time.process_time()
        answer = editor.post(live_of(draft), data | {"provisions-0-criteria": f"age > {n} and site is breast"})
        spent.append(time.process_time() - begun)
        assert answer.context["said"]
    assert min(spent) < 0.25, spent  # seconds; the audit itself is some 5 ms of it
