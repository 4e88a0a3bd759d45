"""Documents as YAML: what is written is what was read, and a broken file says where and changes nothing."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from coverage_app.models import AuditEvent, Document, Edition, Fact, FactValue
from coverage_app.services import library
from coverage_app.services.exchange import ImportFault, export_document, import_text
from tests.services.making import DAY, SMALL, edition_of, import_small, payer, person

FIXTURES = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.yaml"))
NEW_FACT = """\
facts:
- code: depth
  kind: number
  label: Depth
  question: How deep?
  unit: centimeters
  least: 0
  greatest: 9
  step: 0.1
- code: side
  kind: choice
  label: Side
  question: Which side?
  values:
  - {code: left, label: Left}
  - {code: far_left, label: Far left, broader: left}
"""

SOURCED = SMALL.replace(
    "    effect: criteria_met\n",
    """\
    ours:
    - margin in (negative, close)
    narrowed:
    - leaf: site is breast
      policy_words: Breast cancer
    effect: criteria_met
""",
).replace(
    "  - id: S2\n",
    """\
  - id: S1r
    criteria: site is breast or site is lung
    effect: physician_review
    reasons:
    - criteria: site is lung
      text: The text does not say whether lung counts.
    - criteria: margin is positive
      text: The text does not say what a positive margin means.
    quote: Breast cancer is considered medically necessary.
    locator: Policy
  - id: S1p
    criteria: site is pancreas
    stated:
    - leaf: site is pancreas
      policy_words: pancreatic cancer
    effect: physician_review
    asked_by_policy: true
    quote: A physician reviews pancreatic cancer.
    locator: Policy
  - id: S2
""",
)
"""The small policy with all that a file can say of whose criteria the conditions are, and why a case goes to review."""
S1 = "site is breast and margin in (negative, close)"
BROKEN = {
    "YAML that does not parse, by line": (SMALL.replace("title: Intra", 'title: "Intra'), ["YAML", "line "]),
    "a key that stands twice, by line": (SMALL + "title: Again\n", ["title stands twice", "line 21, column 1"]),
    "a key that is not known": (SMALL.replace("  status:", "  state:"), ["editions[0]", "'state'", "status"]),
    "a key that a provision does not have": (
        SMALL.replace("    effect: inv", "    verdict: inv"),
        ["editions[0].provisions[1]", "'verdict'", "effect"],
    ),
    "an unknown value in criteria": (
        SMALL.replace("close)", "clse)"),
        ["editions[0].provisions[0].criteria: line 1, column 41", "did you mean close?"],
    ),
    "an unknown fact in criteria": (
        SMALL.replace("criteria: site is", "criteria: sites is"),
        ["editions[0].provisions[0].criteria: line 1, column 1", "did you mean site?"],
    ),
    "criteria that do not end": (
        SMALL.replace("close)", "close"),
        ["editions[0].provisions[0].criteria: line 1, column "],
    ),
    "criteria of the wrong type": (
        SMALL.replace(S1, "age is close"),
        ["editions[0].provisions[0].criteria: line 1, column "],
    ),
    "a number where text is due": (SMALL.replace("id: S1", "id: 1"), ["editions[0].provisions[0].id", "found 1"]),
    "a text where a date is due": (SMALL.replace("2025-01-01", "'2025'"), ["editions[0].in_force", "YYYY-MM-DD"]),
    "a day that is none": (SMALL.replace("2025-01-01", "2025-02-30"), ["day"]),
    "a moment where a day is due": (SMALL.replace("2025-01-01", "2025-01-01 10:00:00"), ["editions[0].in_force"]),
    "a month that is none": (
        SMALL.replace("  status", "  last_reviewed: 2025-13\n  status"),
        ["editions[0].last_reviewed", "YYYY-MM"],
    ),
    "text where a list is due": (SMALL.replace("editions:\n", "editions: all\nx: \n"), ["document"]),
    "a value where keys are due": (
        SMALL.replace("  - id: S2", "  - nothing\n  - id: S2"),
        ["editions[0].provisions[1]", "keys"],
    ),
    "an unknown effect": (
        SMALL.replace("effect: criteria_met", "effect: covered"),
        ["editions[0].provisions[0].effect", "covered"],
    ),
    "an unknown kind of document": (SMALL.replace("payer_policy", "policy"), ["document.kind"]),
    "a code that is none": (SMALL.replace("code: small", "code: Small One"), ["document.code", "Lower-case"]),
    "a provision without a quote": (
        SMALL.replace("    quote: All else is investigational.\n", ""),
        ["editions[0].provisions[1].quote"],
    ),
    "two provisions of one id": (SMALL.replace("id: S2", "id: S1"), ["editions[0].provisions[1]", "already exists"]),
    "no closing always": (
        SMALL.replace("criteria: always", "criteria: site is lung"),
        ["editions[0]", "always"],
    ),
    "no provisions in a payer's edition": (SMALL[: SMALL.index("  provisions")], ["editions[0]", "provision"]),
    "a remark for an unknown site": (
        SMALL + "  remarks:\n  - {kind: evidence, text: Little., sites: [rectum, toe]}\n",
        ["editions[0]", "toe"],
    ),
    "a remark for an unknown verdict": (
        SMALL + "  remarks:\n  - {kind: evidence, text: Little., effects: [covered]}\n",
        ["editions[0]", "unknown verdict covered"],
    ),
    "a remark that says nothing": (SMALL + "  remarks:\n  - {kind: evidence}\n", ["editions[0].remarks[0]"]),
    "sites as text": (
        SMALL + "  remarks:\n  - {kind: evidence, text: Little., sites: rectum}\n",
        ["editions[0].remarks[0].sites", "list"],
    ),
    "two editions of one day": (
        SMALL + SMALL[SMALL.index("- in_force") :].replace("S1", "T1"),
        ["editions[1]", "1 Jan 2025"],
    ),
    "a second edition that does not read": (
        SMALL + SMALL[SMALL.index("- in_force") :].replace("2025", "2026").replace("close)", "clse)"),
        ["editions[1].provisions[0].criteria", "column 41"],
    ),
    "a number that is none": (SMALL + "note: 0x_\n", ["YAML"]),
    "a key that is a list": (SMALL + "? [a]\n: b\n", ["YAML"]),
    "lists without end": ("facts: " + "[" * 5000, ["YAML"]),
    "nothing at all": ("", ["no document"]),
    "a list": ("- 1\n- 2\n", ["no document"]),
    "no document's code": (SMALL.replace("code: small\n", ""), ["document.code"]),
    "a value with an unknown broader one": (
        NEW_FACT.replace("broader: left", "broader: right"),
        ["facts[1].values[1].broader", "right"],
    ),
    "a value narrower than itself": (
        NEW_FACT.replace("broader: left", "broader: far_left"),
        ["facts[1].values[1].broader"],
    ),
    "a value that stands twice": (
        NEW_FACT.replace("{code: far_left, label: Far left, broader: left}", "{code: left, label: Other}"),
        ["facts[1].values[1].code", "left stands above already"],
    ),
    "a fact that stands twice": (NEW_FACT.replace("code: side", "code: depth"), ["facts[1].code", "stands above"]),
    "the word for the facts as a document's code": (SMALL.replace("code: small", "code: vocabulary"), ["the facts"]),
    "values narrower than each other": (
        NEW_FACT.replace("{code: left, label: Left}", "{code: left, label: Left, broader: far_left}"),
        ["facts[1].values[0].broader"],
    ),
    "a number without a step": (NEW_FACT.replace("  step: 0.1\n", ""), ["step"]),
    "a number whose range is upside down": (NEW_FACT.replace("greatest: 9", "greatest: -9"), ["facts[0]", "least"]),
    "a number that is text": (NEW_FACT.replace("greatest: 9", "greatest: many"), ["facts[0].greatest", "many"]),
    "a fact whose code is a word of the language": (NEW_FACT.replace("code: depth", "code: always"), ["facts[0].code"]),
    "a fact that changes its kind": (NEW_FACT.replace("code: side", "code: age"), ["age", "values"]),
    "a condition of ours that the criteria do not have": (
        SOURCED.replace("- margin in (negative, close)", "- margin in (negative, positive)"),
        ["editions[0].provisions[0].ours:", "is not a condition of the criteria; did you mean margin in"],
    ),
    "a condition of ours that does not read": (
        SOURCED.replace("- margin in (negative, close)", "- margn is close"),
        ["editions[0].provisions[0].ours:", "line 1, column 1: unknown fact", "did you mean margin?"],
    ),
    "conditions of ours as text": (
        SOURCED.replace("    ours:\n    - margin", "    ours: margin"),
        ["editions[0].provisions[0].ours", "list"],
    ),
    "a condition named twice": (
        SOURCED.replace("- margin in (negative, close)", "- site is breast"),
        ["editions[0].provisions[0].narrowed:", "is named twice"],
    ),
    "words of the policy that its quote does not have": (
        SOURCED.replace("policy_words: Breast cancer", "policy_words: Lung cancer"),
        ["editions[0].provisions[0].narrowed:", '"Lung cancer" is not in the quote'],
    ),
    "words of the policy left out": (
        SOURCED.replace("      policy_words: Breast cancer\n", ""),
        ["editions[0].provisions[0].narrowed[0]", "expected leaf and policy_words"],
    ),
    "words of the policy that are blank": (
        SOURCED.replace("policy_words: pancreatic cancer", "policy_words: ' '"),
        ["editions[0].provisions[2].stated:", "add the policy's own words"],
    ),
    "a further key beside a condition": (
        SOURCED.replace("policy_words: Breast cancer", "policy_words: Breast cancer\n      page: '3'"),
        ["editions[0].provisions[0].narrowed[0]", "expected leaf and policy_words"],
    ),
    "conditions as they are stated that are no list": (
        SOURCED.replace("    stated:\n    - leaf: site is pancreas\n      policy", "    stated:\n      policy"),
        ["editions[0].provisions[2].stated", "expected a list"],
    ),
    "a reason whose criteria do not read": (
        SOURCED.replace("- criteria: site is lung", "- criteria: site is lng"),
        ["editions[0].provisions[1].reasons", "did you mean lung?"],
    ),
    "a reason without a text": (
        SOURCED.replace("text: The text does not say whether lung counts.", "text: ''"),
        ["editions[0].provisions[1].reasons:", "say why the text does not settle the case"],
    ),
    "a reason that is a text alone": (
        SOURCED.replace("    - criteria: site is lung\n      text:", "    -"),
        ["editions[0].provisions[1].reasons[0]", "expected criteria and text"],
    ),
    "a reason of a provision that sends to no review": (
        SOURCED.replace("effect: physician_review", "effect: investigational", 1),
        ["editions[0].provisions[1].reasons:", "Only a provision that gives physician review"],
    ),
    "a review that is asked for and is none": (
        SOURCED.replace("    effect: physician_review\n    asked", "    effect: investigational\n    asked"),
        ["editions[0].provisions[2]", "Only a provision that gives physician review can be asked for by the policy."],
    ),
    "asked for by the policy in words": (
        SOURCED.replace("asked_by_policy: true", "asked_by_policy: 'yes'"),
        ["editions[0].provisions[2].asked_by_policy", "expected true or false"],
    ),
    "a month of a remark that is none": (
        SMALL + "  remarks:\n  - {kind: history, text: New., dated: 2020-13}\n",
        ["editions[0].remarks[0].dated", "YYYY-MM"],
    ),
    "what became of the statement, of a remark that is no history": (
        SMALL + "  remarks:\n  - {kind: evidence, text: Little., statement: changed}\n",
        ["editions[0].remarks[0]", "Only a history entry says what became of the policy statement."],
    ),
    "what became of the statement in other words": (
        SMALL + "  remarks:\n  - {kind: history, text: New., statement: rewritten}\n",
        ["editions[0].remarks[0].statement", "rewritten"],
    ),
    "a golden answer that is a group": (
        SMALL + "  golden:\n  - {name: x, verdict: criteria_met, answers: {site: soft_tissue_sarcoma}}\n",
        ["editions[0].golden[0].answers.site", "is a group of answers", "sarcoma_extremity or sarcoma_retroperitoneal"],
    ),
    "a listed code for an unknown site": (
        SMALL + "  codes:\n  - {system: icd10pcs, code: DDY7CZZ, description: IORT, sites: [toe]}\n",
        ["editions[0]", "unknown site toe"],
    ),
    "a group in words": (
        NEW_FACT.replace("broader: left}", "group: maybe}"),
        ["facts[1].values[1].group", "expected true or false"],
    ),
    "good facts with a broken policy": (NEW_FACT + SMALL.replace("close)", "clse)"), ["did you mean close?"]),
}


def everything() -> dict[str, int]:
    """How many rows each table of the product holds."""
    return {
        model.__name__: model._default_manager.count() for model in apps.get_app_config("coverage_app").get_models()
    }


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_exporting_a_fixture_gives_the_same_file_back(file: Path) -> None:
    assert export_document(file.stem).encode() == file.read_bytes()


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_importing_a_fixture_again_changes_nothing(file: Path) -> None:
    before = everything()
    lines = import_text(text=file.read_text(encoding="utf-8"), by=person("editor"))
    assert everything() == before
    assert lines
    assert all("on file already" in line for line in lines)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_where_and_changes_nothing(name: str) -> None:
    text, said = BROKEN[name]
    before = everything()
    with pytest.raises(ImportFault) as fault:
        import_text(text=text, by=person("editor"))
    assert everything() == before
    for words in said:
        assert words in str(fault.value), str(fault.value)


def test_a_fault_is_one_plain_text_without_the_machinery_behind_it() -> None:
    for text, _ in BROKEN.values():
        with pytest.raises(ImportFault) as fault:
            import_text(text=text, by=None)
        for word in ("Traceback", "object at 0x", "Constraint", "None"):
            assert word not in str(fault.value)


def test_a_new_policy_is_exported_as_it_was_imported() -> None:
    import_small()
    assert export_document("small") == SMALL


def test_whose_criteria_the_conditions_are_and_why_a_case_goes_to_review_go_round() -> None:
    import_text(text=SOURCED, by=person("editor"))
    assert export_document("small") == SOURCED
    edition = edition_of("small")
    assert edition.status == "published"
    reading = library.read(edition)
    assert [source.whose for source in reading.sources["S1"]] == ["narrowed", "ours"]
    assert [source.whose for source in reading.sources["S1r"]] == ["reading", "reading"]
    assert [(source.whose, source.policy_words) for source in reading.sources["S1p"]] == [
        ("policy", "pancreatic cancer")
    ]
    assert [reason.text for reason in reading.reasons["S1r"]] == [
        "The text does not say whether lung counts.",
        "The text does not say what a positive margin means.",
    ]
    assert edition.provisions.get(code="S1p").asked_by_policy
    before = everything()
    assert "on file already" in import_text(text=SOURCED, by=None)[-1]
    assert everything() == before


def test_whom_letters_go_to_what_a_row_cites_and_when_a_remark_is_dated_go_round() -> None:
    head = SMALL.replace("A small plan\n", "A small plan\nletters_to: The plan's own office\n")
    text = head + (
        "  codes:\n  - system: icd10pcs\n    code: DDY7CZZ\n    description: IORT of the rectum\n    sites: [rectum]\n"
        "  remarks:\n  - kind: history\n    title: May 2020\n    dated: 2020-05\n    statement: changed\n"
        "    text: Reworded.\n"
    )
    import_text(text=text, by=None)
    assert export_document("small") == text
    assert Document.objects.get(code="small").letters_to == "The plan's own office"
    remark = edition_of("small").remarks.get(kind="history")
    assert (remark.dated, remark.statement) == ("2020-05", "changed")


def test_a_group_and_when_an_answer_is_final_go_round() -> None:
    text = """\
facts:
- code: flank
  kind: choice
  section: payer
  nature: documentation
  fixed_when: flank is left
  label: Flank
  question: Which flank?
  values:
  - code: any
    label: Any
    group: true
  - code: left
    label: Left
    broader: any
"""
    import_text(text=text, by=None)
    assert FactValue.objects.get(fact__code="flank", code="any").group
    assert export_document("vocabulary").endswith(text.partition("facts:\n")[2])


def test_a_new_edition_joins_the_document_that_is_on_file() -> None:
    import_small()
    second = SMALL.replace("2025-01-01", "2026-07-01").replace("publisher: A small plan", "publisher: Another")
    assert import_text(text=second, by=person("editor")) == [
        "small is on file already: publisher left as on file",
        "small 2026-07-01 imported, published",
    ]
    assert Document.objects.get(code="small").publisher == "A small plan"
    assert Edition.objects.filter(document__code="small", status="published").count() == 2


def test_an_imported_draft_stays_a_draft() -> None:
    edition = import_small(draft="published")
    assert (edition.status, edition.vocabulary, edition.published_at) == ("draft", None, None)
    assert edition.provisions.count() == 2


def test_a_withdrawn_edition_comes_in_as_withdrawn() -> None:
    edition = import_small(withdrawn="published")
    assert edition.status == "withdrawn"
    assert export_document("small") == SMALL.replace("published", "withdrawn")


def test_a_withdrawn_edition_and_its_replacement_go_round_together() -> None:
    replaced = SMALL.replace("published", "withdrawn") + SMALL[SMALL.index("- in_force") :].replace("S1", "T1")
    import_text(text=replaced, by=None)
    assert export_document("small") == replaced
    before = everything()
    import_text(text=replaced, by=None)
    assert everything() == before
    assert library.edition_in_force(payer("small"), DAY.replace(year=2025)).provisions.filter(code="T1").exists()


def test_a_value_that_is_new_joins_a_fact_that_is_on_file() -> None:
    text = (
        "facts:\n- {code: margin, kind: choice, label: Border, question: A side, values: [{code: far, label: Far}]}\n"
    )
    (line,) = import_text(text=text, by=person("editor"))
    margin = Fact.objects.get(code="margin")
    assert line == ("margin: on file already, 1 values added; label left as on file, question left as on file")
    assert margin.label == "Margin"
    assert [value.code for value in margin.values.all()] == ["negative", "close", "positive", "indeterminate", "far"]


def test_what_is_left_of_a_document_that_is_on_file_is_told() -> None:
    import_small()
    changed = SMALL.replace("title: Intra", "title: An intra").replace("Small 1", "Small 2")
    assert import_text(text=changed, by=person("editor")) == [
        "small is on file already: short_name left as on file, title left as on file",
        "small 2025-01-01 is on file already: skipped",
    ]
    assert Document.objects.get(code="small").title == "Intraoperative Radiotherapy"


def test_a_file_without_editions_and_a_status_that_stays_are_told() -> None:
    import_small()
    head = SMALL[: SMALL.index("editions:")]
    assert import_text(text=head, by=None) == ["small: the file holds no editions"]
    withdrawn = SMALL.replace("status: published", "status: withdrawn")
    assert import_text(text=withdrawn, by=None) == [
        "small 2025-01-01 is on file already: skipped; status withdrawn left as published"
    ]


def test_what_is_left_of_a_fact_that_is_on_file_is_told() -> None:
    import_text(text=NEW_FACT.replace("greatest: 9", "greatest: 5"), by=None)
    events = AuditEvent.objects.count()
    assert import_text(text=NEW_FACT.replace("Depth", "Deepness").replace("label: Left", "label: L"), by=None) == [
        "depth: on file already, 0 values added; label left as on file, greatest 9 left as 5",
        "side: on file already, 0 values added; label left as on file (left)",
    ]
    assert (Fact.objects.get(code="depth").greatest, AuditEvent.objects.count()) == (5, events)


def test_a_value_that_the_file_puts_under_another_is_told_to_stay_where_it_is() -> None:
    wide = NEW_FACT + "  - {code: right, label: Right}\n"
    import_text(text=wide, by=None)
    moved = wide.replace("  - {code: far_left, label: Far left, broader: left}\n", "")
    lines = import_text(text=moved + "  - {code: far_left, label: Far left, broader: right}\n", by=None)
    assert lines[-1] == "side: on file already, 0 values added; broader left as on file (far_left)"


def test_new_facts_are_asked_after_those_on_file_in_their_order() -> None:
    import_text(text=NEW_FACT, by=person("editor"))
    assert [fact.code for fact in Fact.objects.all()][-2:] == ["depth", "side"]
    assert FactValue.objects.get(code="far_left").broader == FactValue.objects.get(fact__code="side", code="left")


def test_an_import_leaves_its_traces_with_the_one_who_did_it() -> None:
    last = AuditEvent.objects.latest("pk").pk
    import_text(text=NEW_FACT + SMALL, by=person("editor"))
    events = AuditEvent.objects.filter(pk__gt=last).order_by("pk")
    assert {event.by_name for event in events} == {"editor"}
    found = [(event.action, event.subject) for event in events]
    assert found == [
        ("import", "fact"),
        ("import", "fact"),
        ("import", "document"),
        ("import", "edition"),
        ("publish", "edition"),
    ]


def test_quotes_keep_every_character_through_export_and_import() -> None:
    quote = "“Grard” – T4 #326: 'yes' [...] & <b> 5 % of 10 °C, a\\b; naïve 水"
    text = SMALL.replace("All else is investigational.", f'"{quote}"'.replace("\\", "\\\\"))
    import_text(text=text, by=None)
    assert Edition.objects.get(document__code="small").provisions.get(code="S2").quote == quote
    Document.objects.filter(code="small").update(code="other")
    import_text(text=export_document("other").replace("code: other", "code: small"), by=None)
    assert Edition.objects.get(document__code="small").provisions.get(code="S2").quote == quote
