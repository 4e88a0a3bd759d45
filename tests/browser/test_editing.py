"""An editor writes provisions: with the mouse, by keyboard alone, without JavaScript, on a slow or broken line."""

import datetime as dt
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from coverage_app.models import Document, Edition, GuidelineRow, GuidelineStatement, Provision

from .people import end_session, enter, with_password
from .sound import assert_sound

CHECK = "**/edition/check/"


@pytest.fixture
def draft(db: None) -> Edition:
    """A draft of FEP with three provisions."""
    edition = Edition.objects.create(document=Document.objects.get(code="fep"), in_force=dt.date(2030, 1, 1))
    given = [
        ("A", "site is rectum and t_stage is t4", "criteria_met"),
        ("B", "site is breast", "investigational"),
        ("C", "always", "investigational"),
    ]
    for n, (code, criteria, effect) in enumerate(given, 1):
        Provision.objects.create(
            edition=edition, position=n, code=code, criteria=criteria, effect=effect, quote="Said so.", locator="Policy"
        )
    return edition


def address(edition: Edition) -> str:
    return f"/admin/coverage_app/edition/{edition.pk}/change/"


class Form:
    """The form of an edition in a browser window."""

    def __init__(self, page: Page, edition: Edition) -> None:
        self.page, self.edition = page, edition
        page.goto(address(edition))

    def card(self, name: str) -> Locator:
        head = self.page.locator(".card-name").filter(has_text=re.compile(f"^{name}$"))
        return self.page.locator(".card:not(.empty-form)").filter(has=head)

    def criteria(self, name: str) -> Locator:
        return self.card(name).get_by_label("Criteria")

    def order(self) -> list[str]:
        return self.page.locator(".card:not(.empty-form) .card-name").all_inner_texts()

    @property
    def checks(self) -> Locator:
        return self.page.locator("#live")

    def said(self, words: str) -> None:
        expect(self.page.locator("#editing-said")).to_have_text(words)

    def save(self) -> list[str]:
        """Save, and the codes of the provisions that are then on file, in order."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Save and continue editing").click()
        expect(self.page.locator(".errornote")).to_have_count(0)
        return codes(self.edition)


def codes(edition: Edition) -> list[str]:
    return list(edition.provisions.order_by("position").values_list("code", flat=True))


@pytest.fixture
def form(page: Page, sign_in: Callable[[str], object], draft: Edition) -> Form:
    sign_in("editor")
    return Form(page, draft)


# Criteria


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


# Order


def test_a_provision_is_moved_by_keyboard_and_keeps_the_focus(form: Form) -> None:
    button = form.card("B").get_by_role("button", name="Move B up")
    button.focus()
    form.page.keyboard.press("Enter")
    assert form.order() == ["B", "A", "C"]
    expect(button).to_be_focused()
    form.said("B is now provision 1 of 3.")
    form.page.keyboard.press("Enter")
    assert form.order() == ["B", "A", "C"]
    assert form.save() == ["B", "A", "C"]


def drag(form: Form, name: str, onto: str) -> None:
    """Drag by the handle, to where the other stands once the cards have folded."""
    mouse = form.page.mouse
    form.card(name).locator(".card-handle").hover()
    mouse.down()
    there = form.card(onto).bounding_box()
    assert there
    mouse.move(there["x"] + 20, there["y"] + there["height"] * 0.8, steps=4)
    mouse.up()


def test_a_provision_is_dragged_by_its_handle(form: Form) -> None:
    drag(form, "A", "B")
    assert form.order() == ["B", "A", "C"]
    form.said("A is now provision 2 of 3.")
    assert form.save() == ["B", "A", "C"]


def test_escape_leaves_a_dragged_provision_where_it_was(form: Form) -> None:
    form.card("A").locator(".card-handle").hover()
    form.page.mouse.down()
    form.page.mouse.move(200, 600, steps=3)
    form.page.keyboard.press("Escape")
    form.page.mouse.up()
    assert form.order() == ["A", "B", "C"]


def fill(card: Locator, code: str) -> None:
    card.get_by_label("Effect").select_option("criteria_met")
    card.get_by_label("Locator").fill("Policy")
    card.get_by_label("Criteria").fill("site is colon")
    card.get_by_label("Quote").fill("Said so.")
    card.get_by_label("Id").fill(code)  # last: the card is found by it


def test_provisions_are_added_moved_and_removed_in_one_go(form: Form) -> None:
    add = form.page.get_by_role("button", name="Add another Provision")
    add.click()
    assert form.order() == ["A", "B", "New provision", "C"]
    fill(form.card("New provision"), "X")
    add.click()
    fill(form.card("New provision"), "Y")
    form.card("X").get_by_role("button", name="Move X up").click()
    form.card("X").get_by_role("button", name="Move X up").click()
    form.card("Y").get_by_role("button", name="Remove").click()
    add.click()
    form.card("B").get_by_label("Delete").check()
    assert form.order() == ["X", "A", "B", "New provision", "C"]
    assert form.save() == ["X", "A", "C"]  # the empty one is not saved


# Checks


def test_the_panel_follows_what_is_typed_and_saves_nothing(form: Form) -> None:
    expect(form.checks.locator("#live-gist")).to_contain_text("finding")
    form.criteria("B").fill("site is brest")
    expect(form.checks).to_contain_text("1 fault")
    form.checks.get_by_role("button", name="B").click()
    expect(form.criteria("B")).to_be_focused()
    form.criteria("B").fill("site is rectum and t_stage in (t3, t4)")
    expect(form.checks).to_contain_text("A and B both hold for some cases")
    form.card("B").get_by_role("button", name="Move B up").click()
    expect(form.checks).to_contain_text("A can never decide")
    expect(form.page.locator("#editing-checks")).to_contain_text("Checks: ")
    assert form.edition.provisions.get(code="B").criteria == "site is breast"


def test_the_panel_says_when_the_edition_is_no_longer_a_draft(form: Form) -> None:
    expect(form.checks.locator("#live-gist")).to_contain_text("finding")
    Edition.objects.filter(pk=form.edition.pk).update(status="in_review")
    form.criteria("B").fill("site is colon")
    expect(form.checks).to_contain_text("is in review now, not a draft")
    expect(form.criteria("B")).to_have_value("site is colon")


def test_nothing_is_lost_when_the_session_ends(form: Form, live_server: object) -> None:
    with_password("editor")
    end_session(form.page.context)
    form.criteria("B").fill("site is colon")
    trouble = form.page.locator("#editing-trouble")
    expect(trouble).to_contain_text("Your session has ended.")
    form.page.get_by_role("button", name="Save and continue editing").click()
    expect(trouble.get_by_role("link", name="Sign in (new tab)")).to_be_visible()
    expect(form.criteria("B")).to_have_value("site is colon")
    enter(form.page.context, "editor", str(live_server))
    with form.page.expect_navigation():
        trouble.get_by_role("button", name="Try again").click()
    assert form.edition.provisions.get(code="B").criteria == "site is colon"


def test_a_broken_line_is_said_and_tried_again(form: Form) -> None:
    form.page.route(CHECK, lambda route: route.abort())
    form.criteria("B").fill("site is colon")
    trouble = form.page.locator("#editing-trouble")
    expect(trouble).to_contain_text("The server could not be reached.")
    form.page.unroute(CHECK)
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_be_hidden()
    expect(form.card("B").locator(".criteria-words")).to_contain_text("Colon")


# Without JavaScript, and sound


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
    edition = Edition.objects.create(document=Document.objects.get(code="abs"), in_force=dt.date(2030, 1, 1))
    row = GuidelineRow.objects.create(
        edition=edition, position=1, code="abs-new", title="New", version="2030", category="2A", sites=["colon"],
        quote="May be considered.", locator="Table 1",
    )  # fmt: skip
    for n, criteria in enumerate(("intent is boost", "intent is sole"), 1):
        GuidelineStatement.objects.create(row=row, position=n, criteria=criteria, stance="supports")
    sign_in("editor")
    page.goto(f"/admin/coverage_app/guidelinerow/{row.pk}/change/")
    page.locator(".card").nth(1).get_by_role("button", name=re.compile("up$")).click()
    assert_sound(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()
    assert [statement.criteria for statement in row.statements.all()] == ["intent is sole", "intent is boost"]
