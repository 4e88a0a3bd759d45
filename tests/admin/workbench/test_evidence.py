"""The pages of the proof: findings, golden cases, source text; who may use them, and what bad input gets."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Edition, GoldenCase
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError
from coverage_app.services.golden import golden_cases
from coverage_app.services.life import start_draft, submit_for_review
from coverage_app.services.sources import store_source
from tests.admin.forms import typed
from tests.services.making import edition_of, payer, person
from tests.services.pdfs import pdf

pytestmark = pytest.mark.django_db
PAGES = ("findings", "golden", "source", "golden_new")


def url(page: str, *numbers: object) -> str:
    return reverse(f"admin:coverage_app_edition_{page}", args=numbers)


def shown(response: HttpResponse) -> str:
    """The page's words, without tags and runs of white space."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.fixture
def fep(db: None) -> Edition:
    """A draft of FEP's next edition, as it begins."""
    return start_draft(document=payer("fep"), by=person("editor"))


# Who


@pytest.mark.parametrize("page", PAGES)
def test_coordinators_do_not_come_here(coordinator: Client, fep: Edition, page: str) -> None:
    assert coordinator.get(url(page, fep.pk)).status_code in (302, 403)
    assert coordinator.post(url(page, fep.pk), {"action": "upload"}).status_code in (302, 403)


@pytest.mark.parametrize("page", PAGES)
def test_of_an_edition_that_is_not_there_nothing_is_shown(editor: Client, page: str) -> None:
    assert editor.get(url(page, 999_999)).status_code == 404


@pytest.mark.parametrize("code", ["fep", "nia", "abs", "nccn", "cpt-77424", "mayo-iort"])
@pytest.mark.parametrize("page", ["findings", "golden", "source"])
def test_every_edition_on_file_has_its_pages(editor: Client, code: str, page: str) -> None:
    assert editor.get(url(page, edition_of(code).pk)).status_code == 200


@pytest.mark.parametrize("page", ["findings", "golden", "source"])
def test_the_number_of_queries_does_not_grow_with_the_edition(editor: Client, fep: Edition, page: str) -> None:
    nia = start_draft(document=payer("nia"), by=person("editor"))
    counted = []
    for edition in (fep, nia):
        editor.get(url(page, edition.pk))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.get(url(page, edition.pk))
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 25


# Findings


def test_a_finding_is_told_in_words_with_quotes_and_the_smallest_case(editor: Client) -> None:
    page = shown(editor.get(url("findings", edition_of("nia").pk)))
    assert "N4 and N4r both hold for some cases" in page
    assert "N4 stands first and decides them: Criteria met under this policy, not Physician review needed." in page
    assert "IORT can also be used as a boost for recurrent cancer." in page
    assert "Cancer site Colon" in page
    assert "Accepted on" in page


def test_a_finding_is_accepted_with_a_reason_and_taken_back(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="B").update(criteria="t_stage is t4")
    found = editor.get(url("findings", draft.pk)).context["findings"]
    conflict = next(one for one in found if one.kind == "conflict")
    data = {"action": "accept", "kind": conflict.kind, "key": conflict.key, "reason": ""}
    refused = editor.post(url("findings", draft.pk), data)
    assert refused.status_code == 422
    assert "Say why it can stand" in shown(refused)
    told = editor.post(url("findings", draft.pk), data | {"reason": "Meant <so>."}, follow=True)
    assert "Meant &lt;so&gt;." in shown(told)
    assert draft.acceptances.get().by == person("editor")
    editor.post(url("findings", draft.pk), {"action": "take_back", "key": conflict.key})
    assert not draft.acceptances.exists()


def test_criteria_that_do_not_read_are_named(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="B").update(criteria="site is brest")
    page = shown(editor.get(url("findings", draft.pk)))
    assert "The criteria do not read, so nothing can be audited. B: " in page
    assert "did you mean breast?" in page


def test_one_that_is_too_complex_is_named_as_people_know_it(
    editor: Client, draft: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coverage_app.admin.workbench.findings.audit_rules", too_complex)
    page = shown(editor.get(url("findings", draft.pk)))
    assert f"{draft} is too complex to be audited exactly: at most so much." in page
    assert "Fep is" not in page


def too_complex(rules: Rules, *_: object, **__: object) -> None:
    """What the audit says of rules that it cannot be exact about."""
    raise EditionError(f"{rules.code} is too complex to be audited exactly: at most so much")


# Golden cases


def answers(**given: str) -> dict[str, str]:
    return {f"answer-{fact}": answer for fact, answer in given.items()}


def test_failing_ones_come_first_with_what_came_out(editor: Client, fep: Edition) -> None:
    fep.provisions.filter(code="F1").update(criteria="site is rectum and t_stage is t4a and margin is positive")
    page = editor.get(url("golden", fep.pk))
    assert page.context["failed"] > 0
    passed = [line["passed"] for line in page.context["lines"]]
    assert passed == sorted(passed)
    assert "Expected Criteria met under this policy came out" in shown(page)


def test_a_case_is_added_by_its_form(editor: Client, fep: Edition) -> None:
    data = {"name": "Colon", "verdict": "investigational", "why": "All other.", **answers(site="colon")}
    told = editor.post(url("golden_new", fep.pk), data, follow=True)
    assert "“Colon” is kept, and passes." in shown(told)
    assert GoldenCase.objects.get(edition=fep).answers == {"site": "colon"}


def test_what_is_wrong_in_the_form_is_said_and_nothing_is_lost(editor: Client, fep: Edition) -> None:
    data = {"name": "", "verdict": "criteria_mett", "why": "Because.", **answers(site="collon", margin="close")}
    refused = editor.post(url("golden_new", fep.pk), data)
    page = shown(refused)
    assert refused.status_code == 422
    for said in ("Give it a name.", "did you mean criteria_met?", "did you mean colon?", "Because."):
        assert said in page
    assert 'value="close" selected' in refused.content.decode()


def test_an_expectation_is_changed_in_the_draft_alone(editor: Client, fep: Edition) -> None:
    held = golden_cases(fep)[0]
    form = editor.get(url("golden_case", fep.pk, held.pk)).context
    data = {"verdict": "physician_review", "why": "The text was changed.", "_seen": form["typed"].seen}
    data |= {field["name"]: field["given"] for field in form["fields"]}
    told = editor.post(url("golden_case", fep.pk, held.pk), data, follow=True)
    assert "is kept, and fails as the edition stands" in shown(told)
    changed = next(case for case in golden_cases(fep) if case.name == held.name)
    assert (changed.edition, changed.verdict, changed.answers) == (fep, "physician_review", held.answers)
    held.refresh_from_db()
    assert held.verdict == "criteria_met"


def test_one_is_retired_with_a_reason_and_brought_back(editor: Client, fep: Edition) -> None:
    held = golden_cases(fep)[0]
    refused = editor.post(url("golden_step", fep.pk, held.pk), {"action": "retire", "why": ""})
    assert (refused.status_code, "Say why it no longer holds." in shown(refused)) == (422, True)
    editor.post(url("golden_step", fep.pk, held.pk), {"action": "retire", "why": "No longer spoken of."})
    own = GoldenCase.objects.get(edition=fep)
    assert held.name not in [case.name for case in golden_cases(fep)]
    editor.post(url("golden_step", fep.pk, own.pk), {"action": "remove"})
    assert golden_cases(fep)[0] == held


def test_in_a_published_edition_an_expectation_stands(editor: Client) -> None:
    edition = edition_of("fep")
    held = golden_cases(edition)[0]
    told = editor.get(url("golden_case", edition.pk, held.pk), follow=True)
    assert "only a draft can change this" in shown(told)
    refused = editor.post(url("golden_step", edition.pk, held.pk), {"action": "retire", "why": "So."})
    assert refused.status_code == 422


def test_a_case_of_another_document_is_not_found(editor: Client, fep: Edition) -> None:
    other = golden_cases(edition_of("nia"))[0]
    assert editor.get(url("golden_case", fep.pk, other.pk)).status_code == 404
    assert editor.post(url("golden_step", fep.pk, other.pk), {"action": "retire"}).status_code == 404


def test_after_a_save_it_is_said_how_many_pass(editor: Client, fep: Edition) -> None:
    change = url("change", fep.pk)
    saved = editor.post(change, typed(editor.get(change), provisions__0__criteria="site is colon"), follow=True)
    assert re.search(r"\d+ of \d+ golden cases fail: “FEP", shown(saved))


# Source text


def upload(client: Client, edition: Edition, data: bytes, name: str = "policy.pdf") -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    return client.post(url("source", edition.pk), {"action": "upload", "file": file}, follow=True)


def test_a_text_is_shown_with_its_quotes_marked(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="A").update(quote="Rectal cancer <T4> is met")
    page = upload(editor, draft, pdf("Rectal cancer <T4> is", "met. All else is not."))
    assert "is on file. Of 3 quotes, 1 stand in it." in shown(page)
    html = page.content.decode()
    assert re.search(r"<mark>Rectal cancer &lt;T4&gt; is\s+met</mark>", html)
    assert f'id="mark-1" href="{url("change", draft.pk)}#provisions-0">Provision A' in html
    assert 'class="quote-missing"' in html


def test_the_name_of_a_file_is_told_as_it_is(editor: Client, draft: Edition) -> None:
    page = upload(editor, draft, b"Said otherwise.", "fep.txt")
    assert "“fep.txt” is on file." in shown(page)
    assert "Fep.txt" not in page.content.decode()


def test_who_stores_one_in_review_is_told_that_another_publishes(second: Client, ready: Edition) -> None:
    assert "You edited it last" not in shown(second.get(url("publish", ready.pk)))
    page = upload(second, ready, b"Said otherwise.", "fep.txt")
    assert "so the publication is now another person" in shown(page)
    assert "Another policy editor has to publish it." in shown(second.get(url("publish", ready.pk)))
    (entry, *_) = second.get(url("history", ready.pk)).context["entries"]
    assert (entry.done, entry.state.by_name, entry.state.why[:16]) == ("Source text stored", "olga", "fep.txt (SHA-256")


def test_a_text_stored_since_the_question_is_looked_at_before_publication(second: Client, ready: Edition) -> None:
    seen = second.get(url("publish", ready.pk)).context["seen"]
    store_source(edition=ready, upload=SimpleUploadedFile("fep.txt", b"Said otherwise."), by=person("editor"))
    told = second.post(url("publish", ready.pk), {"_seen": seen})
    assert (told.status_code, "Look again before you publish." in shown(told)) == (409, True)


def test_what_cannot_be_read_is_said_beside_the_file(editor: Client, draft: Edition) -> None:
    for data, said in ((b"\x89PNG\r\n", "a picture"), (b"%PDF-1.4 nothing", "broken"), (b"", "empty")):
        refused = upload(editor, draft, data)
        assert (refused.status_code, said in shown(refused)) == (422, True)
    assert editor.post(url("source", draft.pk), {"action": "upload"}).status_code == 422
    assert not draft.sources.exists()


def test_ten_megabytes_are_taken_here_and_more_are_refused_unread(editor: Client, draft: Edition) -> None:
    assert upload(editor, draft, b"%PDF-" + b"x" * (9 * 1024 * 1024)).status_code == 422  # read, and broken
    refused = upload(editor, draft, b"x" * (11 * 1024 * 1024))
    assert refused.status_code == 413
    assert "At most 10 MB are taken." in shown(refused)


def test_other_pages_still_take_one_megabyte(editor: Client, draft: Edition) -> None:
    file = SimpleUploadedFile("x", b"x" * (2 * 1024 * 1024))
    assert editor.post(url("findings", draft.pk), {"file": file}).status_code == 413


def test_a_missing_quote_is_explained(editor: Client, draft: Edition) -> None:
    page = upload(editor, draft, b"Said otherwise.", "policy.txt")
    (check, *_) = [line["check"] for line in page.context["missing"]]
    data = {"action": "accept", "kind": "quote", "key": check.key, "reason": "The PDF lacks that page."}
    told = editor.post(url("source", draft.pk), data, follow=True)
    assert told.context["open"] == 0  # all three provisions quote the same words
    assert "The PDF lacks that page." in shown(told)


def test_in_review_quotes_are_still_explained_but_nothing_is_taken_back(editor: Client, draft: Edition) -> None:
    submit_for_review(edition=draft, by=person("editor"))
    key = editor.get(url("source", draft.pk)).context["no_source"]["key"]
    editor.post(url("source", draft.pk), {"action": "accept", "kind": "no_source", "key": key, "reason": "On paper."})
    assert draft.acceptances.get().reason == "On paper."
    refused = editor.post(url("source", draft.pk), {"action": "take_back", "key": key})
    assert refused.status_code == 422
