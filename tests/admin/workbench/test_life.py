"""The steps of an edition's life on their pages; published editions can only be read."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import AuditEvent, Document, Edition, EditionState, Provision
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.life import note_edit, start_draft, submit_for_review
from coverage_app.services.states import states_of
from tests.admin.forms import added, typed
from tests.services.making import MET, make_case

pytestmark = pytest.mark.django_db


def url(edition: Edition, step: str) -> str:
    return reverse(f"admin:coverage_app_edition_{step}", args=[edition.pk])


def post(client: Client, edition: Edition, step: str, why: str = "") -> str:
    """Ask and confirm; what the next page says."""
    seen = client.get(url(edition, step)).context.get("seen", "")
    answer = client.post(url(edition, step), {"_seen": seen, "_why": why}, follow=True)
    faults = answer.context.get("faults", ()) if answer.status_code == 409 else ()
    return " ".join([*map(str, answer.context["messages"]), *faults])


def text(client: Client, edition: Edition, step: str) -> str:
    return client.get(url(edition, step)).content.decode()


@pytest.fixture
def ready(published: Edition) -> Edition:
    """The next edition of FEP in review, edited last by the editor, with a word on its quotes."""
    by = User.objects.get(username="editor")
    draft = start_draft(document=published.document, by=by, in_force=dt.date(2030, 1, 1))
    provision = draft.provisions.first()
    draft.provisions.filter(pk=provision.pk).update(note="Read anew.")
    note_edit(edition=draft, by=by)
    for check in unexplained_quotes(draft):
        accept(edition=draft, kind=check.kind, key=check.key, reason="On paper only.", by=by)
    return submit_for_review(edition=draft, by=by)


# A new edition


def test_a_new_edition_begins_from_the_documents_page(editor: Client, published: Edition) -> None:
    page = editor.get(reverse("admin:coverage_app_document_change", args=[published.document_id])).content.decode()
    new = f"{reverse('admin:coverage_app_edition_new')}?document={published.document_id}"
    assert new in page
    asked = editor.get(new)
    assert f'a copy of <a href="{url(published, "change")}">{published}</a>' in asked.content.decode()
    data = {"document": published.document_id, "in_force": "2031-01-01", "why": "The payer wrote."}
    answer = editor.post(new, data)
    draft = Edition.objects.get(document=published.document, in_force="2031-01-01")
    assert answer.url == url(draft, "change")
    assert (draft.started_from, draft.provisions.count()) == (published, published.provisions.count())
    assert states_of(draft.pk).get().why == "The payer wrote."


def test_the_lists_way_to_a_new_edition_asks_of_which_document(editor: Client) -> None:
    listed = editor.get(reverse("admin:coverage_app_edition_changelist")).content.decode()
    assert reverse("admin:coverage_app_edition_new") in listed
    assert editor.get(reverse("admin:coverage_app_edition_add")).url == reverse("admin:coverage_app_edition_new")
    answer = editor.post(reverse("admin:coverage_app_edition_new"), {"in_force": "soon"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"document", "in_force"})


@pytest.mark.parametrize("chosen", ["x", "-1", "9" * 30, "", "999999"])
def test_a_document_that_is_not_there_is_no_trouble(editor: Client, chosen: str) -> None:
    page = reverse("admin:coverage_app_edition_new")
    assert editor.get(page, {"document": chosen}).status_code == 200
    assert editor.post(page, {"document": chosen, "in_force": "2031-01-01"}).status_code == 422


def test_drafts_under_way_are_named(editor: Client, draft: Edition) -> None:
    page = editor.get(reverse("admin:coverage_app_edition_new"), {"document": draft.document_id})
    assert f'Already under way: <a href="{url(draft, "change")}">' in page.content.decode()


# Review


def test_a_draft_is_submitted_by_whoever_edited_it(editor: Client, draft: Edition) -> None:
    assert "Submit for review …" in text(editor, draft, "change")
    assert "No source text is on file" in text(editor, draft, "submit")
    assert "is in review" in post(editor, draft, "submit", "Ready.")
    assert "Publish …" in text(editor, draft, "change")
    assert states_of(draft.pk).first().why == "Ready."


def test_what_does_not_read_cannot_be_submitted(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="C").delete()
    page = text(editor, draft, "submit")
    assert "Before it can be reviewed" in page
    assert f'<a href="{url(draft, "change")}">Mend it' in page
    assert 'type="submit" class="default"' not in page
    assert "always" in post(editor, draft, "submit")
    assert Edition.objects.get(pk=draft.pk).status == "draft"


def test_an_edition_in_review_cannot_be_edited(editor: Client, ready: Edition) -> None:
    assert b'name="_save"' not in editor.get(url(ready, "change")).content
    assert editor.post(url(ready, "change"), {"in_force_note": "Other"}).status_code == 409


def test_sending_back_needs_a_reason(second: Client, ready: Edition) -> None:
    assert post(second, ready, "send_back") == "Say what is to be mended."
    assert "is sent back" in post(second, ready, "send_back", "B is misread.")
    ready.refresh_from_db()
    assert ready.status == "draft"
    assert "B is misread." in text(second, ready, "history")


# Publication


def test_the_last_editor_is_refused_and_told_why(editor: Client, ready: Edition) -> None:
    page = text(editor, ready, "publish")
    assert "You edited it last. Another policy editor has to publish it." in page
    assert 'value="Publish"' not in page
    assert "You edited it last" in post(editor, ready, "publish")
    assert Edition.objects.get(pk=ready.pk).status == "in_review"


def test_a_second_person_publishes_it(second: Client, ready: Edition, published: Edition) -> None:
    page = text(second, ready, "publish")
    assert f"{published}</a> then ends." in page
    assert f"Provision {ready.provisions.first()} changed: note" in page
    assert f'href="{url(ready, "findings")}"' in page
    assert "is published." in post(second, ready, "publish")
    ready.refresh_from_db()
    assert (ready.status, ready.published_by.username) == ("published", "olga")
    assert AuditEvent.objects.filter(action="publish", subject_id=ready.pk, by_name="olga").exists()


def test_a_draft_is_not_published_before_its_review(second: Client, draft: Edition) -> None:
    assert "It is draft, not in review." in text(second, draft, "publish")
    assert "It is draft, not in review." in post(second, draft, "publish")
    assert Edition.objects.get(pk=draft.pk).status == "draft"


def test_each_fault_leads_to_where_it_is_mended(second: Client, ready: Edition) -> None:
    Edition.objects.filter(pk=ready.pk).update(status="draft")
    ready.acceptances.all().delete()
    Edition.objects.filter(pk=ready.pk).update(status="in_review")
    assert f'nobody has said why. <a href="{url(ready, "source")}">Mend it' in text(second, ready, "publish")


def test_what_changed_since_the_question_is_not_published(second: Client, ready: Edition) -> None:
    seen = second.get(url(ready, "publish")).context["seen"]
    Edition.objects.filter(pk=ready.pk).update(status="draft")
    Provision.objects.filter(edition=ready).update(effect="investigational")
    Edition.objects.filter(pk=ready.pk).update(status="in_review")
    response = second.post(url(ready, "publish"), {"_seen": seen})
    assert (response.status_code, Edition.objects.get(pk=ready.pk).status) == (409, "in_review")
    assert "Look again before you publish." in response.content.decode()


# Withdrawal


def test_an_edition_is_withdrawn_with_a_reason_only(editor: Client, published: Edition) -> None:
    assert post(editor, published, "withdraw", " ") == "Say why the edition is withdrawn."
    assert "is withdrawn" in post(editor, published, "withdraw", "The payer took it back.")
    published.refresh_from_db()
    assert published.status == "withdrawn"
    assert AuditEvent.objects.get(action="withdraw").detail == {"reason": "The payer took it back."}


def test_the_cases_that_it_decided_are_listed(editor: Client, published: Edition) -> None:
    case = make_case("fep", MET)
    page = text(editor, published, "withdraw")
    assert ("1 case." in page, case.reference in page, f"/cases/{case.reference}/" in page) == (True, True, False)
    User.objects.get(username="editor").user_permissions.add(Permission.objects.get(codename="view_case"))
    assert f'href="/cases/{case.reference}/"' in text(editor, published, "withdraw")


def test_of_very_many_cases_the_newest_are_listed_and_all_are_counted(
    editor: Client, published: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coverage_app.admin.workbench.life.LISTED", 2)
    cases = [make_case("fep", MET) for _ in range(3)]
    page = text(editor, published, "withdraw")
    assert "3 cases, of which the newest 2 are listed" in page
    assert [case.reference in page for case in cases] == [False, True, True]


def test_a_withdrawn_edition_still_lists_them_and_is_not_published_again(editor: Client, published: Edition) -> None:
    case = make_case("fep", MET)
    post(editor, published, "withdraw", "Gone.")
    assert case.reference in text(editor, published, "withdraw")
    assert "It is withdrawn, not in review." in post(editor, published, "publish")


# What is on file can only be read


@pytest.mark.parametrize("model", ["edition", "guidelinerow", "remark"])
def test_nothing_of_a_published_edition_can_be_edited(editor: Client, model: str) -> None:
    edition = Edition.objects.get(document__code="abs")
    part = edition if model == "edition" else getattr(edition, f"{model}s").first()
    page = reverse(f"admin:coverage_app_{model}_change", args=[part.pk])
    response = editor.get(page)
    assert (response.status_code, response.context["has_change_permission"]) == (200, False)
    assert b"<textarea" not in response.content
    assert b'name="_save"' not in response.content
    assert editor.post(page, {"title": "Other"}).status_code == 409
    delete = reverse(f"admin:coverage_app_{model}_delete", args=[part.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403


def test_a_page_to_read_says_sites_in_words(editor: Client) -> None:
    row = Edition.objects.get(document__code="abs").guidelinerows.first()
    row_page = editor.get(reverse("admin:coverage_app_guidelinerow_change", args=[row.pk]))
    assert b"[&quot;" not in row_page.content


# History


def test_the_history_says_who_when_what_and_why(editor: Client, draft: Edition) -> None:
    data = typed(editor.get(url(draft, "change")), provisions__1__criteria="site is colon", _why="It said colon.")
    editor.post(url(draft, "change"), data)
    entry, first = editor.get(url(draft, "history")).context["entries"]
    assert (entry.done, entry.state.by_name, entry.state.why) == ("Edited", "editor", "It said colon.")
    (change,) = entry.changes
    assert (change.place, [line.field for line in change.lines]) == ("Provision B", ["Criteria"])
    assert (first.done, first.changes) == ("As found on file", [])
    page = text(editor, draft, "history")
    assert "<mark>breast</mark>" in page
    assert "<mark>colon</mark>" in page


def test_a_remark_is_a_part_of_the_history_of_its_edition(editor: Client, draft: Edition) -> None:
    data = {"edition": draft.pk, "kind": "reading", "text": "Ours.", "_why": "Asked often."}
    editor.post(reverse("admin:coverage_app_remark_add"), data)
    remark = draft.remarks.get()
    editor.post(reverse("admin:coverage_app_remark_delete", args=[remark.pk]), {"post": "yes"})
    assert list(states_of(draft.pk).values_list("action", "why")) == [
        ("edit", ""),
        ("edit", "Asked often."),
        ("on file", ""),
    ]
    draft.refresh_from_db()
    assert draft.edited_by.username == "editor"


def test_an_edition_written_by_hand_begins_its_history(editor: Client) -> None:
    page = reverse("admin:coverage_app_edition_add")
    nia = Document.objects.get(code="nia")
    data = typed(editor.get(f"{page}?document={nia.pk}"), in_force="2031-01-01", _why="By hand.")
    editor.post(
        page, added(data, "provisions", code="N", criteria="always", effect="investigational", quote="q", locator="l")
    )
    edition = Edition.objects.get(document=nia, in_force="2031-01-01")
    assert list(states_of(edition.pk).values_list("action", "why")) == [("start", "By hand.")]


def test_a_state_is_restored_with_a_reason(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="B").update(criteria="site is colon")
    note_edit(edition=draft, by=None)
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, 1])
    assert editor.post(restore, {"_why": " "}).status_code == 409
    answer = editor.post(restore, {"_why": "It was right."})
    again = Edition.objects.exclude(pk=draft.pk).get(document=draft.document, status="draft")
    assert answer.url == url(again, "change")
    assert states_of(again.pk).get().why == "It was right."


def test_an_edition_without_states_is_restored_as_it_stands(editor: Client, draft: Edition) -> None:
    assert "nothing has been done to it since" in text(editor, draft, "history")
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, 0])
    assert editor.get(restore).status_code == 200
    assert editor.post(restore, {"_why": "A second way."}).status_code == 302
    assert Edition.objects.filter(document=draft.document, status="draft").count() == 2


def test_a_discarded_draft_is_reached_from_its_document(editor: Client, draft: Edition) -> None:
    assert "Discard the draft" in text(editor, draft, "delete")
    editor.post(url(draft, "delete"), {"post": "yes", "_why": "Not needed."})
    page = editor.get(reverse("admin:coverage_app_document_change", args=[draft.document_id])).content.decode()
    assert url(draft, "history") in page
    assert "Not needed." in page
    assert "This draft was discarded." in text(editor, draft, "history")
    restore = reverse("admin:coverage_app_edition_restore", args=[draft.pk, EditionState.objects.latest("pk").number])
    assert editor.post(restore, {"_why": "Needed after all."}).status_code == 302
    assert Edition.objects.get(document=draft.document, status="draft").provisions.count() == 3


# Who, where, how much


@pytest.mark.parametrize("step", ["submit", "send_back", "publish", "withdraw", "history"])
def test_only_editors_see_these_pages_and_only_of_what_is_there(
    editor: Client, coordinator: Client, draft: Edition, step: str
) -> None:
    assert coordinator.get(url(draft, step)).status_code == 302
    assert editor.get(reverse(f"admin:coverage_app_edition_{step}", args=[999_999])).status_code == 404


def test_a_state_that_is_not_there_is_not_found(editor: Client, draft: Edition) -> None:
    for pk, number in ((draft.pk, 7), (999_999, 0)):
        assert editor.get(reverse("admin:coverage_app_edition_restore", args=[pk, number])).status_code == 404


def test_null_characters_in_a_reason_are_dropped(editor: Client, published: Edition) -> None:
    post(editor, published, "withdraw", "a\x00b")
    assert AuditEvent.objects.get(action="withdraw").detail == {"reason": "ab"}


@pytest.mark.parametrize("step", ["submit", "publish", "withdraw", "history"])
def test_a_page_takes_the_same_number_of_queries_whatever_it_shows(
    editor: Client, draft: Edition, published: Edition, step: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(url(draft if step != "withdraw" else published, step)).status_code == 200
        return len(captured)

    note_edit(edition=draft, by=None)
    draft.remarks.create(kind="reading", text="One.", position=1)
    note_edit(edition=draft, by=None)
    make_case("fep", MET)
    before = queries()
    for n in range(5):
        draft.remarks.create(kind="reading", text=f"More {n}.", position=n + 2)
        note_edit(edition=draft, by=None)
        make_case("fep", MET)
    assert queries() == before <= 60
