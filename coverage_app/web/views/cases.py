"""Beginning a case and completing it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from coverage_app.models import Case
from coverage_app.services.cases import Change, NotComplete, StaleCase, complete_case, create_case
from coverage_app.services.library import payers_to_choose
from coverage_app.services.vocabulary import current_wording
from coverage_app.web.forms import CoverageForm, QuestionForm
from coverage_app.web.requests import DeskRequest


@require_POST
@permission_required("coverage_app.add_case", raise_exception=True)
def new_case(request: DeskRequest) -> HttpResponse:
    """A new case, empty or with the answers that a supposed case was shown with."""
    change = _first_answers(request) if len(request.POST) > 1 else None
    case = create_case(by=request.user, change=change)
    return redirect("questionnaire", reference=case.reference)


def _first_answers(request: DeskRequest) -> Change:
    """The answers that come along, checked; a tampered one is refused."""
    wording = current_wording()
    data, payers = request.POST.copy(), payers_to_choose()
    data.setdefault("document", "")
    if payer := data.get("payer"):
        document = next((one for one in payers if one.code == payer), None)
        if document is None:
            raise BadRequest(f"No payer {payer[:40]!r} is on file.")
        data["document"] = str(document.pk)
    data.setdefault("date_of_service", data.get("dos", ""))
    coverage = CoverageForm(data, payers=payers)
    questions = QuestionForm(wording, [fact for fact in wording.facts if fact in data], data)
    if not (coverage.is_valid() and questions.is_valid()):
        faults = [str(m) for form in (coverage, questions) for found in form.errors.values() for m in found]
        raise BadRequest(" ".join(faults))
    fields = {name: coverage.cleaned_data[name] for name in ("document", "date_of_service")}
    return Change(fields=fields, answers=questions.cleaned_data)


@require_POST
@permission_required("coverage_app.change_case", raise_exception=True)
def complete(request: DeskRequest, reference: str) -> HttpResponse:
    """Freeze what the case says now, as its next assessment."""
    case = get_object_or_404(Case, reference=reference)
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest("The page that was sent is not complete. Open the case again.")
    try:
        assessment = complete_case(case=case, version=int(version), by=request.user)
    except StaleCase as stale:
        return render(request, "verdict/stale.html", {"case": stale.case, "stale": stale}, status=409)
    except NotComplete as reason:
        messages.warning(request, str(reason))
        return redirect("questionnaire", reference=reference)
    messages.success(request, f"Completed: assessment {assessment.number} is kept as it reads now.")
    return redirect("case", reference=reference)
