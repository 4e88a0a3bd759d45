"""What a form was sent with: now, or after the session had ended, when it was kept until its editor signed in again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html

FORGET = "forget"
"""In the address of a page: what was kept for it is no longer wanted."""
KEPT = "Your session had ended before this was sent. What you typed stands here, not saved yet."


def kept(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, when it is asked for; None when nothing was, or is no longer wanted."""
    held: Any = getattr(request, "kept", None)
    if held is None or request.method != "GET":
        return None
    if FORGET in request.GET:
        held.drop()
        return None
    data: QueryDict | None = held.data
    return data


def given(request: HttpRequest) -> QueryDict:
    """What the form of the page was sent with; on GET, with a message, what was kept of it."""
    if request.method == "POST":
        return request.POST
    data = kept(request)
    if data is None:
        return QueryDict()
    if not hasattr(request, "_kept_told"):
        request._kept_told = True  # type: ignore[attr-defined]
        tell_kept(request)
    return data


def tell_kept(request: HttpRequest) -> None:
    """Say that what stands in the form is not saved, with the way back to what is on file."""
    back = format_html('<a href="?{}=1">Show what is on file instead</a>', FORGET)
    messages.warning(request, format_html("{} {}", KEPT, back))
