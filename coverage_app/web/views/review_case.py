"""The whole case on one page for its reviewer, and the decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from coverage_app.models import Assessment, Case, CaseReview
from coverage_app.services.case_life import ReviewFault, StaleCase, agree, override, reviewers, send_back
from coverage_app.services.cases import checksum
from coverage_app.services.decisions import review_of
from coverage_app.services.report.tags import VERDICTS
from coverage_app.web.kept import kept_for
from coverage_app.web.presenters.case_reviews import decision, due, history, name_of, status_of
from coverage_app.web.presenters.superseded import superseded_notice
from coverage_app.web.requests import DeskRequest
from coverage_app.web.review_forms import DecisionForm
from coverage_app.web.versions import seen_version

WITH = ("document", "reviewer", "updated_by", "copied_from")


@require_http_methods(["GET", "POST"])
@permission_required(("coverage_app.view_case", "coverage_app.view_casereview"), raise_exception=True)
def case_review(request: DeskRequest, reference: str) -> HttpResponse:
    """The page (GET); one of the three decisions (POST)."""
    case = _case(reference)
    if request.method == "POST":
        if not request.user.has_perm("coverage_app.add_casereview"):
            raise PermissionDenied
        return _decide(request, case)
    kept = kept_for(request)
    return _page(request, case, kept=kept)


def _case(reference: str) -> Case:
    return get_object_or_404(Case.objects.select_related(*WITH), reference=reference)


def _decide(request: DeskRequest, case: Case) -> HttpResponse:
    version = seen_version(request)
    newest = case.assessments.first()
    form = DecisionForm(request.POST, own=newest.verdict if newest else "")
    try:
        if not form.is_valid():
            if case.version == version:
                return _page(request, case, form=form, status=422)
            raise StaleCase(case)  # told first: what does not fit may be about another assessment by now
        review = _taken(request, case, version, form)
    except StaleCase as stale:
        return _page(request, _case(case.reference), stale=stale, kept=request.POST.copy(), status=409)
    except ReviewFault as fault:
        return _page(request, _case(case.reference), fault=str(fault), kept=request.POST.copy(), status=409)
    messages.success(request, _said(case, review))
    return redirect("reviews")


def _taken(request: DeskRequest, case: Case, version: int, form: DecisionForm) -> CaseReview:
    given = form.cleaned_data
    if given["decision"] == CaseReview.Decision.OVERRIDDEN:
        own = {"verdict": given["verdict"], "reason": given["reason"], "comment": given["because"]}
        return override(case=case, version=version, by=request.user, **own)
    if given["decision"] == CaseReview.Decision.SENT_BACK:
        return send_back(case=case, version=version, by=request.user, question=given["question"])
    return agree(case=case, version=version, by=request.user, comment=given["comment"])


def _said(case: Case, review: CaseReview) -> str:
    if review.decision == CaseReview.Decision.SENT_BACK:
        return f"{case} is sent back with your question."
    if review.decision == CaseReview.Decision.OVERRIDDEN:
        return (
            f"{case} is closed with your verdict: {VERDICTS[review.verdict]['label']}. The assessment stays as it was."
        )
    return f"{case} is closed: you agreed with its assessment."


def _page(
    request: DeskRequest,
    case: Case,
    *,
    form: DecisionForm | None = None,
    kept: Any = None,
    stale: StaleCase | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """The newest assessment with everything that a reviewer needs, and the form for who may decide."""
    assessments = list(case.assessments.select_related("completed_by", "review__by"))
    newest = assessments[0] if assessments else None
    review = review_of(newest) if newest else None
    context = {
        "case": case,
        "status": status_of(case, review),
        "assessments": history(case, assessments, newest),
        "asked": decision(review) if review and review.decision == CaseReview.Decision.SENT_BACK else None,
        "decision": decision(review),
        "kept": kept,
        "was_kept": kept is not None and request.method == "GET",
        "stale": stale,
        "fault": fault,
    }
    if newest:
        context |= _frozen(newest) | _deciding(request, case, newest, form, kept)
        if case.status != Case.Status.DRAFT:
            context["superseded"] = superseded_notice(case, newest)
    return render(request, "review/case.html", context, status=status)


def _frozen(newest: Assessment) -> dict[str, Any]:
    """The report as it was completed, its questions by whether they count."""
    questions = newest.report.get("questions", [])
    return {
        "report": newest.report,
        "assessment": newest,
        "completer": newest.completer,
        "sound": checksum(newest.report) == newest.checksum,
        "counted": [question for question in questions if question.get("counts", True)],
        "off_path": [question for question in questions if not question.get("counts", True)],
    }


def _deciding(
    request: DeskRequest, case: Case, newest: Assessment, form: DecisionForm | None, kept: Any
) -> dict[str, Any]:
    """The form, or why there is none; when the review is due and whose it is."""
    waits = case.status == Case.Status.COMPLETED
    may = request.user.has_perm("coverage_app.add_casereview")
    own = newest.completed_by_id == request.user.pk
    if form is None and waits and may and not own:
        form = DecisionForm(initial=_texts(kept), own=newest.verdict)
    return {
        "form": form,
        "waits": waits,
        "may_review": may,
        "own": own,
        "due": due(case, timezone.localdate()) if waits else None,
        "people": [(person.pk, name_of(person)) for person in reviewers()] if waits and may else [],
        "may_take": waits and may and not own and case.reviewer_id is None,
    }


def _texts(kept: Any) -> dict[str, str]:
    """What was written before, to be sent again; the decision itself is to be made anew."""
    return {name: kept.get(name, "") for name in ("comment", "because", "question")} if kept else {}
