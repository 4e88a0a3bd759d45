"""The daily digest: who gets it, what stands in it, and that nobody gets it twice."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any
from unittest.mock import Mock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends import locmem
from django.utils import timezone
from pytest_django import Settings

from config.settings import site_url
from coverage_app.management.commands import worker
from coverage_app.models import NoticeMail
from coverage_app.services.mails import digest_for, send_digests
from tests.services.due_cases import changed, near, overdue
from tests.services.making import person
from tests.test_settings import python, settings_for

pytestmark = pytest.mark.django_db

NOON = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(12)))
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _desk(settings: Settings) -> None:
    """A mail server is named, and the coordinator and the reviewer have an address."""
    settings.EMAIL_HOST, settings.SITE_URL = "localhost", "https://desk.example.org"
    for name in ("coordinator", "reviewer"):
        write_to(name, f"{name}@example.org")


def write_to(name: str, address: str) -> None:
    user = person(name)
    user.email = address
    user.save(update_fields=["email"])


def send(now: dt.datetime = NOON) -> list[str]:
    """Who was sent a digest by one round."""
    before = len(mail.outbox)
    assert send_digests(now=now) == len(mail.outbox) - before
    return [message.to[0].partition("@")[0] for message in mail.outbox[before:]]


def test_a_digest_says_what_is_due_with_links_and_without_anything_of_the_patient() -> None:
    late, case, (touched, _) = overdue(), near(label="Bed 12, Miller"), changed()
    digest = digest_for(person("coordinator"))
    assert digest is not None
    assert digest.subject == "Coverage desk: 1 date of service near, 1 case with a changed policy"
    assert f"  {case.reference}  More documentation needed\n" in digest.body
    assert f"    https://desk.example.org/cases/{case.reference}/\n" in digest.body
    assert f"  {touched.reference}  Criteria met under this policy -> Physician review needed\n" in digest.body
    for hidden in (late.reference, "Miller", "Rectum", "rectum", str(timezone.localdate().year + 1), "&"):
        assert hidden not in digest.body
    other = digest_for(person("reviewer"))
    assert other is not None
    assert other.subject == "Coverage desk: 1 review overdue"


def test_what_is_one_s_own_is_marked_where_not_all_is() -> None:
    mine, nobodys = overdue(1, reviewer=person("reviewer")), overdue(2)
    digest = digest_for(person("reviewer"))
    assert digest is not None
    assert f"  {mine.reference}  Criteria met under this policy (yours)\n" in digest.body
    assert f"  {nobodys.reference}  Criteria met under this policy\n" in digest.body


def test_each_gets_one_digest_a_day_and_the_next_day_another() -> None:
    near(), overdue()
    assert send() == ["coordinator", "reviewer"]
    assert send() == []
    assert send(NOON + dt.timedelta(days=1)) == ["coordinator", "reviewer"]
    assert NoticeMail.objects.count() == 4
    assert {message.from_email for message in mail.outbox} == {"coverage-desk@localhost"}


def test_who_has_nothing_due_gets_no_mail_until_something_is() -> None:
    near()
    assert send() == ["coordinator"]
    overdue()
    assert send() == ["reviewer"]


def test_no_mail_leaves_without_a_server_nor_before_the_morning(settings: Settings) -> None:
    near()
    assert send(NOON.replace(hour=5)) == []
    settings.EMAIL_HOST = ""
    assert send() == []
    assert NoticeMail.objects.count() == 0


def test_who_has_left_or_has_no_address_gets_none() -> None:
    near()
    coordinator = person("coordinator")
    coordinator.is_active = False
    coordinator.save()
    assert send() == []
    coordinator.is_active, coordinator.email = True, ""
    coordinator.save()
    assert send() == []


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "x"])
def test_an_address_that_is_none_is_left_alone(address: str, caplog: pytest.LogCaptureFixture) -> None:
    near(), overdue()
    write_to("coordinator", address)
    assert send() == ["reviewer"]
    assert "address of coordinator is none" in caplog.text


def test_long_lists_are_cut_and_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coverage_app.services.mails.NAMED", 1)
    near(1), near(2), near(3)
    digest = digest_for(person("coordinator"))
    assert digest is not None
    assert digest.subject == "Coverage desk: 3 dates of service near"
    assert "  and 2 more: https://desk.example.org/?due=dates\n" in digest.body


def test_who_was_told_by_another_worker_meanwhile_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    near()
    opened = locmem.EmailBackend.open

    def told_meanwhile(self: locmem.EmailBackend) -> bool | None:
        NoticeMail.objects.create(user=person("coordinator"), day=NOON.date())
        return opened(self)

    monkeypatch.setattr(locmem.EmailBackend, "open", told_meanwhile)
    assert send() == []


# A server in trouble


def fails(monkeypatch: pytest.MonkeyPatch, fault: Exception, step: str = "send_messages") -> None:
    def fail(*args: Any) -> None:
        raise fault

    monkeypatch.setattr(locmem.EmailBackend, step, fail)


def test_a_server_that_is_down_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    near(), overdue()
    with monkeypatch.context() as down:
        fails(down, ConnectionRefusedError("nobody there"), "open")
        assert send() == []
    assert "nobody there" in caplog.text
    assert NoticeMail.objects.count() == 0
    assert send() == ["coordinator", "reviewer"]


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (450, b"busy")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"nobody of that name")}), False),
        (smtplib.SMTPSenderRefused(530, b"sign in", "desk"), True),
        (smtplib.SMTPDataError(451, b"later"), True),
        (smtplib.SMTPDataError(554, b"no"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),  # it may have taken the mail
        (TimeoutError("slow"), False),
    ],
    ids=lambda value: type(value).__name__ + str(getattr(value, "smtp_code", "")),
)
def test_what_was_surely_not_taken_is_sent_later_and_all_else_never_twice(
    fault: Exception, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    near()
    with monkeypatch.context() as trouble:
        fails(trouble, fault)
        send()
    assert send() == (["coordinator"] if again else [])


class Inbox:
    """What a real mail server was given."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        if to.startswith("reviewer"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(envelope)
        return "250 OK"


class AnyPort(Controller):
    """A mail server on a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    """A mail server on this machine that knows everybody but the reviewer, and is what the settings name."""
    found = Inbox()
    controller = AnyPort(found, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP_BACKEND, "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield found
    controller.stop()


def test_a_real_server_is_handed_the_digest(inbox: Inbox) -> None:
    near(), overdue()
    assert send_digests(now=NOON) == 1
    assert send_digests(now=NOON) == 0
    [envelope] = inbox.mails
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert (envelope.rcpt_tos, message["To"]) == (["coordinator@example.org"], "coordinator@example.org")
    assert message["Subject"] == "Coverage desk: 1 date of service near"
    assert message.get_content_type() == "text/plain"
    assert "More documentation needed" in message.get_content()


# The worker and the settings


def test_the_worker_goes_on_whatever_happens_to_the_mail(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = iter([ValueError("unforeseen"), None, KeyboardInterrupt()])

    def a_round() -> None:
        if fault := next(rounds):
            raise fault

    monkeypatch.setattr(worker, "send_digests", a_round)
    monkeypatch.setattr(worker, "time", Mock())
    monkeypatch.setattr(worker, "connection", Mock())
    with pytest.raises(KeyboardInterrupt):
        worker._post()
    assert "unforeseen" in caplog.text


def test_the_mail_server_is_read_from_the_environment() -> None:
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "SITE_URL", "DEFAULT_FROM_EMAIL")
    silent = SMTP_BACKEND.replace("smtp", "dummy")
    assert list(settings_for(*names).values()) == [
        silent, "", 25, False, "http://127.0.0.1:8000", "coverage-desk@localhost",
    ]  # fmt: skip
    given = {
        "EMAIL_HOST": "mx",
        "EMAIL_USE_TLS": "1",
        "ALLOWED_HOSTS": "desk.example.org",
        "DEFAULT_FROM_EMAIL": "a@b.org",
    }
    assert list(settings_for(*names, **given).values()) == [
        SMTP_BACKEND, "mx", 587, True, "https://desk.example.org", "a@b.org",
    ]  # fmt: skip


def test_settings_that_cannot_be_are_named() -> None:
    for name, wrong in (("EMAIL_PORT", "70000"), ("DEFAULT_FROM_EMAIL", "a@b.org\nBcc: c@d.org")):
        assert name in python("import config.settings", **{name: wrong}).stderr
    assert "not both" in python("import config.settings", EMAIL_USE_TLS="1", EMAIL_USE_SSL="1").stderr


def test_links_lead_to_the_site() -> None:
    assert site_url("https://desk.example.org/", []) == "https://desk.example.org"
    assert site_url("", ["localhost", "*", "desk.example.org"]) == "https://desk.example.org"
    for wrong in ("desk.example.org", "javascript:alert(1)", "https://a b", "https://", "https://[a", "https://a?b"):
        with pytest.raises(ImproperlyConfigured, match="no address of a site"):
            site_url(wrong, [])
