"""The daily mail: one digest for each person of what is due, where the settings name a mail server.

At most once: that a person was told (``NoticeMail``) is committed before the mail goes out. Who crashes in between
has sent nothing, and the next day's digest tells the same again, for it tells what is due and not what is new; a
second mail would only teach people to ignore them. The claim is given back only where the server has surely taken
nothing, so that it can be tried later. No database transaction is open while a mail server is waited for.

A digest names cases by their reference alone, with verdicts in words and links: no label, no disease, no date.
"""

import datetime as dt
import logging
import smtplib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import NoticeMail

from .due import Due, due_for
from .report.tags import NO_PAYER, VERDICTS
from .report.words import count

logger = logging.getLogger(__name__)

FROM_HOUR = 6  # of the day, in the desk's time zone: a digest is for the morning
NAMED = 20  # cases of a kind that a digest names; the others stand behind one link
SUBJECTS = {
    "reviews": ("review overdue", "reviews overdue"),
    "dates": ("date of service near", "dates of service near"),
    "policy": ("case with a changed policy", "cases with a changed policy"),
}
HEADINGS = {
    "reviews": "Reviews overdue",
    "dates": "Dates of service within a week, with answers missing",
    "policy": "Cases touched by a policy change",
}


@dataclass(frozen=True)
class Digest:
    """What one person is sent."""

    subject: str
    body: str


class _Later(Exception):
    """Why the server cannot be worked with now: the remaining mails wait for the next round."""


def send_digests(*, now: dt.datetime | None = None) -> int:
    """Send today's digest to each person who has an e-mail address, something due, and none today; how many went out.

    Does nothing without a mail server in the settings, and before ``FROM_HOUR``. A server that is down or refuses is
    logged, and what it has not taken is sent by a later call; no mail server's fault is raised.
    """
    now = timezone.localtime(now)
    if not settings.EMAIL_HOST or now.hour < FROM_HOUR:
        return 0
    sent = 0
    try:
        for user in _untold(now.date()):
            if digest := digest_for(user, today=now.date()):
                sent += _send(user, digest, now.date())
    except _Later as reason:
        logger.warning("Digests wait for the mail server, after %d that went out: %s", sent, reason)
    return sent


def _untold(day: dt.date) -> list[User]:
    """Who can be written to and was not today. One query."""
    told = NoticeMail.objects.filter(day=day).values("user")
    people = get_user_model().objects.filter(is_active=True).exclude(email="").exclude(pk__in=told).order_by("pk")
    return [person for person in people if _is_address(person)]


def _is_address(person: User) -> bool:
    """Whether the e-mail address on file is one: no list of them, no line break, nothing for a header."""
    try:
        validate_email(person.email)
    except ValidationError:
        logger.warning("The e-mail address of %s is none, so no digest is sent there.", person.get_username())
        return False
    return True


def digest_for(user: AbstractBaseUser, *, today: dt.date | None = None) -> Digest | None:
    """What ``user`` is to be told today; None where nothing is due."""
    found = due_for(user, today=today, first=NAMED)
    if not found:
        return None
    subject = ", ".join(count(due.count, *SUBJECTS[due.kind]) for due in found)
    parts = [_part(due) for due in found]
    body = render_to_string("mail/digest.txt", {"parts": parts, "site": _url(reverse("worklist"))})
    return Digest(subject=f"Coverage desk: {subject}", body=body.strip() + "\n")


def _part(due: Due) -> dict[str, Any]:
    """One kind of what is due, as the template takes it."""
    return {
        "heading": HEADINGS[due.kind],
        "count": due.count,
        "lines": [_line(case, due.kind, marked=due.yours < due.count) for case in due.cases],
        "more": due.count - len(due.cases),
        "url": _url(f"{reverse('worklist')}?due={due.kind}"),
    }


def _line(case: Any, kind: str, *, marked: bool) -> dict[str, str]:
    words = _word(case.verdict)
    if kind == "policy":
        words = f"{_word(case.was)} -> {_word(case.reads)}"
    return {
        "reference": case.reference,
        "words": words + (" (yours)" if marked and case.yours else ""),
        "url": _url(reverse("case_review" if kind == "reviews" else "case", args=[case.reference])),
    }


def _word(verdict: str) -> str:
    return VERDICTS.get(verdict, NO_PAYER)["label"]


def _url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


# Sending


def _send(user: User, digest: Digest, day: dt.date) -> bool:
    """Send one digest, unless it was sent meanwhile; whether it went out. Raises ``_Later`` to end the round.

    Each has a connection of its own, open before the claim: some servers hang up after so many mails.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise _Later(error) from error
    try:
        return _claim(user, day) and _hand_over(user, digest, day, connection)
    finally:
        _close(connection)


def _hand_over(user: User, digest: Digest, day: dt.date, connection: Any) -> bool:
    message = EmailMessage(digest.subject, digest.body, to=[user.email], connection=connection)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        _refused(user, day, error, for_now=any(400 <= code < 500 for code, _ in error.recipients.values()))
        return False
    except smtplib.SMTPSenderRefused as error:  # it takes nothing from this desk, whoever it is for
        _refused(user, day, error, for_now=True)
        raise _Later(error) from error
    except smtplib.SMTPResponseException as error:
        _refused(user, day, error, for_now=400 <= error.smtp_code < 500)
        return False
    except (OSError, smtplib.SMTPException) as error:  # it may have taken the mail: it is not sent again
        raise _Later(f"whether {user.get_username()} was told is not known: {error}") from error
    return True


def _refused(user: User, day: dt.date, error: Exception, *, for_now: bool) -> None:
    """The server has not taken the mail: for now, so that it is tried later; or for good, so that it is not."""
    when = "for now" if for_now else "for good"
    logger.warning("The mail server refuses the digest of %s %s: %s", user.get_username(), when, error)
    if for_now:
        NoticeMail.objects.filter(user=user, day=day).delete()


def _claim(user: User, day: dt.date) -> bool:
    """Write down that ``user`` is told on ``day``; False where another worker has."""
    try:
        with transaction.atomic():
            NoticeMail.objects.create(user=user, day=day)
    except IntegrityError:
        return False
    return True


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server was left without a farewell: %s", error)
