"""Worklists uploaded as a file: sending one, what its check found, having it stored, and what came of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from coverage_app.models import Upload
from coverage_app.services import uploads as service
from coverage_app.services.neutral import csv_lines
from coverage_app.services.uploads import StoredBefore, UploadFault, results
from coverage_app.web.presenters import uploads as presenter
from coverage_app.web.requests import DeskRequest

PAGE = 50
LONG = 15  # seconds in line after which the page says that no worker may be running
FORM = 64 * 1024  # what a form sends besides its file
SEE = ("coverage_app.view_upload", "coverage_app.view_case")
ADD = ("coverage_app.add_upload", "coverage_app.add_case")

may_see = permission_required(SEE, raise_exception=True)
may_add = permission_required(ADD, raise_exception=True)


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="Worklist",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv", "class": "form-control"}),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_see
def uploads(request: DeskRequest) -> HttpResponse:
    """The uploads so far, and the form that takes another."""
    form = UploadForm()
    adds = request.user.has_perms(ADD)
    if request.method == "POST":
        if not adds:
            return may_add(uploads)(request)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = service.receive(file=form.cleaned_data["file"], by=request.user)
                return redirect("upload", pk=upload.pk)
            except UploadFault as fault:
                form.add_error("file", str(fault))
    page = Paginator(Upload.objects.select_related("asked_by"), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "may_add": adds,
        "limits": service.limits(),
        "page": page,
        "pages": _pages(page),
        "rows": [{"upload": upload, "state": presenter.words_of(upload)} for upload in page],
        "columns": list(service.Columns().described()) if adds else [],
        "passed_over": sorted(service.OF_AN_EXPORT),
    }
    return render(request, "uploads/page.html", context, status=422 if form.errors else 200)


setattr(uploads, "largest_body", settings.UPLOAD_MEGABYTES * 1024**2 + FORM)  # noqa: B010  # for the middleware


@require_GET
@may_see
def upload(request: DeskRequest, pk: int) -> HttpResponse:
    """One upload: how far it is, what is wrong with it, or what came of it."""
    return render(request, "uploads/upload.html", _context(request, _found(pk)))


@require_GET
@may_see
def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """For htmx: how far it is; once its step has ended, all that there is to see."""
    found = _found(pk)
    if found.is_open:
        return render(request, "uploads/_progress.html", {"upload": found, "no_worker": _no_worker(found)})
    context = _context(request, found) | {"by_htmx": True}
    return reswap(retarget(render(request, "uploads/_now.html", context), "#upload"), "outerHTML")


@require_POST
@may_add
def store(request: DeskRequest, pk: int) -> HttpResponse:
    """Have the rows stored; the same file a second time only on purpose."""
    found = _found(pk)
    try:
        service.store(upload=found, by=request.user, again=request.POST.get("again") == "yes")
    except StoredBefore:
        context = _context(request, _found(pk)) | {"again_due": True}
        return render(request, "uploads/upload.html", context, status=409)
    except UploadFault as fault:
        messages.info(request, str(fault))
    return redirect("upload", pk=pk)


@require_POST
@may_add
def cancel(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop what is going on."""
    if not service.cancel(upload=_found(pk), by=request.user):
        messages.info(request, "There was nothing to stop: it had ended.")
    return redirect("upload", pk=pk)


@require_POST
@may_add
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """Go on where it was stopped."""
    if not service.resume(upload=_found(pk), by=request.user):
        messages.info(request, "There was nothing to go on with.")
    return redirect("upload", pk=pk)


@require_GET
@may_see
def faults(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    """Every fault, as a file for a spreadsheet."""
    found = _found(pk)
    if not service.has_faults(found):
        raise Http404("No fault was found in this upload.")
    return _file(f"upload-{pk}-faults.csv", results.fault_table(found))


@require_GET
@may_see
def cases(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    """Every row with the case that it became, as a file for a spreadsheet."""
    found = _found(pk)
    if found.step != Upload.Step.STORE:
        raise Http404("Nothing of this upload is stored.")
    return _file(f"upload-{pk}-cases.csv", results.case_table(found))


@require_GET
@may_add
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty worklist with one example."""
    return _file("worklist.csv", results.template_table(service.Columns()))


def _file(name: str, rows: Iterable[Iterable[str]]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _found(pk: int) -> Upload:
    return get_object_or_404(Upload.objects.select_related("asked_by"), pk=pk)


def _no_worker(upload: Upload) -> bool:
    waited = (timezone.now() - (upload.heartbeat_at or upload.asked_at)).total_seconds()
    return upload.status == Upload.Status.WAITING and waited > LONG


def _pages(page: Page[Any]) -> Iterable[int | str]:
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


def _context(request: DeskRequest, upload: Upload) -> dict[str, Any]:
    """All that the page and its fragment show."""
    state = presenter.state_of(upload)
    context: dict[str, Any] = {
        "upload": upload,
        "state": state,
        "may_add": request.user.has_perms(ADD),
        "notes": presenter.notes(upload),
        "no_worker": _no_worker(upload),
        "storing": upload.step == Upload.Step.STORE,
        "earlier": None if upload.is_open else service.same_file(upload),
    }
    if state == "faulty":
        page = Paginator(results.faulty_rows(upload), PAGE).get_page(request.GET.get("page"))
        lines = presenter.fault_lines(page)
        context |= {"whole": presenter.whole_faults(upload), "lines": lines, "page": page, "pages": _pages(page)}
    elif upload.step == Upload.Step.STORE and state != "open":
        page = Paginator(results.stored_rows(upload), PAGE).get_page(request.GET.get("page"))
        context |= {
            "progress": results.progress_of(upload),
            "picture": presenter.picture(results.tallies(upload)),
            "lines": presenter.result_lines(page),
            "page": page,
            "pages": _pages(page),
        }
    return context
