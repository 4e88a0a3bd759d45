"""Signing in and out."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from .people import case_on_file, sign_in_by_form, with_password


def test_a_coordinator_signs_in_with_the_form_and_sees_the_cases(page: Page) -> None:
    with_password("coordinator")
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Username")).to_be_focused()
    sign_in_by_form(page, "coordinator")
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Mara Alvarez · Coordinator")


def test_whoever_asked_for_a_page_gets_it_after_signing_in(page: Page) -> None:
    with_password("coordinator")
    case = case_on_file("fep", site="rectum")
    page.goto(f"/cases/{case.reference}/")
    sign_in_by_form(page, "coordinator")
    expect(page).to_have_url(f"/cases/{case.reference}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rectum")


def test_a_wrong_password_is_told_and_the_name_stays(page: Page) -> None:
    page.goto("/sign-in/")
    sign_in_by_form(page, "coordinator")
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    expect(page.get_by_label("Username")).to_have_value("coordinator")


def test_signing_out_leads_back_to_the_form(page: Page, sign_in: Callable[[str], User]) -> None:
    sign_in("coordinator")
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/policies/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
