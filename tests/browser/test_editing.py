"""The form of an edition without JavaScript, and whether it is sound."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from coverage_app.models import Edition
from tests.services.editions_made import one_row

from .editing import Form
from .sound import assert_sound


def test_without_javascript_numbers_put_in_order_and_saving_checks(
    window: Callable[..., BrowserContext], draft: Edition
) -> None:
    page = window("editor", java_script_enabled=False).new_page()
    form = Form(page, draft)
    expect(form.card("A").locator(".criteria-words")).to_contain_text("T4 covers T4a and T4b")
    expect(page.locator(".fact[data-fact=margin]")).to_contain_text("Margin")
    expect(form.card("A").get_by_role("button")).to_have_count(0)
    form.card("B").get_by_label("Position").fill("1")
    form.criteria("B").fill("site is brest")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(form.card("B").locator(".criteria-fault")).to_contain_text("Did you mean breast?")
    form.criteria("B").fill("site is colon")
    assert form.save() == ["B", "A", "C"]
    page.get_by_role("link", name="Add a provision").click()
    expect(form.card("New provision")).to_be_visible()


def test_the_form_is_sound_also_with_a_fault_and_a_new_provision(form: Form) -> None:
    form.criteria("B").fill("site is brest")
    form.page.get_by_role("button", name="Add another Provision").click()
    expect(form.checks).to_contain_text("1 fault")
    expect(form.card("B").locator(".criteria-fault")).to_be_visible()
    form.page.locator(".fact[data-fact=margin]").locator("summary").click()
    assert_sound(form.page)


def test_the_form_is_sound_with_findings(form: Form) -> None:
    form.criteria("B").fill("site is rectum and t_stage in (t3, t4)")
    expect(form.checks).to_contain_text("both hold")
    form.checks.locator(".finding summary").first.click()
    assert_sound(form.page)


def test_statements_are_cards_too(page: Page, sign_in: Callable[[str], object]) -> None:
    row = one_row("intent is boost", "intent is sole")
    sign_in("editor")
    page.goto(f"/admin/coverage_app/guidelinerow/{row.pk}/change/")
    page.locator(".card").nth(1).get_by_role("button", name=re.compile("up$")).click()
    expect(page.locator("#live")).to_contain_text("This row has none yet.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()
    assert [statement.criteria for statement in row.statements.all()] == ["intent is sole", "intent is boost"]
