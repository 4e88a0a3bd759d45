"""What is due, in words: the strip on the home page, and the worklist's filter by it."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case
from coverage_app.services.due import Due, due_for
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import count

HEADINGS = {
    "reviews": ("review overdue", "reviews overdue"),
    "dates": ("date of service within a week, answers missing", "dates of service within a week, answers missing"),
    "policy": ("case touched by a policy change", "cases touched by a policy change"),
}
FILTERS = {
    "reviews": "Overdue reviews",
    "dates": "Dates of service within a week, with answers missing",
    "policy": "Cases touched by a policy change",
}
"""What the worklist's filter ``due`` is called, by its value."""

ICONS = {"reviews": "review", "dates": "date", "policy": "warn"}
PAGES = {"reviews": "case_review", "dates": "questionnaire", "policy": "case"}
"""The page of a case on which one does what is due."""


def due_strip(user: AbstractBaseUser, filtered: str = "") -> dict[str, Any]:
    """For `due/_strip.html`: what is due for ``user``, and by what the worklist is ``filtered`` now."""
    today = timezone.localdate()
    return {
        "parts": [_part(due, today, filtered) for due in due_for(user, today=today)],
        "filtered": FILTERS.get(filtered, ""),
    }


def _part(due: Due, today: dt.date, filtered: str) -> dict[str, Any]:
    one, many = HEADINGS[due.kind]
    return {
        "kind": due.kind,
        "icon": ICONS[due.kind],
        "count": due.count,
        "words": one if due.count == 1 else many,
        "yours": due.yours,
        "cases": [_line(case, due.kind, today) for case in due.cases],
        "more": due.count - len(due.cases),
        "url": f"{reverse('worklist')}?due={due.kind}",
        "here": due.kind == filtered,
    }


def _line(case: Any, kind: str, today: dt.date) -> dict[str, Any]:
    words = {"reviews": _overdue, "dates": _coming, "policy": _reads}[kind](case, today)
    url = reverse(PAGES[kind], args=[case.reference])
    return {"reference": case.reference, "url": url, "words": words, "yours": bool(case.yours)}


def _overdue(case: Case, today: dt.date) -> str:
    assert case.review_due  # for the type checker
    days = (today - case.review_due).days
    return f"due {'yesterday' if days == 1 else f'{days} days ago'}"


def _coming(case: Case, today: dt.date) -> str:
    assert case.date_of_service  # for the type checker
    days = (case.date_of_service - today).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    lacks = f"{count(len(case.missing), 'answer')} missing" if case.document else "payer not chosen"
    return f"{when}, {lacks}"


def _reads(case: Any, today: dt.date) -> str:
    return f"{VERDICTS[case.was]['label']} → {VERDICTS[case.reads]['label']}"
