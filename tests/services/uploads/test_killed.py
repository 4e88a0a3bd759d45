"""An upload outlives its worker: killed half-way, nothing is lost and nothing is stored twice."""

import os
import signal

import pytest
from django.utils import timezone

from coverage_app.models import Answer, AuditEvent, Case, Upload
from coverage_app.services import jobs, uploads
from tests.services.impacts import until, worker
from tests.services.making import person
from tests.services.test_two_at_once import at_once

from .sending import checked, many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.waits]
CASES = 30


def test_a_real_worker_killed_half_way_loses_and_doubles_nothing() -> None:
    upload = uploads.store(upload=checked(many(CASES)), by=person("coordinator"))
    with worker(slow=0.2, piece=4) as killed:
        until(lambda: Case.objects.count() >= 8)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    upload.refresh_from_db()
    assert upload.status == "running"
    assert upload.done == Case.objects.count() < CASES
    Upload.objects.update(heartbeat_at=timezone.now() - 2 * jobs.LOST_AFTER)
    with worker():
        until(lambda: Upload.objects.get().status == "done")
    labels = [f"A-{n}" for n in range(CASES)]
    assert list(Case.objects.order_by("pk").values_list("label", flat=True)) == labels
    assert list(upload.all_rows.values_list("case__label", flat=True)) == labels
    assert Answer.objects.count() == 3 * CASES
    assert AuditEvent.objects.filter(subject="case").count() == 2 * CASES
    assert Upload.objects.get().attempts == 3  # one for the check


def test_two_workers_with_one_upload_store_it_once() -> None:
    upload = uploads.store(upload=checked(many(CASES)), by=person("coordinator"), in_line=False)
    at_once(lambda: uploads.carry_out(upload.pk), lambda: uploads.carry_out(upload.pk))
    assert Case.objects.count() == CASES


def test_of_two_who_store_one_upload_at_once_one_is_told() -> None:
    upload, by = checked(many(2)), person("coordinator")
    found = at_once(*[lambda: uploads.store(upload=upload, by=by, in_line=False)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["Upload", "UploadFault"]
