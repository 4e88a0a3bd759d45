"""`manage.py golden` on the command line: what it prints, and how it ends."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coverage_app.services.golden import set_golden
from tests.services.making import import_small, person

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parents[2] / "fixtures"


def run(*arguments: str) -> tuple[str, int]:
    """What it prints, and its exit status."""
    out = StringIO()
    try:
        call_command("golden", *arguments, stdout=out)
    except SystemExit as exit_:
        return out.getvalue(), int(str(exit_.code))
    return out.getvalue(), 0


def small(verdict: str) -> None:
    """The small policy on file with one golden case."""
    set_golden(
        edition=import_small(), by=person("editor"), name="A close margin", answers={"site": "breast", "margin": "close"},
        verdict=verdict, why="Breast cancer is considered\nmedically necessary.",
    )  # fmt: skip


def test_all_pass_with_status_0() -> None:
    small("criteria_met")
    assert run("small") == ("small 2025-01-01: 1 of 1 golden cases pass.\n", 0)


def test_each_failure_is_told_with_status_1() -> None:
    small("investigational")
    said, status = run("small")
    assert status == 1
    assert said.splitlines() == [
        "FAILED  A close margin",
        "        expected investigational",
        "        came out criteria_met, decided by S1",
        "        why: Breast cancer is considered medically necessary.",
        "small 2025-01-01: 0 of 1 golden cases pass.",
    ]


def test_as_json_all_cases_are_told() -> None:
    small("investigational")
    said, status = run("small", "--json")
    data = json.loads(said)
    assert (status, data["passed"], data["failed"]) == (1, 0, 1)
    assert data["cases"] == [
        {"name": "A close margin", "passed": False, "expected": "investigational", "got": "criteria_met", "provisions": ["S1"], "missing": []}
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_those_on_file_pass_from_the_database_and_from_the_file(code: str) -> None:
    for reference in (code, str(FIXTURES / f"{code}.yaml")):
        said, status = run(reference)
        assert (status, "golden cases pass" in said) == (0, True), said


def test_an_edition_without_any_says_so() -> None:
    import_small()
    assert run("small") == ("small 2025-01-01: no golden cases.\n", 0)


@pytest.mark.parametrize("reference", ["nowhere", "fep@draft", "fep@1999-01-01", "fep@soon", "no/such/file.yaml"])
def test_what_cannot_be_run_ends_with_status_2(reference: str) -> None:
    with pytest.raises(CommandError) as error:
        run(reference)
    assert error.value.returncode == 2
