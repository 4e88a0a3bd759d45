"""A case whose edition was followed by another, or withdrawn: what the one in force now says of its answers.

Nothing stored changes by it: an assessment stands as it was completed, a date of service keeps its edition.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from coverage_app.models import Assessment, Case, Edition

from . import library
from .cases import facts_of
from .report.sentences import sentences
from .report.tags import VERDICTS, Tag
from .standing import Standing, stand


@dataclass(frozen=True)
class Superseded:
    """``edition`` decided on the case, or does; ``newer`` is held against it (None: nothing is in force).

    ``assessment`` is the case's newest one, None while the case is open. ``same_day``: ``newer`` is the edition on
    file now for the case's own day, so that a new assessment would be by it; else the case's day keeps ``edition``
    (``kept``), or has none any more. ``says`` is where the answers stand under ``newer``.
    """

    edition: Edition
    newer: Edition | None
    assessment: Assessment | None
    day: dt.date
    today: dt.date
    dated: bool
    same_day: bool
    kept: bool
    before: Tag | None
    says: Standing | None

    @property
    def withdrawn(self) -> bool:
        return self.edition.status == Edition.Status.WITHDRAWN

    @property
    def begun(self) -> bool:
        """Whether ``newer`` is in force by now."""
        return self.newer is not None and self.newer.in_force <= self.today

    @property
    def after(self) -> Tag | None:
        return VERDICTS[self.says.code] if self.says else None

    @property
    def changes(self) -> bool:
        """Whether ``newer`` gives another verdict."""
        return bool(self.before and self.after and self.before["code"] != self.after["code"])

    @property
    def missing(self) -> list[str]:
        """The labels of what ``newer`` would still have to be told."""
        if not (self.says and self.says.verdict):
            return []
        return [self.says.wording.label(fact) for fact in self.says.verdict.missing]

    @property
    def sentences(self) -> list[dict[str, Any]]:
        """What decides under ``newer``, or still can: each sentence once, with its locator and provisions."""
        return sentences(self.says) if self.says else []


def superseded(
    case: Case, assessment: Assessment | None = None, *, today: dt.date | None = None, standing: Standing | None = None
) -> Superseded | None:
    """What to tell of the case's edition; None where that is the newest in force, or the case never had one.

    ``assessment`` is the case's newest one where the case reads as that. ``standing`` spares the reckoning of an
    open case's verdict. One query where there is nothing to tell.
    """
    if case.document is None:
        return None
    today = today or timezone.localdate()
    day = case.date_of_service or today
    on_file = list(case.document.editions.on_file().select_related("document"))
    edition = _read_by(on_file, assessment, day)
    if edition is None:
        return None
    of_day = library.in_force_on(on_file, day)
    kept = of_day is not None and of_day.pk == edition.pk
    newer = of_day if of_day and not kept else _since(on_file, edition, today)
    if newer is None and kept:
        return None
    before = assessment.verdict if assessment else (standing or stand(facts_of(case), today=today)).code
    return Superseded(
        edition=edition,
        newer=newer,
        assessment=assessment,
        day=day,
        today=today,
        dated=case.date_of_service is not None,
        same_day=of_day is not None and not kept,
        kept=kept,
        before=VERDICTS.get(before),
        says=stand(replace(facts_of(case), date_of_service=newer.in_force)) if newer else None,
    )


def _read_by(on_file: Sequence[Edition], assessment: Assessment | None, day: dt.date) -> Edition | None:
    """The edition under which the case was assessed; of an open case that of its day, withdrawn or not."""
    if assessment:
        return next((edition for edition in on_file if edition.pk == assessment.edition_id), None)
    deciding_now = library.in_force_on(on_file, day)
    started = [edition for edition in on_file if edition.in_force <= day]
    return deciding_now or max(started, key=lambda edition: (edition.in_force, edition.pk), default=None)


def _since(on_file: Sequence[Edition], edition: Edition, today: dt.date) -> Edition | None:
    """The edition in force today where it is newer than ``edition``, or where that was withdrawn."""
    current = library.in_force_on(on_file, today)
    withdrawn = edition.status == Edition.Status.WITHDRAWN
    if current and current.pk != edition.pk and (withdrawn or current.in_force > edition.in_force):
        return current
    return None
