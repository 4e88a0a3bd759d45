"""The verdict of a case: as it stands now, or as it was frozen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from coverage_app.models import Assessment, Case
from coverage_app.services.cases import checksum, standing_of
from coverage_app.services.report import build_report
from coverage_app.web.presenters.notices import notices_of
from coverage_app.web.requests import DeskRequest


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def verdict(request: DeskRequest, reference: str) -> HttpResponse:
    """A completed case reads as its last assessment; a draft as its answers stand now."""
    case = _case(reference)
    assessments = list(case.assessments.select_related("completed_by"))
    if case.status == Case.Status.COMPLETED:
        return _frozen(request, case, assessments, assessments[0])
    context = _context(request, case, assessments) | {"report": build_report(standing_of(case)), "live": True}
    if case.document and request.user.has_perm("coverage_app.change_case"):
        context["complete_url"] = reverse("complete_case", args=[case.reference])
    return render(request, "verdict/page.html", context)


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def assessment(request: DeskRequest, reference: str, number: int) -> HttpResponse:
    """One assessment of the case, exactly as it was completed."""
    case = _case(reference)
    get_object_or_404(Assessment, case=case, number=number)
    assessments = list(case.assessments.select_related("completed_by"))
    shown = next(item for item in assessments if item.number == number)
    return _frozen(request, case, assessments, shown)


def _case(reference: str) -> Case:
    return get_object_or_404(Case.objects.select_related("document", "created_by", "updated_by"), reference=reference)


def _frozen(request: DeskRequest, case: Case, assessments: list[Assessment], shown: Assessment) -> HttpResponse:
    context = _context(request, case, assessments, shown)
    if checksum(shown.report) != shown.checksum:
        messages.error(request, f"Assessment {shown.number} does not match its checksum: do not rely on it.")
    about = {"number": shown.number, "at": shown.completed_at, "by": _name(shown), "checksum": shown.checksum}
    return render(request, "verdict/page.html", context | {"report": shown.report, "assessment": about})


def _name(assessment: Assessment) -> str:
    return assessment.completed_by.get_full_name() or assessment.completed_by.get_username()


def _context(
    request: DeskRequest, case: Case, assessments: list[Assessment], shown: Assessment | None = None
) -> dict[str, object]:
    may_edit = request.user.has_perm("coverage_app.change_case")
    return {
        "case": case,
        "notices": notices_of(case),
        "edit_url": reverse("questionnaire", args=[case.reference]) if may_edit else "",
        "assessments": [
            {
                "number": item.number,
                "at": item.completed_at,
                "by": _name(item),
                "url": reverse("case_assessment", args=[case.reference, item.number]),
                "current": shown is not None and item.pk == shown.pk,
            }
            for item in assessments
        ],
    }
