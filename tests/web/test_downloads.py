"""Every file that a browser downloads for a spreadsheet: no cell of it is a formula, whatever a case says."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from coverage_app.models import Case
from coverage_app.services.insight.rows import TABLES
from coverage_app.web.urls import urlpatterns
from tests.services.at_payers import completed, steps
from tests.services.impacts import draft_of, run_of
from tests.services.uploads.sending import checked, csv_text, stored
from tests.support.sessions import signed_in

LABELS = ("=1+1", "x;=1+1", "x|@A1", "x,-A1", '"=1"', "\t+1")


def of_csv(patterns: list[URLPattern]) -> set[str]:
    """The names of the addresses that lead to a CSV file."""
    return {str(each.name) for each in patterns if "csv" in str(each.pattern)}


def rows(client: Client, name: str, *about: Any) -> list[str]:
    response = client.get(reverse(name, args=about))
    assert isinstance(response, StreamingHttpResponse), name
    assert response["Content-Type"].startswith("text/csv")
    return b"".join(response).decode().splitlines(keepends=True)  # type: ignore[arg-type]


def formulas(lines: list[str]) -> list[str]:
    """The cells that a spreadsheet would work out, whichever mark it takes for the one between cells."""
    cells = [cell for mark in ",;|\t" for row in csv.reader(StringIO("".join(lines)), delimiter=mark) for cell in row]
    return [cell for cell in cells if cell.strip(' "\t')[:1] in {"=", "+", "-", "@"}]


@pytest.fixture
def downloads() -> dict[str, list[tuple[Any, ...]]]:
    """Each address with what it is asked about, where every case calls itself a formula."""
    draft = draft_of("fep")
    for label in LABELS:
        case = steps(completed(label=label), "submitted 0", "denied 4 criteria", "appealed 6", "appeal_won 9")
        Case.objects.filter(pk=case.pk).update(reference=label)
    run_of(draft)
    kept = stored(csv_text([(label, "2024-03-11", "nia", "rectum", "t4", "positive") for label in LABELS]))
    faulty = checked(csv_text([(label, f"={label}", "=nia", "-", "@t4", "+") for label in LABELS]))
    return {
        "insight_rows": [(table,) for table in TABLES],
        "upload_template": [()],
        "upload_faults": [(faulty.pk,)],
        "upload_cases": [(kept.pk,)],
        "admin:coverage_app_edition_impact_download": [(draft.pk,)],
    }


def test_no_cell_of_a_download_is_a_formula(downloads: dict[str, list[tuple[Any, ...]]]) -> None:
    desk, editor = signed_in("coordinator"), signed_in("editor")
    lines = {
        (name, *about): rows(editor if name.startswith("admin:") else desk, name, *about)
        for name, asked in downloads.items()
        for about in asked
    }
    assert {at: found for at, each in lines.items() if (found := formulas(each))} == {}
    short = [at for at, each in lines.items() if len(each) <= len(LABELS) and at[0] != "upload_template"]
    assert short == [], "a download without the cases says nothing"


def test_no_download_is_left_out(downloads: dict[str, list[tuple[Any, ...]]]) -> None:
    assert of_csv(urlpatterns) == {name for name in downloads if ":" not in name}
