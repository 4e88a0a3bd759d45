"""Storing a worklist: each row becomes the case that it would become singly, once, whatever happens meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from coverage_app.models import Answer, AuditEvent, Case, FactValue, Upload, UploadRow
from coverage_app.rules.vocabulary import Vocabulary
from coverage_app.services import library, uploads
from coverage_app.services.cases import answers_of, create_case
from coverage_app.services.uploads import Columns, StoredBefore, UploadFault, results, storing
from coverage_app.services.uploads.storing import Storing
from coverage_app.services.vocabulary import current_wording
from tests.services.making import import_small, make_case, person
from tests.support.examples import examples

from .sending import carried_out, checked, csv_text, many, stored

pytestmark = pytest.mark.django_db
NOTED = ("verdict", "possible", "missing", "noted_until", "title", "site_id")
OWN = ("label", "document_id", "product", "setting", "date_of_service", "diagnosis_code", "cpt_code")
REST = ("status", "version", "created_by_id", "updated_by_id", "reviewer_id", "review_due", "amendment", "outcome")


@st.composite
def some_row(draw: st.DrawFn, vocabulary: Vocabulary) -> dict[str, str]:
    """A row of a worklist, as far as it is filled in."""
    row = {
        "id": draw(st.sampled_from(("", "A-1", "=1+1", "Müller"))),
        "dos": draw(st.sampled_from(("", "2019-01-01", "2024-03-11", "2026-02-01", "2031-09-09"))),
        "payer": draw(st.sampled_from(("", "nia", "fep", "bcbsma", "small"))),
        "product": draw(st.sampled_from(("", "Medicare PPO Blue"))),
        "setting": draw(st.sampled_from(("", "inpatient"))),
        "diagnosis_code": draw(st.sampled_from(("", "C20", "c50.911"))),
        "cpt_code": draw(st.sampled_from(("", "77425"))),
    }
    for fact in vocabulary:
        if draw(st.booleans()):
            row[fact.code] = draw(st.sampled_from(fact.domain or ("12", "49", "62")))
    return row


def as_told(case: Case) -> dict[str, Any]:
    """All that a case and its audit events say, but for numbers and hours."""
    events = AuditEvent.objects.filter(subject="case", subject_id=str(case.pk)).order_by("pk")
    return {
        **{name: getattr(case, name) for name in (*OWN, *NOTED, *REST)},
        "answers": answers_of(case),
        "by": set(case.answers.values_list("answered_by", flat=True)),
        "events": list(events.values_list("action", "by_id", "by_name", "detail")),
        "named": case.reference == f"{dt.date.today():%Y}-{case.pk:04d}",
    }


@examples(6, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_row_becomes_the_case_that_it_would_become_singly(data: st.DataObject) -> None:
    with transaction.atomic():
        import_small()
        site = FactValue.objects.get(fact__code="site", code="rectum").fact
        FactValue.objects.create(fact=site, code="later_value", position=99, label="Later")  # no edition knows it
        vocabulary = current_wording().vocabulary
        rows = [data.draw(some_row(vocabulary)) for _ in range(3)]
        rows[0]["id"] = "A-0"  # at least one row says something
        header = list(dict.fromkeys(name for row in rows for name in row))
        upload = stored(csv_text([[row.get(name, "") for name in header] for row in rows], header))
        columns = Columns()
        for row in upload.all_rows.select_related("case__document"):
            found = {name: columns.columns[name].read(text) for name, text in row.cells.items()}
            single = create_case(by=person("coordinator"), change=columns.change(found))
            assert row.case is not None
            assert as_told(row.case) == as_told(single)
        transaction.set_rollback(True)
    library.forget()


def test_an_editor_who_makes_the_site_no_question_of_every_case_changes_nothing_of_that() -> None:
    FactValue.objects.get(fact__code="site", code="rectum").fact.__class__.objects.filter(code="t_stage").update(
        core=False
    )
    upload = stored(csv_text())
    for row, single in zip(
        upload.all_rows.select_related("case"),
        (
            make_case("nia", {"site": "rectum", "t_stage": "t4", "margin": "positive"}),
            make_case("fep", {"site": "breast", "margin": "negative"}, date_of_service=None),
        ),
        strict=True,
    ):
        assert [getattr(row.case, name) for name in NOTED] == [getattr(single, name) for name in NOTED]


def test_the_next_case_gets_the_next_number() -> None:
    stored(many(3))
    assert make_case("nia", {}).pk == Case.objects.filter(upload_row__isnull=False).latest("pk").pk + 1


def test_an_upload_leaves_one_event_for_each_of_its_steps() -> None:
    upload = stored(csv_text())
    events = AuditEvent.objects.filter(subject="upload", subject_id=str(upload.pk)).order_by("pk")
    assert list(events.values_list("action", flat=True)) == ["upload", "check", "store", "stored"]


def test_a_thousand_rows_are_stored_with_the_queries_of_ten() -> None:
    counts = []
    for number in (1, 10, 200):  # the first reads the editions
        upload = uploads.store(upload=checked(many(number)), by=person("coordinator"), in_line=False)
        with CaptureQueriesContext(connection) as queries:
            carried_out(upload)
        counts.append(len(queries))
    assert counts[1] == counts[2]


# What is not stored


def test_a_file_with_a_fault_is_not_stored() -> None:
    upload = checked("id,dos,site\n1,,rectum\n2,,rectal\n")
    with pytest.raises(UploadFault, match="has no fault"):
        uploads.store(upload=upload, by=person("coordinator"))
    assert not Case.objects.exists()


def test_what_is_stored_is_not_stored_again() -> None:
    upload = stored(csv_text())
    with pytest.raises(UploadFault, match="being stored already, or was"):
        uploads.store(upload=upload, by=person("coordinator"))
    assert Case.objects.count() == 2


def test_the_same_file_is_stored_again_only_on_purpose() -> None:
    first, second = stored(csv_text()), checked(csv_text())
    with pytest.raises(StoredBefore) as told:
        uploads.store(upload=second, by=person("coordinator"))
    assert told.value.earlier == first
    uploads.store(upload=second, by=person("coordinator"), again=True, in_line=False)
    carried_out(second)
    assert Case.objects.count() == 4


def test_a_row_that_is_no_longer_known_ends_the_job_and_says_where() -> None:
    upload = uploads.store(upload=checked(many(3)), by=person("coordinator"), in_line=False)
    row = upload.all_rows.get(line=3)
    UploadRow.objects.filter(pk=row.pk).update(cells=row.cells | {"site": "gone"})
    upload = carried_out(upload)
    assert upload.status == "failed"
    assert upload.fault.startswith('Line 3, column site: unknown value "gone" of site')
    assert not Case.objects.exists()


# Stopped, and gone on


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> Upload:
    """An upload of seven cases, stopped when three were stored."""
    monkeypatch.setattr(storing, "PIECE", 3)
    upload = uploads.store(upload=checked(many(7)), by=person("coordinator"), in_line=False)
    Upload.objects.update(status="running", attempts=1)
    assert Storing()(Upload.objects.get(pk=upload.pk))
    uploads.cancel(upload=upload, by=person("coordinator"))
    return Upload.objects.get(pk=upload.pk)


def test_what_was_stopped_says_what_is_stored_and_what_is_not(half: Upload) -> None:
    assert half.status == "cancelled"
    assert half.stored_at is None
    assert results.progress_of(half) == results.Progress(3, 2, 4, 4, 5, 8)
    assert len([row for row in results.case_table(half) if row[2] == "not stored"]) == 4


def test_it_goes_on_where_it_was_stopped(half: Upload) -> None:
    assert uploads.resume(upload=half, by=person("coordinator"), in_line=False)
    done = carried_out(half)
    assert (done.status, done.done, done.attempts) == ("done", 7, 2)
    assert list(Case.objects.order_by("pk").values_list("label", flat=True)) == [f"A-{n}" for n in range(7)]
    assert Answer.objects.count() == 21


def test_what_has_ended_is_neither_stopped_nor_gone_on_with() -> None:
    upload = stored(csv_text())
    assert not uploads.cancel(upload=upload, by=person("coordinator"))
    assert not uploads.resume(upload=upload, by=person("coordinator"))


def test_a_fault_that_nobody_foresaw_leaves_what_is_stored_and_says_so(
    half: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.resume(upload=half, by=person("coordinator"), in_line=False)
    monkeypatch.setattr(storing, "reserve", lambda *_: 1 / 0)
    failed = carried_out(half)
    assert failed.status == "failed"
    assert "ZeroDivisionError" in failed.fault
    assert "What was stored before stands" in failed.fault
    assert results.progress_of(failed).stored == 3
