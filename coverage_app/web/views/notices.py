"""Setting a notice aside."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from coverage_app.models import PolicyNotice
from coverage_app.services.notices import mark_seen
from coverage_app.web.requests import DeskRequest


@require_POST
@permission_required("coverage_app.change_policynotice", raise_exception=True)
def seen(request: DeskRequest, reference: str, pk: int) -> HttpResponse:
    """Note that the notice was seen, and back to the page of the case that it stood on."""
    notice = get_object_or_404(PolicyNotice, pk=pk, case__reference=reference)
    mark_seen(notice=notice, by=request.user)
    questions = reverse("questionnaire", args=[reference])
    came_from = urlsplit(request.headers.get("referer", "")).path
    return redirect(questions if came_from == questions else reverse("case", args=[reference]))
