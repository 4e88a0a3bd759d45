"""Source texts: what can be uploaded, how it is kept, and which quotes of the edition stand in it."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coverage_app.models import AuditEvent, Edition, SourceText
from coverage_app.services import pdf_text, source_files
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.life import publication_faults, send_back
from coverage_app.services.sources import STORED, SourceFault, check_quotes, marked_text, newest_source, store_source
from coverage_app.services.states import note_edit, states_of
from tests.services.lives import edited, in_review, published, second_edition
from tests.services.making import import_small, person, refused
from tests.services.pdfs import bomb, endless, locked, pdf

pytestmark = pytest.mark.django_db
WORDS = "Breast cancer is considered medically necessary. All else is investigational."


def stored(edition: Edition, data: bytes | str, name: str = "policy.txt", *, by: str = "editor") -> SourceText:
    data = data if isinstance(data, bytes) else data.encode()
    return store_source(edition=edition, upload=SimpleUploadedFile(name, data), by=person(by))


@pytest.fixture
def small() -> Edition:
    return import_small(draft="published")


# What can be uploaded


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (WORDS.encode(), "text/plain; charset=utf-8"),
        (WORDS.encode("utf-8-sig"), "text/plain; charset=utf-8"),
        (WORDS.encode("utf-16"), "text/plain; charset=utf-16"),
        (f"{WORDS} “§ 5”".encode("cp1252"), "text/plain; charset=windows-1252"),
        (
            pdf("Breast cancer is considered", "medically necessary.", "All else is inves-", "tigational."),
            "application/pdf",
        ),
    ],
    ids=["utf-8", "marked utf-8", "utf-16", "windows-1252", "pdf"],
)
def test_texts_and_pdfs_are_told_by_their_content(small: Edition, data: bytes, media_type: str) -> None:
    source = stored(small, data, "whatever.bin")
    assert source.media_type == media_type
    assert [check.found for check in check_quotes(small)] == [True, True]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \n\t", "The file is empty."),
        ("\u2003\n".encode(), "nothing but white space"),
        (b"PK\x03\x04word/document.xml", "an office document or an archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"<!DOCTYPE html><p>Policy", "a web page"),
        (b"Policy\nstate\x00ment", "line 2 holds the control character U\\+0000"),
        (b"Policy \x1b[31mred", "control character U\\+001B"),
        (b"\x81\x8d\x8f" * 50, "neither a text nor a PDF"),
        (WORDS.encode("utf-16")[:-1], "begins as UTF-16 and then breaks off"),
        (b"%PDF-1.4\n" + b"x" * 1000, "This PDF is broken"),
        (pdf(WORDS)[:300], "This PDF is broken"),
        (pdf(), "holds no text, only pictures"),
        (locked(pdf(WORDS), "secret"), "protected by a password"),
    ],
)  # fmt: skip
def test_what_is_no_text_and_no_pdf_is_refused_with_a_word(small: Edition, data: bytes, said: str) -> None:
    with pytest.raises(SourceFault, match=said):
        stored(small, data, "policy.pdf")
    assert not small.sources.exists()


def test_a_pdf_that_only_forbids_changes_is_read(small: Edition) -> None:
    assert stored(small, locked(pdf(WORDS), "")).text.strip() == WORDS


@pytest.mark.parametrize("hostile", [bomb, endless])
def test_a_hostile_pdf_is_refused_in_bounded_time(small: Edition, hostile: Callable[[], bytes]) -> None:
    data = hostile()
    start = perf_counter()
    with pytest.raises(SourceFault, match="his PDF"):
        stored(small, data, "policy.pdf")
    assert perf_counter() - start < pdf_text.SECONDS + 5


def test_a_pdf_that_never_ends_is_stopped_by_the_clock(
    small: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(pdf_text, "CHILD", child)
    monkeypatch.setattr(pdf_text, "SECONDS", 0.5)
    with pytest.raises(SourceFault, match="takes more than"):
        stored(small, pdf(WORDS))


def test_a_pdf_that_wants_too_much_memory_is_refused(
    small: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("raise MemoryError\n")
    monkeypatch.setattr(pdf_text, "CHILD", child)
    with pytest.raises(SourceFault, match="takes more memory"):
        stored(small, pdf(WORDS))


def test_a_file_of_eleven_megabytes_is_refused_unread(small: Edition) -> None:
    with pytest.raises(SourceFault, match="The file is 11 MB; at most 10 MB are taken"):
        stored(small, b"a" * 11 * 1024 * 1024)


def test_a_text_of_more_than_a_million_characters_is_refused(small: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "LONGEST", 20)
    with pytest.raises(SourceFault, match="at most 20 are taken"):
        stored(small, WORDS)


def test_a_name_comes_without_folders_and_control_characters(small: Edition) -> None:
    upload = SimpleUploadedFile("x", WORDS.encode())
    upload._name = "..\\evil\\poli\x07cy.txt"  # as no browser would send it
    assert store_source(edition=small, upload=upload, by=person("editor")).name == "policy.txt"


# How it is kept


def test_it_is_kept_with_its_checksums_and_an_audit_event(small: Edition) -> None:
    source = stored(small, WORDS)
    assert (source.size, len(source.checksum), source.checksum) == (77, 64, source.text_checksum)
    assert source.stored_by == person("editor")
    assert AuditEvent.objects.filter(action="store source", subject_id=str(small.pk)).count() == 1


def test_the_newest_counts_and_the_same_file_twice_is_one(small: Edition) -> None:
    first = stored(small, "Something else.")
    second = stored(small, WORDS)
    assert stored(small, WORDS) == second
    assert (newest_source(small), small.sources.count()) == (second, 2)
    with refused("A source text never changes"):
        SourceText.objects.filter(pk=first.pk).update(text=WORDS)


def test_a_published_edition_may_get_one_too() -> None:
    edition = import_small()
    stored(edition, WORDS)
    assert all(check.found for check in check_quotes(edition))


def test_of_an_edition_deleted_meanwhile_it_says_so(small: Edition) -> None:
    gone = Edition.objects.get(pk=small.pk)
    small.delete()
    with pytest.raises(SourceFault, match="was deleted"):
        stored(gone, WORDS)


# Quotes


def test_a_quote_that_does_not_stand_there_is_open_until_somebody_says_why(small: Edition) -> None:
    stored(small, WORDS.replace("necessary", "reasonable"))
    (missing,) = unexplained_quotes(small)
    assert missing.place == "Provision S1"
    assert missing.nearest
    assert ("reasonable.", True) in missing.nearest.passage
    assert missing.sentence.startswith("Provision S1: the quote does not stand in the source text")
    accept(edition=small, kind=missing.kind, key=missing.key, reason="A misprint of the PDF.", by=person("editor"))
    assert unexplained_quotes(small) == []


def test_another_quote_has_to_be_explained_anew(small: Edition) -> None:
    stored(small, "Nothing of the kind.")
    for check in unexplained_quotes(small):
        accept(edition=small, kind=check.kind, key=check.key, reason="On paper.", by=person("editor"))
    small.provisions.filter(code="S1").update(quote="Breast cancer is covered.")
    assert [check.place for check in unexplained_quotes(small)] == ["Provision S1"]


def test_without_a_source_text_one_reason_speaks_for_all_until_a_quote_changes(small: Edition) -> None:
    (none,) = unexplained_quotes(small)
    assert (none.kind, none.sentence) == ("no_source", "No source text is on file, and nobody has said why.")
    accept(edition=small, kind=none.kind, key=none.key, reason="On paper only.", by=person("editor"))
    assert unexplained_quotes(small) == []
    small.provisions.filter(code="S1").update(quote="Breast cancer is covered.")
    assert [check.kind for check in unexplained_quotes(small)] == ["no_source"]


def test_overlapping_quotes_are_marked_piece_by_piece(small: Edition) -> None:
    small.provisions.filter(code="S2").update(quote="medically necessary. All else is investigational.")
    source = stored(small, f"Policy\n\n{WORDS}\n")
    segments = marked_text(source.text, check_quotes(small, source))
    assert "".join(segment.text for segment in segments) == source.text
    assert [(segment.text.strip(), len(segment.quotes)) for segment in segments] == [
        ("Policy", 0), ("Breast cancer is considered", 1), ("medically necessary.", 2), ("All else is investigational.", 1), ("", 0),
    ]  # fmt: skip


# A step, and whose


def test_storing_one_is_a_step_in_the_history_and_makes_its_editor_the_last(small: Edition) -> None:
    stored(small, "Something else.", "old.txt")
    source = stored(small, WORDS, by="editor2")
    again, first = states_of(small.pk)[:2]
    assert [(state.action, state.by_name) for state in (again, first)] == [(STORED, "editor2"), (STORED, "editor")]
    assert again.why == f"policy.txt (SHA-256 {source.checksum[:12]}…), in place of old.txt"
    assert Edition.objects.get(pk=small.pk).edited_by == person("editor2")
    stored(small, WORDS)
    assert states_of(small.pk).first() == again


def test_of_an_edition_on_file_it_is_a_step_too_and_makes_nobody_its_editor() -> None:
    edition = import_small()
    stored(edition, WORDS, by="editor2")
    step = states_of(edition.pk).first()
    assert step is not None
    edition.refresh_from_db()
    assert (step.action, step.by_name, edition.edited_by) == (STORED, "editor2", None)


def test_who_stores_one_in_review_does_not_publish_it() -> None:
    draft = in_review(edited(second_edition()))
    assert publication_faults(draft, person("editor2")) == []
    stored(draft, WORDS, by="editor2")
    with pytest.raises(Exception, match="Another policy editor has to publish it"):
        published(draft)
    send_back(edition=draft, by=person("editor2"), why="Once more.")
    in_review(draft, by="editor2")
    with pytest.raises(Exception, match="Another policy editor has to publish it"):
        published(draft)


def test_who_stores_one_in_a_draft_and_hands_it_in_does_not_publish_it() -> None:
    draft = edited(second_edition())
    stored(draft, WORDS, by="editor2")
    handed_in = in_review(draft, by="editor2")
    (said,) = publication_faults(handed_in, person("editor2"))
    assert "Another policy editor has to publish it" in said
    assert publication_faults(handed_in, person("editor")) == []


def test_one_that_an_import_brings_in_review_is_a_step_and_counts_too() -> None:
    draft, by = in_review(edited(second_edition())), person("editor2")
    SourceText.objects.create(edition=draft, name="x", media_type="text/plain", size=1, text=WORDS, stored_by=by)
    state = note_edit(edition=draft, by=by, action="import")
    assert state is not None
    assert note_edit(edition=draft, by=by, action="import") is None
    assert publication_faults(draft, by) != []
