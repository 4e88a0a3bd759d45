"""Whether the text that a case was assessed under still decides on the case's own day, and what to do where not.

As ``services.superseded`` reads it, without what the newer text would say: papers are written from the frozen report,
and where the date of service keeps the older edition there is nothing to tell.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from coverage_app.models import Assessment, Case, Edition
from coverage_app.services import library
from coverage_app.services.report.words import day

from .text import clean


@dataclass(frozen=True)
class Lapse:
    """What is to be said of an edition that no longer decides: ``says`` which one does now, ``to_do`` what to do."""

    says: str
    to_do: str


def lapse_of(case: Case, assessment: Assessment) -> Lapse | None:
    """None where the assessment's edition decides on the case's day, or there is none; at most one query.

    The day of a case without a date of service is today.
    """
    if assessment.edition_id is None:
        return None
    on_file = Edition.objects.on_file().filter(document=case.document_id).defer("vocabulary")
    editions = {edition.pk: edition for edition in on_file}
    edition = editions.get(assessment.edition_id)
    now = library.in_force_on(editions.values(), case.date_of_service or timezone.localdate())
    if edition is None or edition == now:
        return None
    withdrawn = edition.status == Edition.Status.WITHDRAWN
    became = "was withdrawn" if withdrawn else "no longer decides on this case"
    made = f"Assessment {assessment.number} was made under the edition of {day(edition.in_force)}, which {became}."
    again = "the reviewer to send the case back, and complete it again."
    to_do = "amend the case, and complete it again." if case.status == Case.Status.CLOSED else f"ask {again}"
    if now is None:
        policy = clean((assessment.report["document"] or {}).get("short_name"))
        gone = f"No edition of {policy} is on file for {_day_of(case)} any more."
        return Lapse(f"{made} {gone}", f"Once one is, {to_do}")
    return Lapse(f"{made} {_decides(case.date_of_service, edition, now)}", to_do.capitalize())


def _decides(date_of_service: dt.date | None, edition: Edition, now: Edition) -> str:
    its = "the one in its place, of" if now.in_force == edition.in_force else "the edition of"
    if date_of_service is None:
        return f"The case has no date of service, and today {its} {day(now.in_force)} decides."
    return f"For the date of service, {day(date_of_service)}, {its} {day(now.in_force)} decides now."


def _day_of(case: Case) -> str:
    return f"the date of service, {day(case.date_of_service)}," if case.date_of_service else "today"
