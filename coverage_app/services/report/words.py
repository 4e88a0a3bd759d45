"""Dates and lists in words."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone


def day(date: dt.date) -> str:
    """``1 Oct 2023``."""
    return f"{date.day} {date:%b %Y}"


def moment(at: dt.datetime) -> str:
    """``1 Oct 2023, 14:05``, local time."""
    local = timezone.localtime(at)
    return f"{day(local)}, {local:%H:%M}"


def month(text: str) -> str:
    """``2023-09`` → ``September 2023``."""
    year, number = text.split("-")
    return f"{dt.date(int(year), int(number), 1):%B} {year}"


def listed(items: Sequence[str], last: str = "or") -> str:
    """``a, b or c``."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def count(number: int, one: str, many: str = "") -> str:
    """``1 answer``, ``3 answers``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def age_note(last_reviewed: str, on: dt.date) -> str:
    """How old the last review is on a day, when that is more than 12 months; blank otherwise.

    ``last_reviewed`` is a month, YYYY-MM, and counts from its last day.
    """
    if not last_reviewed:
        return ""
    year, number = map(int, last_reviewed.split("-"))
    following = dt.date(year + number // 12, number % 12 + 1, 1)  # the day after the month's last
    years = on.year - following.year - ((on.month, on.day) < (following.month, following.day))
    if years < 1:
        return ""
    return (
        f"Last reviewed {month(last_reviewed)}, more than {count(years, 'year')} before {day(on)}. "
        "Check the payer's site for a newer edition."
    )
