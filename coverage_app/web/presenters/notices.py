"""A notice in words: what an edition has changed for a case."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse

from coverage_app.models import Case, Edition, PolicyNotice
from coverage_app.services.notices import unseen
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import day


def described(notice: PolicyNotice) -> dict[str, Any]:
    """What is shown of a notice: the edition with its page, and the verdict before and after."""
    edition = notice.edition
    withdrawn = edition.status == Edition.Status.WITHDRAWN and notice.after == "no_edition"
    return {
        "pk": notice.pk,
        "edition": f"{edition.document} of {day(edition.in_force)}",
        "url": reverse("policy_edition", args=[edition.document.code, edition.in_force.isoformat()]),
        "withdrawn": withdrawn,
        "on_file": edition.published_at,
        "before": VERDICTS[notice.before],
        "after": VERDICTS[notice.after],
    }


def notices_of(case: Case, user: AbstractBaseUser) -> list[dict[str, Any]]:
    """The notices of a case that the ``user`` is to see, the newest first. One query."""
    return [described(notice) for notice in unseen(user).filter(case=case)]
