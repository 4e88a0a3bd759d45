"""The steps of an edition's life: a new one, review, withdrawal; publication has a module of its own."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern

from coverage_app.models import Case, Edition
from coverage_app.services.edition_days import decided_cases
from coverage_app.services.life import EditionFault, send_back, start_draft, submit_for_review, withdraw_edition
from coverage_app.services.publication import text_hindrances
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import day

from ..base import why
from ..fields import wording_of
from ..given import given
from . import history, publishing
from .new import NewEdition
from .page import address, at, edition_for
from .steps import by, linked, take_step

LISTED = 100
"""How many of the cases that an edition decided are listed; their whole number is said."""


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        at(page, "new/", new, "edition_new"),
        at(page, "<int:pk>/submit/", submit, "edition_submit"),
        at(page, "<int:pk>/send-back/", back, "edition_send_back"),
        at(page, "<int:pk>/publish/", publishing.publish, "edition_publish"),
        at(page, "<int:pk>/withdraw/", withdraw, "edition_withdraw"),
        at(page, "<int:pk>/history/", history.history, "edition_history"),
        at(page, "<int:pk>/history/<int:number>/restore/", history.restored, "edition_restore"),
    ]


def new(page: Any, request: HttpRequest) -> HttpResponse:
    """Ask of which document and from which day on, then begin a draft and lead to it."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    form = NewEdition(request.POST or None, initial=request.GET.dict() | given(request).dict())
    if request.method == "POST" and form.is_valid():
        try:
            edition = start_draft(by=by(request), **form.cleaned_data)
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
    return f"a copy of the edition of {day(source.in_force)}" if source else "an empty draft"


def submit(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then hand a draft in for review."""
    edition = edition_for(page, request, pk, writes=True)
    found = text_hindrances(edition, wording_of(request)) if edition.status == Edition.Status.DRAFT else []
    return take_step(
        page,
        request,
        edition,
        "submit",
        lambda: submit_for_review(edition=edition, by=by(request), why=why(request)),
        done="is in review. Another policy editor can now publish it or send it back.",
        hindrances=linked(edition, found),
        reads=not any(one.blocks_review for one in found),
    )


def back(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to be mended, then make an edition in review a draft again."""
    edition = edition_for(page, request, pk, writes=True)
    step = partial(send_back, edition=edition, by=by(request), why=why(request))
    return take_step(page, request, edition, "send_back", step, done="is sent back and can be edited again.")


def withdraw(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """List the cases that an edition has decided; ask for the reason, then take it out of force."""
    edition = edition_for(page, request, pk, writes=True)
    cases = decided_cases(edition)
    step = partial(withdraw_edition, edition=edition, by=by(request), reason=why(request))
    return take_step(
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


def _verdict(case: Case) -> str:
    return VERDICTS[case.verdict]["label"] if case.verdict in VERDICTS else "None yet"
