"""The verdict of a case: as it stands now, or as it was frozen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from coverage_app.models import Assessment, Case
from coverage_app.services.cases import checksum, standing_of
from coverage_app.services.decisions import review_of
from coverage_app.services.report import build_report
from coverage_app.web.presenters.case_reviews import decision, due, history, status_of
from coverage_app.web.presenters.notices import notices_of
from coverage_app.web.presenters.superseded import superseded_notice
from coverage_app.web.requests import DeskRequest

ASSESSMENTS = ("completed_by", "review__by")


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def verdict(request: DeskRequest, reference: str) -> HttpResponse:
    """A completed or closed case reads as its last assessment; a draft as its answers stand now."""
    case = _case(reference)
    assessments = list(case.assessments.select_related(*ASSESSMENTS))
    if case.status != Case.Status.DRAFT:
        newest = assessments[0]
        return _frozen(request, case, assessments, newest, {"superseded": superseded_notice(case, newest)})
    standing = standing_of(case)
    context = _context(request, case, assessments) | {"report": build_report(standing), "live": True}
    context["superseded"] = superseded_notice(case, standing=standing)
    if case.document and request.user.has_perm("coverage_app.change_case"):
        context["complete_url"] = reverse("complete_case", args=[case.reference])
    return render(request, "verdict/page.html", context)


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def assessment(request: DeskRequest, reference: str, number: int) -> HttpResponse:
    """One assessment of the case, exactly as it was completed."""
    case = _case(reference)
    get_object_or_404(Assessment, case=case, number=number)
    assessments = list(case.assessments.select_related(*ASSESSMENTS))
    shown = next(item for item in assessments if item.number == number)
    return _frozen(request, case, assessments, shown)


def _case(reference: str) -> Case:
    people = ("created_by", "updated_by", "reviewer")
    return get_object_or_404(Case.objects.select_related("document", "copied_from", *people), reference=reference)


def _frozen(
    request: DeskRequest,
    case: Case,
    assessments: list[Assessment],
    shown: Assessment,
    besides: dict[str, object] | None = None,
) -> HttpResponse:
    context = _context(request, case, assessments, shown) | (besides or {})
    if checksum(shown.report) != shown.checksum:
        messages.error(request, f"Assessment {shown.number} does not match its checksum: do not rely on it.")
    about = {
        "number": shown.number,
        "at": shown.completed_at,
        "by": shown.completer,
        "checksum": shown.checksum,
        "why": shown.why,
        "newest": shown.pk == assessments[0].pk,
    }
    decided = {"assessment": about, "decision": decision(review_of(shown))}
    return render(request, "verdict/page.html", context | {"report": shown.report} | decided)


def _context(
    request: DeskRequest, case: Case, assessments: list[Assessment], shown: Assessment | None = None
) -> dict[str, object]:
    """What the page says besides the report: the status, the question that waits, the other assessments, what to do."""
    may_edit = request.user.has_perm("coverage_app.change_case")
    closed = case.status == Case.Status.CLOSED
    last = review_of(assessments[0]) if assessments else None
    status = status_of(case, last)
    return {
        "case": case,
        "notices": notices_of(case, request.user),
        "status": status,
        "asked": decision(last) if status["code"] == "sent_back" else None,
        "due": due(case, timezone.localdate()),
        "edit_url": reverse("questionnaire", args=[case.reference]) if may_edit and not closed else "",
        "amend_url": reverse("case_amend", args=[case.reference]) if may_edit and closed else "",
        "may_copy": request.user.has_perm("coverage_app.add_case"),
        "assessments": history(case, assessments, shown),
    }
