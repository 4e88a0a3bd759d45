"""`export_document` and `import_document` on the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coverage_app.models import Document
from coverage_app.services import library
from tests.services.making import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_library(db: None) -> None:
    library.forget()


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def file(folder: Path, content: str | bytes) -> str:
    path = folder / "small.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize("code", ["fep", "vocabulary"])
def test_exporting_writes_the_fixture(code: str) -> None:
    assert run("export_document", code) == Path(settings.BASE_DIR, "fixtures", f"{code}.yaml").read_text(
        encoding="utf-8"
    )


def test_exporting_what_is_not_on_file_names_what_is() -> None:
    with pytest.raises(CommandError, match=r"No document 'fepp'; on file: abs, bcbsma, .*nia\.") as error:
        run("export_document", "fepp")
    assert error.value.returncode == 2


def test_importing_says_what_came_in_and_what_was_skipped(tmp_path: Path) -> None:
    path = file(tmp_path, SMALL)
    assert run("import_document", path) == "small 2025-01-01 imported, published\n"
    assert run("import_document", path) == "small 2025-01-01 is on file already: skipped\n"
    assert run("export_document", "small") == SMALL


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert "imported" in run("import_document", file(tmp_path, b"\xef\xbb\xbf" + SMALL.encode()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SMALL.replace("close)", "clse)"), r"small\.yaml: editions\[0\]\.provisions\[0\]\.criteria: line 1, column 41"),
        (SMALL.replace("title: ", "title: ["), r"small\.yaml: Not readable as YAML"),
        (b"\xff\xfe\x00", r"small\.yaml: not readable as UTF-8 text"),
        (b"\x00\x01", r"small\.yaml: Not readable as YAML"),
        ("", r"small\.yaml: The file holds no document"),
    ],
)
def test_a_broken_file_is_told_with_its_name_and_status_2(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(CommandError, match=said) as error:
        run("import_document", file(tmp_path, content))
    assert error.value.returncode == 2
    assert not Document.objects.filter(code="small").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file") as error:
        run("import_document", str(tmp_path / "none.yaml"))
    assert error.value.returncode == 2
    with pytest.raises(CommandError, match="directory"):
        run("import_document", str(tmp_path))
