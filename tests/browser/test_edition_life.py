"""A policy change, carried by two editors from the copy to publication; and a withdrawal with the cases it leaves."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from playwright.sync_api import BrowserContext, Page, expect

from coverage_app.models import Document, Edition
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.golden import retire_golden, run_of
from coverage_app.services.life import discard_draft, note_edit, start_draft
from tests.services.making import person

from .people import case_on_file
from .sound import assert_sound

START = dt.date(2025, 1, 1)


def stands(page: Page, words: str) -> None:
    expect(page.get_by_role("region", name="Where this edition stands").locator(".standing")).to_have_text(words)


def step(page: Page, link: str, button: str, why: str = "") -> None:
    """Go to the page of a step, say why, and take it."""
    page.get_by_role("link", name=link).click()
    page.locator("#id_why").fill(why)
    page.get_by_role("button", name=button, exact=True).click()


def begin(page: Page) -> Edition:
    """From the document's page to a draft that begins at START."""
    page.goto(f"/admin/coverage_app/document/{Document.objects.get(code='fep').pk}/change/")
    page.locator(".object-tools").get_by_role("link", name="New edition").click()
    page.get_by_label("First day in force").fill(START.isoformat())
    page.get_by_label("Why").fill("The payer has published a new text.")
    page.get_by_role("button", name="Begin the draft").click()
    stands(page, "Draft")
    return Edition.objects.get(document__code="fep", status="draft")


def edit(page: Page, draft: Edition, why: str, **fields: str) -> None:
    """Change the first provision, which speaks of patients without cancer."""
    page.goto(f"/admin/coverage_app/edition/{draft.pk}/change/")
    for name, text in fields.items():
        field = page.locator(f"#id_provisions-0-{name}")
        field.select_option(label=text) if name == "effect" else field.fill(text)
    page.get_by_label("Why this change").fill(why)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")


def settle(draft: Edition) -> None:
    """All that stands in the way of publication beside the text: quotes without a source, golden cases of old."""
    by = person("editor")
    for check in unexplained_quotes(draft):
        accept(edition=draft, kind=check.kind, key=check.key, reason="The text is on paper.", by=by)
    for result in run_of(draft):
        if not result.passed:
            retire_golden(edition=draft, by=by, name=result.case.name, why="The text says otherwise now.")


def test_a_change_of_policy_goes_from_the_copy_to_publication_by_two_people(
    page: Page, sign_in: Callable[[str], User], window: Callable[..., BrowserContext]
) -> None:
    sign_in("editor")
    editor, editor2 = page, window("editor2", java_script_enabled=False).new_page()
    draft = begin(editor)
    edit(editor, draft, "It asks for a physician now.", effect="Physician review needed")
    settle(draft)
    editor.reload()
    step(editor, "Submit for review …", "Submit for review", "Ready.")
    stands(editor, "In review")

    editor.get_by_role("link", name="Publish …").click()
    expect(editor.locator("#content")).to_contain_text(
        "You edited it last, or added to it. Another policy editor has to publish it."
    )
    expect(editor.get_by_role("button", name="Publish")).to_have_count(0)

    editor2.goto(f"/admin/coverage_app/edition/{draft.pk}/change/")
    step(editor2, "Send back …", "Send back", "Say how it is read.")
    editor.goto(f"/admin/coverage_app/edition/{draft.pk}/history/")
    expect(editor.locator(".states")).to_contain_text("“Say how it is read.”")
    edit(editor, draft, "Asked for in the review.", note="A physician looks at each of these.")
    step(editor, "Submit for review …", "Submit for review")

    editor2.goto(f"/admin/coverage_app/edition/{draft.pk}/change/")
    editor2.get_by_role("link", name="Publish …").click()
    expect(editor2.locator("#content")).to_contain_text("FEP 8.01.08 · 1 Oct 2023 then ends.")
    expect(editor2.locator("#content")).to_contain_text("Provision F0 changed: effect")
    editor2.get_by_role("button", name="Publish", exact=True).click()
    stands(editor2, "In force")
    expect(editor2.locator(".states h3").first).to_have_text("Published")

    coordinator = window("coordinator").new_page()
    for day, verdict in ((START, "Physician review needed"), (START - dt.timedelta(days=1), "Not addressed")):
        case = case_on_file("fep", dos=day, site="non_oncologic")
        coordinator.goto(f"/cases/{case.reference}/")
        expect(coordinator.locator(".verdict .say")).to_contain_text(verdict)


def test_an_edition_is_withdrawn_and_the_cases_that_it_decided_are_listed(
    window: Callable[..., BrowserContext],
) -> None:
    cases = [case_on_file("fep", site="rectum") for _ in range(2)]
    person("editor").user_permissions.add(Permission.objects.get(codename="view_case"))
    page = window("editor", java_script_enabled=False).new_page()
    edition = Edition.objects.get(document__code="fep")
    page.goto(f"/admin/coverage_app/edition/{edition.pk}/change/")
    page.get_by_role("link", name="Withdraw …").click()
    expect(page.get_by_role("region", name="The cases that it decided").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("alert")).to_have_text("Say why the edition is withdrawn.")
    page.get_by_label("Reason").fill("The payer has taken it back.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("#content")).to_contain_text("its days have no edition on file")
    page.get_by_role("link", name=cases[0].reference).click()
    expect(page.locator(".verdict .say")).to_contain_text("No policy on file for this date")


def test_the_second_of_two_editors_sees_both_versions_and_saves_theirs(
    window: Callable[..., BrowserContext], draft: Edition
) -> None:
    mine, theirs = window("editor").new_page(), window("editor2").new_page()
    for page in (mine, theirs):
        page.goto(f"/admin/coverage_app/edition/{draft.pk}/change/")
    mine.locator("#id_provisions-0-note").fill("Read as the payer's letter says.")
    mine.get_by_role("button", name="Save and continue editing").click()
    expect(mine.locator(".messagelist")).to_contain_text("was changed successfully")
    theirs.locator("#id_provisions-0-note").fill("Read as before.")
    theirs.get_by_role("button", name="Save and continue editing").click()
    row = theirs.get_by_role("region", name="Where the two versions differ").get_by_role("row").nth(1)
    expect(row).to_have_text("Provision A: note Read as the payer's letter says. Read as before.", use_inner_text=False)
    assert_sound(theirs)
    theirs.get_by_role("button", name="Save and continue editing").click()
    expect(theirs.locator(".messagelist")).to_contain_text("was changed successfully")
    assert draft.provisions.get(code="A").note == "Read as before."


def test_any_state_is_restored_by_keyboard(page: Page, sign_in: Callable[[str], User]) -> None:
    draft = start_draft(document=Document.objects.get(code="fep"), by=person("editor"), in_force=START)
    draft.provisions.filter(code="F0").delete()
    note_edit(edition=draft, by=person("editor"))
    sign_in("editor2")
    page.goto(f"/admin/coverage_app/edition/{draft.pk}/history/")
    expect(page.get_by_role("heading", name="Provision F0 removed")).to_be_visible()
    page.get_by_role("link", name="Restore as a new draft (state 1)").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why").fill("It was right.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stands(page, "Draft")
    again = Edition.objects.filter(document__code="fep").latest("pk")
    assert again.provisions.filter(code="F0").exists()


@pytest.mark.parametrize("tab", ["submit", "publish", "withdraw", "history", "delete", "history/1/restore", "gone"])
def test_every_page_of_an_editions_life_is_sound(page: Page, sign_in: Callable[[str], User], tab: str) -> None:
    by, fep = person("editor"), Document.objects.get(code="fep")
    case_on_file("fep", site="rectum")
    draft = start_draft(document=fep, by=by, in_force=START)
    number = fep.editions.get(status="published").pk if tab == "withdraw" else draft.pk
    if tab == "gone":
        discard_draft(edition=draft, by=by, why="Not needed.")
    else:
        draft.provisions.filter(code="F0").update(quote="Something else.")
        note_edit(edition=draft, by=by, why="The text changed.")
    sign_in("editor")
    page.goto(f"/admin/coverage_app/edition/{number}/{'history' if tab == 'gone' else tab}/")
    assert_sound(page)


def test_the_way_to_a_new_edition_is_sound(page: Page, sign_in: Callable[[str], User]) -> None:
    sign_in("editor")
    page.goto("/admin/coverage_app/edition/")
    page.get_by_role("link", name="New edition").click()
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.locator(".errorlist")).to_have_text("This field is required.")
    assert_sound(page)
