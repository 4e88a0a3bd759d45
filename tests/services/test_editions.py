"""What must hold before an edition is put in force, and the bare steps in and out of force."""

import pytest

from coverage_app.models import AuditEvent, Edition
from coverage_app.services.editions import EditionFault, faults, put_in_force, take_out_of_force
from coverage_app.services.exchange import import_text
from coverage_app.services.vocabulary import current_wording
from tests.services.making import edition_of, import_small, person


@pytest.fixture
def draft() -> Edition:
    return import_small(draft="published")


def test_publishing_freezes_the_vocabulary_of_now_and_says_who_did_it(draft: Edition) -> None:
    edition = put_in_force(edition=draft, by=person("editor2"))
    assert edition.status == "published"
    assert edition.vocabulary == current_wording().to_data()
    assert edition.published_by == person("editor2")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.by_name, event.subject_id) == ("publish", "editor2", str(edition.pk))


def test_not_even_a_file_lets_the_last_editor_publish(draft: Edition) -> None:
    with pytest.raises(EditionFault, match="editor edited Small 1 · 1 Jan 2025 last"):
        put_in_force(edition=draft, by=person("editor"))


def test_what_is_published_cannot_be_published_again(draft: Edition) -> None:
    put_in_force(edition=draft, by=None)
    with pytest.raises(EditionFault, match="is published, not a draft"):
        put_in_force(edition=draft, by=None)


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ("site is brest", r"Provision S2: line 1, column 9: .*did you mean breast\?"),
        ("site is breast", "always"),
        ("", "Provision S2"),
    ],
)
def test_an_edition_that_does_not_read_is_not_published(draft: Edition, criteria: str, said: str) -> None:
    draft.provisions.filter(code="S2").update(criteria=criteria)
    assert faults(draft)
    with pytest.raises(EditionFault, match=said):
        put_in_force(edition=draft, by=None)
    draft.refresh_from_db()
    assert (draft.status, draft.vocabulary) == ("draft", None)


def test_a_second_edition_of_the_same_day_is_not_published(draft: Edition) -> None:
    put_in_force(edition=draft, by=None)
    other = Edition.objects.create(document=draft.document, in_force=draft.in_force)
    other.provisions.create(code="S1", criteria="always", effect="investigational", quote="q", locator="l")
    with pytest.raises(EditionFault, match="already has a published edition in force from 1 Jan 2025"):
        put_in_force(edition=other, by=None)
    assert Edition.objects.get(pk=other.pk).status == "draft"


def test_withdrawing_needs_a_reason_and_keeps_it(draft: Edition) -> None:
    with pytest.raises(EditionFault, match="is draft, not published"):
        take_out_of_force(edition=draft, by=None, reason="It was wrong.")
    put_in_force(edition=draft, by=None)
    with pytest.raises(EditionFault, match="Say why"):
        take_out_of_force(edition=draft, by=None, reason="  ")
    assert take_out_of_force(edition=draft, by=person("editor"), reason=" It was wrong. ").status == "withdrawn"
    assert AuditEvent.objects.latest("pk").detail == {"reason": "It was wrong."}


def test_a_withdrawn_edition_can_be_replaced_on_its_own_day(draft: Edition) -> None:
    put_in_force(edition=draft, by=None)
    take_out_of_force(edition=draft, by=None, reason="A misprint.")
    other = Edition.objects.create(document=draft.document, in_force=draft.in_force)
    other.provisions.create(code="S1", criteria="always", effect="not_addressed", quote="q", locator="l")
    assert put_in_force(edition=other, by=None).status == "published"


def test_a_guideline_needs_no_closing_statement() -> None:
    text = """\
code: society
kind: guideline
short_name: Society
title: A guideline
publisher: A society
editions:
- in_force: 2025-01-01
  status: published
  rows:
  - {id: society-lip, title: Lip, version: '1', category: none, sites: [head_neck], quote: Consider., locator: Table,
     statements: [{criteria: intent is boost, stance: supports}]}
"""
    import_text(text=text, by=None)
    assert edition_of("society").status == "published"


def test_every_edition_on_file_has_no_faults() -> None:
    for edition in Edition.objects.all():
        assert faults(edition) == []


def test_a_fault_of_a_row_or_a_remark_is_found_at_its_place(draft: Edition) -> None:
    row = draft.guidelinerows.create(code="r", title="R", version="1", category="x", sites=["toe"], quote="q")
    row.statements.create(criteria="margin is clos", stance="supports")
    draft.remarks.create(kind="reading", title="How", criteria="age > old", text="t", sites=["rectum"])
    found = " ".join(faults(draft))
    assert "Row r, statement 1: line 1, column 11" in found
    assert "Row r: unknown site toe" in found
    assert "Remark How: line 1, column 7" in found
