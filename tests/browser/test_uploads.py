"""A coordinator uploads a worklist, mends it, has it stored, stops, goes on, and takes the result home."""

import csv
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coverage_app.models import Case, Upload
from tests.services.impacts import until, worker
from tests.services.uploads.sending import csv_text, many

from .sound import assert_sound

SLOW = 15_000
CASES = 36


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a worklist that has faults, and one that has none."""
    (tmp_path / "faulty.csv").write_text(csv_text([("1", "11.3.2024", "nia", "rectal", "t4", "positive")]))
    (tmp_path / "cases.csv").write_text(many(CASES))
    return tmp_path


def send(page: Page, file: Path) -> None:
    page.goto("/uploads/")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()


def test_from_the_file_over_its_faults_to_the_stored_cases(page: Page, coordinator: User, files: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="Uploads").click()
    assert_sound(page)
    with worker(slow=0.3, piece=4) as slow:
        send(page, files / "faulty.csv")
        expect(page.get_by_role("heading", name="1 of 1 row has faults")).to_be_visible(timeout=SLOW)
        expect(page.get_by_role("row").filter(has_text="rectal")).to_contain_text("rectum")
        assert_sound(page)
        send(page, files / "cases.csv")
        page.get_by_role("button", name=f"Store {CASES} cases").click(timeout=SLOW)
        expect(page.get_by_role("progressbar", name="Storing the cases")).to_be_visible(timeout=SLOW)
        until(lambda: Case.objects.exists())
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("heading", name="Storing was stopped")).to_contain_text(f"of {CASES} cases are stored")
        assert 0 < Case.objects.count() < CASES
        assert_sound(page)
        slow.terminate()
        slow.wait(10)
    with worker():
        page.get_by_role("button", name="Resume").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"All {CASES} cases are stored")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("region", name="Verdicts by payer and site").first).to_be_visible()
    assert (Case.objects.count(), Upload.objects.latest("pk").status) == (CASES, "done")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download (CSV)").click()
    with open(found.value.path(), newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == CASES + 1
