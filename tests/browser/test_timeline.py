"""A reader follows the editions of a policy, and what a new one changes on its map."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from coverage_app.models import Edition
from tests.services.editions_made import change, copy_of, published, withdrawn

from .sound import assert_sound


@pytest.fixture(autouse=True)
def _editions(live_server: LiveServer) -> None:
    """FEP with an edition superseded, one withdrawn, one in force, one to come, and a draft."""
    published(copy_of("fep", dt.date(2024, 7, 1)))
    withdrawn(copy_of("fep", dt.date(2025, 3, 1)))
    new = copy_of("fep", dt.date(2025, 9, 1))
    first = new.provisions.get(code="F1")
    old, wider = "margin in (positive, close)", "margin in (positive, close, indeterminate)"
    assert old in first.criteria
    stated = [{**one, "leaf": one["leaf"].replace(old, wider)} for one in first.stated]
    change(new, "F1", criteria=first.criteria.replace(old, wider), stated=stated)
    published(new)
    published(copy_of("fep", dt.date(2094, 2, 1)))
    copy_of("fep", dt.date(2095, 6, 1))


def test_a_reader_goes_from_edition_to_edition_along_the_line(page: Page, coordinator: User) -> None:
    page.goto("/policies/fep/2025-09-01/")
    line = page.get_by_role("region", name="Editions on a time line").get_by_role("list")
    expect(line.get_by_role("listitem")).to_have_count(5)
    expect(line.get_by_role("link", name="1 Sep 2025 In force 1 Sep 2025 to 31 Jan 2094")).to_have_attribute(
        "aria-current", "page"
    )
    line.get_by_role("link", name="1 Mar 2025 Withdrawn no edition, 1 Mar 2025 to 31 Aug 2025").click()
    expect(page.locator("main")).to_contain_text("This edition was withdrawn")
    page.get_by_role("link", name="1 Oct 2023 Superseded").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/policies/fep/2023-10-01/$"))


def test_a_reader_sees_what_an_edition_changed_on_the_map(page: Page, coordinator: User) -> None:
    page.goto("/policies/fep/2025-09-01/")
    page.get_by_role("link", name="What changed on the map").click()
    expect(page.locator("main")).to_contain_text("from the edition of 1 Jul 2024")
    met = "Criteria met under this policy (was: Physician review needed)"
    cell = page.get_by_role("link", name=f"Primary tumor, T4, margin indeterminate: {met}")
    expect(cell).to_be_visible()
    page.get_by_label("Technique").select_option(label="HDR brachytherapy")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.locator("td.differs").first).to_be_visible()
    page.get_by_role("link", name="Show this edition alone").click()
    expect(page.locator("td.differs")).to_have_count(0)


def test_an_editor_says_that_an_edition_was_reviewed(page: Page, sign_in: Callable[[str], User]) -> None:
    sign_in("editor")
    page.goto("/policies/nia/")
    expect(page.locator("main")).to_contain_text("Not reviewed for twelve months")
    page.get_by_label("Note, optional").fill("Unchanged on the payer's site.")
    page.get_by_role("button", name="Reviewed today").click()
    expect(page).to_have_url(re.compile("/policies/nia/$"))
    expect(page.locator("main")).not_to_contain_text("Not reviewed for twelve months")
    expect(page.locator("#review")).to_contain_text("Unchanged on the payer's site.")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("editor", "/policies/fep/2025-09-01/"),
        ("coordinator", "/policies/fep/map/?site=rectum&dos=2025-10-01&against=previous"),
    ],
)
def test_the_pages_are_sound(page: Page, sign_in: Callable[[str], User], who: str, path: str) -> None:
    sign_in(who)
    page.goto(path)
    assert_sound(page)


def test_the_line_is_on_paper_too(page: Page, coordinator: User) -> None:
    page.goto("/policies/fep/2025-09-01/")
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="Editions on a time line").locator(".bar").first).to_be_visible()
    assert Edition.objects.filter(document__code="fep").count() == 6
