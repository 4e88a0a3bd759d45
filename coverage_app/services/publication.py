"""What keeps an edition from being published: its own faults, missing proof, and who asks for it."""

import datetime as dt
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from coverage_app.models import Edition

from .audit import By
from .editions import faults, restate, same_start
from .findings import audit_of, unexplained_quotes
from .golden import run_of
from .report.tags import STANCES, VERDICTS
from .states import editors_since_submission
from .vocabulary import Wording


@dataclass(frozen=True)
class Hindrance:
    """One thing that keeps an edition from being published, and the page of the workbench where it is mended, if any.

    What does not even read ``blocks_review`` already. What lies in the first day alone (``of_the_day``) is mended by
    stating another one.
    """

    said: str
    tab: str
    blocks_review: bool = False
    of_the_day: bool = False


def on_day(edition: Edition, in_force: dt.date | None) -> Edition:
    """The edition as it would be if it started on ``in_force`` (None: on its own day); nothing is stored."""
    asked = copy(edition)
    restate(asked, in_force or edition.in_force)
    return asked


def hindrances(edition: Edition, by: By, wording: Wording | None = None) -> list[Hindrance]:
    """All that keeps ``by`` from publishing an edition now; empty when nothing does."""
    if edition.status != Edition.Status.IN_REVIEW:
        state = edition.get_status_display().lower()
        return [Hindrance(f"It is {state}, not in review.", ""), *_of_a_draft(edition, wording)]
    return [*_of_the_person(edition, by), *text_hindrances(edition, wording)]


def publication_faults(edition: Edition, by: By) -> list[str]:
    """The same in sentences."""
    return [hindrance.said for hindrance in hindrances(edition, by)]


def _of_a_draft(edition: Edition, wording: Wording | None) -> list[Hindrance]:
    return text_hindrances(edition, wording) if edition.status == Edition.Status.DRAFT else []


def _of_the_person(edition: Edition, by: By) -> Iterator[Hindrance]:
    if by is None:
        yield Hindrance("An edition is published by a person: sign in.", "")
    elif by.pk in editors_since_submission(edition):
        yield Hindrance("You edited it last, or added to it. Another policy editor has to publish it.", "")


def text_hindrances(edition: Edition, wording: Wording | None = None) -> list[Hindrance]:
    """What keeps the text from being published, whoever asks."""
    found = [Hindrance(fault, "change", blocks_review=True) for fault in faults(edition, wording)]
    on_file = Edition.objects.filter(document=edition.document_id, status=Edition.Status.PUBLISHED)
    if on_file.filter(in_force=edition.in_force).exclude(pk=edition.pk).exists():
        tab = "change" if edition.status == Edition.Status.DRAFT else ""
        found.append(Hindrance(same_start(edition), tab, of_the_day=True))
    for check in unexplained_quotes(edition):
        found.append(Hindrance(check.sentence, "source"))
    if not any(one.blocks_review for one in found):
        found += _golden(edition)
    return found


def _golden(edition: Edition) -> Iterator[Hindrance]:
    for result in run_of(edition):
        if not result.passed:
            words = STANCES if result.case.row else VERDICTS
            expected, got = (words.get(code, {"label": code})["label"] for code in (result.case.verdict, result.got))
            said = result.fault or f"expected {expected}, found {got}."
            yield Hindrance(f"Golden case “{result.case.name}” fails: {said}", "golden")


def open_findings(edition: Edition) -> int:
    """How many findings of the audit nobody has accepted; they do not keep it from being published."""
    return sum(found.acceptance is None for found in audit_of(edition))
