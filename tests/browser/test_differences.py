"""An editor holds two editions against each other, and finds what waits on the first page."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from coverage_app.models import Edition, EditionReview
from tests.services.editions_made import add, change, change_statement, copy_of
from tests.services.making import person

from .sound import assert_sound

LATER = dt.date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _signed_in(sign_in: Callable[[str], User]) -> None:
    """Everybody here is an editor."""
    sign_in("editor")


@pytest.fixture
def draft() -> Edition:
    """A draft of NIA with a provision more, one less, and two that changed, one of them in another place."""
    made = copy_of("nia", LATER, edited_by=person("editor2"), edited_at="2026-01-02T10:00Z")
    made.provisions.get(code="N5").delete()
    first = made.provisions.get(code="N1")
    change(made, "N1", criteria=first.criteria.replace("age >= 50", "age >= 45"), position=100)
    change(made, "N9", position=200)
    add(made, "N50", 3, "site is stomach and intent is boost", "physician_review")
    change(made, "N6", quote="IORT is indicated for rectal cancer with positive margins.")
    return made


def differences(page: Page, edition: Edition) -> None:
    page.goto(reverse("admin:coverage_app_edition_differences", args=[edition.pk]))


def test_an_editor_reads_what_differs_in_words_and_in_verdicts(page: Page, draft: Edition) -> None:
    page.goto(reverse("admin:coverage_app_edition_change", args=[draft.pk]))
    page.get_by_role("navigation", name="Workbench").get_by_role("link", name="Differences").click()
    expect(page.locator(".counted .say")).to_contain_text("of 13,006,946,304 possible complete cases")
    expect(page.get_by_role("img", name="The cases that change")).to_be_visible()
    pancreas = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Pancreas"))
    expect(pancreas).to_contain_text("481,738,752")
    expect(pancreas).to_contain_text("Cancer site: Pancreas")
    changed = page.get_by_role("table", name="N6, changed")
    expect(changed.locator("del").first).to_have_text("or close")
    expect(page.get_by_role("heading", name="N1 Changed Moved from place")).to_be_visible()
    expect(page.get_by_role("heading", name="N5 Removed")).to_be_visible()
    expect(page.get_by_role("heading", name="N50 Added")).to_be_visible()


def test_the_sides_are_swapped_and_chosen_by_keyboard(page: Page, draft: Edition) -> None:
    differences(page, draft)
    page.get_by_role("link", name="Swap sides").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="N50 Removed")).to_be_visible()
    page.get_by_label("Before", exact=True).select_option(label="1 Jan 2027 · Draft")
    page.get_by_label("After", exact=True).select_option(label="1 Jan 2027 · Draft")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.locator(".errornote")).to_have_text("Both sides name the same edition. Choose two.")


def test_the_differences_of_a_policy_are_sound(page: Page, draft: Edition) -> None:
    differences(page, draft)
    assert_sound(page)


def test_the_differences_of_a_guideline_are_sound(page: Page) -> None:
    made = copy_of("nccn", LATER)
    change_statement(made, "nccn-colon", criteria="intent is boost")
    differences(page, made)
    expect(page.locator(".counted h3")).to_have_text("nccn-colon")
    assert_sound(page)


def test_an_edition_without_another_is_sound(page: Page) -> None:
    differences(page, Edition.objects.get(document__code="fep"))
    expect(page.locator("#content-main")).to_contain_text("nothing to compare it with")
    assert_sound(page)


def test_the_first_page_leads_to_the_work_and_takes_a_review(page: Page, draft: Edition) -> None:
    Edition.objects.filter(pk=draft.pk).update(status="in_review")
    copy_of("fep", LATER, edited_by=person("editor"), edited_at="2026-01-02T10:00Z")
    page.goto("/admin/")
    assert_sound(page)
    page.get_by_label(re.compile("on FEP 8.01.08 · 1 Oct 2023")).fill("The same text.")
    page.get_by_role("button", name=re.compile("Reviewed today ?: FEP 8.01.08")).click()
    expect(page.get_by_text("is reviewed. The next review is due by")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Reviewed today ?: FEP 8.01.08"))).to_have_count(0)
    assert EditionReview.objects.get().note == "The same text."
    page.get_by_role("link", name="NIA_CG_226 · 1 Jan 2027").first.click()
    expect(page).to_have_url(re.compile(f"/{draft.pk}/change/$"))
