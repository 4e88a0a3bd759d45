"""What differs between an assessment and the one before it."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from coverage_app.models import Case
from coverage_app.services.assessment_changes import changes
from coverage_app.web.presenters.case_reviews import history
from coverage_app.web.requests import DeskRequest


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def assessment_changes(request: DeskRequest, reference: str, number: int) -> HttpResponse:
    """Both assessments side by side in words; the first of a case has none before it."""
    case = get_object_or_404(Case.objects.select_related("document"), reference=reference)
    both = case.assessments.filter(Q(number=number) | Q(number=number - 1)).select_related("completed_by", "review__by")
    if len(both) != 2:
        raise Http404(f"{case} has no assessments {number - 1} and {number} to compare.")
    after, before = both
    new, old = history(case, both)
    context = {
        "case": case,
        "before": old,
        "after": new,
        "sides": (old, new),
        "parts": changes(before.report, after.report),
        "report": after.report,
    }
    return render(request, "review/changes.html", context)
