"""The steps of an edition's life: a new one, review, publication, withdrawal. Each page asks, then takes the step."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path

from coverage_app.models import Case, Edition
from coverage_app.services.edition_days import before, decided_cases
from coverage_app.services.life import (
    EditionFault,
    publish_edition,
    send_back,
    start_draft,
    submit_for_review,
    withdraw_edition,
)
from coverage_app.services.publication import Hindrance, hindrances, open_findings, text_hindrances
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.state_changes import summary
from coverage_app.services.states import checksum, content_of

from ..base import WHY, why
from ..fields import wording_of
from ..stale import SEEN, who_saved
from . import history
from .new import NewEdition
from .page import address, edition_for, workbench_page

LISTED = 100
"""How many of the cases that an edition decided are listed; their whole number is said."""


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""

    def at(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        wrapped = page.admin_site.admin_view(partial(view, page))
        return path(route, wrapped, name=f"coverage_app_edition_{name}")

    return [
        at("new/", new, "new"),
        at("<int:pk>/submit/", submit, "submit"),
        at("<int:pk>/send-back/", back, "send_back"),
        at("<int:pk>/publish/", publish, "publish"),
        at("<int:pk>/withdraw/", withdraw, "withdraw"),
        at("<int:pk>/history/", history.history, "history"),
        at("<int:pk>/history/<int:number>/restore/", history.restored, "restore"),
    ]


def new(page: Any, request: HttpRequest) -> HttpResponse:
    """Ask of which document and from which day on, then begin a draft and lead to it."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    form = NewEdition(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            edition = start_draft(by=_by(request), **form.cleaned_data)
        except EditionFault as fault:
            form.add_error(None, str(fault))
        else:
            admin.ModelAdmin.log_addition(page, request, edition, "Begun.")
            messages.success(request, f"{edition} is begun as {_copied(edition)}. Only editors see it.")
            return HttpResponseRedirect(address("change", edition))
    context = {**page.admin_site.each_context(request), "opts": page.opts, "title": "New edition", "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/workbench/new.html", context | form.about(), status=status)


def _copied(edition: Edition) -> str:
    source = edition.started_from
    return f"a copy of the edition of {source.in_force:%Y-%m-%d}" if source else "an empty draft"


def submit(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then hand a draft in for review."""
    edition = edition_for(page, request, pk, writes=True)
    found = text_hindrances(edition, wording_of(request)) if edition.status == Edition.Status.DRAFT else []
    return _step(
        page,
        request,
        edition,
        "submit",
        lambda: submit_for_review(edition=edition, by=_by(request), why=why(request)),
        done="is in review. Another policy editor can now publish it or send it back.",
        hindrances=_linked(edition, found),
        reads=not any(one.blocks_review for one in found),
    )


def back(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to be mended, then make an edition in review a draft again."""
    edition = edition_for(page, request, pk, writes=True)
    step = partial(send_back, edition=edition, by=_by(request), why=why(request))
    return _step(page, request, edition, "send_back", step, done="is sent back and can be edited again.")


def publish(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Show what publication would do and what stands in its way, then put an edition in force."""
    edition = edition_for(page, request, pk, writes=True)
    content = content_of(edition)
    found = hindrances(edition, _by(request), wording_of(request))
    ends = before(edition)
    step = partial(publish_edition, edition=edition, by=_by(request), in_force=edition.in_force, why=why(request))
    return _step(
        page,
        request,
        edition,
        "publish",
        step,
        done="is published.",
        seen=checksum(content),
        seen_name=SEEN,
        hindrances=_linked(edition, found),
        ends=ends,
        changes=summary(content_of(ends), content) if ends else [],
        open_findings=open_findings(edition) if not any(one.blocks_review for one in found) else None,
        to={tab: _address(tab, edition) for tab in ("findings", "differences", "impact", "history", "change")},
    )


def withdraw(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """List the cases that an edition has decided; ask for the reason, then take it out of force."""
    edition = edition_for(page, request, pk, writes=True)
    cases = decided_cases(edition)
    step = partial(withdraw_edition, edition=edition, by=_by(request), reason=why(request))
    return _step(
        page,
        request,
        edition,
        "withdraw",
        step,
        done="is withdrawn. The cases that it decided are listed below.",
        then="withdraw",
        cases=[(case, _verdict(case)) for case in cases.select_related("updated_by")[:LISTED]],
        count=cases.count(),
        sees_cases=request.user.has_perm("coverage_app.view_case"),
    )


TITLES = {
    "submit": "Submit {} for review?",
    "send_back": "Send {} back?",
    "publish": "Publish {}?",
    "withdraw": "Withdraw {}?",
}


def _step(
    page: Any,
    request: HttpRequest,
    edition: Edition,
    name: str,
    take: Callable[[], Any],
    *,
    done: str,
    then: str = "history",
    **context: Any,
) -> HttpResponse:
    """Ask on GET; on POST take the step and go on to ``then``, or say on the same page why not."""
    faults: tuple[str, ...] = ()
    step = name.replace("_", " ").capitalize()
    if request.method == "POST" and request.POST.get(SEEN, "") != context.get("seen", ""):
        faults = (f"{who_saved(edition)}, after you opened this page. Look again before you publish.",)
    elif request.method == "POST":
        try:
            take()
        except EditionFault as fault:
            faults = fault.faults
        else:
            admin.ModelAdmin.log_change(page, request, edition, f"{step}: {why(request)}")
            messages.success(request, f"{edition} {done}")
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


def _verdict(case: Case) -> str:
    return VERDICTS[case.verdict]["label"] if case.verdict in VERDICTS else "None yet"


def _by(request: HttpRequest) -> Any:
    return request.user


def _address(tab: str, edition: Edition) -> str:
    """The address of a tab; empty for none."""
    try:
        return address(tab, edition) if tab else ""
    except NoReverseMatch:
        return ""


def _linked(edition: Edition, found: list[Hindrance]) -> list[tuple[str, str]]:
    """Each hindrance with the address of the page where it is mended."""
    return [(one.said, _address(one.tab, edition)) for one in found]
