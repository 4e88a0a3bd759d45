"""Drafts: written, checked as they are saved, kept in order; two editors on one of them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Document, Edition, EditionUse, GuidelineRow, Provision, Remark

from .forms import added, typed

pytestmark = pytest.mark.django_db


def page_of(part: Edition | GuidelineRow | Remark | Document, step: str = "change") -> str:
    return reverse(f"admin:coverage_app_{part._meta.model_name}_{step}", args=[part.pk])


def codes(edition: Edition) -> list[str]:
    return list(edition.provisions.values_list("code", flat=True))


def test_an_editor_writes_a_new_draft_with_its_provisions(editor: Client) -> None:
    url = reverse("admin:coverage_app_edition_add")
    document = Document.objects.get(code="nia")
    data = typed(editor.get(f"{url}?document={document.pk}"), in_force="2031-01-01")
    data = added(data, "provisions", code="N1", criteria="always", effect="investigational", quote="No.", locator="x")
    response = editor.post(url, data)
    edition = Edition.objects.get(document=document, in_force="2031-01-01")
    assert (response.status_code, response.url) == (302, page_of(edition))
    assert (edition.status, codes(edition)) == ("draft", ["N1"])
    assert AuditEvent.objects.filter(action="add", subject="edition", subject_id=edition.pk, by_name="editor").exists()


def test_a_fault_in_criteria_is_shown_at_its_field_with_line_column_and_hint(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    response = editor.post(page_of(draft), typed(page, provisions__1__criteria="site is breast and\nmargin is clse"))
    form = response.context["inline_admin_formsets"][0].formset.forms[1]
    (message,) = form.errors["criteria"]
    assert "line 2, column 11" in message.lower()
    assert "did you mean close?" in message
    assert form["criteria"].value() == "site is breast and\nmargin is clse"
    assert draft.provisions.get(code="B").criteria == "site is breast"


def test_criteria_are_kept_on_one_line_and_quotes_without_breaks(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    changes = {"provisions__1__criteria": "site is breast\r\n  and age >= 50", "provisions__1__quote": "Said\r\n so."}
    editor.post(page_of(draft), typed(page, **changes))
    provision = draft.provisions.get(code="B")
    assert (provision.criteria, provision.quote) == ("site is breast and age >= 50", "Said so.")


def test_what_criteria_name_is_noted_as_used(editor: Client, draft: Edition) -> None:
    page = editor.get(page_of(draft))
    editor.post(page_of(draft), typed(page, provisions__1__criteria="margin is close"))
    used = set(EditionUse.objects.filter(edition=draft).values_list("fact__code", "value__code"))
    assert ("margin", "close") in used
    assert ("site", "breast") not in used


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ({"provisions__2__position": 1}, ["C", "A", "B"]),
        ({"provisions__0__position": 3}, ["B", "C", "A"]),
        ({"provisions__0__position": ""}, ["B", "C", "A"]),
        ({"provisions__0__position": 2, "provisions__1__position": 1}, ["B", "A", "C"]),
    ],
)
def test_the_place_puts_provisions_in_order(
    editor: Client, draft: Edition, changes: dict[str, object], order: list[str]
) -> None:
    editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes))
    assert codes(draft) == order
    assert list(draft.provisions.values_list("position", flat=True)) == [1, 2, 3]


def test_a_new_provision_takes_the_place_it_is_given(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(page_of(draft)))
    new = {
        "position": 3,
        "code": "N",
        "criteria": "site is colon",
        "effect": "criteria_met",
        "quote": "q",
        "locator": "l",
    }
    editor.post(page_of(draft), added(data, "provisions", **new))
    assert codes(draft) == ["A", "B", "N", "C"]


def test_two_provisions_cannot_have_the_same_id(editor: Client, draft: Edition) -> None:
    response = editor.post(page_of(draft), typed(editor.get(page_of(draft)), provisions__1__code="A"))
    assert response.status_code == 200
    assert codes(draft) == ["A", "B", "C"]


def test_the_second_of_two_editors_is_told_and_loses_nothing(editor: Client, second: Client, draft: Edition) -> None:
    mine, hers = editor.get(page_of(draft)), second.get(page_of(draft))
    editor.post(page_of(draft), typed(mine, provisions__0__note="Mine."))
    response = second.post(page_of(draft), typed(hers, provisions__0__note="Hers."))
    (message,) = response.context["adminform"].form.non_field_errors()
    assert message.startswith("editor saved this")
    (differing,) = response.context["versions"].fields
    words = ["".join(piece.text for piece in pieces) for pieces in (differing.saved, differing.typed)]
    assert (differing.place, differing.field, words) == ("Provision A", "Note", ["Mine.", "Hers."])
    assert draft.provisions.get(code="A").note == "Mine."
    second.post(page_of(draft), typed(response))
    assert draft.provisions.get(code="A").note == "Hers."


def test_parts_that_the_other_added_or_deleted_are_named(editor: Client, second: Client, draft: Edition) -> None:
    mine, hers = editor.get(page_of(draft)), second.get(page_of(draft))
    new = {"code": "N", "criteria": "site is colon", "effect": "criteria_met", "quote": "q", "locator": "l"}
    editor.post(page_of(draft), added(typed(mine, provisions__1__DELETE="on"), "provisions", position=1, **new))
    response = second.post(page_of(draft), typed(hers, in_force_note="Hers."))
    assert response.status_code == 200
    versions = response.context["versions"]
    assert (versions.only_saved, versions.only_typed) == (["Provision N"], ["Provision B (deleted meanwhile)"])
    assert [one.field for one in versions.fields if not one.place] == ["In force note"]
    assert codes(draft) == ["N", "A", "C"]


def test_what_is_typed_for_a_part_that_the_other_deleted_is_added_anew(
    editor: Client, second: Client, draft: Edition
) -> None:
    mine, hers = editor.get(page_of(draft)), second.get(page_of(draft))
    editor.post(page_of(draft), typed(mine, provisions__1__DELETE="on", provisions__2__DELETE="on"))
    response = second.post(page_of(draft), typed(hers, provisions__1__note="Hers.", provisions__0__note="This too."))
    gone = ["Provision B (deleted meanwhile)", "Provision C (deleted meanwhile)"]
    assert (response.status_code, response.context["versions"].only_typed) == (200, gone)
    second.post(page_of(draft), typed(response))
    assert list(draft.provisions.values_list("code", "note")) == [("A", "This too."), ("B", "Hers."), ("C", "")]


def test_a_choice_that_differs_is_shown_in_words(editor: Client, second: Client, draft: Edition) -> None:
    hers = second.get(page_of(draft))
    editor.post(page_of(draft), typed(editor.get(page_of(draft)), provisions__0__effect="investigational"))
    html = second.post(page_of(draft), typed(hers)).content.decode()
    table = html[html.index("Where the two versions differ") : html.index("</section>", html.index("Where the two"))]
    assert "Investigational" in table
    assert table.index("Investigational") < table.index("Criteria met")


def test_what_is_typed_stands_to_be_copied_when_the_draft_was_submitted_meanwhile(
    editor: Client, second: Client, draft: Edition
) -> None:
    mine = editor.get(page_of(draft))
    second.post(page_of(draft, "submit"))
    response = editor.post(page_of(draft), typed(mine, provisions__0__note="A long thought.", _why="An idea."))
    assert response.status_code == 409
    assert "no longer a draft" in response.content.decode()
    for kept in ("Provision 1: note", "A long thought.", "Why this change", "An idea."):
        assert kept in response.content.decode()


def test_a_save_that_changes_nothing_leaves_no_event(editor: Client, draft: Edition) -> None:
    editor.post(page_of(draft), typed(editor.get(page_of(draft))))
    assert not AuditEvent.objects.filter(subject="edition", subject_id=draft.pk).exists()


def test_a_draft_can_be_deleted_with_all_its_parts(editor: Client, draft: Edition) -> None:
    response = editor.post(page_of(draft, "delete"), {"post": "yes"})
    assert response.status_code == 302
    assert not Provision.objects.filter(edition_id=draft.pk).exists()
    assert AuditEvent.objects.get(action="discard", subject="edition").subject_id == str(draft.pk)


def test_a_row_is_edited_with_its_statements_and_leads_back_to_its_edition(editor: Client, row: GuidelineRow) -> None:
    data = typed(editor.get(page_of(row)), sites=["colon", "rectum"])
    new = {"criteria": "always", "stance": "not_addressed"}
    response = editor.post(page_of(row), added(data, "statements", **new))
    row.refresh_from_db()
    assert response.url == page_of(row.edition)
    assert sorted(row.sites) == ["colon", "rectum"]
    assert [s.stance for s in row.statements.all()] == ["supports", "not_addressed"]
    assert EditionUse.objects.filter(edition=row.edition, value__code="rectum").exists()


def test_an_unknown_site_is_named_with_the_nearest_one(editor: Client, row: GuidelineRow) -> None:
    response = editor.post(page_of(row), typed(editor.get(page_of(row)), sites=["colun"]))
    assert response.context["adminform"].form.errors["sites"] == ["Unknown site “colun”; did you mean colon?"]


def test_a_remark_needs_a_quote_or_a_text(editor: Client, draft: Edition) -> None:
    url = reverse("admin:coverage_app_remark_add")
    response = editor.post(url, {"edition": draft.pk, "kind": "reading"})
    assert list(response.context["adminform"].form.errors) == ["text"]
    editor.post(url, {"edition": draft.pk, "kind": "reading", "text": "Ours.", "effects": ["criteria_met"]})
    assert Remark.objects.get(edition=draft).effects == ["criteria_met"]


def test_a_part_cannot_be_added_to_a_published_edition(editor: Client, published: Edition) -> None:
    url = reverse("admin:coverage_app_remark_add")
    response = editor.post(url, {"edition": published.pk, "kind": "reading", "text": "Ours."})
    assert list(response.context["adminform"].form.errors) == ["edition"]


def test_code_and_kind_of_a_document_stay(editor: Client) -> None:
    document = Document.objects.get(code="fep")
    page = editor.get(page_of(document))
    editor.post(page_of(document), typed(page, code="other", kind="guideline", number="9"))
    document.refresh_from_db()
    assert (document.code, document.kind, document.number) == ("fep", "payer_policy", "9")


def test_a_document_with_editions_is_not_deleted(editor: Client) -> None:
    document = Document.objects.get(code="fep")
    response = editor.post(page_of(document, "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert Document.objects.filter(code="fep").exists()


def test_null_characters_are_a_fault_of_the_field(editor: Client, draft: Edition) -> None:
    response = editor.post(page_of(draft), typed(editor.get(page_of(draft)), provisions__0__note="a\x00b"))
    assert response.status_code == 200
    assert "note" in response.context["inline_admin_formsets"][0].formset.forms[0].errors


@pytest.mark.parametrize("model", ["edition", "guidelinerow", "remark", "fact", "document", "auditevent"])
def test_a_list_takes_few_queries(editor: Client, model: str) -> None:
    url = reverse(f"admin:coverage_app_{model}_changelist")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert editor.get(url).status_code == 200
    assert len(queries) <= 14


def test_the_page_of_a_long_edition_takes_few_queries(editor: Client) -> None:
    edition = Edition.objects.get(document__code="nia", status="published")
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(page_of(edition)).status_code == 200
    assert len(queries) <= 25
