"""Who sits at the desk, and how they use it: the words of the browser tests."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from coverage_app.models import Case, Document
from coverage_app.services.cases import Change, answers_of, create_case, save_case

PASSWORD = "a walk in the ward"
DAY = dt.date(2024, 5, 2)
SITE = "What is the primary cancer site?"
T = "What is the T category now?"
RECURRENCE = "What is being treated: the primary tumor or a recurrence?"
MARGIN = "What is the margin status?"
BASIS = "How was the margin determined?"
TECHNIQUE = "How is the radiation delivered?"
INTENT = "Is IORT a boost or the only radiation (monotherapy)?"
EARLIER = "Has this area had prior radiation?"
AGE = "How old is the patient on the date of service?"  # its box is labelled Age, in years
HISTOLOGY = "Is the breast cancer invasive or in situ?"
OPEN = "Not documented yet"


# Hands


def press_slowly(target: Locator) -> None:
    """Click as a person does: the answer to what was typed before may come while the button is down."""
    target.hover()
    target.page.mouse.down()
    target.page.wait_for_timeout(400)  # milliseconds: slower than our server
    target.page.mouse.up()


# Cases, as they are on file


def case_on_file(
    payer: str = "",
    *,
    by: str = "coordinator",
    dos: dt.date | None = DAY,
    fields: Mapping[str, Any] | None = None,
    **answers: str | Decimal,
) -> Case:
    """A case with these answers, made by `by` (a username)."""
    user = User.objects.get(username=by)
    document = Document.objects.get(code=payer) if payer else None
    change = Change({"document": document, "date_of_service": dos, **(fields or {})}, answers)
    return create_case(by=user, change=change)


def save_by(username: str, case: Case, **answers: str) -> Case:
    """Somebody saves `answers` in the case, elsewhere."""
    case.refresh_from_db()
    user = User.objects.get(username=username)
    return save_case(case=case, version=case.version, change=Change({}, answers), by=user)


def saved(case: Case) -> dict[str, Any]:
    """The answers on file."""
    return answers_of(Case.objects.get(pk=case.pk))


def newest_case() -> Case:
    """The case begun last."""
    return Case.objects.latest("pk")


# People


def with_password(username: str) -> User:
    """The account of that name, with a password that we know."""
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()
    return user


def colleague() -> User:
    """A second coordinator."""
    user = User.objects.create_user("colleague", first_name="Noor", last_name="Haddad")
    user.groups.add(Group.objects.get(name="coordinator"))
    return user


def enter(context: BrowserContext, username: str, url: str) -> None:
    """Give a browser window the session of `username`."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


def end_session(context: BrowserContext) -> None:
    """The session has run out; the browser keeps its other cookies."""
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def sign_in_by_form(page: Page, username: str) -> None:
    """Fill in the form of the sign-in page that is open."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


# The questionnaire


class Questionnaire:
    """The questionnaire in a browser window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, case: Case) -> "Questionnaire":
        self.page.goto(f"/cases/{case.reference}/questions/")
        return self

    @property
    def headline(self) -> Locator:
        """The live verdict in large letters."""
        return self.page.locator("#live-verdict")

    @property
    def rail(self) -> Locator:
        return self.page.get_by_role("complementary", name="Live verdict")

    def question(self, words: str) -> Locator:
        return self.page.get_by_role("group", name=words)

    def option(self, question: str, answer: str) -> Locator:
        return self.question(question).get_by_role("radio", name=answer, exact=True)

    def save(self, act: Callable[[], object], status: int = 200) -> Response:
        """Do something that saves, and wait until what it changes is on the page."""
        # The rail is swapped by every answer of the server: a mark on the old one is gone with it.
        self.page.locator("#rail").evaluate("rail => { rail.dataset.old = '1' }")
        with self.page.expect_response(self._is_save) as found:
            act()
        response = found.value
        assert response.status == status, f"{response.status} {response.url}"
        expect(self.page.locator("#rail[data-old]")).to_have_count(0)
        return response

    @staticmethod
    def _is_save(response: Response) -> bool:
        return response.request.method == "POST" and response.url.endswith("/questions/")

    def answer(self, question: str, answer: str) -> None:
        """Click an answer."""
        self.save(lambda: self.option(question, answer).click())

    def choose_payer(self, name: str) -> None:
        payer = self.page.get_by_role("combobox", name="Payer")
        words = payer.locator("option").filter(has_text=name).inner_text()
        self.save(lambda: payer.select_option(label=words))

    def fill(self, label: str, text: str, status: int = 200) -> None:
        """Type into a field and leave it; a date counts as soon as it is whole."""
        field = self.page.get_by_label(label)
        if field.get_attribute("type") == "date":
            self.save(lambda: field.fill(text), status)
        else:
            field.fill(text)
            self.save(lambda: field.press("Tab"), status)

    def criterion(self, text: str | re.Pattern[str]) -> Locator:
        """One criterion of the live verdict."""
        return self.rail.locator(".criterion").filter(has_text=text)

    def to_the_verdict(self) -> None:
        self.page.get_by_role("button", name="To the verdict").click()
        self.page.wait_for_url(re.compile(r"/cases/[\w-]+/$"))
