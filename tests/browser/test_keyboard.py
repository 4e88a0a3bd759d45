"""The questionnaire by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .people import (
    BASIS,
    MARGIN,
    RECURRENCE,
    SITE,
    TECHNIQUE,
    Questionnaire,
    T,
    case_on_file,
    newest_case,
    save_by,
    saved,
)

# What has the focus: whether it shows, and whether it lies in sight, above the bar at the foot. (In a date field the
# browser frames its own parts.)
FOCUS = """() => {
    const it = document.activeElement;
    const framed = it.type === "date" || [it, it.closest("label")].filter(Boolean).some(part => {
        const style = getComputedStyle(part);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = it.getBoundingClientRect();
    const bar = document.getElementById("footbar");
    const shown = bar && it !== bar && getComputedStyle(bar).display !== "none";
    const floor = shown ? bar.getBoundingClientRect().top : innerHeight;
    return {tag: it.tagName, name: it.name || it.innerText.trim().slice(0, 40), framed: framed,
            seen: box.bottom > 0 && box.top >= -1 && box.bottom <= floor + 1};
}"""


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the focus is on `target`."""
    for _ in range(most):
        if target.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab do not lead to {target}")


def group_focus(questions: Questionnaire, question: str) -> Locator:
    """The radio button of a question that Tab leads to: the chosen one."""
    return questions.question(question).get_by_role("radio", checked=True)


def arrow_to(questions: Questionnaire, question: str, answer: str) -> None:
    """From the chosen answer, press the down arrow until `answer` is chosen."""
    for _ in range(30):
        if questions.option(question, answer).is_checked():
            return
        questions.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{answer} is not reached by arrows")


def test_the_whole_way_from_new_case_to_the_verdict_by_keyboard(questions: Questionnaire, page: Page) -> None:
    page.goto("/")
    tab_to(page, page.get_by_role("button", name="New case"))
    page.keyboard.press("Enter")
    expect(questions.headline).to_have_text("Choose the payer")
    tab_to(page, page.get_by_role("combobox", name="Payer"))
    questions.save(lambda: page.keyboard.type("FEP"))
    for question, answer in [
        (SITE, "Rectum"),
        (T, "T4"),
        (RECURRENCE, "Primary tumor"),
        (MARGIN, "Close"),
        (BASIS, "Frozen section"),
        (TECHNIQUE, "Low-energy x-ray"),
    ]:
        tab_to(page, group_focus(questions, question))
        arrow_to(questions, question, answer)
    expect(questions.headline).to_contain_text("Criteria met")
    tab_to(page, page.get_by_role("button", name="To the verdict"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/[\w-]+/$"))
    assert saved(newest_case()) == {
        "site": "rectum",
        "t_stage": "t4",
        "recurrence": "primary",
        "margin": "close",
        "margin_basis": "frozen",
        "technique": "xray",
    }
    tab_to(page, page.get_by_role("button", name="Complete case"))
    page.keyboard.press("Space")
    expect(page.locator("main")).to_contain_text("Assessment 1, completed by Mara Alvarez")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_focus_shows_and_lies_in_sight_at_every_step(questions: Questionnaire, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    questions.open(case_on_file("nia", site="cervix", recurrence="local"))
    end = page.get_by_role("button", name="To the verdict")
    steps = 0
    while not end.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["tag"] != "BODY", f"step {steps}: the focus is nowhere"
        assert focus["framed"], f"step {steps}: the focus does not show on {focus}"
        assert focus["seen"], f"step {steps}: the focus is out of sight on {focus}"
        steps += 1
        assert steps < 90
    assert steps > 25


def test_the_skip_link_comes_first_and_leads_past_the_bar(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("fep"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All cases")).to_be_focused()


def test_a_live_update_leaves_the_focus_where_it_is(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("nia", site="breast", technique="electron"))
    option = questions.option(SITE, "Cervix")
    questions.answer(SITE, "Cervix")  # questions leave and others come
    expect(option).to_be_focused()
    questions.save(lambda: page.keyboard.press("ArrowDown"))
    expect(questions.option(SITE, "Uterus")).to_be_focused()
    payer = page.get_by_role("combobox", name="Payer")
    payer.focus()
    questions.choose_payer("BCBSMA")
    expect(payer).to_be_focused()


def test_a_reason_opens_by_keyboard_and_a_live_update_leaves_it_open_and_half_typed_text_alone(
    questions: Questionnaire, page: Page
) -> None:
    questions.open(case_on_file("fep", site="rectum"))
    tab_to(page, questions.question(MARGIN).locator("summary", has_text="Why this is asked"))
    page.keyboard.press("Space")
    page.get_by_label("Your own label").fill("half ty")
    questions.save(lambda: questions.option(MARGIN, "Close").evaluate("it => it.click()"))
    expect(questions.question(MARGIN).locator("blockquote")).to_be_visible()
    expect(page.get_by_label("Your own label")).to_have_value("half ty")


def test_the_focus_is_not_lost_when_a_conflict_has_been_settled(questions: Questionnaire, page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions.open(case)
    save_by("editor", case, margin="positive")
    questions.save(lambda: questions.option(MARGIN, "Close").click(), status=409)
    way_out = page.get_by_role("button", name="Save what is on my page")
    way_out.focus()
    questions.save(lambda: page.keyboard.press("Enter"))
    expect(way_out).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") != "BODY"


def test_a_question_that_would_leave_stays_until_the_focus_has_left_it(questions: Questionnaire, page: Page) -> None:
    questions.open(case_on_file("fep", site="rectum", margin="close", recurrence="local"))
    questions.save(
        lambda: page.evaluate(
            """() => {
                document.querySelector("input[name=margin][value=negative]").click();
                document.querySelector("input[name=margin_basis]:checked").focus();
            }"""
        )
    )
    expect(group_focus(questions, BASIS)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    expect(questions.question(BASIS)).to_have_count(0)
