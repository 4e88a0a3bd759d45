"""What comes over the line: first load of a page under 120 KB compressed, an htmx step under 12 KB."""

import gzip
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, Response, expect

from .people import MARGIN, Questionnaire, case_on_file
from .test_looks import RECURRENT, long_list

PAGE, STEP = 120_000, 12_000


@pytest.fixture
def page(window: Callable[..., BrowserContext], coordinator: User) -> Page:
    """A page of a browser that has never been here."""
    return window("coordinator").new_page()


def weight(response: Response) -> int:
    """The body as it is served: text compressed (static files are, once collected; the test server does not)."""
    body = response.body()
    packed = response.header_value("content-type") or ""
    return len(body) if packed.startswith(("font/", "image/png")) else min(len(body), len(gzip.compress(body)))


def weight_of_load(page: Page, path: str) -> tuple[int, list[str]]:
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    sizes = {response.url.rpartition("/")[2] or path: weight(response) for response in responses if response.ok}
    return sum(sizes.values()), [f"{name} {size}" for name, size in sizes.items()]


@pytest.mark.parametrize(
    "path",
    ["/cases/{case}/", "/cases/{case}/questions/", "/policies/nia/map/"],
)
def test_the_first_load_of_a_page_is_light(page: Page, coordinator: User, path: str) -> None:
    long_list()
    case = case_on_file("nia", **RECURRENT)
    total, sizes = weight_of_load(page, path.format(case=case.reference))
    assert total < PAGE, sizes


def test_an_answer_brings_little(page: Page, coordinator: User) -> None:
    questions = Questionnaire(page).open(case_on_file("nia"))
    for site in ("Breast", "Cervix", "Sarcoma, trunk"):
        click = questions.option("Which cancer is treated?", site).click
        assert weight(questions.save(click)) < STEP, site
    assert weight(questions.save(lambda: questions.option(MARGIN, "Positive").click())) < STEP


def test_a_search_brings_little(page: Page, coordinator: User) -> None:
    long_list()
    page.goto("/")
    with page.expect_response("**/?*rectum*") as found:
        page.get_by_label("Search").fill("rectum")
    assert weight(found.value) < STEP
    expect(page.locator("#cases tbody tr")).to_have_count(25)
