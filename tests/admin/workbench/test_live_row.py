"""The panel while a guideline's row is edited: its own audit and golden cases, of what is typed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition, EditionState, GoldenCase, GuidelineRow, GuidelineStatement
from coverage_app.services.findings import audit_of
from tests.admin.forms import added, typed

pytestmark = pytest.mark.django_db
NEW = "/admin/coverage_app/guidelinerow/add/"
BOTH = {"statements__0__criteria": "intent is boost or age > 50"}


@pytest.fixture
def two(row: GuidelineRow) -> GuidelineRow:
    """The row with a second statement, of another stance."""
    GuidelineStatement.objects.create(row=row, position=2, criteria="intent is boost", stance="advises_against")
    return row


def page_of(row: GuidelineRow) -> str:
    return reverse("admin:coverage_app_guidelinerow_change", args=[row.pk])


def live_of(row: GuidelineRow) -> str:
    return reverse("admin:coverage_app_guidelinerow_live", args=[row.pk])


def live(client: Client, row: GuidelineRow, **changes: Any) -> Any:
    """The panel for the form of the row with these changes typed."""
    return client.post(live_of(row), typed(client.get(page_of(row)), **changes))


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_faults_are_listed_by_statement(editor: Client, two: GuidelineRow) -> None:
    answer = live(editor, two, statements__0__criteria="intent is bost", statements__1__stance="")
    assert [(fault.number, fault.message[:10]) for fault in answer.context["faults"]] == [
        (1, "Line 1, co"),
        (2, "It has no "),
    ]
    assert 'data-to="2">Statement 2<' in words(answer)


def test_the_findings_are_those_that_saving_would_bring(editor: Client, two: GuidelineRow) -> None:
    answer = live(editor, two, **BOTH)
    assert "Statement 2 can never decide" in words(answer)
    before = [one.key for one in answer.context["findings"]]
    editor.post(page_of(two), typed(editor.get(page_of(two)), **BOTH))
    saved = [one.key for one in audit_of(two.edition)]
    assert before == saved != []


def test_an_accepted_finding_is_counted_and_not_listed(editor: Client, two: GuidelineRow) -> None:
    found = live(editor, two).context["findings"]
    two.edition.acceptances.create(kind=found[0].kind, key=found[0].key, reason="It is meant so.")
    answer = live(editor, two)
    assert (answer.context["accepted"], answer.context["remaining"]) == (1, len(found) - 1)


def test_only_the_rows_own_golden_cases_are_run(editor: Client, two: GuidelineRow) -> None:
    for name, of in (("A boost", two.code), ("Another's", "abs-other")):
        GoldenCase.objects.create(
            edition=two.edition, name=name, row=of, answers={"intent": "boost"}, verdict="supports"
        )
    assert (live(editor, two).context["golden"], live(editor, two).context["failed"]) == (1, [])
    failed = live(editor, two, statements__0__stance="conditional")
    assert "A boost</strong> Option under conditions by statement 1, expected: Option: may be considered." in words(
        failed
    )
    renamed = live(editor, two, code="abs-renamed")
    assert "It has no row" in words(renamed)


def test_deleted_and_empty_statements_count_as_they_will_when_saved(editor: Client, two: GuidelineRow) -> None:
    data = added(typed(editor.get(page_of(two)), **BOTH), "statements", position="", criteria="", stance="")
    assert editor.post(live_of(two), data).context["remaining"] > 0
    deleted = editor.post(live_of(two), data | {"statements-1-DELETE": "on"})
    assert "never decide" not in words(deleted)


def test_a_row_without_statements_reads(editor: Client, row: GuidelineRow) -> None:
    answer = live(editor, row, statements__0__DELETE="on")
    assert (answer.context["said"], answer.status_code) == ("0 findings", 200)


def test_a_new_row_has_it_too_once_its_edition_is_chosen(editor: Client, row: GuidelineRow) -> None:
    page = editor.get(f"{NEW}?edition={row.edition_id}")
    url = page.context["aids"]["live"]
    data = added(typed(page), "statements", criteria="intent is bost", stance="supports")
    assert "did you mean boost?" in words(editor.post(url, data))
    for unknown in ("", "x", "9" * 30, "999999"):
        assert "Choose the edition first" in words(editor.post(url, data | {"edition": unknown}))
    published = Edition.objects.get(document__code="fep", status="published")
    assert editor.post(url, data | {"edition": published.pk}).status_code == 409


def test_the_page_asks_for_it_with_its_own_form(editor: Client, row: GuidelineRow) -> None:
    page = editor.get(page_of(row)).content.decode()
    assert f'hx-post="{live_of(row)}"' in page
    assert 'hx-include="#guidelinerow_form"' in page
    assert '<form method="post" id="guidelinerow_form"' in page


def test_it_writes_nothing_and_asks_as_much_for_many_statements_as_for_few(editor: Client, row: GuidelineRow) -> None:
    def queries(data: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.post(live_of(row), data).status_code == 200
        assert not [q for q in asked if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
        return len(asked)

    before = AuditEvent.objects.count(), EditionState.objects.count()
    data = typed(editor.get(page_of(row)))
    queries(data)
    few = queries(data)
    for n in range(20):
        data = added(data, "statements", position=1, criteria=f"age = {n}", stance="supports")
    assert queries(data) == few <= 14
    assert (AuditEvent.objects.count(), EditionState.objects.count()) == before


def test_who_may_not_edit_and_what_is_gone_or_closed_is_refused(
    editor: Client, coordinator: Client, row: GuidelineRow
) -> None:
    data = typed(editor.get(page_of(row)))
    assert coordinator.post(live_of(row), data).status_code == 302
    assert editor.get(live_of(row)).status_code == 405
    assert editor.post("/admin/coverage_app/guidelinerow/99999/live/", data).status_code == 404
    assert editor.post(live_of(row), {"statements-TOTAL_FORMS": "x"}).status_code == 400
    Edition.objects.filter(pk=row.edition_id).update(status="in_review")
    answer = editor.post(live_of(row), data)
    assert (answer.status_code, "is in review now, not a draft" in words(answer)) == (409, True)
