"""One case under all payers on file, side by side."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from coverage_app.models import Case
from coverage_app.services.cases import facts_of
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.side_by_side import side_by_side
from coverage_app.web.requests import DeskRequest

ABREAST = 4
"""So many payers stand abreast on a wide screen and on paper; more scroll, and on paper stand under one another."""


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def payers(request: DeskRequest, reference: str) -> HttpResponse:
    """Every payer on file for the case's day, its own first, by the answers as they are stored now."""
    case = get_object_or_404(Case.objects.select_related("document"), reference=reference)
    compared = side_by_side(facts_of(case))
    frozen = case.assessments.order_by("-number").first() if case.status != Case.Status.DRAFT else None
    own = compared.own
    context = {
        "case": case,
        "compared": compared,
        "own": own,
        "title": (own or compared.columns[0]).standing.title if compared.columns else case.title,
        "many": len(compared.columns) > ABREAST,
        "frozen": frozen,
        "frozen_verdict": VERDICTS.get(frozen.verdict) if frozen else None,
        "reads_otherwise": frozen is not None and own is not None and own.standing.code != frozen.verdict,
    }
    return render(request, "payers/page.html", context)
