"""What an editor lets stand, with the reason: findings of the audit, quotes that are not in the source text."""

from django.db import transaction

from coverage_app.models import Acceptance, Edition

from .audit import By, record
from .states import lock, note_edit

SHORTEST = 3  # characters of a reason
KINDS = ("never_decides", "idle_leaf", "conflict", "fell_to_always", "idle_fact", "quote", "no_source")


class AcceptanceFault(Exception):
    """Why something cannot be accepted, or no longer be taken back."""


@transaction.atomic
def accept(*, edition: Edition, kind: str, key: str, reason: str, by: By) -> Acceptance:
    """Let a finding stand, for ``reason``. Of one that is accepted already, a draft takes another reason.

    Raises AcceptanceFault: no reason, an unknown kind, or one accepted for good with another reason.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST:
        raise AcceptanceFault("Say why it can stand: a few words at least.")
    if kind not in KINDS:
        raise AcceptanceFault(f"{kind[:40]!r} is no kind of finding.")
    edition = lock(edition)
    known = edition.acceptances.filter(key=key).first()
    if known is not None and known.reason == reason:
        return known
    if known is None:
        accepted = Acceptance(edition=edition, kind=kind, key=key, reason=reason, by_id=by.pk if by else None)
        accepted.save()
    elif edition.status == Edition.Status.DRAFT:
        known.delete()  # who and when are those of the new reason
        accepted = Acceptance(edition=edition, kind=kind, key=key, reason=reason, by_id=by.pk if by else None)
        accepted.save()
    else:
        raise AcceptanceFault(f"It is accepted already, and only a draft can change that: “{known.reason}”")
    record(by=by, action="accept finding", subject=edition, detail={"kind": kind, "key": key, "reason": reason})
    note_edit(edition=edition, by=by, action="accept a finding", why=reason)
    return accepted


@transaction.atomic
def take_back(*, edition: Edition, key: str, by: By) -> None:
    """No longer let it stand; nothing happens when it is not accepted. Raises AcceptanceFault: not a draft."""
    edition = lock(edition)
    known = edition.acceptances.filter(key=key).first()
    if known is None:
        return
    if edition.status != Edition.Status.DRAFT:
        raise AcceptanceFault(f"{edition} is {edition.get_status_display().lower()}: what was accepted in it stays.")
    detail = {"kind": known.kind, "key": key, "reason": known.reason}
    known.delete()
    record(by=by, action="take back acceptance", subject=edition, detail=detail)
    note_edit(edition=edition, by=by, action="take an acceptance back")
