"""The pages of uploads: who sees what, in which state, and what they refuse."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case, Upload
from coverage_app.services import uploads
from tests.services.making import person
from tests.services.uploads.sending import HEADER, carried_out, checked, csv_text, many, sent, stored
from tests.support.sessions import signed_in

from .asking import HTMX, shown

pytestmark = pytest.mark.django_db
FAULTY = "id,dos,site\n1,,rectal\n=2,x,rectum\n3,,rectum\n"


@pytest.fixture
def coordinator() -> Client:
    return signed_in("coordinator")


def page(upload: Upload, name: str = "upload") -> str:
    return reverse(name, args=[upload.pk])


def lines(response: Any) -> list[list[str]]:
    """The rows of a download."""
    return list(csv.reader(StringIO("".join(part.decode() for part in response.streaming_content))))


# Sending


def test_the_page_tells_the_limits_and_every_column_with_its_values(coordinator: Client) -> None:
    text = shown(coordinator.get(reverse("uploads")))
    assert "At most 100,000 rows, 100 columns, 1,000 characters in a cell and 32 megabytes." in text
    assert "No uploads yet" in text
    for column in uploads.Columns().names:
        assert f"<code>{column}</code>" in text
    assert "<code>t4a</code> T4a" in text
    assert "<code>sarcoma_trunk</code> Sarcoma, trunk" in text
    assert "soft_tissue_sarcoma" not in text  # a group, which is no answer


def test_the_template_is_a_worklist_without_a_fault(coordinator: Client) -> None:
    head, example = lines(coordinator.get(reverse("upload_template")))
    assert head == uploads.Columns().names
    assert uploads.is_ready(checked(csv_text([example], head)))


def test_a_file_is_taken_and_its_check_put_in_line(coordinator: Client) -> None:
    response = coordinator.post(reverse("uploads"), {"file": sent(csv_text())})
    upload = Upload.objects.get()
    assert response["Location"] == page(upload)
    text = shown(coordinator.get(page(upload)))
    assert "Waiting for a worker" in text
    assert "Stop" in text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Choose a file first."),
        ({"file": ("", "a.csv")}, "The file is empty."),
        ({"file": ("x", "a.xlsx")}, "The file is named as a workbook and is none."),
        ({"file": ("{}", "a.jsonl")}, "A worklist is a CSV or an XLSX file."),
    ],
)
def test_what_is_no_worklist_is_refused_where_it_was_chosen(
    coordinator: Client, files: dict[str, Any], words: str
) -> None:
    response = coordinator.post(reverse("uploads"), {name: sent(*file) for name, file in files.items()})
    assert response.status_code == 422
    assert words in shown(response)
    assert not Upload.objects.exists()


def test_a_body_over_the_limit_is_refused_unread(coordinator: Client) -> None:
    response = coordinator.post(reverse("uploads"), {}, headers={"Content-Length": str(40 * 1024**2)})
    assert response.status_code == 413
    assert "At most 32 MB are taken." in shown(response)


# What the check found


def test_faults_are_shown_row_by_row_with_the_nearest_name(coordinator: Client) -> None:
    upload = checked(FAULTY)
    text = shown(coordinator.get(page(upload)))
    assert "2 of 3 rows have faults" in text
    assert 'unknown value "rectal" of site' in text
    assert "<code>rectum</code>" in text
    assert "Store" not in text
    found = lines(coordinator.get(page(upload, "upload_faults")))
    assert found[1] == ["2", "site", 'unknown value "rectal" of site', "rectum"]
    assert coordinator.get(page(upload, "upload_cases")).status_code == 404


def test_many_faults_come_in_pages(coordinator: Client) -> None:
    upload = checked("id,dos\n" + "1,x\n" * 60)
    assert len(re.findall("is not a date", shown(coordinator.get(page(upload))))) == 50
    assert len(re.findall("is not a date", shown(coordinator.get(page(upload) + "?page=2")))) == 10


def test_a_file_without_a_fault_is_stored_by_a_button(coordinator: Client) -> None:
    upload = checked(csv_text())
    assert "Store 2 cases" in shown(coordinator.get(page(upload)))
    coordinator.post(page(upload, "upload_store"))
    upload.refresh_from_db()
    assert (upload.step, upload.status) == ("store", "waiting")
    assert "being stored already" in shown(coordinator.post(page(upload, "upload_store"), follow=True))


def test_the_same_file_again_is_told_with_a_link_and_stored_on_purpose_alone(coordinator: Client) -> None:
    first, second = stored(csv_text()), checked(csv_text())
    text = shown(coordinator.get(page(second)))
    assert f'The same file is <a href="{page(first)}">upload {first.pk}</a>' in text
    refused = coordinator.post(page(second, "upload_store"))
    assert refused.status_code == 409
    assert "Tick this to store it again." in shown(refused)
    coordinator.post(page(second, "upload_store"), {"again": "yes"})
    assert carried_out(second).status == "done"
    assert Case.objects.count() == 4


# On its way, stopped, done


def test_progress_is_a_fragment_until_it_has_ended(coordinator: Client) -> None:
    upload = uploads.receive(file=sent(csv_text()), by=person("coordinator"))
    fragment = coordinator.get(page(upload, "upload_progress"), headers=HTMX)
    assert "hx-trigger" in shown(fragment)
    assert "<html" not in shown(fragment)
    carried_out(upload)
    ended = coordinator.get(page(upload, "upload_progress"), headers=HTMX)
    assert (ended["HX-Retarget"], ended["HX-Reswap"]) == ("#upload", "outerHTML")
    assert "Checked, without a fault." in shown(ended)


def test_what_was_stopped_never_looks_done(coordinator: Client) -> None:
    upload = uploads.store(upload=checked(csv_text()), by=person("coordinator"), in_line=False)
    coordinator.post(page(upload, "upload_cancel"))
    text = shown(coordinator.get(page(upload)))
    assert "Storing was stopped: 0 of 2 cases are stored, 2 are not" in text
    assert "lines 2 to 3" in text
    assert "Resume" in text
    assert "Stopped: 0 of 2 cases stored" in shown(coordinator.get(reverse("uploads")))
    coordinator.post(page(upload, "upload_resume"))
    assert carried_out(upload).status == "done"


def test_what_is_stored_is_shown_as_a_table_a_picture_and_a_file(coordinator: Client) -> None:
    rows = [("=A-1", "2024-03-11", "nia", "rectum", "t4", "positive"), ("A-2", "", "", "", "", "close")]
    upload = stored(csv_text(rows, HEADER))
    text = shown(coordinator.get(page(upload)))
    assert "All 2 cases are stored" in text
    assert "Verdicts by payer and site" in text
    assert "1 More documentation needed" in text
    assert "1 Choose the payer" in text
    first = Case.objects.get(label="=A-1")
    assert f'<a href="{reverse("case", args=[first.reference])}">' in text
    found = lines(coordinator.get(page(upload, "upload_cases")))
    assert found[1][:4] == ["2", "'=A-1", first.reference, "nia"]
    assert len(found) == 3


def test_a_fault_of_the_job_is_told_and_it_can_go_on(coordinator: Client) -> None:
    upload = checked(csv_text())
    Upload.objects.update(status="failed", fault="It stopped.")
    text = shown(coordinator.get(page(upload)))
    assert "The check failed" in text
    assert "Go on checking" in text


# Who


def test_a_reviewer_sees_uploads_and_changes_none() -> None:
    upload, reviewer = checked(csv_text()), signed_in("reviewer")
    text = shown(reviewer.get(page(upload)))
    assert "Coordinators store it." in text
    assert reviewer.get(reverse("uploads")).status_code == 200
    for name in ("upload_store", "upload_cancel", "upload_resume"):
        assert reviewer.post(page(upload, name)).status_code == 403
    assert reviewer.post(reverse("uploads"), {"file": sent("x")}).status_code == 403
    assert ">Uploads</a>" not in shown(reviewer.get(reverse("policies")))


def test_an_editor_sees_none() -> None:
    upload, editor = checked(csv_text()), signed_in("editor")
    for address in (reverse("uploads"), page(upload), page(upload, "upload_faults"), page(upload, "upload_progress")):
        assert editor.get(address).status_code == 403


def test_an_upload_that_is_not_there_is_404_and_a_wrong_method_405(coordinator: Client) -> None:
    assert coordinator.get(reverse("upload", args=[999])).status_code == 404
    assert coordinator.post(page(checked(csv_text()))).status_code == 405
    assert coordinator.get(reverse("upload_store", args=[1])).status_code == 405


def test_more_rows_take_no_more_queries(coordinator: Client) -> None:
    counts = []
    for number in (3, 70):
        upload = stored(many(number))
        with CaptureQueriesContext(connection) as queries:
            coordinator.get(page(upload))
        counts.append(len(queries))
    assert counts[0] == counts[1]
