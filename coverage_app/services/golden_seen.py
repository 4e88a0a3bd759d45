"""What an editor saw of a golden case, and who changed it meanwhile: for the second of two on the same one."""

import hashlib
import json

from coverage_app.models import AuditEvent, Edition, GoldenCase

from .report.words import moment

DID = {
    "set golden case": "changed",
    "retire golden case": "retired",
    "remove golden case": "took back",
}
"""The audit events of a golden case, and what they say was done with it."""
OPENED = ", after you opened this page."
"""How it ends what is said of who changed a case."""


class GoldenFault(Exception):
    """Why a golden case cannot be set, retired or removed; ``faults`` by field: name, row, verdict, why or a fact."""

    def __init__(self, **faults: str) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class GoldenTaken(GoldenFault):
    """A golden case is no longer what its editor saw: ``case`` is what stands there now, None when it is gone."""

    def __init__(self, case: GoldenCase | None, said: str) -> None:
        self.case = case
        super().__init__(name=said)


def seen_of(case: GoldenCase | None) -> str:
    """A fingerprint of what a case says, wherever it comes from; blank for none."""
    if case is None:
        return ""
    said = [case.name, case.row, sorted(case.answers.items()), case.verdict, case.why, case.retired]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def who_changed(edition: Edition, name: str, case: GoldenCase | None) -> str:
    """Who had to do with the case of that name last, and when, as the beginning of a sentence."""
    numbers = {str(edition.pk), str(case.edition_id if case else edition.pk)}
    events = AuditEvent.objects.filter(subject="edition", subject_id__in=numbers, action__in=DID, detail__name=name)
    event = events.first()
    if event is None:
        return "Somebody else has changed this case"
    return f"{event.by_name} {DID[event.action]} this case on {moment(event.at)}"


def as_seen(edition: Edition, name: str, case: GoldenCase | None, seen: str | None) -> None:
    """Raise GoldenTaken unless the ``case`` of that name is what its editor saw; None: whatever it is.

    Blank is for one who adds a case: a name is free, too, where an earlier edition retired it.
    """
    if seen is None or seen == seen_of(case):
        return
    if seen or case is None:
        raise GoldenTaken(case, f"{who_changed(edition, name, case)}{OPENED}")
    if case.retired and case.edition_id != edition.pk:
        return
    state = "is retired in this edition" if case.retired else "holds already"
    raise GoldenTaken(case, f"A golden case of this name {state}. Give yours another name, or go to that one.")
