"""An editor writes criteria: faults where they stand, and facts to pick from."""

import time

from playwright.sync_api import Route, expect

from .editing import Form

CHECK = "**/edition/check/"


def test_a_fault_appears_under_the_field_and_is_mended_with_one_click(form: Form) -> None:
    field = form.criteria("B")
    field.fill("site is breast and\nmargin is clse")
    fault = form.card("B").locator(".criteria-fault")
    expect(fault).to_contain_text('Unknown value "clse" of margin. Did you mean close? Line 2, column 11.')
    expect(fault.locator("mark")).to_have_text("clse")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert (fault.get_attribute("id") or "") in (field.get_attribute("aria-describedby") or "")
    form.said('Unknown value "clse" of margin, line 2, column 11. Did you mean close?')
    fault.get_by_role("button", name="Write close").click()
    expect(field).to_have_value("site is breast and\nmargin is close")
    expect(form.card("B").locator(".criteria-words")).to_contain_text("Margin: Close")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    form.said("The criteria read.")


def test_the_answer_to_older_text_never_overwrites_that_to_newer(form: Form) -> None:
    def slow_at_first(route: Route) -> None:
        if "rectum" in (route.request.post_data or ""):
            time.sleep(1.5)
        route.continue_()

    form.page.route(CHECK, slow_at_first)
    form.criteria("B").fill("site is rectum")
    form.page.wait_for_timeout(500)
    form.criteria("B").fill("site is colon")
    expect(form.card("B").locator(".criteria-words")).to_contain_text("Colon")
    form.page.wait_for_timeout(1500)
    expect(form.card("B").locator(".criteria-words")).to_contain_text("Colon")


def test_a_condition_is_picked_with_the_mouse(form: Form) -> None:
    form.criteria("B").click()
    form.criteria("B").press("End")
    margin = form.page.locator(".fact[data-fact=margin]")
    margin.locator("summary").click()
    margin.get_by_label("Close").check()
    margin.get_by_label("Positive").check()
    margin.get_by_role("button", name="Insert").click()
    expect(form.criteria("B")).to_have_value("site is breast and margin in (close, positive)")
    expect(form.criteria("B")).to_be_focused()
    expect(form.card("B").locator(".criteria-words")).to_contain_text("Margin: Close or Positive")


def test_a_comparison_is_picked_by_keyboard_alone(form: Form) -> None:
    keys = form.page.keyboard
    form.criteria("B").focus()
    keys.press("Control+End")
    keys.press("Control+Space")
    keys.type("age")
    keys.press("Enter")
    keys.type("50")
    keys.press("Enter")
    expect(form.criteria("B")).to_have_value("site is breast and age >= 50")
    expect(form.criteria("B")).to_be_focused()
    keys.press("Control+Space")
    keys.type("regional")
    keys.press("Enter")
    keys.press("Space")
    keys.press("Enter")
    expect(form.criteria("B")).to_have_value("site is breast and age >= 50 and recurrence is regional")
    keys.press("Control+z")
    expect(form.criteria("B")).to_have_value("site is breast and age >= 50")
    keys.press("Control+Space")
    keys.press("Escape")
    expect(form.criteria("B")).to_be_focused()
