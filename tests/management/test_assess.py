"""`manage.py assess`: what it writes for a file without faults."""

import datetime as dt
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from coverage_app.models import Document, Edition
from coverage_app.services.life import withdraw_edition

from .conftest import Assess

NAMED = yaml.load((Path(__file__).parent.parent / "named_cases.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
T3_RECTAL = "id,dos,site,t_stage,recurrence,margin\n17,2024-03-01,rectum,t3,primary,negative\n"


# The form


def test_a_line_reads_as_documented_to_the_letter(case_file: Callable[[str, str], str]) -> None:
    text = (
        "id,dos,site,technique,age,t_stage,nodes,margin,recurrence,intent,prior_rt,histology,apbi_suitable,clinical_trial\n"
        "17,2023-01-01,breast,electron,62,t1,clinically_negative,negative,primary,sole,none,invasive,yes,no\n"
    )
    out = StringIO()
    call_command("assess", case_file(text, "cases.csv"), "--payer", "nia", stdout=out)
    assert out.getvalue() == (
        '{"id": "17", "payer": "nia", "verdict": "undetermined", "possible": ["criteria_met", "physician_review"], '
        '"missing": ["margin_basis"], "provisions": ["N1", "N1r"], "edition": "2023-01-01", '
        '"guidelines": {"abs-breast": "advises_against"}}\n'
    )


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_named_cases_come_out_as_written_by_hand(assess: Assess, form: str) -> None:
    cases = NAMED["payer_cases"]
    found = assess(_as_csv(cases) if form == "csv" else _as_json(cases), name=f"cases.{form}")
    fields = ("payer", "verdict", "possible", "missing", "provisions")
    assert [[line[field] for field in fields] for line in found] == [
        [case[field] for field in fields] for case in cases
    ]
    assert [line["id"] for line in found] == [case["name"] for case in cases]


def _as_json(cases: list[dict[str, Any]]) -> str:
    rows = [{"id": c["name"], "dos": str(c["dos"]), "payer": c["payer"], **c["answers"]} for c in cases]
    return "\n".join(json.dumps(row) for row in rows)


def _as_csv(cases: list[dict[str, Any]]) -> str:
    facts = sorted({fact for case in cases for fact in case["answers"]})
    rows = [[c["name"], c["dos"], c["payer"], *(c["answers"].get(fact, "") for fact in facts)] for c in cases]
    quoted = ['"' + str(cell).replace('"', '""') + '"' for row in rows for cell in row]
    width = len(facts) + 3
    lines = [",".join(quoted[start : start + width]) for start in range(0, len(quoted), width)]
    return "\n".join([",".join(["id", "dos", "payer", *facts]), *lines])


# Payers


def test_without_a_payer_all_with_a_published_edition_answer_in_order(assess: Assess) -> None:
    Document.objects.create(code="aaa", kind="payer_policy", short_name="AAA", title="A", publisher="A")
    assert [line["payer"] for line in assess(T3_RECTAL)] == ["bcbsma", "fep", "nia"]


def test_the_rows_own_payer_answers_alone(assess: Assess) -> None:
    text = "id,dos,payer\n1,2024-01-01,nia\n2,2024-01-01,\n3,2024-01-01, fep \n"
    found = [(line["id"], line["payer"]) for line in assess(text)]
    assert found == [("1", "nia"), ("2", "bcbsma"), ("2", "fep"), ("2", "nia"), ("3", "fep")]


def test_payers_named_on_the_command_line_replace_the_rows_own(assess: Assess) -> None:
    text = "id,dos,payer\n1,2024-01-01,bcbsma\n2,2024-01-01,\n"
    found = [(line["id"], line["payer"]) for line in assess(text, "--payer", "nia", "--payer", "fep", "--payer", "nia")]
    assert found == [("1", "fep"), ("1", "nia"), ("2", "fep"), ("2", "nia")]


def test_the_edition_is_that_of_the_day_its_first_day_included(assess: Assess) -> None:
    found = assess("id,dos,site\n1,2023-09-30,rectum\n2,2023-10-01,rectum\n", "--payer", "fep")
    assert [line["edition"] for line in found] == [None, "2023-10-01"]


def test_no_edition_has_empty_lists_and_still_lists_the_rows(assess: Assess) -> None:
    (line,) = assess("id,dos,site,margin,recurrence\n1,2019-01-01,pancreas,close,primary\n", "--payer", "fep")
    assert line == {
        "id": "1",
        "payer": "fep",
        "verdict": "no_edition",
        "possible": [],
        "missing": [],
        "provisions": [],
        "edition": None,
        "guidelines": {"abs-pancreas": "supports", "nccn-pancreatic": "conditional"},
    }
    assert list(line) == ["id", "payer", "verdict", "possible", "missing", "provisions", "edition", "guidelines"]


def test_a_withdrawn_edition_leaves_a_gap(assess: Assess) -> None:
    withdraw_edition(edition=Edition.objects.get(document__code="nia"), reason="Replaced.", by=None)
    assert [line["payer"] for line in assess(T3_RECTAL)] == ["bcbsma", "fep"]
    (line,) = assess(T3_RECTAL, "--payer", "nia")
    assert line["verdict"] == "no_edition"


def test_without_a_site_there_are_no_rows(assess: Assess) -> None:
    (line,) = assess("id,dos,margin\n1,2024-01-01,close\n", "--payer", "fep")
    assert line["guidelines"] == {}


def test_missing_speaks_of_the_payer_alone(assess: Assess) -> None:
    text = "id,dos,site,t_stage,margin,recurrence\n1,2024-01-01,breast,t1,close,primary\n"
    (line,) = assess(text, "--payer", "fep")
    assert (line["missing"], line["guidelines"]) == ([], {"abs-breast": "undetermined"})


# The file


def test_cells_are_trimmed_and_empty_lines_passed_over(assess: Assess) -> None:
    text = b"\xef\xbb\xbf id ,dos , site\r\n\r\n 1 , 2024-01-01 ,\xc2\xa0rectum \r\n   \r\n2,2024-01-01, \r\n\r\n"
    assert [line["id"] for line in assess(text, "--payer", "fep")] == ["1", "2"]
    assert [bool(line["guidelines"]) for line in assess(text, "--payer", "fep")] == [True, False]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(assess: Assess, end: str) -> None:
    assert [line["id"] for line in assess(f"id,dos{end}1,2024-01-01{end}2,2024-01-01", "--payer", "fep")] == ["1", "2"]


def test_ids_may_repeat_and_hold_anything(assess: Assess) -> None:
    text = 'id,dos\n7,2024-01-01\n7,2024-01-01\n"a ""b"",\nc ü",2024-01-01\n'
    assert [line["id"] for line in assess(text, "--payer", "fep")] == ["7", "7", 'a "b",\nc ü']


def test_json_numbers_may_be_ids_and_null_is_empty(assess: Assess) -> None:
    text = (
        '{"id": 17, "dos": "2024-01-01", "payer": null, "margin": null, "age": 62}\n\n{"dos": "2024-01-01", "id": "x"}'
    )
    assert [line["id"] for line in assess(text, "--payer", "fep", name="cases.jsonl")] == ["17", "x"]


@pytest.mark.parametrize("name", ["cases", "cases.txt", "cases.CSV"])
def test_an_extension_that_says_nothing_leaves_it_to_the_first_character(assess: Assess, name: str) -> None:
    assert assess("\n id,dos\n1,2024-01-01", name=name)
    if not name.endswith("CSV"):
        assert assess('\n {"id": 1, "dos": "2024-01-01"}', name=name)


@pytest.mark.parametrize("text", [T3_RECTAL, '{"id": "17", "dos": "2024-03-01"}'])
def test_a_dash_reads_standard_input(db: None, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))
    out = StringIO()
    call_command("assess", "-", "--payer", "nia", stdout=out)
    assert json.loads(out.getvalue())["id"] == "17"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cases.csv", "id,dos,site,perforation\n17,2024-03-01,colon,yes\n18,2024-03-01,colon,whatever\n"),
        ("cases.jsonl", '{"id": 17, "dos": "2024-03-01", "site": "colon"}\n'
         '{"id": 18, "dos": "2024-03-01", "site": "colon", "perforation": true}\n'),
    ],
)  # fmt: skip
def test_a_column_of_earlier_files_whose_fact_is_gone_is_passed_over_and_told_once(
    case_file: Callable[[str, str], str], name: str, text: str
) -> None:
    out, err = StringIO(), StringIO()
    call_command("assess", case_file(text, name), "--payer", "fep", stdout=out, stderr=err)
    assert [json.loads(line)["verdict"] for line in out.getvalue().splitlines()] == ["investigational"] * 2
    assert err.getvalue() == (
        "The column perforation is ignored: it is no longer asked, since a T4 colon cancer has penetrated by definition.\n"
    )


def test_a_header_without_cases_is_no_fault(assess: Assess) -> None:
    assert assess("id,dos\n") == []


# Size


def test_memory_does_not_grow_with_the_file(case_file: Callable[[str, str], str]) -> None:
    def peak(cases: int) -> int:
        day = dt.date(2020, 1, 1)
        rows = (f"{n},{day + dt.timedelta(n % 2000)},rectum,{('t3', 't4a')[n % 2]},fep" for n in range(cases))
        path = case_file("\n".join(["id,dos,site,t_stage,payer", *rows]), f"{cases}.csv")
        with open(os.devnull, "w") as nowhere:
            tracemalloc.start()
            call_command("assess", path, stdout=nowhere)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    peak(2_000)  # what is remembered for good
    assert peak(12_000) < 1.3 * peak(2_000) + 100_000  # bytes


def test_a_progress_bar_shows_on_a_terminal_only(
    case_file: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case_file(T3_RECTAL, "cases.csv")
    for terminal in (True, False):
        stderr = StringIO()
        stderr.isatty = lambda terminal=terminal: terminal  # type: ignore[method-assign]
        monkeypatch.setattr(sys, "stderr", stderr)
        call_command("assess", path, stdout=StringIO())
        assert ("Assessing" in stderr.getvalue()) is terminal


def test_a_reader_that_stops_reading_is_no_fault(db: None, tmp_path: Path) -> None:
    """The whole program, its output piped into one that closes it after the first line."""
    path = tmp_path / "many.csv"
    path.write_text("id,dos,site\n" + "17,2024-01-01,rectum\n" * 5000)
    command = [sys.executable, "manage.py", "assess", str(path)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith(b'{"id": "17", "payer": "bcbsma"')
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == (b"", 0)


def _environment() -> dict[str, str]:
    """The same database for another process."""
    url = os.environ.get("DATABASE_URL", "")
    name = connection.settings_dict["NAME"]
    url = urlsplit(url)._replace(path=f"/{name}").geturl() if url.startswith("postgres") else f"sqlite:///{name}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
