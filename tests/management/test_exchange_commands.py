"""`export_document` and `import_document` on the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coverage_app.models import Document, Edition
from coverage_app.services.editions import put_in_force
from coverage_app.services.exchange import import_text
from tests.services.making import SMALL, edition_of, person
from tests.services.test_exchange_golden import GOLDEN, SOURCE, WHOLE

pytestmark = pytest.mark.django_db

LATER = SMALL.replace("2025-01-01", "2099-01-01")
TWO = SMALL + LATER[LATER.index("- in_force") :]


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def refused(command: str, *arguments: str) -> str:
    """What the command says, in one line, as it ends with status 2 and nothing on standard output."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, *arguments, stdout=out)
    assert (error.value.returncode, out.getvalue()) == (2, "")
    assert "\n" not in str(error.value)
    return str(error.value)


def file(folder: Path, content: str | bytes) -> str:
    path = folder / "small.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


# Exporting


@pytest.mark.parametrize("code", ["abs", "cpt-77424", "fep", "mayo-iort", "nia", "vocabulary"])
def test_exporting_writes_the_fixture(code: str) -> None:
    fixture = Path(settings.BASE_DIR, "fixtures", f"{code}.yaml").read_text(encoding="utf-8")
    assert run("export_document", code) == fixture
    assert run("export_document", code, "--all", "--sources") == fixture


def test_exporting_what_is_not_on_file_names_what_is() -> None:
    said = refused("export_document", "fepp")
    assert said == "No document 'fepp'; on file: abs, bcbsma, cpt-77424, fep, mayo-iort, nccn, nia."
    assert refused("export_document", "fepp", "--all") == said


def test_one_edition_is_exported_at_a_time_or_all_of_them() -> None:
    import_text(text=TWO, by=None)
    assert run("export_document", "small") == SMALL
    assert run("export_document", "small@2099-01-01") == LATER
    assert run("export_document", "small@2098-12-31") == SMALL
    assert run("export_document", "small", "--all") == TWO
    assert "--all writes every edition" in refused("export_document", "small@draft", "--all")


def test_a_draft_is_exported_when_it_is_asked_for() -> None:
    import_text(text=SMALL, by=None, as_draft=True)
    assert run("export_document", "small@draft") == SMALL.replace("published", "draft")
    said = refused("export_document", "small")
    assert said.startswith("small has no edition in force on 20")
    assert said.endswith("; on file: 2025-01-01 (draft).")


def test_source_texts_are_exported_when_they_are_asked_for() -> None:
    import_text(text=WHOLE, by=None)
    assert run("export_document", "small") == WHOLE.removesuffix(SOURCE)
    assert run("export_document", "small", "--sources") == WHOLE


# Importing


def test_importing_makes_drafts_and_says_what_was_skipped(tmp_path: Path) -> None:
    path = file(tmp_path, SMALL)
    assert run("import_document", path) == "small 2025-01-01 imported, draft\n"
    assert run("import_document", path) == "small 2025-01-01 is on file already: skipped\n"
    assert run("export_document", "small@draft") == SMALL.replace("published", "draft")


def test_an_empty_desk_takes_a_file_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Document.objects, "exists", lambda: False)
    assert run("import_document", file(tmp_path, SMALL)) == "small 2025-01-01 imported, published\n"
    assert run("export_document", "small") == SMALL


def test_only_the_edition_that_is_named_is_taken_in(tmp_path: Path) -> None:
    path = file(tmp_path, TWO)
    assert run("import_document", path, "small@2099-01-01") == "small 2099-01-01 imported, draft\n"
    assert run("import_document", path, "small") == "small 2025-01-01 imported, draft\n"
    assert refused("import_document", path, "small@2020-01-01").endswith(
        "small.yaml: small holds no edition of 2020-01-01; it holds: 2025-01-01 (published), 2099-01-01 (published)."
    )


def test_an_export_taken_in_again_changes_nothing_after_the_draft_is_published(tmp_path: Path) -> None:
    path = file(tmp_path, SMALL + GOLDEN)
    run("import_document", path)
    put_in_force(edition=edition_of("small"), by=person("editor2"))
    assert run("import_document", path) == "small 2025-01-01 is on file already: skipped\n"
    assert Edition.objects.filter(document__code="small").count() == 1


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert "imported" in run("import_document", file(tmp_path, b"\xef\xbb\xbf" + SMALL.encode()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SMALL.replace("close)", "clse)"), "small.yaml: editions[0].provisions[0].criteria: line 1, column 41"),
        (SMALL.replace("close)", "clse)"), "(line 12 of the file)"),
        (SMALL.replace("title: ", "title: ["), "small.yaml: Not readable as YAML: line 5, column 10"),
        (b"\xff\xfe\x00", "small.yaml: not readable as UTF-8 text"),
        (b"\x00\x01", "small.yaml: Not readable as YAML"),
        ("", "small.yaml: The file holds no document"),
    ],
)
def test_a_broken_file_is_told_with_its_name_and_status_2(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert said in refused("import_document", file(tmp_path, content))
    assert not Document.objects.filter(code="small").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "No such file" in refused("import_document", str(tmp_path / "none.yaml"))
    assert "directory" in refused("import_document", str(tmp_path))
    assert "larger than 20 MB" in refused("import_document", "/dev/zero")
