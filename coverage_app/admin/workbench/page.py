"""What all pages of the workbench share: who may see them, their tabs, their frame."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse

from coverage_app.models import Edition

TABS = (
    ("change", "Text"),
    ("findings", "Audit"),
    ("golden", "Golden cases"),
    ("source", "Source text"),
    ("differences", "Differences"),
    ("impact", "Impact"),
    ("history", "History"),
)
"""The last word of each page's address name, and what its tab says."""


def at(page: Any, route: str, view: Callable[..., HttpResponseBase], name: str, *, only: Any = None) -> URLPattern:
    """The address of a page, whose view takes the admin's ``page`` first; ``only``: the methods that it answers to."""
    bound: Any = partial(view, page)
    return path(route, page.admin_site.admin_view(only(bound) if only else bound), name=f"coverage_app_{name}")


def edition_for(page: Any, request: HttpRequest, pk: int, *, writes: bool = False) -> Edition:
    """The edition of a page; raises PermissionDenied, Http404."""
    allowed = page.has_change_permission(request) if writes else page.has_view_or_change_permission(request)
    if not allowed:
        raise PermissionDenied
    edition: Edition | None = page.get_queryset(request).filter(pk=pk).first()
    if edition is None:
        raise Http404(f"No edition has the number {pk}.")
    return edition


def address(tab: str, edition: Edition) -> str:
    """The address of one of an edition's pages."""
    return reverse(f"admin:coverage_app_edition_{tab}", args=[edition.pk])


def tabs(edition: Edition, current: str) -> list[dict[str, Any]]:
    """The tabs of an edition, for ``admin/workbench/_tabs.html``."""
    found = []
    for tab, words in TABS:
        try:
            found.append({"words": words, "url": address(tab, edition), "current": tab == current})
        except NoReverseMatch:
            continue
    return found


def workbench_page(
    page: Any, request: HttpRequest, edition: Edition, template: str, *, tab: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the workbench: ``templates/admin/workbench/<template>``, which extends ``page.html`` there."""
    frame = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": edition,
        "tabs": tabs(edition, tab),
        "title": str(edition),
    }
    return TemplateResponse(request, f"admin/workbench/{template}", frame | context, status=status)
