"""Writing down that an edition was compared with the payer's current text."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from coverage_app.services.report.words import day
from coverage_app.services.reviews import ReviewFault, due_on, record_review

from .page import at, edition_for


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [at(page, "<int:pk>/reviewed/", reviewed_today, "edition_reviewed", only=require_POST)]


def reviewed_today(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Write the review down for today, and back to the page that asked (``back``)."""
    edition = edition_for(page, request, pk)
    if not request.user.has_perm("coverage_app.add_editionreview"):
        raise PermissionDenied
    try:
        record_review(
            edition=edition, by=request.user, on=timezone.localdate(), note=request.POST.get("note", "")  # type: ignore[arg-type]
        )  # fmt: skip
    except ReviewFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, f"{edition} is reviewed. The next review is due by {day(due_on(edition))}.")
    back = request.POST.get("back", "")
    known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if known else reverse("admin:index"))
