"""Taking a case to review, or giving it to another reviewer."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from coverage_app.models import Case
from coverage_app.services.case_life import ReviewFault, assign, reviewers
from coverage_app.web.presenters.case_reviews import name_of
from coverage_app.web.requests import DeskRequest
from coverage_app.web.review_forms import AssignForm


@require_POST
@permission_required(("coverage_app.view_case", "coverage_app.add_casereview"), raise_exception=True)
def assign_case(request: DeskRequest, reference: str) -> HttpResponse:
    """Note who reviews the case, and back to the page that the button stood on."""
    case = get_object_or_404(Case, reference=reference)
    people = list(reviewers())
    form = AssignForm(request.POST, people=people)
    if not form.is_valid():
        raise BadRequest("That is no reviewer of this desk. Open the page again and choose one.")
    reviewer = next((person for person in people if str(person.pk) == form.cleaned_data["reviewer"]), None)
    try:
        if form.cleaned_data["was"] != str(case.reviewer_id or "") and reviewer != case.reviewer:
            raise ReviewFault(f"{case} was given to {name_of(case.reviewer) or 'nobody'} meanwhile.")
        assign(case=case, reviewer=reviewer, by=request.user)
    except ReviewFault as fault:
        messages.warning(request, str(fault))
    else:
        whose = "you" if reviewer == request.user else name_of(reviewer) or "nobody in particular"
        messages.success(request, f"{case} is with {whose}.")
    if request.POST.get("to") == "case":
        return redirect("case_review", reference=reference)
    shown = request.POST.get("shown", "")[:20]
    return redirect(reverse("reviews") + (f"?{urlencode({'reviewer': shown})}" if shown else ""))
