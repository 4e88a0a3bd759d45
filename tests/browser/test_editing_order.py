"""An editor puts provisions in order: by keyboard, by hand, adding and removing."""

from playwright.sync_api import Locator, expect

from .editing import Form


def drag(form: Form, name: str, onto: str) -> None:
    """Drag by the handle, to where the other stands once the cards have folded."""
    mouse = form.page.mouse
    form.card(name).locator(".card-handle").hover()
    mouse.down()
    there = form.card(onto).bounding_box()
    assert there
    mouse.move(there["x"] + 20, there["y"] + there["height"] * 0.8, steps=4)
    mouse.up()


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
