"""Insight: whether the payers decide as the desk reads their policies, how long it takes, why they deny."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coverage_app.models import Document
from coverage_app.services.insight import insight as look_into
from coverage_app.services.insight.rows import TABLES, rows
from coverage_app.services.neutral import csv_lines
from coverage_app.web.payer_forms import InsightForm
from coverage_app.web.presenters.insight import SHOWN, page
from coverage_app.web.requests import DeskRequest


def _form(request: DeskRequest) -> InsightForm:
    payers = Document.objects.filter(kind=Document.Kind.PAYER_POLICY).order_by("short_name")
    return InsightForm(request.GET, payers=list(payers))


@require_GET
@permission_required("coverage_app.view_payerstep", raise_exception=True)
def insight(request: DeskRequest) -> HttpResponse:
    """The page, for all payers and days or for those chosen."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "insight/page.html", {"form": form, "asked": True}, status=400)
    found = look_into(form.chosen)
    kept = {name: value for name in form.fields if (value := request.GET.get(name))}
    context = {
        "form": form,
        "asked": bool(kept),
        "query": urlencode(kept),
        "found": found,
        "shown": SHOWN,
        "empty": not (found.decided or found.denials or found.appeals),
        **page(found, request.user.is_staff and request.user.has_perm("coverage_app.view_edition")),
    }
    return render(request, "insight/page.html", context)


@require_GET
@permission_required(["coverage_app.view_payerstep", "coverage_app.view_case"], raise_exception=True)
def insight_rows(request: DeskRequest, table: str) -> HttpResponseBase:
    """The rows behind a table, as a file for a spreadsheet."""
    if table not in TABLES:
        raise Http404(f"There is no table {table[:40]!r}.")
    form = _form(request)
    if not form.is_valid():
        return render(request, "insight/page.html", {"form": form, "asked": True}, status=400)
    return StreamingHttpResponse(
        csv_lines(rows(table, form.chosen)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="insight-{table}.csv"'},
    )
