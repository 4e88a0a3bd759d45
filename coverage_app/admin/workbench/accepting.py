"""Letting a finding or a quote stand, and taking that back: what the pages of both do with a form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from coverage_app.models import Edition
from coverage_app.services.acceptances import AcceptanceFault, accept, take_back
from coverage_app.services.editions import EditionFault

from ..given import given


def unsent(request: HttpRequest) -> dict[str, str] | None:
    """What was typed as a reason and not sent, since the session had ended; None where there is nothing."""
    data = given(request)
    if "reason" not in data:
        return None
    return {"key": data.get("key", "")[:200], "reason": data.get("reason", ""), "fault": "Not sent yet."}


def accepted(request: HttpRequest, edition: Edition) -> dict[str, str] | None:
    """Do what the form asks for. None: done, and a message says so; otherwise what was typed, and why it is refused."""
    if not request.user.has_perm("coverage_app.add_acceptance"):
        raise PermissionDenied
    by: Any = request.user
    key, reason = request.POST.get("key", "")[:200], request.POST.get("reason", "")
    try:
        if request.POST.get("action") == "take_back":
            take_back(edition=edition, key=key, by=by)
            messages.success(request, "Taken back: it is open again.")
        else:
            accept(edition=edition, kind=request.POST.get("kind", ""), key=key, reason=reason, by=by)
            messages.success(request, "Accepted, with your reason.")
    except (AcceptanceFault, EditionFault) as fault:
        return {"key": key, "reason": reason, "fault": str(fault)}
    return None
