"""What an editor lets stand, with the reason: findings of the audit, quotes that are not in the source text."""

from django.db import transaction

from coverage_app.models import Acceptance, Edition

from .audit import By, record
from .report.words import moment
from .states import lock, note_edit

SHORTEST = 3  # characters of a reason
KINDS = ("never_decides", "idle_leaf", "conflict", "fell_to_always", "idle_fact", "quote", "no_source")


class AcceptanceFault(Exception):
    """Why something cannot be accepted, or no longer be taken back."""


class AcceptedMeanwhile(AcceptanceFault):
    """Somebody else has accepted it, or taken that back, after its editor looked."""


@transaction.atomic
def accept(*, edition: Edition, kind: str, key: str, reason: str, by: By, seen: str | None = None) -> Acceptance:
    """Let a finding stand, for ``reason``. Of one that is accepted already, a draft takes another reason.

    ``seen``: what ``by`` saw of it, by ``seen_of``; blank: that nobody had accepted it; None: whatever it is.
    Raises AcceptanceFault: no reason, an unknown kind, or one accepted for good with another reason; and
    AcceptedMeanwhile when it is no longer what was seen.
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
    if known is not None and edition.status != Edition.Status.DRAFT:
        raise AcceptanceFault(f"{who_accepted(known)}; it is accepted already, and only a draft can change that.")
    if known is not None and seen not in (None, seen_of(known)):
        raise AcceptedMeanwhile(
            f"{who_accepted(known)}, after you opened this page. Yours stands below, not yet saved: "
            "send it again, and it takes the place of that one."
        )
    if known is not None:
        known.delete()  # who and when are those of the new reason
    accepted = Acceptance(edition=edition, kind=kind, key=key, reason=reason, by_id=by.pk if by else None)
    accepted.save()
    record(by=by, action="accept finding", subject=edition, detail={"kind": kind, "key": key, "reason": reason})
    note_edit(edition=edition, by=by, action="accept a finding", why=reason)
    return accepted


@transaction.atomic
def take_back(*, edition: Edition, key: str, by: By, seen: str | None = None) -> None:
    """No longer let it stand; nothing happens when it is not accepted.

    ``seen`` as for ``accept``. Raises AcceptanceFault: not a draft; AcceptedMeanwhile.
    """
    edition = lock(edition)
    known = edition.acceptances.filter(key=key).first()
    if known is None:
        return
    if edition.status != Edition.Status.DRAFT:
        raise AcceptanceFault(f"{edition} is {edition.get_status_display().lower()}: what was accepted in it stays.")
    if seen not in (None, seen_of(known)):
        raise AcceptedMeanwhile(f"{who_accepted(known)}, after you opened this page. Take that back, if you mean to.")
    detail = {"kind": known.kind, "key": key, "reason": known.reason}
    known.delete()
    record(by=by, action="take back acceptance", subject=edition, detail=detail)
    note_edit(edition=edition, by=by, action="take an acceptance back")


def seen_of(acceptance: Acceptance | None) -> str:
    """What tells an acceptance from the one that takes its place; blank for none."""
    return str(acceptance.pk) if acceptance else ""


def who_accepted(acceptance: Acceptance) -> str:
    """Who accepted it, when and for which reason, as the beginning of a sentence."""
    who = "Somebody"
    if acceptance.by is not None:
        who = acceptance.by.get_full_name() or acceptance.by.get_username()
    return f"{who} accepted it on {moment(acceptance.at)} (“{acceptance.reason}”)"
