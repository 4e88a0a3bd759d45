"""A coordinator is told what is due, goes to a case, and holds it against the other payers."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coverage_app.services import library
from tests.services.due_cases import changed, near, overdue
from tests.services.editions_made import copy_of, published
from tests.services.making import MET

from .sound import assert_sound


def test_from_what_is_due_to_the_payers_side_by_side(page: Page, sign_in: Callable[[str], User]) -> None:
    library.forget()
    case = near(2, {**MET, "technique": "hdr"}, code="bcbsma", diagnosis_code="C20")
    changed("nia")
    for _ in range(4):
        near()
    sign_in("coordinator")
    page.goto("/")
    due = page.get_by_role("region", name="What is due")
    expect(due.get_by_role("heading")).to_have_count(2)
    assert_sound(page)
    due.get_by_role("link", name="1 more").click()
    expect(page.get_by_text("Only: Dates of service")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(5)  # the heads, and the four cases with answers missing
    page.get_by_label("Payer").select_option(label="BCBSMA 278")
    expect(page.get_by_text("No case matches")).to_be_visible()

    page.goto(f"/cases/{case.reference}/")
    page.get_by_role("link", name="Payers side by side").click()
    expect(page.get_by_role("heading", name="3 payers, 2 verdicts")).to_be_visible()
    expect(page.get_by_role("row", name="Verdict They differ")).to_be_visible()
    assert_sound(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("columnheader", name="FEP 8.01.08")).to_be_visible()
    page.emulate_media(media="screen")

    old = overdue()
    published(copy_of("fep", dt.date(2026, 1, 1)))
    page.goto(f"/cases/{old.reference}/")
    told = page.get_by_role("region", name="A newer edition of FEP 8.01.08 is in force")
    expect(told).to_contain_text("as before")
    told.get_by_role("link", name="What it changed, on the map").click()
    expect(page.locator("main")).to_contain_text("from the edition of 1 Oct 2023")
    library.forget()
