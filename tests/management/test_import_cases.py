"""`manage.py import_cases`: references on standard output, or faults on standard error and nothing stored."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from coverage_app.models import Case, Upload
from coverage_app.services import uploads
from tests.services.uploads.sending import csv_text, workbook

CaseFile = Callable[[str | bytes, str], str]


def imported(path: str, *arguments: str, by: str = "coordinator") -> list[str]:
    """The lines of standard output, without a fault."""
    out, err = StringIO(), StringIO()
    call_command("import_cases", path, "--by", by, *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue().splitlines()


def refused(path: str, *arguments: str, by: str = "coordinator") -> str:
    """What a refusal with exit status 2 says; nothing is written and nothing stored."""
    out, before = StringIO(), Case.objects.count()
    with pytest.raises(CommandError) as told:
        call_command("import_cases", path, "--by", by, *arguments, stdout=out, stderr=StringIO())
    assert told.value.returncode == 2
    assert (out.getvalue(), Case.objects.count()) == ("", before)
    return str(told.value)


@pytest.mark.parametrize(("name", "content"), [("cases.csv", csv_text()), ("cases.xlsx", workbook())])
def test_each_case_is_a_line(case_file: CaseFile, name: str, content: str | bytes) -> None:
    references = imported(case_file(content, name))
    assert references == list(Case.objects.order_by("pk").values_list("reference", flat=True))
    assert list(Case.objects.order_by("pk").values_list("label", flat=True)) == ["A-1", "A-2"]
    assert {case.created_by.get_username() for case in Case.objects.all()} == {"coordinator"}
    assert Upload.objects.get().status == "done"


def test_json_lines_are_told_by_their_beginning_too(case_file: CaseFile) -> None:
    assert len(imported(case_file('{"id": "1", "dos": "2024-03-11", "age": 62}\n', "cases"))) == 1


def test_a_column_whose_fact_is_gone_is_told_on_standard_error_and_the_cases_are_stored(case_file: CaseFile) -> None:
    out, err = StringIO(), StringIO()
    path = case_file("id,dos,site,perforation\n1,2024-03-11,colon,yes\n", "cases.csv")
    call_command("import_cases", path, "--by", "coordinator", stdout=out, stderr=err)
    assert err.getvalue().startswith("The column perforation is ignored: it is no longer asked")
    assert err.getvalue().count("\n") == 1
    (case,) = Case.objects.all()
    assert out.getvalue().split() == [case.reference]
    assert list(case.answers.values_list("fact__code", flat=True)) == ["site"]


def test_faults_are_listed_with_line_and_column_and_nothing_is_stored(case_file: CaseFile) -> None:
    out, err = StringIO(), StringIO()
    path = case_file("id,dos,site\n1,x,rectal\n2,,rectum\n", "cases.csv")
    with pytest.raises(SystemExit) as ended:
        call_command("import_cases", path, "--by", "coordinator", stdout=out, stderr=err)
    assert ended.value.code == 2
    assert out.getvalue() == ""
    assert err.getvalue().splitlines() == [
        'line 2, column dos: "x" is not a date written YYYY-MM-DD',
        'line 2, column site: unknown value "rectal" of site; did you mean rectum?',
    ]
    assert not Case.objects.exists()


def test_the_same_file_is_stored_again_only_on_purpose(case_file: CaseFile) -> None:
    path = case_file(csv_text(), "cases.csv")
    imported(path)
    said = refused(path)
    assert "The same file was stored before: Upload" in said
    assert "--references prints the references of its cases; --again stores it once more." in said
    assert len(imported(path, "--again")) == 2


def test_the_references_of_a_file_stored_before_are_had_again_and_nothing_is_stored(case_file: CaseFile) -> None:
    path = case_file(csv_text(), "cases.csv")
    assert "This file was not stored yet." in refused(path, "--references")
    references = imported(path)
    assert imported(path, "--references") == references
    assert (Case.objects.count(), Upload.objects.count()) == (2, 1)
    with pytest.raises(CommandError, match="not allowed with"):
        imported(path, "--references", "--again")


def test_who_has_heard_enough_of_the_references_is_no_fault(case_file: CaseFile, deaf: StringIO) -> None:
    call_command("import_cases", case_file(csv_text(), "cases.csv"), "--by", "coordinator", stdout=deaf)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("by", "words"),
    [("nobody", "no active user 'nobody'"), ("editor", "editor may not add cases"), ("\0", "no active")],
)
def test_who_cannot_add_cases_imports_none(case_file: CaseFile, by: str, words: str) -> None:
    assert words in refused(case_file(csv_text(), "cases.csv"), by=by)


def test_a_file_that_cannot_be_read_is_told(case_file: CaseFile, tmp_path: Any) -> None:
    assert "No such file" in refused(str(tmp_path / "none.csv"))
    assert "empty" in refused(case_file("", "cases.csv"))
    assert "is none" in refused(case_file("no workbook", "cases.xlsx"))


def test_a_fault_half_way_tells_how_many_are_not_stored(case_file: CaseFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coverage_app.services.uploads.storing.reserve", lambda *_: 1 / 0)
    with pytest.raises(CommandError, match="2 of 2 cases are not stored") as told:
        call_command("import_cases", case_file(csv_text(), "cases.csv"), "--by", "coordinator", stdout=StringIO())
    assert told.value.returncode == 1
    with pytest.raises(CommandError, match="2 of 2 cases are not stored"):
        imported(case_file(csv_text(), "cases.csv"), "--references")


def test_an_interrupted_import_is_stopped_and_not_left_to_a_worker(
    case_file: CaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(pk: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(uploads, "carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_cases", case_file(csv_text(), "cases.csv"), "--by", "coordinator")
    assert Upload.objects.get().status == "cancelled"
