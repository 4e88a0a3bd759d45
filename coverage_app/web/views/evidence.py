"""What is missing from the chart, as one page to print for the clinic."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from coverage_app.models import Case
from coverage_app.services.cases import standing_of
from coverage_app.services.report import build_report
from coverage_app.web.presenters.evidence import checklist as listed
from coverage_app.web.requests import DeskRequest


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def checklist(request: DeskRequest, reference: str) -> HttpResponse:
    """The checklist of a case: of its answers now, or of its last assessment where they have not changed since."""
    case = get_object_or_404(Case.objects.select_related("document"), reference=reference)
    frozen = None if case.status == Case.Status.DRAFT else case.assessments.order_by("-number").first()
    report = frozen.report if frozen else build_report(standing_of(case))
    may_edit = request.user.has_perm("coverage_app.change_case")
    context = {
        "case": case,
        "report": report,
        "assessment": frozen,
        "lists": listed(report),
        "today": timezone.localdate(),
        "edit_url": reverse("questionnaire", args=[case.reference]) if may_edit else "",
    }
    return render(request, "checklist/page.html", context)
