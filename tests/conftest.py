"""What all tests share: a full database, a browser that sees no other host, and no silent skips."""

import gc
import io
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.support import chromium, prepared, remembered, sessions
from tests.support.snapshot import snapshot

# Playwright's own event loop runs in the thread of the test, which makes Django take it for asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

hypothesis.settings.register_profile("desk", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("desk")


# The database


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite finds its database prepared; its file goes with the folder that it lies in."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Prepare the database where it is a file."""
    if connection.vendor == "sqlite":
        prepared.copy(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database as `make setup` leaves it: every document, all codes, the demonstration accounts.

    A test that commits (`transaction=True`, `live_server`) finds and leaves it so too.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                prepared.copy_diagnosis_codes(cursor)
            call_command("setup_desk", verbosity=0, stdout=io.StringIO())
        sessions.sign_all_in()
        kept = snapshot(connection)
        remembered.read_all()
        gc.freeze()  # all that stays for good; the rest is collected seldom, which is a twentieth of the whole time
        gc.set_threshold(50_000, 20, 50)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: kept.restore())
        yield
        kept.discard()


@pytest.fixture(scope="module")
def once_for_all(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a module's own fixtures of this scope make on it is made once, and gone after the module's last test.

    Each test works on it within a transaction of its own, which is rolled back as ever. It shares the Python objects
    with the others, though, so it changes rows only. Not for modules with tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _remembered() -> None:
    """No edition of another test is remembered."""
    remembered.reset()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL all that asks a database: the rest was tried already, and is the same (decision 0012)."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)
    if connection.vendor == "sqlite":
        return
    apart = {item for item in items if item.get_closest_marker("sqlite") or not _asks_a_database(item)}
    config.hook.pytest_deselected(items=list(apart))
    items[:] = [item for item in items if item not in apart]


def _asks_a_database(item: Any) -> bool:
    fixtures = {"db", "transactional_db", "live_server"}
    return bool(fixtures.intersection(item.fixturenames) or item.get_closest_marker("django_db"))


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium that tests/support/chromium.py finds."""
    return browser_type_launch_args | {"executable_path": chromium.on_path(), "args": chromium.arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], live_server: LiveServer) -> dict[str, Any]:
    """`page.goto("/")` asks the live server."""
    return browser_context_args | {"base_url": live_server.url}


@pytest.fixture(scope="session")
def browser_window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One window for all tests: a new one would fetch and read every style sheet and script again."""
    window = browser.new_context(**browser_context_args)
    window.new_page().goto("/static/favicon.svg")
    yield window
    window.close()


@pytest.fixture
def context(browser_window: BrowserContext, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A browser window that remembers nothing; its pages must ask no other host, break no script and heed the
    security policy."""
    faults: list[str] = []
    home = urlsplit(live_server.url).netloc

    def asked(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob", "about"} and url.netloc != home:
            faults.append(f"asked another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    def broke(error: WebError) -> None:
        faults.append(f"a script broke: {error.error}")

    listening: dict[Any, Any] = {"request": asked, "console": said, "weberror": broke}
    for event, listener in listening.items():
        browser_window.on(event, listener)
    yield browser_window
    for event, listener in listening.items():
        browser_window.remove_listener(event, listener)
    _forget(browser_window)
    assert not faults, "\n".join(faults)


def _forget(window: BrowserContext) -> None:
    """Whatever a test left: pages, routes, cookies, what scripts stored, a broken line."""
    window.unroute_all()
    window.set_offline(False)
    for page in window.pages[1:]:
        page.close()
    window.clear_cookies()
    assert not window.storage_state()["origins"], "a script stored something beyond the session"


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer) -> Callable[[str], User]:
    """`sign_in("coordinator")` gives the browser window the session of that demonstration account."""

    def sign_in(username: str) -> User:
        user = User.objects.get(username=username)
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return user

    return sign_in


# No test is skipped silently

_skipped: list[str] = []


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note each test that was skipped."""
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note each module that was skipped whole."""
    _note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that skipped a test has failed."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a run without failures has failed."""
    for nodeid in _skipped:
        terminalreporter.write_line(f"FAILED: skipped, and no test may be: {nodeid}", red=True)
