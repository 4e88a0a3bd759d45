"""Beside a form in which criteria are written: what they say as they are typed, and the facts to pick from."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from coverage_app.admin.fields import wording_of
from coverage_app.models import Fact
from coverage_app.services.drafting import check_criteria
from coverage_app.services.vocabulary import Wording

from .live import live_address
from .page import at


def urls(page: Any) -> list[URLPattern]:
    """The address of the check."""
    return [at(page, "check/", check, "edition_check", only=require_POST)]


def check(page: Any, request: HttpRequest) -> HttpResponse:
    """What the criteria in ``criteria`` say, or where they cannot be read; a fragment. 400 without the text."""
    if not (page.has_change_permission(request) or page.has_add_permission(request)):
        raise PermissionDenied
    text = request.POST.get("criteria")
    if text is None:
        return HttpResponseBadRequest("Nothing to check was sent.", content_type="text/plain")
    blank = "optional" in request.POST
    checked = check_criteria(text.replace("\r\n", "\n"), wording_of(request), blank=blank)
    return render(request, "admin/workbench/_criteria.html", {"checked": checked})


def aids(page: Any, request: HttpRequest, subject: Any) -> dict[str, Any] | None:
    """What stands beside a form in which criteria are written: the facts to pick from, and the address of the panel.

    ``subject`` is what the form edits; None when it is new. None when it cannot be edited.
    """
    allowed = page.has_change_permission(request, subject) if subject else page.has_add_permission(request)
    if not allowed:
        return None
    form = f"{page.opts.model_name}_form"
    return {"sections": _sections(wording_of(request)), "live": live_address(page, subject), "form": form}


def _sections(wording: Wording) -> list[dict[str, Any]]:
    """The facts of the vocabulary by the section of the questionnaire, each value with how far it is narrowed."""
    found = []
    for code, label in Fact.Section.choices:
        facts = [_fact(fact) for fact in wording.facts.values() if fact["section"] == code]
        if facts:
            found.append({"label": label, "facts": facts})
    return found


def _fact(fact: dict[str, Any]) -> dict[str, Any]:
    parents = {value["code"]: value["parent"] for value in fact["values"]}
    values = [value | {"narrower": bool(parents[value["code"]])} for value in fact["values"]]
    words = [fact["code"], fact["label"], *(f"{value['code']} {value['label']}" for value in values)]
    return fact | {"values": values, "words": " ".join(words).lower()}
