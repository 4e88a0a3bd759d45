"""Golden cases, accepted findings and source texts in the files: read, checked, written, added to what is on file."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings

from coverage_app.models import Acceptance, Document, Edition, GoldenCase, SourceText
from coverage_app.services.exchange import ImportFault, Mode, content_of, export_document, import_text
from coverage_app.services.golden import golden_cases, run_of
from coverage_app.services.states import states_of
from tests.services.making import SMALL, edition_of, import_small, person

NAMED = yaml.load(Path(__file__).parents[1].joinpath("named_cases.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)

GOLDEN = """\
  golden:
  - name: Breast with a negative margin is covered
    answers: {site: breast, age: 62, downstaged_from_t4: 'yes', margin: negative}
    verdict: criteria_met
    why: S1 says so.
  - name: Nothing known is open
    verdict: undetermined
    why: Both can still decide.
  - name: No longer asked
    retired: true
"""
ACCEPTED = """\
  accepted:
  - kind: idle_leaf
    key: 0a1b2c
    reason: The sentence says it, so it stays.
"""
SOURCE = """\
  sources:
  - name: policy.txt
    media_type: text/plain
    size: 61
    checksum: 5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
    text: |
      Breast cancer is considered medically necessary.

      All else: no.
"""
WHOLE = SMALL + GOLDEN + ACCEPTED + SOURCE

WRONG = {
    "an answer that is not one": (
        GOLDEN.replace("margin: negative", "margin: negativ"),
        "editions[0].golden[0].answers.margin: unknown value",
        "did you mean negative? (line 23 of the file)",
    ),
    "a fact that is none": (
        GOLDEN.replace("margin: negative", "margins: negative"),
        "editions[0].golden[0].answers.margins: unknown fact",
        "did you mean margin?",
    ),
    "a yes without quotes": (
        GOLDEN.replace("'yes'", "yes"),
        "editions[0].golden[0].answers.downstaged_from_t4: expected a value",
        "in quotes",
    ),
    "a number out of range": (GOLDEN.replace("62", "620"), "editions[0].golden[0].answers.age", "120"),
    "answers as text": (GOLDEN.replace("{site: breast", "site # {"), "editions[0].golden[0].answers", "facts"),
    "an unknown verdict": (
        GOLDEN.replace("criteria_met", "criteria_mt"),
        "editions[0].golden[0].verdict: unknown verdict",
        "did you mean criteria_met?",
    ),
    "no verdict": (
        GOLDEN.replace("    verdict: undetermined\n", ""),
        "editions[0].golden[1]: A golden case that holds expects a verdict. (line 26 of the file)",
    ),
    "no name": (
        GOLDEN.replace("name: Nothing", "why: Nothing").replace("    why: Both", "    row: Both"),
        "golden[1]",
        "name",
    ),
    "a name twice": (
        GOLDEN.replace("Nothing known is open", "Breast with a negative margin is covered"),
        "editions[0].golden[1]",
        "already exists",
    ),
    "a row of a payer": (
        GOLDEN.replace("    verdict: crit", "    row: abs-breast\n    verdict: crit"),
        "golden[0].row",
        "no rows",
    ),
    "a reason that says nothing": (
        ACCEPTED.replace("The sentence says it, so it stays.", "ok"),
        "accepted[0].reason",
        "3",
    ),
    "a finding accepted twice": (ACCEPTED + ACCEPTED.removeprefix("  accepted:\n"), "accepted[1]", "already exists"),
    "a source text without text": (SOURCE[: SOURCE.index("    text")], "editions[0].sources[0].text", "blank"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_stands_beside_the_text_is_checked_at_its_place(name: str) -> None:
    text, *said = WRONG[name]
    with pytest.raises(ImportFault) as fault:
        import_text(text=SMALL + text, by=None)
    for words in said:
        assert words in str(fault.value), str(fault.value)
    assert not Edition.objects.filter(document__code="small").exists()


def test_golden_cases_and_acceptances_go_round_and_sources_when_asked_for() -> None:
    import_text(text=WHOLE, by=person("editor"))
    assert export_document("small") == SMALL + GOLDEN + ACCEPTED
    assert export_document("small", sources=True) == WHOLE
    assert export_document("small", edition=edition_of("small"), sources=True) == WHOLE


def test_answers_are_stored_as_codes_and_the_text_of_numbers() -> None:
    import_text(text=WHOLE, by=None)
    case = GoldenCase.objects.get(edition__document__code="small", position=1)
    assert case.answers == {"site": "breast", "age": "62", "downstaged_from_t4": "yes", "margin": "negative"}
    assert [result.passed for result in run_of(edition_of("small"))] == [True, True]


def test_who_brought_something_in_is_kept_with_it() -> None:
    import_text(text=WHOLE, by=person("editor"))
    assert Acceptance.objects.get(edition__document__code="small").by == person("editor")
    source = SourceText.objects.get(edition__document__code="small")
    assert (source.stored_by, source.size, len(source.text_checksum)) == (person("editor"), 61, 64)


def test_the_content_of_an_edition_is_its_part_of_the_file_without_status_and_sources() -> None:
    import_text(text=WHOLE, by=None)
    lines = SMALL[SMALL.index("- in_force") :].replace("  status: published\n", "") + GOLDEN + ACCEPTED
    assert content_of(edition_of("small")) == "".join(line[2:] for line in lines.splitlines(keepends=True))


def test_golden_cases_that_a_file_has_beyond_those_on_file_are_added_to_the_same_text() -> None:
    edition = import_small()
    (line,) = import_text(text=WHOLE, by=person("editor"))
    assert line == (
        "small 2025-01-01 is on file already: 3 golden cases added; 1 accepted finding added; 1 source text added"
    )
    assert export_document("small", sources=True) == WHOLE
    newest = states_of(edition.pk).first()
    assert newest is not None
    assert (newest.action, newest.by_name, newest.content) == ("import", "editor", content_of(edition))
    assert import_text(text=WHOLE, by=None) == ["small 2025-01-01 is on file already: skipped"]


def test_a_golden_case_on_file_is_never_changed_by_a_file() -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    other = GOLDEN.replace("verdict: criteria_met", "verdict: investigational")
    (line,) = import_text(text=SMALL + other, by=None)
    assert line.endswith("already: “Breast with a negative margin is covered” left as on file")
    assert export_document("small") == SMALL + GOLDEN


def test_a_setup_adds_golden_cases_by_name_also_where_the_text_was_corrected() -> None:
    edition = import_small(lung="breast")
    (line,) = import_text(text=SMALL + GOLDEN, by=None, mode=Mode.FILL)
    assert line == "small 2025-01-01 is on file already, with another text: 3 golden cases added"
    assert Edition.objects.filter(document__code="small").count() == 1
    assert edition.goldencases.count() == 3


def test_a_name_that_holds_from_an_earlier_edition_is_not_added_again() -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    later = SMALL.replace("2025-01-01", "2026-01-01")
    import_text(text=later, by=None)
    (line,) = import_text(text=later + GOLDEN, by=None)
    assert line == "small 2026-01-01 is on file already: skipped"


def test_an_edition_exported_alone_has_the_golden_cases_that_hold_from_earlier_ones() -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    import_text(text=SMALL.replace("2025-01-01", "2026-01-01"), by=None)
    second = edition_of("small")
    text = export_document("small", edition=second)
    held = [case["name"] for case in yaml.safe_load(text)["editions"][0]["golden"]]
    assert held == [case.name for case in golden_cases(second)]
    assert import_text(text=text, by=None) == ["small 2026-01-01 is on file already: skipped"]
    assert not second.goldencases.exists()
    Document.objects.filter(code="small").update(code="elsewhere")
    import_text(text=text, by=None)
    assert export_document("small", edition=edition_of("small")) == text


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_the_first_golden_cases_are_the_named_table(code: str) -> None:
    """The same names, answers and expectations, each with a reason in own words."""
    file = yaml.load(Path(settings.BASE_DIR, "fixtures", f"{code}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    (edition,) = file["editions"]
    golden = {each["name"]: (each.get("row"), each.get("answers", {}), each["verdict"]) for each in edition["golden"]}
    payers = [case for case in NAMED["payer_cases"] if case["payer"] == code and case["verdict"] != "no_edition"]
    rows = [case for case in NAMED["row_cases"] if case["row"].startswith(f"{code}-")]
    named = {case["name"]: (None, case["answers"], case["verdict"]) for case in payers}
    assert golden == named | {case["name"]: (case["row"], case["answers"], case["stance"]) for case in rows}
    assert all(len(each["why"]) > 20 and '"' not in each["why"] for each in edition["golden"])


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_every_golden_case_on_file_passes(code: str) -> None:
    results = run_of(edition_of(code))
    assert len(results) > 40
    assert [result.case.name for result in results if not result.passed] == []


def test_an_import_that_publishes_says_how_many_golden_cases_fail() -> None:
    wrong = GOLDEN.replace("verdict: criteria_met", "verdict: investigational")
    assert import_text(text=SMALL + wrong, by=None) == [
        "small 2025-01-01 imported, published; 1 of 2 golden cases fails"
    ]
