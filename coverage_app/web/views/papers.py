"""The papers of a case: what each says, and the files themselves."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from coverage_app.models import Case, CaseReview
from coverage_app.services.papers import (
    KINDS,
    NoAssessment,
    Paper,
    PaperFault,
    TemplateFault,
    cautions,
    paper,
    prospects,
)
from coverage_app.web.requests import DeskRequest


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def papers(request: DeskRequest, reference: str) -> HttpResponse:
    """The three papers, from which assessment they are written, and what is missing before they make sense."""
    return _page(request, _case(reference))


@require_GET
@permission_required("coverage_app.view_case", raise_exception=True)
def download(request: DeskRequest, reference: str, kind: str) -> HttpResponse:
    """One paper as a file; 409 with the page and the reason where there is none."""
    case = _case(reference)
    if kind not in KINDS:
        raise Http404
    try:
        return as_file(paper(case=case, kind=kind))
    except PaperFault as fault:
        return _page(request, case, fault)


def as_file(made: Paper) -> HttpResponse:
    """A paper as a download that no cache keeps. Its name is made of plain characters."""
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _case(reference: str) -> Case:
    return get_object_or_404(Case.objects.select_related("document"), reference=reference)


def _page(request: DeskRequest, case: Case, fault: PaperFault | None = None) -> HttpResponse:
    context: dict[str, object] = {
        "case": case,
        "fault": fault,
        "faults": fault.faults if isinstance(fault, TemplateFault) else [],
        "may_edit": request.user.has_perm("coverage_app.change_case"),
        "may_change_templates": request.user.has_perm("coverage_app.add_lettertemplate"),
    }
    try:
        source, found = prospects(case)
    except NoAssessment:
        context["fault"] = None  # the page says it in its own way
    except PaperFault as broken:
        context["fault"] = broken
    else:
        review = source.review
        sent_back = review is not None and review.decision == CaseReview.Decision.SENT_BACK
        context |= {
            "source": source,
            "prospects": found,
            "cautions": list(cautions(source)),
            "changed": case.status == Case.Status.DRAFT,
            "question": review.comment if review and sent_back and case.status == Case.Status.DRAFT else "",
        }
    return render(request, "papers/page.html", context, status=409 if fault else 200)
