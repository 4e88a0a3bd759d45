"""A policy editor looks, before publishing, at what a draft would change; a real worker does the work."""

import csv
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from coverage_app.models import Edition, ImpactRun
from coverage_app.services.editions import put_in_force
from tests.services.impacts import draft_of, until, worker
from tests.services.making import MET, make_case
from tests.services.test_cases import complete

from .sound import assert_sound

BREAST = {"site": "breast", "margin": "negative"}


@pytest.fixture
def editor(sign_in: Callable[[str], User]) -> User:
    return sign_in("editor")


@pytest.fixture
def draft(transactional_db: None) -> Edition:
    """A draft of FEP that changes 20 of 24 stored cases, one of them completed."""
    complete(make_case("fep", MET))
    for _ in range(13):
        make_case("fep", MET)
    for _ in range(6):
        make_case("fep", BREAST)
    for _ in range(4):
        make_case("fep", {"site": "colon", "margin": "negative", "margin_basis": "final"})
    return draft_of("fep")


def address(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_impact", args=[edition.pk])


def test_from_the_button_over_the_bar_to_the_table_and_the_file(page: Page, editor: User, draft: Edition) -> None:
    page.goto(address(draft))
    with worker(slow=0.4, piece=4):
        page.get_by_role("button", name="Find the cases that change").click()
        bar = page.get_by_role("progressbar", name="Looking at the stored cases")
        expect(bar).to_be_visible(timeout=15_000)
        assert_sound(page)
        expect(page.get_by_role("heading", name="What changes")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("20 of 24 stored cases get another verdict: 19 open, 1 completed.")).to_be_visible()
    expect(page.locator("#impact-said")).to_have_text("Done: 20 of 24 cases would get another verdict.")
    expect(page.get_by_role("img", name="The cases that change")).to_be_visible()
    expect(page.get_by_role("table").nth(1).get_by_role("row")).to_have_count(21)
    assert_sound(page)
    with page.expect_download() as found:
        page.get_by_role("link", name="Download (CSV)").click()
    with open(found.value.path(), newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 21


def test_a_closed_browser_and_a_killed_worker_lose_nothing(
    page: Page, context: BrowserContext, editor: User, draft: Edition
) -> None:
    page.goto(address(draft))
    with worker(slow=0.4, piece=4) as killed:
        page.get_by_role("button", name="Find the cases that change").click()
        until(lambda: ImpactRun.objects.filter(done__gt=0))
        page.close()
        killed.kill()
        killed.wait()
    ImpactRun.objects.update(heartbeat_at=None)  # it was heard of long ago
    again = context.new_page()
    again.goto(address(draft))
    expect(again.get_by_role("progressbar")).to_be_visible()
    with worker():
        expect(again.get_by_role("heading", name="What changes")).to_be_visible(timeout=20_000)
    expect(again.get_by_text("20 of 24 stored cases get another verdict")).to_be_visible()


def test_the_second_editor_sees_the_run_of_the_first(
    page: Page, editor: User, draft: Edition, window: Callable[..., BrowserContext]
) -> None:
    other = window("editor2").new_page()
    for each in (page, other):
        each.goto(address(draft))
    for each in (page, other):
        each.get_by_role("button", name="Find the cases that change").click()
    expect(other.get_by_text("has started a run already")).to_be_visible()
    expect(other.get_by_role("progressbar", name="Waiting for a worker")).to_be_visible()
    assert ImpactRun.objects.count() == 1
    other.get_by_role("button", name="Stop").click()
    expect(other.get_by_text("The last run was stopped.")).to_be_visible()
    expect(page.get_by_text("The last run was stopped.")).to_be_visible()


def test_it_works_without_javascript(
    editor: User, draft: Edition, window: Callable[..., BrowserContext], live_server: object
) -> None:
    page = window("editor", java_script_enabled=False).new_page()
    page.goto(address(draft))
    with worker():
        page.get_by_role("button", name="Find the cases that change").click()
        expect(page.get_by_role("heading", name="What changes")).to_be_visible(
            timeout=15_000
        )  # it looks again by itself


def test_a_coordinator_is_told_and_sets_the_notice_aside_by_keyboard(
    page: Page, sign_in: Callable[[str], User], draft: Edition
) -> None:
    put_in_force(edition=draft, by=None)
    sign_in("coordinator")
    page.goto("/")
    expect(page.get_by_text("Policy changed: Criteria met under this policy → Investigational").first).to_be_visible()
    assert_sound(page)
    case = draft.document.cases.filter(status="draft").earliest("pk")
    page.goto(reverse("case", args=[case.reference]))
    notice = page.get_by_role("region", name="The policy has changed")
    expect(notice.get_by_role("link", name="FEP 8.01.08 of 10 Feb 2024")).to_be_visible()
    assert_sound(page)
    notice.get_by_role("button", name="Seen").focus()
    page.keyboard.press("Enter")
    expect(notice).to_have_count(0)
