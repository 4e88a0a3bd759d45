"""`manage.py paper`: a whole file, or one line on standard error and nothing."""

import os
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services.editions_made import copy_of, published
from tests.services.making import DAY, MET, make_case
from tests.services.papers.cases import completed, of_verdict, sent_back
from tests.services.test_cases import save

pytestmark = pytest.mark.django_db


def write(reference: str, kind: str, out: Path) -> str:
    said = StringIO()
    call_command("paper", reference, "--kind", kind, "--out", str(out), stdout=said)
    return said.getvalue()


def fault(reference: str, kind: str, out: Path) -> str:
    """What is said; the exit status is 2."""
    with pytest.raises(CommandError) as error:
        write(reference, kind, out)
    assert error.value.returncode == 2
    return str(error.value)


@pytest.mark.parametrize(("kind", "opening"), [("summary", b"%PDF-"), ("necessity", b"PK"), ("appeal", b"PK")])
def test_it_writes_the_file_and_says_nothing(tmp_path: Path, kind: str, opening: bytes) -> None:
    out = tmp_path / "paper"
    out.write_text("before")
    assert write(completed("fep", MET).reference, kind, out) == ""
    assert out.read_bytes().startswith(opening)
    assert [path.name for path in tmp_path.iterdir()] == ["paper"]


def test_what_cannot_be_written_is_told_in_a_line_and_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "paper"
    out.write_text("before")
    assert "No case '2000-0001' is on file" in fault("2000-0001", "summary", out)
    assert "complete it first" in fault(make_case("fep", MET).reference, "summary", out)
    assert "not documented" in fault(of_verdict("undetermined").reference, "appeal", out)
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["paper"]


def test_a_place_that_takes_no_file_is_told(tmp_path: Path) -> None:
    reference = completed("fep", MET).reference
    assert "cannot be written: No such file or directory" in fault(reference, "summary", tmp_path / "none" / "x.pdf")
    assert "is not a file" in fault(reference, "summary", tmp_path)


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000, "x\0y"])
def test_a_name_that_no_file_can_have_is_told_in_a_line(tmp_path: Path, name: str) -> None:
    said = fault(completed("fep", MET).reference, "summary", tmp_path / name)
    assert "cannot be written: " in said
    assert "\n" not in said
    assert not list(tmp_path.iterdir())


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        write("2000-0001", "poem", tmp_path / "x")


@pytest.mark.parametrize("reference", ["\udcff", "2024-\x00", "x" * 5000])
def test_a_reference_that_is_no_text_is_told_in_a_line(tmp_path: Path, reference: str) -> None:
    said = fault(reference, "summary", tmp_path / "x.pdf")
    assert said.isprintable()
    assert len(said) < 120
    assert not list(tmp_path.iterdir())


def test_a_dash_is_standard_output_and_never_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written = BytesIO()
    out = TextIOWrapper(written)
    call_command("paper", completed("fep", MET).reference, "--kind", "summary", "--out", "-", stdout=out)
    assert written.getvalue().startswith(b"%PDF-")
    assert written.getvalue().rstrip().endswith(b"%%EOF")
    assert not list(tmp_path.iterdir())


def test_who_stops_reading_standard_output_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        call_command("paper", completed("fep", MET).reference, "--kind", "summary", "--out", "-", stdout=out)


def test_a_case_that_is_open_again_has_its_summary_with_a_warning_and_no_letter(tmp_path: Path) -> None:
    case, out, said = save(completed("fep", MET), {"margin": "negative"}), tmp_path / "x.pdf", StringIO()
    assert "open again since assessment 1" in fault(case.reference, "necessity", out)
    assert not out.exists()
    call_command("paper", case.reference, "--kind", "summary", "--out", str(out), stderr=said)
    assert out.read_bytes().startswith(b"%PDF-")
    assert said.getvalue().startswith("The case is open again")
    assert "sent assessment 1 back" in fault(sent_back(completed("fep", MET)).reference, "appeal", out)


def test_a_text_that_no_longer_decides_is_warned_of_with_the_summary_and_leaves_no_letter(tmp_path: Path) -> None:
    case, out, said = completed("fep", MET), tmp_path / "x", StringIO()
    published(copy_of("fep", DAY))
    assert "which no longer decides on this case" in fault(case.reference, "appeal", out)
    call_command("paper", case.reference, "--kind", "summary", "--out", str(out), stderr=said)
    assert out.read_bytes().startswith(b"%PDF-")
    assert "the edition of 11 Mar 2024 decides now" in said.getvalue()


def test_a_letter_of_answers_that_contradict_each_other_is_written_with_a_warning(tmp_path: Path) -> None:
    case, out, said = completed("fep", MET, diagnosis_code="C50.911"), tmp_path / "x", StringIO()
    call_command("paper", case.reference, "--kind", "necessity", "--out", str(out), stderr=said)
    assert out.read_bytes().startswith(b"PK")
    assert said.getvalue().startswith("1 contradiction between answers")
