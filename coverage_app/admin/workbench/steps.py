"""What the steps of an edition's life share: each page asks, then takes the step or says why not."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch

from coverage_app.models import Edition
from coverage_app.services.life import EditionFault
from coverage_app.services.publication import Hindrance

from ..base import WHY, why
from ..stale import SEEN, who_saved
from .page import address, workbench_page

TITLES = {
    "submit": "Submit {} for review?",
    "send_back": "Send {} back?",
    "publish": "Publish {}?",
    "withdraw": "Withdraw {}?",
}


def take_step(
    page: Any,
    request: HttpRequest,
    edition: Edition,
    name: str,
    take: Callable[[], Edition],
    *,
    done: str,
    then: str = "history",
    refused: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """Ask on GET; on POST take the step and go on to ``then``, or say on the same page why not.

    ``refused``: what is wrong with what was sent, before the step is tried.
    """
    faults = tuple(refused)
    step = name.replace("_", " ").capitalize()
    if request.method == "POST" and request.POST.get(SEEN, "") != context.get("seen", ""):
        faults = (f"{who_saved(edition)}, after you opened this page. Look again before you publish.",)
    elif request.method == "POST" and not faults:
        try:
            taken = take()
        except EditionFault as fault:
            faults = fault.faults
        else:
            admin.ModelAdmin.log_change(page, request, edition, f"{step}: {why(request)}")
            messages.success(request, f"{taken} {done}")
            return HttpResponseRedirect(address(then, edition))
    edition.refresh_from_db(fields=["status"])
    shown: dict[str, Any] = {"step": step, "faults": faults, "why": why(request), "why_name": WHY}
    title = TITLES[name].format(edition) if edition.status in BEGINS[name] else str(edition)
    shown |= {"title": title, "begins": edition.status in BEGINS[name]}
    return workbench_page(
        page, request, edition, f"{name}.html", tab="", status=409 if faults else 200, **shown | context
    )


BEGINS = {
    "submit": (Edition.Status.DRAFT,),
    "send_back": (Edition.Status.IN_REVIEW,),
    "publish": (Edition.Status.IN_REVIEW,),
    "withdraw": (Edition.Status.PUBLISHED,),
}
"""Where an edition has to stand for each step."""


def by(request: HttpRequest) -> Any:
    """Who takes the step."""
    return request.user


def tab_address(tab: str, edition: Edition) -> str:
    """The address of a tab; empty for none."""
    try:
        return address(tab, edition) if tab else ""
    except NoReverseMatch:
        return ""


def linked(edition: Edition, found: list[Hindrance]) -> list[tuple[str, str]]:
    """Each hindrance with the address of the page where it is mended."""
    return [(one.said, tab_address(one.tab, edition)) for one in found]
