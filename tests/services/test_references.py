"""Editions as the command line names them, on file or in a file, and what is said when none is meant."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from coverage_app.models import Document, Edition
from coverage_app.rules.verdict import assess
from coverage_app.services.editions import put_in_force, take_out_of_force
from coverage_app.services.exchange import export_document, import_text
from coverage_app.services.golden import run_golden
from coverage_app.services.references import ReadEdition, ReferenceFault, edition_meant, resolve
from tests.services.making import SMALL, edition_of, import_small, payer, person
from tests.services.test_exchange import NEW_FACT, everything
from tests.services.test_exchange_golden import ACCEPTED, GOLDEN

FIXTURES = Path(settings.BASE_DIR, "fixtures")
LATER = SMALL.replace("2025-01-01", "2026-07-01").replace("negative, close", "negative")
TWO = SMALL + GOLDEN + LATER[LATER.index("- in_force") :]


def told(reference: str) -> str:
    with pytest.raises(ReferenceFault) as fault:
        resolve(reference)
    return str(fault.value)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file of the small policy with two editions, not on file."""
    path = tmp_path / "small.yaml"
    path.write_text(TWO, encoding="utf-8")
    return str(path)


def days(reference: str) -> tuple[str, str]:
    """The day of the edition meant, and how many provisions of the edition before it are known."""
    read = resolve(reference)
    return f"{read.in_force:%Y-%m-%d}", ", ".join(read.previous[""].by_id) if read.previous else ""


# On file


def test_a_bare_code_is_the_edition_of_today_and_a_day_the_one_in_force_on_it() -> None:
    import_text(text=TWO.replace("2026-07-01", "2099-01-01"), by=None)
    assert days("small") == ("2025-01-01", "")
    assert days("small@2098-12-31") == ("2025-01-01", "")
    assert days("small@2099-01-01") == ("2099-01-01", "S1, S2")


def test_draft_is_the_newest_edition_that_is_not_published() -> None:
    import_small()
    import_text(text=LATER, by=None, as_draft=True)
    import_text(text=SMALL.replace("2025-01-01", "2024-01-01"), by=None, as_draft=True)
    assert days("small@draft") == ("2024-01-01", "")
    assert resolve("small@draft").edition == Edition.objects.filter(document__code="small").latest("pk")


def test_an_edition_that_starts_on_the_day_will_do_where_none_is_in_force() -> None:
    take_out_of_force(edition=import_small(), by=None, reason="It was wrong.")
    assert edition_meant("small@2025-01-01").status == "withdrawn"
    assert told("small@2025-01-02") == ("small has no edition in force on 2025-01-02; on file: 2025-01-01 (withdrawn).")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("fepp", "No document 'fepp'; on file: abs, bcbsma, cpt-77424, fep, mayo-iort, nccn, nia."),
        ("fep@2023-09-30", "fep has no edition in force on 2023-09-30; on file: 2023-10-01 (published)."),
        ("fep@draft", "fep has no draft; on file: 2023-10-01 (published)."),
        ("fep@2023-02-30", "fep@2023-02-30: 2023-02-30 is no day."),
        ("fep@tomorrow", "fep@tomorrow: after @ comes a day as YYYY-MM-DD, or the word draft."),
        ("cpt-77424", "cpt-77424 2012-01-01 decides nothing: it has neither provisions nor rows."),
        ("", "No document ''; on file"),
        ("a\0b", "No document"),
        ("x" * 5000, "No document"),
        ("/" + "x" * 5000, "not readable"),
    ],
)
def test_what_means_no_edition_is_told_in_plain_words(reference: str, said: str) -> None:
    assert said in told(reference)


def test_a_stored_edition_comes_with_its_golden_cases_and_acceptances() -> None:
    import_text(text=SMALL + GOLDEN + ACCEPTED, by=None)
    read = resolve("small")
    assert [case.name for case in read.golden] == ["Breast with a negative margin is covered", "Nothing known is open"]
    assert [accepted.key for accepted in read.acceptances] == ["0a1b2c"]
    assert not read.is_guideline


def test_a_guideline_is_read_row_by_row() -> None:
    read = resolve("abs")
    assert read.is_guideline
    assert list(read.rules) == [row.code for row in edition_of("abs").guidelinerows.all()]


# In a file


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_a_fixture_reads_as_what_is_on_file(code: str) -> None:
    read, stored = resolve(str(FIXTURES / f"{code}.yaml")), resolve(code)
    assert {row: rules.provisions for row, rules in read.rules.items()} == {
        row: rules.provisions for row, rules in stored.rules.items()
    }
    assert [(case.name, case.answers) for case in read.golden] == [(case.name, case.answers) for case in stored.golden]
    assert all(result.passed for result in run_golden(read.rules, read.golden))


def test_reading_a_file_stores_nothing(file: str) -> None:
    before = everything()
    assert days(f"{file}@2026-07-01") == ("2026-07-01", "S1, S2")
    assert everything() == before


def test_a_file_with_several_editions_needs_a_day(file: str) -> None:
    assert told(file) == (
        f"{file} holds several editions, say which one with @: 2025-01-01 (published), 2026-07-01 (published)."
    )
    assert days(f"{file}@2025-01-01") == ("2025-01-01", "")
    assert days(f"{file}@2026-06-30") == ("2025-01-01", "")
    assert told(f"{file}@2024-01-01").endswith(
        "holds no edition of 2024-01-01; it holds: 2025-01-01 (published), 2026-07-01 (published)."
    )
    assert "holds no draft" in told(f"{file}@draft")


def test_golden_cases_of_earlier_editions_in_a_file_hold_for_the_later(file: str) -> None:
    read = resolve(f"{file}@2026-07-01")
    assert [result.passed for result in run_golden(read.rules, read.golden)] == [True, True]


def test_a_file_of_one_draft_needs_no_day_and_knows_the_edition_on_file_before_it(tmp_path: Path) -> None:
    import_small()
    path = tmp_path / "later.yaml"
    path.write_text(LATER.replace("published", "draft"), encoding="utf-8")
    assert days(str(path)) == ("2026-07-01", "S1, S2")


def test_a_file_may_bring_its_own_facts(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(
        NEW_FACT + SMALL.replace("margin in (negative, close)", "depth > 2 and side is left"), encoding="utf-8"
    )
    before = everything()
    rules = resolve(str(path)).rules[""]
    answers = rules.vocabulary.check({"site": "breast", "depth": 3, "side": "far_left"})
    assert assess(rules, answers).effect == "criteria_met"
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("close)", "clse)"), "small.yaml: editions[0].provisions[0].criteria: line 1, column 41"),
        (SMALL.replace("criteria: always", "criteria: site is lung"), "always"),
        (SMALL[: SMALL.index("editions")], "small.yaml holds no edition."),
        (NEW_FACT, "document.code"),
        ("- 1", "no document"),
        ("a: [", "Not readable as YAML: line 2, column 1: while parsing a flow node"),
        (NEW_FACT.replace("greatest: 9", "greatest: -9") + SMALL, "facts"),
        (NEW_FACT.replace("broader: left", "broader: up") + SMALL, "facts[1].values[1].broader"),
        (SMALL.replace("editions:", "editions: 1\nx:"), "x"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    assert said in told(str(path))


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    assert "No such file" in told(str(tmp_path / "none.yaml"))
    assert "No such file" in told("none.yml")
    assert "directory" in told(str(tmp_path) + "/")
    path = tmp_path / "small.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not readable as UTF-8 text" in told(str(path))
    assert "larger than 20 MB" in told("/dev/zero")


def test_a_file_of_any_name_is_a_file_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine@home").write_text(SMALL, encoding="utf-8")
    assert resolve("mine@home").in_force == dt.date(2025, 1, 1)


def test_a_reference_to_what_is_on_file_twice_is_the_published_one() -> None:
    take_out_of_force(edition=import_small(), by=None, reason="It was wrong.")
    import_text(text=SMALL.replace("negative, close", "negative"), by=person("editor"))
    put_in_force(edition=Edition.objects.filter(document__code="small").latest("pk"), by=person("editor2"))
    assert edition_meant("small@2025-03-01").status == "published"
    assert isinstance(resolve("small"), ReadEdition)


def test_an_export_of_one_edition_holds_that_edition_alone() -> None:
    import_text(text=TWO, by=None)
    assert export_document("small", edition=edition_meant("small@2025-01-01")) == SMALL + GOLDEN
    assert Document.objects.get(code="small") == payer("small")


# What the desk has beyond the file


def test_golden_cases_on_file_hold_for_a_file_that_does_not_bring_them(tmp_path: Path) -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    path = tmp_path / "later.yaml"
    path.write_text(LATER.replace("published", "draft").replace("criteria_met", "physician_review"), encoding="utf-8")
    read = resolve(str(path))
    assert [case.name for case in read.golden] == ["Breast with a negative margin is covered", "Nothing known is open"]
    assert [result.passed for result in run_golden(read.rules, read.golden)] == [False, True]


def test_a_golden_case_of_the_file_stands_before_the_one_on_file_of_that_name(tmp_path: Path) -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    path = tmp_path / "later.yaml"
    own = "  golden:\n  - {name: Nothing known is open, retired: true, why: No longer asked.}\n"
    path.write_text(LATER.replace("published", "draft") + own, encoding="utf-8")
    assert [case.name for case in resolve(str(path)).golden] == ["Breast with a negative margin is covered"]


def test_golden_cases_of_later_days_and_of_drafts_do_not_hold_for_a_file(tmp_path: Path) -> None:
    import_text(text=LATER + GOLDEN, by=None)
    path = tmp_path / "earlier.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert resolve(str(path)).golden == ()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_edition_has_is_told_with_its_place(tmp_path: Path, day: str) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace("2025-01-01", day), encoding="utf-8")
    assert told(str(path)) == (
        f"{path}: editions[0].in_force: expected a day between 1900-01-01 and 2199-12-31, found {day}. "
        "(line 7 of the file)"
    )
