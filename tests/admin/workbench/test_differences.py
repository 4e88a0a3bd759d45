"""The page of two editions side by side, and the editors' first page."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.admin.workbench.flows import flow
from coverage_app.admin.workbench.numbers import about, share
from coverage_app.models import Edition, EditionReview
from tests.services.editions_made import add, change, change_statement, copy_of, published
from tests.services.making import edition_of, person

pytestmark = pytest.mark.django_db
LATER = dt.date(2027, 1, 1)


def shown(response: object) -> str:
    """The page as text, entities and white space resolved."""
    return " ".join(unescape(response.content.decode()).split())  # type: ignore[attr-defined]


def said(page: str) -> str:
    """The same without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def address(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_differences", args=[edition.pk])


@pytest.fixture
def changed() -> Edition:
    """A draft of NIA in which three provisions differ."""
    draft = copy_of("nia", LATER)
    draft.provisions.get(code="N5").delete()
    add(draft, "N50", 2, "site is stomach and intent is boost", "physician_review")
    change(draft, "N6", quote="IORT is indicated for rectal cancer with positive margins.")
    return draft


# Differences


def test_a_draft_is_held_against_the_edition_in_force(editor: Client, changed: Edition) -> None:
    page = shown(editor.get(address(changed)))
    assert "Left the edition of 1 Jan 2023, right that of 1 Jan 2027" in said(page)
    assert '<span class="standing removed">Removed</span>' in page
    assert '<span class="standing added">Added</span>' in page
    assert "<del>or close</del>" in page
    assert re.search(r"<strong>[\d,]+</strong> of 13,006,946,304 possible complete cases", page)


def test_the_picture_and_the_tables_say_the_same(editor: Client, changed: Edition) -> None:
    page = said(shown(editor.get(address(changed))))
    assert "Pancreas Physician review needed Investigational 481,738,752 3.7% Cancer site: Pancreas" in page
    assert "Physician review 482 million Investigational 482 million" in page


def test_any_two_editions_of_the_document_can_be_chosen(editor: Client, changed: Edition) -> None:
    old = edition_of_day("nia", dt.date(2023, 1, 1))
    response = editor.get(address(changed), {"before": changed.pk, "after": old.pk})
    assert "Left the edition of 1 Jan 2027, right that of 1 Jan 2023" in said(shown(response))


def edition_of_day(code: str, day: dt.date) -> Edition:
    return Edition.objects.get(document__code=code, in_force=day)


@pytest.mark.parametrize("number", ["999999", "moon", "-1", "1e9", "\x00", "9" * 400])
def test_a_number_of_no_edition_is_told_so(editor: Client, changed: Edition, number: str) -> None:
    response = editor.get(address(changed), {"before": number})
    assert response.status_code == 400
    assert "has no edition of the number" in shown(response)


def test_an_edition_of_another_document_cannot_be_chosen(editor: Client, changed: Edition) -> None:
    assert editor.get(address(changed), {"before": edition_of("fep").pk}).status_code == 400


def test_an_edition_is_not_held_against_itself(editor: Client, changed: Edition) -> None:
    response = editor.get(address(changed), {"before": changed.pk})
    assert response.status_code == 400
    assert "Both sides name the same edition" in shown(response)


def test_the_only_edition_has_nothing_to_be_compared_with(editor: Client) -> None:
    assert "This is the only edition of its document" in shown(editor.get(address(edition_of("fep"))))


def test_a_guideline_says_which_rows_differ(editor: Client) -> None:
    draft = copy_of("nccn", LATER)
    change_statement(draft, "nccn-colon", criteria="intent is boost")
    page = said(shown(editor.get(address(draft))))
    assert "What differs in stances" in page
    assert "get another stance" in page
    assert re.search(r"No difference: .*nccn-rectal", page)


def test_a_draft_that_does_not_read_still_shows_its_words(editor: Client, changed: Edition) -> None:
    change(changed, "N6", criteria="site is rectom")
    page = shown(editor.get(address(changed)))
    assert "does not decide: provision N6" in page
    assert "<ins>rectom</ins>" in page or "rectom" in said(page)


def test_an_edition_too_complex_to_count_says_so(
    editor: Client, changed: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coverage_app.rules.store.WORK_LIMIT", 100)
    page = shown(editor.get(address(changed)))
    assert "too complex" in page
    assert "What differs in words" in page


@pytest.mark.parametrize(("who", "status"), [("coordinator", 302), ("reviewer", 302)])
def test_it_is_for_editors(client: Client, who: str, status: int) -> None:
    client.force_login(person(who))
    assert client.get(address(edition_of("fep"))).status_code == status


def test_it_takes_as_many_queries_for_any_number_of_differences(editor: Client) -> None:
    draft = copy_of("nia", LATER)
    editor.get(address(draft))
    with CaptureQueriesContext(connection) as few:
        editor.get(address(draft))
    for provision in ("N1", "N2", "N3", "N4", "N6"):
        change(draft, provision, quote="Another sentence.", criteria="site is breast")
    add(draft, "N60", 1, "site is colon", "not_addressed")
    with CaptureQueriesContext(connection) as many:
        editor.get(address(draft))
    assert len(many) == len(few)
    assert len(few) <= 40


# Pictures and numbers


def test_bands_are_as_wide_as_they_are_common_and_none_is_lost() -> None:
    found = flow(
        {("investigational", "criteria_met"): 10**9, ("investigational", "not_addressed"): 1, ("a", "a"): 10**12}
    )
    assert found
    assert [bar["effect"] for bar in found["left"]] == ["investigational"]
    assert [bar["height"] for bar in found["right"]] == [199, 3]
    assert flow({("criteria_met", "criteria_met"): 5}) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (12, "12"),
        (999_999, "999,999"),
        (6_262_603_776, "6.26 billion"),
        (10**13, "10 trillion"),
        (12 * 10**40, "1.2 × 10^41"),
    ],
)
def test_large_numbers_are_said_in_words(number: int, words: str) -> None:
    assert about(number) == words


@pytest.mark.parametrize(
    ("number", "total", "words"),
    [
        (0, 9, "0%"),
        (9, 9, "100%"),
        (1, 10**12, "less than 0.0001%"),
        (10**12 - 1, 10**12, "more than 99.9%"),
        (1, 3, "33.3%"),
        (1, 470, "0.21%"),
        (1, 10**30, "less than 0.0001%"),
        (1, 20_000, "0.0050%"),
    ],
)
def test_a_share_is_never_said_to_be_none_or_all_when_it_is_not(number: int, total: int, words: str) -> None:
    assert share(number, total) == words


# The editors' first page


def test_the_first_page_lists_what_waits_and_who_edited_it(editor: Client) -> None:
    copy_of("fep", LATER, edited_by=person("editor"), edited_at="2026-01-02T10:00Z")
    waiting = copy_of("nia", LATER, edited_by=person("editor2"), edited_at="2026-01-03T10:00Z")
    Edition.objects.filter(pk=waiting.pk).update(status="in_review")
    page = said(shown(editor.get("/admin/")))
    assert "FEP 8.01.08 · 1 Jan 2027 last edited by you, 2 Jan 2026" in page
    name = person("editor2").get_full_name()
    assert f"NIA_CG_226 · 1 Jan 2027 last edited by {name}, 3 Jan 2026. You can publish it, or send it back." in page


def test_who_edited_last_is_told_that_somebody_else_has_to_publish(editor: Client) -> None:
    waiting = copy_of("nia", LATER, edited_by=person("editor"), edited_at="2026-01-03T10:00Z")
    Edition.objects.filter(pk=waiting.pk).update(status="in_review")
    assert "Somebody else has to publish it" in shown(editor.get("/admin/"))


def test_an_overdue_edition_is_listed_until_it_is_reviewed(editor: Client) -> None:
    fep = edition_of("fep")
    url = reverse("admin:coverage_app_edition_reviewed", args=[fep.pk])
    assert url in shown(editor.get("/admin/"))
    response = editor.post(url, {"note": "No change."}, follow=True)
    assert "is reviewed. The next review is due by" in shown(response)
    assert url not in shown(editor.get("/admin/"))
    assert EditionReview.objects.get().note == "No change."


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_after_a_review_nobody_is_sent_elsewhere(editor: Client, back: str) -> None:
    url = reverse("admin:coverage_app_edition_reviewed", args=[edition_of("fep").pk])
    assert editor.post(url, {"back": back}).headers["Location"] == reverse("admin:index")
    assert editor.post(url, {"back": "/policies/fep/"}).headers["Location"] == "/policies/fep/"


def test_a_review_is_posted_by_an_editor_alone(editor: Client, coordinator: Client) -> None:
    url = reverse("admin:coverage_app_edition_reviewed", args=[edition_of("fep").pk])
    assert editor.get(url).status_code == 405
    assert coordinator.post(url).status_code == 302
    assert not EditionReview.objects.exists()


def test_a_note_too_long_is_told_and_nothing_is_kept(editor: Client) -> None:
    url = reverse("admin:coverage_app_edition_reviewed", args=[edition_of("fep").pk])
    assert "at most 2000 are kept" in shown(editor.post(url, {"note": "x" * 3000}, follow=True))
    assert not EditionReview.objects.exists()


def test_the_first_page_takes_as_many_queries_for_any_number_of_editions(editor: Client) -> None:
    copy_of("fep", LATER, edited_by=person("editor"))
    editor.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        editor.get("/admin/")
    for year in range(2028, 2033):
        copy_of("abs", dt.date(year, 1, 1), edited_by=person("editor2"))
    for code in ("abs", "nccn"):
        published(copy_of(code, dt.date(2020, 6, 1)))
    with CaptureQueriesContext(connection) as many:
        editor.get("/admin/")
    assert len(many) == len(few)
