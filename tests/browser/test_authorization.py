"""From a submission to an appeal in the browser, with a script and without; and what was learned of it."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from coverage_app.models import Case
from tests.services.at_payers import NOT_MET, completed, steps

from .sound import assert_sound


def record(page: Page, kind: str, day: str, **more: str) -> None:
    """Fill in the form of the next step and send it."""
    if kind:
        page.get_by_label(kind, exact=True).check()
    page.get_by_label("On", exact=True).fill(day)
    for label, text in more.items():
        field = page.get_by_label(f"The payer’s {label}")
        field.select_option(label=text) if label == "reason" else field.fill(text)
    page.get_by_role("button", name="Record").click()


def test_a_denial_and_an_appeal_are_recorded_and_a_mistake_is_struck(page: Page, coordinator: User) -> None:
    case = completed()
    page.goto(f"/cases/{case.reference}/")
    page.get_by_role("link", name="Authorization", exact=True).click()
    record(page, "", "2024-03-01", reference="A-17")
    line = page.get_by_role("region", name="What the payer did")
    expect(line.get_by_role("listitem")).to_contain_text(["A-17"])

    reason = page.get_by_label("The payer’s reason")
    page.get_by_label("Approved", exact=True).check()
    expect(reason).to_be_hidden()
    page.get_by_label("Denied", exact=True).check()
    expect(reason).to_be_visible()
    record(page, "Denied", "2024-03-12", reason="Coding")
    line.get_by_text("Strike “Denied”").click()
    line.get_by_label("Why is it struck?").and_(page.locator(":visible")).fill("The reason was another one.")
    line.get_by_role("button", name="Strike it").and_(page.locator(":visible")).click()
    expect(line.get_by_text("1 struck step")).to_be_visible()

    record(page, "Denied", "2024-03-12", reason="The policy's criteria are not met")
    expect(page.get_by_role("region", name="The payer’s decision differs from the verdict")).to_contain_text(
        "Rectal cancer with positive or close margins"
    )
    record(page, "Appealed", "2024-03-20")
    expect(page.get_by_label("Approved on appeal", exact=True)).to_be_visible()
    line.get_by_text("1 struck step").click()
    assert_sound(page)
    assert Case.objects.get().outcome == "appealed"


def test_without_a_script_a_step_is_recorded_and_insight_shows_what_was_learned(
    window: Callable[..., BrowserContext], page: Page, coordinator: User
) -> None:
    plain = window("reviewer", java_script_enabled=False).new_page()
    case = steps(completed(), "submitted 0")
    for number in range(5):
        steps(completed("fep", NOT_MET if number else None), "submitted 0", f"denied {number + 2} criteria")
    plain.goto(f"/cases/{case.reference}/authorization/")
    record(plain, "Denied", "2024-03-08", reason="Not medically necessary")
    expect(plain.get_by_role("heading", name="The payer’s decision differs from the verdict")).to_be_visible()

    page.goto("/insight/")
    expect(page.locator("#by-payer")).to_contain_text("4 of 6 as read, 67%")
    page.get_by_text("Table: by provision").click()
    expect(page.get_by_role("row", name="FEP 8.01.08, F1")).to_contain_text("too few")
    page.get_by_label("Payer", exact=True).select_option(label="NIA_CG_226")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="No decision in this choice")).to_be_visible()
    page.get_by_role("link", name="look at everything").click()
    for summary in page.locator("details.more > summary").all():
        summary.click()
    assert_sound(page)
    page.get_by_role("region", name="Where a payer reads").get_by_role("link", name="F1 of").click()
    expect(page.locator("#F1")).to_contain_text("Rectal cancer with positive or close margins")
