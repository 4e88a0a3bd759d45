"""What the check of an uploaded CSV says: of the file, and row by row; and that it stores nothing."""

import json

import pytest

from coverage_app.models import AuditEvent, Case, Upload
from coverage_app.services import uploads
from coverage_app.services.uploads import UploadFault, checking
from coverage_app.services.uploads.working import Work
from tests.services.making import person

from .sending import ROWS, checked, csv_text, many, said, sent, told, workbook

pytestmark = pytest.mark.django_db


def test_a_file_without_a_fault_is_ready_and_stores_nothing() -> None:
    upload = checked(csv_text())
    assert (upload.status, upload.rows, upload.faulty, upload.faults) == ("done", 2, 0, [])
    assert uploads.is_ready(upload)
    assert upload.content is None
    assert not Case.objects.exists()
    assert list(upload.all_rows.values_list("line", "cells__id", "faulty")) == [(2, "A-1", False), (3, "A-2", False)]
    actions = AuditEvent.objects.filter(subject="upload", subject_id=str(upload.pk)).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["upload", "check"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("id,dos,site\n1,2024-03-01,rectal\n", ['2 | site | unknown value "rectal" of site | rectum']),
        ("id,dos,t_stage\n1,,TX\n", ['2 | t_stage | unknown value "TX" of t_stage; leave the cell empty when it is not documented']),
        ("id,dos,payer\n1,,niaa\n", ['2 | payer | unknown payer "niaa" | nia']),
        ("id,dos,setting\n1,,out\n", ['2 | setting | unknown setting "out"']),
        ("id,dos,product\n1,,Medicare PPO\n", ['2 | product | unknown product "Medicare PPO" | Medicare PPO Blue']),
        ("id,dos,age\n1,,200\n", ['2 | age | "200" is out of range; age is 0 to 120 years in steps of 1']),
        ("id,dos\n1,03/01/2024\n", ['2 | dos | "03/01/2024" is not a date written YYYY-MM-DD']),
        ("id,dos\n1,1889-01-01\n", ["2 | dos | a date of service lies between 1990 and 2100"]),
        ("id,dos,diagnosis_code\n1,,C50.0119\n", ['2 | diagnosis_code | "C50.0119" is not an ICD-10-CM code | C50.119']),
        ("id,dos,diagnosis_code\n1,,C50\n", ["2 | diagnosis_code | C50 is a category and cannot be billed; give a more specific code"]),
        ("id,dos,cpt_code\n1,,774\n", ['2 | cpt_code | "774" is not a CPT code: five characters, such as 77425']),
        (f"id,dos\n{'x' * 81},\n", ["2 | id | the label has 81 characters; at most 80 are stored"]),
        (f"id,dos\n{'x' * 1001},\n", ["2 | id | 1,001 characters; at most 1,000 are taken"]),
        ('id,dos\n"a\nb",\n', ["2 | id | line breaks and control characters cannot be stored in a label"]),
        ("id,dos\n1\n2,,3\n", ["2 | 1 cell where the header has 2", "3 | 3 cells where the header has 2"]),
        ('id,dos\n1,\n"2,\n', ["3 | a quotation mark is opened here and never closed"]),
        ("id,dos,sitee\n1,,\n", ['1 | sitee | unknown column "sitee" | site']),
        ("id,site\n1,\n", ["1 | dos | the column dos is missing"]),
        ("id,dos,id\n1,,2\n", ['1 | id | the column "id" is repeated']),
        ("id,dos,\n1,,2\n", ["1 | 3 | a column without a name"]),
        ("id,dos\n", ["the file has a header and no case"]),
        ("id,dos\n,\n ,\n", ["the file has a header and no case"]),
        (" \n", ["1 | the file is empty: a header with the columns id and dos is due"]),
        (",".join(["id", "dos", *(f"c{n}" for n in range(298))]) + "\n", ["1 | 300 columns; there can be no more than 24; what follows was not read"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_the_nearest_known_name(text: str, found: list[str]) -> None:
    upload = checked(text)
    assert said(upload)[: len(found)] == found
    assert not uploads.is_ready(upload)
    assert (upload.status, upload.step) == ("done", "check")


def test_one_row_has_all_its_faults_together() -> None:
    upload = checked("id,dos,site,t_stage\n1,x,rectal,t9\n2,2024-03-01,rectum,t4\n")
    assert (upload.rows, upload.faulty) == (2, 1)
    assert [fault["column"] for fault in upload.all_rows.get(line=2).faults] == ["dos", "site", "t_stage"]


# How it is written


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (csv_text().encode("utf-8-sig"), []),
        (csv_text().encode("utf-16"), ["The file is not UTF-8; it was read as UTF-16. Look at the labels."]),
        (csv_text().replace(",", ";").encode(), ["Its cells are separated by semicolons; it was read so."]),
        (csv_text().replace(",", "\t").encode(), ["Its cells are separated by tabs; it was read so."]),
        (csv_text([("Müller", *ROWS[0][1:])]).encode("cp1252"), ["The file is not UTF-8; it was read as Windows-1252. Look at the labels."]),
    ],
)  # fmt: skip
def test_another_way_of_writing_is_read_and_told(content: bytes, note: list[str]) -> None:
    upload = checked(content)
    assert (told(upload), said(upload)) == (note, [])
    assert upload.all_rows.get(line=2).cells["id"] in ("A-1", "Müller")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"id,dos\n\x00\x01,\n", "2 | a NUL byte (character 1): save the file as text in UTF-8; what follows was not read"),
        (b"id,dos\n\x81\xff,\n", "2 | the byte 0x81, which is not UTF-8 (character 1): save the file as text in UTF-8; what follows was not read"),
        (csv_text().encode("utf-16")[:-1], "3 | bytes that are not UTF-16: save the file as text in UTF-8; what follows was not read"),
        (b"id|dos\n1|2\n", "1 | the cells are separated by '|'; commas are due"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_words(content: bytes, found: str) -> None:
    assert found in said(checked(content))


RETIRED = ("id", "dos", "site", "perforation")
IGNORED = (
    "The column perforation is ignored: it is no longer asked, since a T4 colon cancer has penetrated by definition."
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (csv_text([("1", "", "colon", "yes"), ("2", "", "colon", "no")], RETIRED), "cases.csv"),
        (workbook([("1", "", "colon", "yes"), ("2", "", "colon", "no")], RETIRED), "cases.xlsx"),
        ('{"id": "1", "dos": "", "perforation": "yes"}\n{"id": "2", "dos": "", "perforation": 3}\n', "cases.jsonl"),
    ],
    ids=["csv", "xlsx", "jsonl"],
)
def test_a_column_whose_fact_is_gone_is_passed_over_and_told_once(content: str | bytes, name: str) -> None:
    upload = checked(content, name)
    assert (told(upload), said(upload)) == ([IGNORED], [])
    assert uploads.is_ready(upload)
    assert not any("perforation" in row.cells for row in upload.all_rows.all())


def test_a_group_of_sites_is_no_answer_and_the_answers_below_it_are_named() -> None:
    (found,) = said(checked("id,dos,site\n1,,soft_tissue_sarcoma\n"))
    place, column, words, hint = found.split(" | ")
    assert (place, column, words) == ("2", "site", '"soft_tissue_sarcoma" is a group of answers')
    assert hint.split(" or ") == [f"sarcoma_{place}" for place in ("extremity", "retroperitoneal", "trunk", "other")]


def test_a_formula_as_text_is_text() -> None:
    upload = checked(csv_text([("=1+1", "", "", "rectum", "", ""), ("'=1+1", "", "", "", "", "")]))
    assert list(upload.all_rows.values_list("cells__id", flat=True)) == ["=1+1", "=1+1"]


def test_json_lines_are_read_where_they_are_asked_for() -> None:
    lines = [
        {"id": "1", "dos": None, "site": "rectum", "age": 62},
        {"id": "2", "dos": "", "sight": "rectum", "age": "x"},
    ]
    upload = checked("\n".join(map(json.dumps, lines)), "cases.jsonl")
    assert upload.all_rows.get(line=1).cells == {"id": "1", "site": "rectum", "age": "62"}
    assert said(upload) == [
        '2 | sight | unknown column "sight" | site',
        '2 | age | "x" is not a plain number; age is 0 to 120 years in steps of 1',
    ]
    with pytest.raises(UploadFault, match="A worklist is a CSV or an XLSX file"):
        uploads.receive(file=sent("{}", "cases.jsonl"), by=person("coordinator"))


# Limits


def test_too_many_rows_are_refused(settings: object) -> None:
    settings.UPLOAD_ROWS = 5  # type: ignore[attr-defined]
    assert said(checked(many(6))) == ["7 | more than 5 rows: split the file"]
    assert uploads.is_ready(checked(many(5)))


def test_after_very_many_faults_the_check_stops_and_says_so(settings: object) -> None:
    settings.UPLOAD_FAULTS = 3  # type: ignore[attr-defined]
    upload = checked(csv_text([("1", "x", "", "", "", "")] * 9))
    assert upload.faulty == 4
    assert said(upload)[0] == "5 | more than 3 faults: what follows was not checked"


def test_a_file_that_is_too_large_or_empty_is_not_taken(settings: object) -> None:
    settings.UPLOAD_MEGABYTES = 1  # type: ignore[attr-defined]
    for content, words in ((b"x" * (1024**2 + 1), "larger than 1 megabytes"), (b"", "empty")):
        with pytest.raises(UploadFault, match=words):
            uploads.receive(file=sent(content), by=person("coordinator"))
    assert not Upload.objects.exists()


def test_a_name_cannot_break_a_page_or_a_message() -> None:
    upload = checked(csv_text(), "../a\n\u202eb\x00.csv")
    assert upload.name.isprintable()


# A worker that takes over


def test_a_worker_that_takes_over_keeps_no_row_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PIECE", 3)
    upload = uploads.receive(file=sent(many(8) + "x,x,x,x,x,x\n"), by=person("coordinator"), in_line=False)
    Upload.objects.update(status="running", attempts=1)
    first = Upload.objects.get(pk=upload.pk)
    work = Work()
    assert work(first)
    assert work(first)
    Upload.objects.update(status="waiting")
    uploads.carry_out(upload.pk)
    upload = Upload.objects.get(pk=upload.pk)
    assert (upload.status, upload.rows, upload.faulty, upload.attempts) == ("done", 9, 1, 2)
    assert list(upload.all_rows.values_list("line", flat=True)) == list(range(2, 11))
