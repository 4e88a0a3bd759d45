"""`manage.py paper`: a whole file, or one line on standard error and nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services.making import MET, make_case
from tests.services.papers.cases import completed, of_verdict

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


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        write("2000-0001", "poem", tmp_path / "x")
