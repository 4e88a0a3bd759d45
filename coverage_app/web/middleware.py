"""Clear answers to what Django answers with an empty page or not at all."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ClearErrorsMiddleware:
    """A body over the limit gets 413 before anything reads it; a page asked for in the wrong way a clear 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any) -> HttpResponse | None:
        """Refuse a body over the limit; a view that takes files says so by its own ``largest_body``, in bytes."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        largest: int | None = getattr(view, "largest_body", None)
        limit = largest or settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if length.isdecimal() and int(length[:18]) > limit:
            megabytes = largest // 1024**2 if largest else None
            return render(request, "413.html", {"megabytes": megabytes}, status=413)
        return None
