"""`manage.py assess`: what it refuses, where it says the fault is, and that nothing else happens."""

import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from .conftest import Refused

HEADER = "id,dos,payer,site,t_stage,age,margin\n"
LATER = "; what follows was not read"

CSV_FAULTS = {
    "an unknown column": (
        "id,dos,tstage\n1,2024-01-01,\n",
        ['line 1, column tstage: unknown column "tstage"; did you mean t_stage?'],
    ),
    "a column in capitals": (
        "ID,dos\n1,2024-01-01\n",
        ['line 1, column ID: unknown column "ID"; did you mean id?', "line 1, column id: the column id is missing"],
    ),
    "a repeated column": (
        "id,dos,site,site\n1,2024-01-01,,\n",
        ['line 1, column site: the column "site" is repeated'],
    ),
    "missing columns": (
        "site\nrectum\n",
        ["line 1, column id: the column id is missing", "line 1, column dos: the column dos is missing"],
    ),
    "a column without a name": ("id,dos,\n1,2024-01-01,\n", ["line 1, column 3: a column without a name"]),
    "a thousand columns": (
        "id,dos" + ",x" * 1000 + "\n",
        ["line 1: 1,002 columns; there can be no more than 20" + LATER],
    ),
    "semicolons": ("id;dos;site\n1;2024-01-01;\n", ["line 1: the cells are separated by ';'; commas are due"]),
    "too few and too many cells": (
        "id,dos\n1\n2,2024-01-01,x\n",
        ["line 2: 1 cell where the header has 2", "line 3: 3 cells where the header has 2"],
    ),
    "an empty id and an empty date": (
        "id,dos\n,\n",
        ["line 2, column id: the id is empty", "line 2, column dos: the date is empty"],
    ),
    "a code that is nearly right": (
        HEADER + "1,2024-01-01,,rectun,T4,,\n",
        [
            'line 2, column site: unknown value "rectun" of site; did you mean rectum?',
            'line 2, column t_stage: unknown value "T4" of t_stage; did you mean t4?',
        ],
    ),
    "words for not documented": (
        HEADER + "1,2024-01-01,,,tx,,unknown\n",
        [
            'line 2, column t_stage: unknown value "tx" of t_stage; leave the cell empty when it is not documented',
            'line 2, column margin: unknown value "unknown" of margin; leave the cell empty when it is not documented',
        ],
    ),
    "a group of sites": (
        HEADER + "1,2024-01-01,,soft_tissue_sarcoma,,,\n",
        [
            'line 2, column site: "soft_tissue_sarcoma" is a group of answers; did you mean sarcoma_extremity or'
            " sarcoma_retroperitoneal or sarcoma_trunk or sarcoma_other?"
        ],
    ),
    "an unknown payer": (
        HEADER + "1,2024-01-01,nai,,,,\n2,2024-01-01,abs,,,,\n",
        ['line 2, column payer: unknown payer "nai"; did you mean nia?', 'line 3, column payer: unknown payer "abs"'],
    ),
    "the line of the record's start": (
        'id,dos,site\n\n"a\nb",2024-01-01,rectum\n"c\nd",2024-01-01,rectun\n',
        ['line 5, column site: unknown value "rectun" of site; did you mean rectum?'],
    ),
    "a quotation mark never closed": (
        'id,dos\n1,2024-01-01\n2,"2024-01-01\n3,2024-01-01\n',
        ["line 3: a quotation mark is opened here and never closed"],
    ),
    "text after a closing quotation mark": (
        'id,dos\n"1"x,2024-01-01\n2,x\n',
        [
            "line 2: after the quotation mark that closes a cell comes a comma or the end of the line",
            'line 3, column dos: "x" is not a date written YYYY-MM-DD',
        ],
    ),
    "a NUL byte": (
        "id,dos\n1,2024-01-01\n\0,2024-01-01\n",
        ["line 3: a NUL byte (character 1): save the file as text in UTF-8" + LATER],
    ),
    "another encoding": (
        "id,dos\nMüller,2024-01-01\n".encode("latin-1"),
        ["line 2: the byte 0xfc, which is not UTF-8 (character 2): save the file as text in UTF-8" + LATER],
    ),
    "a file that is no text": (
        b"PK\x03\x04\x14\x00\x06\x00",
        ["line 1: a NUL byte (character 6): save the file as text in UTF-8" + LATER],
    ),
    "a cell of 10 MB": (
        "id,dos\n" + "x" * 10_000_000 + ",2024-01-01\n",
        ["line 2: a line of more than 1,000,000 characters" + LATER],
    ),
    "a long cell": (
        "id,dos\n" + "x" * 200_000 + ",2024-01-01\n",
        ["line 2: a cell of more than 131,072 characters (is a quotation mark not closed?)" + LATER],
    ),
    "an empty file": ("", ["line 1: the file is empty: a header with the columns id and dos is due"]),
    "a blank file": ("\n \n", ["line 1: the file is empty: a header with the columns id and dos is due"]),
}

DATES = ["2024-02-30", "2024-13-01", "0000-01-01"]
NO_DATES = ["2024-1-1", "01/02/2024", "20240101", "2024-01-01T00:00", "٢٠٢٤-01-01", "-2024-01-01"]
NO_NUMBERS = ["1e999", "NaN", "inf", "sixty", "0x10", "6_2", "٦٢", "9" * 5000]

OBJECT = '{"id": "1", "dos": "2024-01-01", '
JSON_FAULTS = {
    "an unknown name": ('{"id": 1, "dos": "2024-01-01", "sites": null}', ['column sites: unknown column "sites"; did you mean site?']),
    "a name given twice": ('{"id": 1, "dos": "2024-01-01", "id": 2}', ['column id: the column "id" is repeated']),
    "nothing in it": ("{}", ["column id: the column id is missing", "column dos: the column dos is missing"]),
    "null where a value is due": ('{"id": null, "dos": null}', ["column id: the id is empty", "column dos: the date is empty"]),
    "true": (OBJECT + '"preop_ebrt": true}', ["column preop_ebrt: true is no answer: write a code in quotation marks"]),
    "a list": (OBJECT + '"site": ["rectum"]}', ["column site: a list or an object is no answer: write one code, or null"]),
    "an object": (OBJECT + '"age": {"years": 3}}', ["column age: a list or an object is no answer: write one code, or null"]),
    "a number for a code": (OBJECT + '"site": 3}', ['column site: unknown value "3" of site']),
    "half a year": (OBJECT + '"age": 62.5}', ['column age: "62.5" falls between the steps; age is 0 to 120 years in steps of 1']),
    "a huge number": (OBJECT + '"age": 1e999}', ['column age: "1e999" is not a plain number; age is 0 to 120 years in steps of 1']),
    "NaN": (OBJECT + '"age": NaN}', ["not JSON: NaN is no number of JSON"]),
    "half a character": ('{"id": "\\ud800", "dos": "2024-01-01"}', ['column id: "\N{REPLACEMENT CHARACTER}" has half a character (a lone surrogate)']),
    "a list of cases": ("[1, 2]", ["a list where an object in braces is due, one a line"]),
    "an object over two lines": ('{"id": 1,', ["not JSON: Expecting property name enclosed in double quotes (character 10)"]),
    "deep nesting": (OBJECT + '"site": ' + "[" * 100_000 + "]" * 100_000 + "}", ["lists or objects nested too deeply"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV_FAULTS)
def test_a_csv_file_is_refused_for(name: str, refused: Refused) -> None:
    text, said = CSV_FAULTS[name]
    assert refused(text) == said


@pytest.mark.parametrize("name", JSON_FAULTS)
def test_a_json_line_is_refused_for(name: str, refused: Refused) -> None:
    text, said = JSON_FAULTS[name]
    found = refused(f'{{"id": 1, "dos": "2024-01-01"}}\n\n{text}\n', name="cases.jsonl")
    assert found == [f"line 3{', ' if message.startswith('column') else ': '}{message}" for message in said]


def test_json_lines_without_a_line_are_refused(refused: Refused) -> None:
    assert refused("\n\n", name="cases.jsonl") == [
        "line 1: the file is empty: one object a line is due, with id and dos"
    ]


@pytest.mark.parametrize("date", DATES)
def test_a_day_that_no_calendar_has_is_refused(date: str, refused: Refused) -> None:
    assert refused(f"id,dos\n1,{date}\n") == [f'line 2, column dos: "{date}" is not a day of the calendar']


@pytest.mark.parametrize("date", NO_DATES)
def test_a_date_in_another_form_is_refused(date: str, refused: Refused) -> None:
    assert refused(f"id,dos\n1,{date}\n") == [f'line 2, column dos: "{date}" is not a date written YYYY-MM-DD']


@pytest.mark.parametrize("age", NO_NUMBERS)
def test_an_age_that_is_no_plain_number_is_refused(age: str, refused: Refused) -> None:
    (said,) = refused(HEADER + f"1,2024-01-01,,,,{age},\n")
    assert said.startswith('line 2, column age: "')
    assert said.endswith(" is not a plain number; age is 0 to 120 years in steps of 1")


@pytest.mark.parametrize("age", ["-1", "121", "2000"])
def test_an_age_out_of_range_is_refused(age: str, refused: Refused) -> None:
    said = f'line 2, column age: "{age}" is out of range; age is 0 to 120 years in steps of 1'
    assert refused(HEADER + f"1,2024-01-01,,,,{age},\n") == [said]


def test_one_fault_at_the_end_keeps_everything_from_being_assessed(refused: Refused) -> None:
    text = "id,dos\n" + "1,2024-01-01\n" * 2000 + "2,x\n"
    assert refused(text) == ['line 2002, column dos: "x" is not a date written YYYY-MM-DD']


def test_after_a_thousand_faults_the_rest_is_counted(refused: Refused) -> None:
    said = refused("id,dos\n" + "1,x\n" * 2500)
    assert said[999] == 'line 1001, column dos: "x" is not a date written YYYY-MM-DD'
    assert said[1000:] == ["and 1,500 more faults"]


def test_an_unknown_payer_on_the_command_line_is_a_fault_beside_those_of_the_file(refused: Refused) -> None:
    said = refused("id,dos\n1,x\n", "--payer", "fpe")
    assert said == [
        '--payer: unknown payer "fpe"; did you mean fep?',
        'line 2, column dos: "x" is not a date written YYYY-MM-DD',
    ]


@pytest.mark.parametrize(("name", "said"), [("", "Is a directory"), ("no\nsuch.csv", "No such file or directory")])
def test_what_is_no_file_is_refused(db: None, tmp_path: Path, name: str, said: str) -> None:
    err = StringIO()
    with pytest.raises(SystemExit, match="2"):
        call_command("assess", str(tmp_path / name), stderr=err)
    assert err.getvalue().endswith(f": {said}\n")
    assert err.getvalue().count("\n") == 1


def test_faults_of_standard_input_are_told_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"id,dos\n1,x\n")))
    err = StringIO()
    with pytest.raises(SystemExit, match="2"):
        call_command("assess", "-", stderr=err)
    assert err.getvalue() == 'line 2, column dos: "x" is not a date written YYYY-MM-DD\n'


def test_a_database_that_was_never_set_up_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("id,dos\n1,2024-01-01\n")
    done = subprocess.run(
        [sys.executable, "manage.py", "assess", str(tmp_path / "cases.csv")],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "run `make setup`" in done.stderr
    assert len(done.stderr.splitlines()) == 1
