"""What an edition would change for the stored cases: a run in the background, its progress, its result."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from coverage_app.models import Case, Document, Edition, ImpactRun
from coverage_app.services import bulk, impact
from coverage_app.services.flows import Flow
from coverage_app.services.impact import ImpactFault
from coverage_app.services.neutral import csv_lines
from coverage_app.services.notices import told
from coverage_app.services.report.tags import VERDICTS

from .flows import flow
from .page import address, at, edition_for, workbench_page

PAGE = 50
LONG = 15  # seconds in line after which the page says that no worker may be running


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        at(page, "<int:pk>/impact/", show, "edition_impact", only=require_GET),
        at(page, "<int:pk>/impact/start/", start, "edition_impact_start", only=require_POST),
        at(page, "<int:pk>/impact/cancel/", cancel, "edition_impact_cancel", only=require_POST),
        at(page, "<int:pk>/impact/progress/", progress, "edition_impact_progress", only=require_GET),
        at(page, "<int:pk>/impact/cases.csv", download, "edition_impact_download", only=require_GET),
    ]


def show(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The page: what a run would look at, how far it is, what it found."""
    edition = edition_for(page, request, pk)
    context = _context(request, edition)
    return workbench_page(page, request, edition, "impact.html", tab="impact", step="Impact", **context)


def start(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Start a run; who comes second sees the one that is on its way."""
    edition = _writable(page, request, pk)
    try:
        run, begun = impact.start_run(edition=edition, by=request.user)  # type: ignore[arg-type]
    except ImpactFault as fault:
        messages.error(request, str(fault))
    else:
        if not begun:
            messages.info(request, f"{_who(run)} has started a run already. You see how far it is.")
    return HttpResponseRedirect(address("impact", edition))


def cancel(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the run that is on its way."""
    edition = _writable(page, request, pk)
    run = impact.newest_run(edition)
    if run is None or not impact.cancel_run(run=run, by=request.user):  # type: ignore[arg-type]
        messages.info(request, "There was no run to stop: it had ended.")
    return HttpResponseRedirect(address("impact", edition))


def progress(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """For htmx: how far the run is; once it has ended, all that there is to see."""
    edition = edition_for(page, request, pk)
    context = _context(request, edition) | {"original": edition, "by_htmx": True}
    if context["run"] and context["run"].is_open:
        return render(request, "admin/workbench/impact_progress.html", context)
    return reswap(retarget(render(request, "admin/workbench/impact_now.html", context), "#impact"), "outerHTML")


def download(page: Any, request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The cases that change, as a file for a spreadsheet."""
    edition = edition_for(page, request, pk)
    run = impact.newest_run(edition)
    if run is None or run.status != ImpactRun.Status.DONE:
        raise Http404("There is no finished run to download.")
    name = f"impact-{edition.document.code}-{edition.in_force:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(impact.table(run)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _writable(page: Any, request: HttpRequest, pk: int) -> Edition:
    edition = edition_for(page, request, pk, writes=True)
    if not request.user.has_perm("coverage_app.add_impactrun"):
        raise PermissionDenied
    return edition


def _who(run: ImpactRun) -> str:
    return (run.asked_by.get_full_name() or run.asked_by.get_username()) if run.asked_by else "Somebody"


# What is on the page


def _context(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """All that the page and its fragments show."""
    if edition.document.kind != Document.Kind.PAYER_POLICY:
        return {"decides": False, "run": None}
    context: dict[str, Any] = {"decides": True, "run": None}
    if edition.is_on_file:
        flows = told(edition)
        return context | {
            "told": _rows(flows),
            "told_cases": sum(each.cases for each in flows),
            "flow": _picture(flows),
        }
    run = impact.newest_run(edition)
    turn = bulk.publication(edition)
    context |= {"turn": turn, "run": run, "may_start": request.user.has_perm("coverage_app.add_impactrun")}
    if run is None:
        context["cases"] = turn.cases(timezone.localdate()).count()
        return context
    context |= {"who": _who(run), "out_of_date": impact.is_out_of_date(run, edition)}
    if run.is_open:
        waited = (timezone.now() - (run.heartbeat_at or run.asked_at)).total_seconds()
        context["no_worker"] = run.status == ImpactRun.Status.WAITING and waited > LONG
    if run.status == ImpactRun.Status.DONE:
        context |= _result(request, run)
    return context


def _result(request: HttpRequest, run: ImpactRun) -> dict[str, Any]:
    flows = impact.flows(run)
    kinds = {(each.before, each.after) for each in flows}
    chosen = (request.GET.get("from", ""), request.GET.get("to", ""))
    before, after = chosen if chosen in kinds else ("", "")
    listed = Paginator(impact.changes(run, before=before, after=after), PAGE).get_page(request.GET.get("page"))
    changed = sum(each.cases for each in flows)
    return {
        "changed": changed,
        "same": run.done - changed,
        "open_cases": sum(each.open for each in flows),
        "completed_cases": sum(each.completed for each in flows),
        "rows": _rows(flows),
        "flow": _picture(flows),
        "chosen": {"before": VERDICTS[before], "after": VERDICTS[after]} if before else None,
        "query": f"from={before}&to={after}&" if before else "",
        "listed": listed,
        "pages": listed.paginator.get_elided_page_range(listed.number, on_each_side=1, on_ends=1),
        "changes": [_line(change) for change in listed],
        "may_see_cases": request.user.has_perm("coverage_app.view_case"),
    }


def _line(change: Any) -> dict[str, Any]:
    case: Case = change.case
    by = case.updated_by
    return {
        "case": case,
        "with": by.get_full_name() or by.get_username(),
        "before": VERDICTS[change.before],
        "after": VERDICTS[change.after],
    }


def _rows(flows: list[Flow]) -> list[dict[str, Any]]:
    return [{"flow": each, "before": VERDICTS[each.before], "after": VERDICTS[each.after]} for each in flows]


def _picture(flows: list[Flow]) -> dict[str, Any] | None:
    return flow({(each.before, each.after): each.cases for each in flows})
