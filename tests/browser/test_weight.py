"""What comes over the line: first load of a page under 120 KB compressed."""

import gzip
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, Response

from .people import case_on_file
from .test_looks import RECURRENT

PAGE = 120_000


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
    case = case_on_file("nia", **RECURRENT)
    total, sizes = weight_of_load(page, path.format(case=case.reference))
    assert total < PAGE, sizes
