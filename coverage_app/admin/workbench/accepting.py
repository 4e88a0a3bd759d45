"""Letting a finding or a quote stand, and taking that back: what the pages of both do with a form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from coverage_app.models import Edition
from coverage_app.services.acceptances import AcceptanceFault, AcceptedMeanwhile, accept, seen_of, take_back
from coverage_app.services.editions import EditionFault

from ..given import given
from ..stale import SEEN


def unsent(request: HttpRequest) -> dict[str, str] | None:
    """What was typed as a reason and not sent, since the session had ended; None where there is nothing."""
    data = given(request)
    if "reason" not in data:
        return None
    key, seen = data.get("key", "")[:200], data.get(SEEN, "")[:40]
    return {"key": key, "reason": data.get("reason", ""), "fault": "Not sent yet.", "seen": seen}


def accepted(request: HttpRequest, edition: Edition) -> dict[str, str] | None:
    """Do what the form asks for. None: done, and a message says so; otherwise what was typed, and why it is refused."""
    if not request.user.has_perm("coverage_app.add_acceptance"):
        raise PermissionDenied
    by: Any = request.user
    key, reason = request.POST.get("key", "")[:200], request.POST.get("reason", "")
    try:
        if request.POST.get("action") == "take_back":
            take_back(edition=edition, key=key, by=by, seen=request.POST.get(SEEN))
            messages.success(request, "Taken back: it is open again.")
        else:
            kind, seen = request.POST.get("kind", ""), request.POST.get(SEEN, "")
            accept(edition=edition, kind=kind, key=key, reason=reason, by=by, seen=seen)
            messages.success(request, "Accepted, with your reason.")
    except AcceptedMeanwhile as fault:
        now = edition.acceptances.filter(key=key).first()  # sent again, it is for whoever sends it to have seen this
        return {"key": key, "reason": reason, "fault": str(fault), "seen": seen_of(now)}
    except (AcceptanceFault, EditionFault) as fault:
        return {"key": key, "reason": reason, "fault": str(fault), "seen": request.POST.get(SEEN, "")[:40]}
    return None
