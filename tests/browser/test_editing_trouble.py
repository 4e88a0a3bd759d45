"""An editor whose session ends or whose line breaks loses nothing."""

from playwright.sync_api import expect

from .editing import Form
from .people import end_session, enter, with_password

CHECK = "**/edition/check/"


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
