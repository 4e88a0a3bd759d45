"""What an import makes of editions: as published, as drafts, or nothing, when they are on file already."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from coverage_app.models import Document, Edition
from coverage_app.services import exchange, yaml_form
from coverage_app.services.editions import put_in_force
from coverage_app.services.exchange import ImportFault, content_of, export_document, import_text, make_draft
from coverage_app.services.life import start_draft, submit_for_review
from coverage_app.services.states import states_of
from tests.services.making import SMALL, edition_of, import_small, payer, person
from tests.services.test_exchange import everything
from tests.services.test_exchange_golden import GOLDEN, WHOLE
from tests.support.examples import examples

LATER = SMALL.replace("2025-01-01", "2026-07-01")
OTHER = SMALL.replace("All else is investigational.", "All else is experimental.")
TWO = SMALL + LATER[LATER.index("- in_force") :]


def statuses() -> list[tuple[str, str]]:
    editions = Edition.objects.filter(document__code="small").order_by("in_force", "pk")
    return [(f"{edition.in_force:%Y}", edition.status) for edition in editions]


def test_an_edition_that_is_not_on_file_becomes_a_draft_of_whoever_brings_it_in() -> None:
    assert import_text(text=SMALL, by=person("editor"), as_draft=True) == ["small 2025-01-01 imported, draft"]
    edition = edition_of("small")
    assert (edition.status, edition.edited_by, edition.published_by) == ("draft", person("editor"), None)
    assert [(state.action, state.by_name) for state in states_of(edition.pk)] == [("import", "editor")]


def test_a_first_load_is_published_by_the_same_person() -> None:
    edition = import_small()
    assert (edition.edited_by, edition.published_by) == (None, person("editor"))
    assert [state.action for state in states_of(edition.pk)] == ["import"]


@pytest.mark.parametrize("as_draft", [True, False])
def test_another_text_of_a_day_on_file_becomes_a_draft_and_the_published_one_stays(as_draft: bool) -> None:
    before = content_of(import_small())
    (line,) = import_text(text=OTHER, by=person("editor"), as_draft=as_draft)
    assert line == "small 2025-01-01 is on file with another text: this one imported, draft"
    assert statuses() == [("2025", "published"), ("2025", "draft")]
    published = Edition.objects.get(document__code="small", status="published")
    assert content_of(published) == before
    (again,) = import_text(text=OTHER, by=person("editor"), as_draft=as_draft)
    assert again == "small 2025-01-01 is on file already: skipped"


def test_other_golden_cases_of_a_published_text_become_a_draft_when_drafts_are_made() -> None:
    import_text(text=SMALL + GOLDEN, by=None)
    changed = SMALL + GOLDEN.replace("verdict: criteria_met", "verdict: investigational")
    (line,) = import_text(text=changed, by=person("editor"), as_draft=True)
    assert line == "small 2025-01-01 is on file with another text: this one imported, draft"


def test_a_file_with_less_beside_the_same_text_is_skipped() -> None:
    import_text(text=WHOLE, by=None)
    assert import_text(text=SMALL, by=None, as_draft=True) == ["small 2025-01-01 is on file already: skipped"]


@pytest.mark.parametrize("as_draft", [True, False])
def test_importing_what_was_exported_changes_nothing_whatever_is_on_file(as_draft: bool) -> None:
    import_text(text=TWO, by=None)
    import_text(text=OTHER + GOLDEN, by=person("editor"), as_draft=True)
    start_draft(document=payer("small"), by=person("editor"))
    reviewed = start_draft(document=payer("small"), by=person("editor"))
    submit_for_review(edition=reviewed, by=person("editor"))
    text, before = export_document("small", sources=True), everything()
    lines = import_text(text=text, by=person("editor2"), as_draft=as_draft)
    assert all(line.endswith("is on file already: skipped") for line in lines)
    assert len(lines) == 5
    assert (everything(), export_document("small", sources=True)) == (before, text)


def test_a_document_with_every_status_goes_round_to_an_empty_place() -> None:
    import_text(text=TWO, by=None)
    submit_for_review(edition=start_draft(document=payer("small"), by=person("editor")), by=person("editor"))
    start_draft(document=payer("small"), by=person("editor"))
    Document.objects.filter(code="small").update(code="elsewhere")
    text = export_document("elsewhere").replace("code: elsewhere", "code: small")
    import_text(text=text, by=person("editor"))
    assert export_document("small") == text
    assert {status for _, status in statuses()} == {"published", "in_review", "draft"}


def test_only_the_edition_that_is_named_comes_in() -> None:
    (line,) = import_text(text=TWO, by=None, only="small@2026-07-01")
    assert line == "small 2026-07-01 imported, published"
    assert statuses() == [("2026", "published")]


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("fep", "The file holds small, not fep."),
        ("small@2020-01-01", "small holds no edition of 2020-01-01; it holds: 2025-01-01 (published), 2026-07-01"),
        ("small@draft", "small holds no draft"),
        ("small@soon", "after @ comes a day"),
    ],
)
def test_a_name_that_means_none_of_the_file_is_told(only: str, said: str) -> None:
    with pytest.raises(ImportFault) as fault:
        import_text(text=TWO, by=None, only=only)
    assert said in str(fault.value)
    assert not Document.objects.filter(code="small").exists()


def test_a_document_on_file_cannot_come_in_as_another_kind() -> None:
    with pytest.raises(ImportFault, match="fep is on file as payer_policy"):
        import_text(text=SMALL.replace("code: small", "code: fep").replace("payer_policy", "background"), by=None)


# Drafts made from content


@pytest.mark.parametrize("code", ["abs", "bcbsma", "cpt-77424", "fep", "mayo-iort", "nccn", "nia"])
def test_a_draft_made_from_the_content_of_an_edition_has_the_same_content(code: str) -> None:
    content = content_of(edition_of(code))
    draft = make_draft(document=payer(code), content=content, by=person("editor"))
    assert (draft.status, draft.edited_by, content_of(draft)) == ("draft", person("editor"), content)
    assert draft.uses.count() == edition_of(code).uses.count()


def test_a_draft_can_be_made_for_another_day() -> None:
    content = content_of(import_small())
    draft = make_draft(document=payer("small"), content=content, by=None, in_force=dt.date(2027, 5, 1))
    assert content_of(draft) == content.replace("2025-01-01", "2027-05-01")


def test_content_that_does_not_read_makes_no_draft_and_says_where() -> None:
    content = content_of(import_small()).replace("close)", "clse)")
    with pytest.raises(ImportFault) as fault:
        make_draft(document=payer("small"), content=content, by=None)
    assert str(fault.value).startswith("edition.provisions[0].criteria: line 1, column 41")
    assert str(fault.value).endswith("(line 5 of the file)")
    assert statuses() == [("2025", "published")]


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=60
).filter(str.strip)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "site": st.sampled_from(["breast", "rectum"]),
        "age": st.integers(0, 120),
        "clinical_trial": st.sampled_from(["yes", "no"]),
    },
)
CASES = st.lists(
    st.fixed_dictionaries(
        {"name": WORDS, "verdict": st.sampled_from(["criteria_met", "undetermined"])},
        optional={"answers": ANSWERS, "why": WORDS, "retired": st.just(True)},
    ),
    max_size=3,
    unique_by=lambda case: case["name"],
)


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quote=WORDS, note=WORDS, cases=CASES)
def test_any_words_and_golden_cases_come_back_as_they_were(
    quote: str, note: str, cases: list[dict[str, object]]
) -> None:
    data = yaml_form.load(SMALL)["editions"][0]
    del data["status"]
    data["provisions"][1] |= {"quote": quote, "note": note}
    data |= {"golden": cases} if cases else {}
    draft = make_draft(document=payer("fep"), content=yaml_form.dump(data), by=None)
    again = make_draft(document=payer("fep"), content=content_of(draft), by=None)
    assert content_of(again) == content_of(draft)
    assert again.provisions.get(code="S2").quote == quote
    assert [case.name for case in again.goldencases.all()] == [case["name"] for case in cases]


def test_publishing_an_imported_draft_needs_nothing_but_its_own_steps() -> None:
    import_text(text=SMALL, by=person("editor"), as_draft=True)
    assert put_in_force(edition=edition_of("small"), by=person("editor2")).status == "published"
    assert exchange.export_document("small") == SMALL
