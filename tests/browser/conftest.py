"""What the browser tests share: people at the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from coverage_app.models import Edition
from tests.services.editions_made import three_provisions

from .editing import Form
from .people import Questionnaire, enter, with_password

PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Nothing on a page moves, so that what is looked at stands still."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def coordinator(sign_in: Callable[[str], User]) -> User:
    """A coordinator, signed in, who can sign in again."""
    with_password("coordinator")
    return sign_in("coordinator")


@pytest.fixture
def questions(page: Page, coordinator: User) -> Questionnaire:
    """The questionnaire, as a coordinator uses it."""
    return Questionnaire(page)


@pytest.fixture
def window(new_context: CreateContextCallback, live_server: LiveServer) -> Callable[..., BrowserContext]:
    """`window("colleague")` opens another browser, signed in; `window("", java_script_enabled=False)`, without."""

    def window(username: str = "", **options: object) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        if username:
            with_password(username)
            enter(context, username, live_server.url)
        return context

    return window


@pytest.fixture(autouse=True)
def _impatient(context: BrowserContext) -> None:
    """Long enough for a busy machine: it costs nothing where all is well."""
    context.set_default_timeout(PATIENCE)


@pytest.fixture
def draft(db: None) -> Edition:
    """A draft of FEP with three provisions."""
    return three_provisions()


@pytest.fixture
def form(page: Page, sign_in: Callable[[str], User], draft: Edition) -> Form:
    """The form of that draft, before the editor."""
    sign_in("editor")
    return Form(page, draft)
