"""`manage.py export_cases`: every case with what came of it, neutral, and read back by `import_cases`."""

import csv
import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from coverage_app.models import Case
from coverage_app.services.cases import FIELDS, answers_of
from coverage_app.services.report.tags import VERDICTS
from tests.services.making import MET, make_case
from tests.services.test_cases import complete

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(case_file: Callable[..., str]) -> list[Case]:
    """Five cases, from an empty one to a completed one, with a label that is a formula."""
    complete(make_case("nia", {**MET, "age": "62"}, label="=1+1", setting="outpatient", cpt_code="77425"))
    make_case("bcbsma", {"site": "breast"}, product="Medicare PPO Blue", diagnosis_code="C50.911", date_of_service=None)
    make_case(None, {"margin": "close"}, label="'=1; =2", date_of_service=None)
    make_case("fep", {}, label="Müller, with a comma")
    make_case(None, {}, date_of_service=None)
    return list(Case.objects.order_by("pk"))


def written(*arguments: str) -> str:
    out = StringIO()
    call_command("export_cases", *arguments, stdout=out)
    return out.getvalue()


def told(cases: list[Case]) -> list[tuple[Any, ...]]:
    """Fields and answers of cases."""
    return [(*(getattr(case, name) for name in FIELDS), answers_of(case)) for case in cases]


def test_a_row_says_what_the_case_gives(some: list[Case]) -> None:
    first, second, *_ = csv.DictReader(StringIO(written()))
    assert first["reference"] == some[0].reference
    assert (first["id"], first["dos"], first["payer"], first["age"]) == ("'=1+1", "2024-03-11", "nia", "62")
    assert (first["status"], first["verdict"], first["assessments"], first["differs"]) == (
        "completed",
        "criteria_met",
        "1",
        "no",
    )
    assert first["edition"] == some[0].assessments.get().edition.in_force.isoformat()  # type: ignore[union-attr]
    assert second["verdict"] in VERDICTS
    assert second["missing"].split() == some[1].missing


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_import_reads_it_back(some: list[Case], form: str, tmp_path: Path) -> None:
    path = tmp_path / f"cases.{form}"
    call_command("export_cases", "--format", form, "--out", str(path))
    call_command("import_cases", str(path), "--by", "coordinator", stdout=StringIO())
    again = list(Case.objects.exclude(pk__in=[case.pk for case in some]).order_by("pk"))
    assert told(again) == told(some)


def test_json_lines_say_the_same_as_csv(some: list[Case]) -> None:
    lines = [json.loads(line) for line in written("--format", "jsonl").splitlines()]
    assert lines[0]["id"] == "=1+1"
    assert lines[0]["possible"] == ["criteria_met"]
    assert [line["reference"] for line in lines] == [row["reference"] for row in csv.DictReader(StringIO(written()))]


def test_more_cases_take_no_more_queries(some: list[Case]) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            written()
        counts.append(len(queries))
        make_case("nia", MET)
    assert counts[0] == counts[1]


def test_a_file_is_replaced_as_it_was_and_a_link_stays_one(some: list[Case], tmp_path: Path) -> None:
    path, link = tmp_path / "cases.csv", tmp_path / "link.csv"
    path.write_text("before")
    path.chmod(0o600)
    link.symlink_to(path)
    call_command("export_cases", "--out", str(link))
    assert path.read_bytes().decode() == written("--out", "-") == written()
    assert (path.stat().st_mode & 0o777, link.is_symlink()) == (0o600, True)
    assert {each.name for each in tmp_path.iterdir()} == {"cases.csv", "link.csv"}


@pytest.mark.parametrize("fault", [OperationalError("no such table"), KeyboardInterrupt()])
def test_a_fault_half_way_leaves_the_file_as_it_was(
    some: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def half() -> Iterator[dict[str, Any]]:
        yield {"reference": "2024-0001"}
        raise fault

    monkeypatch.setattr("coverage_app.management.commands.export_cases.exported", half)
    path = tmp_path / "cases.csv"
    path.write_text("before")
    with pytest.raises((CommandError, KeyboardInterrupt)):
        call_command("export_cases", "--out", str(path))
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]


def test_a_device_is_written_to_and_a_directory_is_told(some: list[Case], tmp_path: Path) -> None:
    call_command("export_cases", "--out", "/dev/null")
    assert not Path("/dev/null").is_file()
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("export_cases", "--out", str(tmp_path))


def test_who_has_heard_enough_is_no_fault(some: list[Case], deaf: StringIO) -> None:
    call_command("export_cases", stdout=deaf)


def test_a_file_that_cannot_be_written_is_told(some: list[Case], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file") as error:
        call_command("export_cases", "--out", str(tmp_path / "none" / "cases.csv"))
    assert error.value.returncode == 2
