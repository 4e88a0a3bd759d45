"""The text that an edition was read from, with its quotes marked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from coverage_app.models import Edition
from coverage_app.services.editions import EditionFault
from coverage_app.services.sources import (
    LARGEST,
    QuoteCheck,
    SourceFault,
    check_quotes,
    marked_text,
    newest_source,
    store_source,
    without_source,
)

from .accepting import accepted, unsent
from .page import address, edition_for, workbench_page

FORM = 64 * 1024  # bytes that a form takes beside its file


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""

    def show(request: HttpRequest, pk: int) -> HttpResponse:
        return source_page(page, request, pk)

    setattr(show, "largest_body", LARGEST + FORM)  # noqa: B010  # read by the middleware that answers 413
    view = page.admin_site.admin_view(show)
    return [path("<int:pk>/source/", view, name="coverage_app_edition_source")]


def source_page(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The source text; forms upload another, and explain quotes that are not in it. 422 when that is refused."""
    edition = edition_for(page, request, pk, writes=request.method == "POST")
    refused, fault = unsent(request) if request.method == "GET" else None, ""
    if request.method == "POST":
        uploads = request.POST.get("action") == "upload"
        if uploads:
            fault = _uploaded(request, edition)
        else:
            refused = accepted(request, edition)
        if not fault and refused is None:
            part = "" if uploads else f"#quote-{request.POST.get('key', '')[:200]}"
            return HttpResponseRedirect(address("source", edition) + part)
    context = {"step": "Source text", "refused": refused, "fault": fault, **_shown(edition)}
    context["may_upload"] = request.user.has_perm("coverage_app.add_sourcetext")
    context["may_accept"] = request.user.has_perm("coverage_app.add_acceptance")
    context["may_take_back"] = context["may_accept"] and edition.status == Edition.Status.DRAFT
    status = 422 if request.method == "POST" and (fault or refused) else 200
    return workbench_page(page, request, edition, "source.html", tab="source", status=status, **context)


def _uploaded(request: HttpRequest, edition: Edition) -> str:
    """Store the file; what is wrong with it, or nothing."""
    if not request.user.has_perm("coverage_app.add_sourcetext"):
        raise PermissionDenied
    upload = request.FILES.get("file")
    if upload is None:
        return "Choose a file first."
    by: Any = request.user
    try:
        source = store_source(edition=edition, upload=upload, by=by)
    except (SourceFault, EditionFault) as fault:
        return f"{upload.name}: {fault}"
    checks = check_quotes(edition, source)
    found = sum(check.found for check in checks)
    # in quotation marks: Django makes the first letter of a message a capital, and the name is the file's own
    messages.success(request, f"“{source.name}” is on file. Of {len(checks)} quotes, {found} stand in it.")
    if edition.status == Edition.Status.IN_REVIEW:
        messages.warning(request, "It is in review, so the publication is now another person's: you stored its source.")
    return ""


def _shown(edition: Edition) -> dict[str, Any]:
    """What the page shows of the text and the quotes."""
    source = newest_source(edition)
    checks = check_quotes(edition, source)
    explained = {acceptance.key: acceptance for acceptance in edition.acceptances.select_related("by")}
    links, whole = _links(checks, edition), without_source(checks)
    lines: list[dict[str, Any]] = [
        {"check": c, "url": links[c.number], "explained": explained.get(c.key)} for c in checks
    ]
    missing = [line for line in lines if not line["check"].found]
    return {
        "source": source,
        "characters": f"{len(source.text):,}" if source else "",
        "no_source": {"key": whole.key, "kind": whole.kind, "explained": explained.get(whole.key)},
        "found": [line for line in lines if line["check"].found],
        "missing": sorted(missing, key=lambda line: line["explained"] is not None),
        "open": sum(line["explained"] is None for line in missing),
        "total": len(lines),
        "segments": [
            (segment, [(check, links[check.number]) for check in segment.begins])
            for segment in (marked_text(source.text, checks) if source else [])
        ],
    }


def _links(checks: list[QuoteCheck], edition: Edition) -> dict[int, str]:
    """Where each quote is edited: on the edition's own page, or on the page of its row or remark."""
    whole = reverse("admin:coverage_app_edition_change", args=[edition.pk])
    places = {"provision": 0, "authorizationrule": 0}
    links = {}
    for check in checks:
        if check.part in places:
            prefix = "provisions" if check.part == "provision" else "authorizationrules"
            links[check.number] = f"{whole}#{prefix}-{places[check.part]}"
            places[check.part] += 1
        else:
            links[check.number] = reverse(f"admin:coverage_app_{check.part}_change", args=[check.pk])
    return links
