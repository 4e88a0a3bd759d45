"""What an editor does for the proof of an edition: its source text, the findings of its audit, its golden cases."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from coverage_app.models import Edition
from coverage_app.services.life import publication_faults, start_draft
from tests.browser.sound import assert_sound
from tests.services.making import import_small, payer, person
from tests.services.pdfs import pdf

WORDS = "Breast cancer is considered medically necessary. All else is investigational."


@pytest.fixture
def editor(sign_in: Callable[[str], User]) -> User:
    return sign_in("editor")


@pytest.fixture
def small(editor: User) -> Edition:
    """A draft of the small policy."""
    return import_small(draft="published")


def open_tab(page: Page, edition: Edition, tab: str) -> None:
    page.goto(reverse("admin:coverage_app_edition_change", args=[edition.pk]))
    page.get_by_role("navigation", name="Workbench of this edition").get_by_role("link", name=tab).click()


def upload(page: Page, path: Path) -> None:
    page.get_by_label("PDF or plain text").set_input_files(path)
    page.get_by_role("button", name="Upload").click()


def faults(edition: Edition) -> str:
    edition.refresh_from_db()
    return " ".join(publication_faults(edition, person("editor2")))


def test_a_wrong_quote_keeps_an_edition_from_being_published_until_it_is_explained(
    page: Page, small: Edition, tmp_path: Path
) -> None:
    assert "No source text is on file" in faults(small)
    open_tab(page, small, "Source text")
    file = tmp_path / "policy.pdf"
    file.write_bytes(pdf("Breast cancer is considered medi-", "cally necessary. Everything else is investigational."))
    upload(page, file)
    expect(page.get_by_text("Of 2 quotes, 1 stand in it.")).to_be_visible()
    expect(page.locator("mark", has_text="Breast cancer is considered")).to_be_visible()
    assert "Provision S2: the quote does not stand in the source text" in faults(small)
    missing = page.get_by_role("article", name="Provision S2")
    expect(missing.locator(".differs", has_text="Everything")).to_be_visible()
    missing.get_by_text("Explain …").click()
    missing.get_by_role("button", name="Keep the reason").click()
    expect(missing.get_by_text("Say why it can stand")).to_be_visible()
    missing.get_by_role("textbox").fill("The printed text says so.")
    missing.get_by_role("button", name="Keep the reason").click()
    expect(page.get_by_text("The printed text says so.")).to_be_visible()
    assert "source text" not in faults(small)


def test_a_mark_leads_to_its_provision_and_the_list_to_the_mark(page: Page, small: Edition, tmp_path: Path) -> None:
    open_tab(page, small, "Source text")
    file = tmp_path / "policy.txt"
    file.write_text("Foreword. " * 2000 + WORDS)
    upload(page, file)
    page.get_by_role("navigation", name="Quotes found").get_by_role("link", name="Provision S2").click()
    mark = page.get_by_role("region", name="The text, with the quotes marked").get_by_role("link", name="Provision S2")
    expect(mark).to_be_in_viewport()
    mark.click()
    expect(page).to_have_url(re.compile(r"/change/#provisions-1$"))


def test_a_picture_is_no_source_text(page: Page, small: Edition, tmp_path: Path) -> None:
    open_tab(page, small, "Source text")
    file = tmp_path / "policy.pdf"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    upload(page, file)
    expect(page.get_by_role("alert")).to_contain_text("This is a picture, not a text and not a PDF.")
    assert not small.sources.exists()


def test_a_finding_is_accepted_with_a_reason_and_taken_back(page: Page, small: Edition) -> None:
    small.provisions.filter(code="S2").update(position=9)
    small.provisions.create(
        code="S1r", position=5, criteria="site is breast and margin in (close, positive)", effect="physician_review",
        quote="For review.", locator="Policy",
    )  # fmt: skip
    open_tab(page, small, "Audit")
    finding = page.get_by_role("article", name="S1 and S1r both hold for some cases")
    expect(finding.locator(".example")).to_contain_text("Margin")
    expect(finding.get_by_role("img", name="S1 (decides), S1r (comes too late)")).to_be_visible()
    finding.get_by_text("Let it stand …").click()
    finding.get_by_label("Why can it stand?").fill("The sentence leaves the positive margin open.")
    finding.get_by_role("button", name="Accept").click()
    expect(finding).to_contain_text("by Edda Novak")
    expect(page.locator(".tally")).to_contain_text("0 open")
    finding.get_by_role("button", name="Take back").click()
    expect(page.locator(".tally")).to_contain_text("1 open")


def test_a_golden_case_is_added_fails_after_an_edit_and_is_changed(page: Page, small: Edition) -> None:
    open_tab(page, small, "Golden cases")
    page.get_by_role("link", name="Add a golden case").click()
    page.get_by_label("Name").fill("A close margin is covered")
    page.get_by_label("Cancer site").select_option("Breast")
    page.get_by_label("Margin", exact=True).select_option("Close")
    page.get_by_label("Expected verdict").select_option("Criteria met under this policy")
    page.get_by_label("Why").fill("Breast cancer is considered medically necessary.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("is kept, and passes.")).to_be_visible()

    small.provisions.filter(code="S1").update(criteria="site is breast and margin is negative")
    page.reload()
    case = page.get_by_role("article", name="A close margin is covered")
    expect(case).to_contain_text("Failed")
    expect(case).to_contain_text("came out Investigational")
    assert "Golden case “A close margin is covered” fails" in faults(small)

    case.get_by_role("link", name="Change the expectation").click()
    page.get_by_label("Expected verdict").select_option("Investigational")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("1 of 1 pass")).to_be_visible()
    assert "Golden case" not in faults(small)


@pytest.mark.parametrize("tab", ["Audit", "Golden cases", "Source text"])
def test_the_pages_are_sound(page: Page, editor: User, tmp_path: Path, tab: str) -> None:
    draft = start_draft(document=payer("bcbsma"), by=person("editor"))
    draft.provisions.filter(code="B1").update(
        criteria="site is rectum and margin is positive", quote=f"{WORDS} Not so."
    )
    open_tab(page, draft, tab)
    if tab == "Source text":
        file = tmp_path / "policy.txt"
        file.write_text("\n\n".join([WORDS, *draft.provisions.exclude(code="B1").values_list("quote", flat=True)]))
        upload(page, file)
        expect(page.locator("mark").first).to_be_visible()
    page.locator("details").first.evaluate("details => { details.open = true }")
    assert_sound(page)


def test_the_form_of_a_golden_case_is_sound(page: Page, small: Edition) -> None:
    open_tab(page, small, "Golden cases")
    page.get_by_role("link", name="Add a golden case").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
    assert_sound(page)
