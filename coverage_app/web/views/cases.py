"""Beginning a case, completing it, opening it again, and starting another from it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from coverage_app.models import Case
from coverage_app.services.case_life import ReviewFault, amend_case, copy_case
from coverage_app.services.cases import Change, ClosedCase, NotComplete, StaleCase, complete_case, create_case
from coverage_app.services.library import payers_to_choose
from coverage_app.services.vocabulary import current_wording
from coverage_app.web.forms import CoverageForm, QuestionForm
from coverage_app.web.kept import kept_for
from coverage_app.web.requests import DeskRequest
from coverage_app.web.review_forms import AmendForm, ReplyForm
from coverage_app.web.versions import seen_version


@require_POST
@permission_required("coverage_app.add_case", raise_exception=True)
def new_case(request: DeskRequest) -> HttpResponse:
    """A new case, empty or with the answers that a supposed case was shown with."""
    sent = request.POST.keys() - {"csrfmiddlewaretoken"}
    change = _first_answers(request) if sent else None
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
    version, form = seen_version(request), ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not completed. " + " ".join(f"{error}" for error in form.errors["reply"]))
        return redirect("case", reference=reference)
    try:
        assessment = complete_case(case=case, version=version, by=request.user, reply=form.cleaned_data["reply"])
    except StaleCase as stale:
        return _stale(request, stale, "It was not completed, and nothing is lost. Read the verdict as it stands now.")
    except ClosedCase as closed:
        messages.warning(request, str(closed))
        return redirect("case", reference=reference)
    except NotComplete as reason:
        messages.warning(request, str(reason))
        return redirect("questionnaire", reference=reference)
    messages.success(request, f"Completed: assessment {assessment.number} is kept as it reads now.")
    return redirect("case", reference=reference)


def _stale(request: DeskRequest, stale: StaleCase, todo: str) -> HttpResponse:
    return render(request, "verdict/stale.html", {"case": stale.case, "stale": stale, "todo": todo}, status=409)


@require_http_methods(["GET", "POST"])
@permission_required("coverage_app.change_case", raise_exception=True)
def amend(request: DeskRequest, reference: str) -> HttpResponse:
    """Ask why a closed case is opened again (GET); open it (POST)."""
    case = get_object_or_404(Case.objects.select_related("document"), reference=reference)
    kept = kept_for(request)
    form = AmendForm(request.POST if request.method == "POST" else None, initial=kept.dict() if kept else None)
    if request.method == "POST" and form.is_valid():
        try:
            amend_case(case=case, version=seen_version(request), by=request.user, why=form.cleaned_data["why"])
        except StaleCase as stale:
            return _stale(request, stale, "It was not opened again. See how it stands now.")
        except ReviewFault as fault:
            messages.warning(request, str(fault))
        else:
            messages.success(request, f"{case} is open again. Change what is to be changed, then complete it.")
        return redirect("questionnaire", reference=reference)
    if case.status != Case.Status.CLOSED:
        messages.info(request, f"{case} is not closed: it can be changed as it is.")
        return redirect("questionnaire", reference=reference)
    status = 422 if form.is_bound else 200
    return render(request, "review/amend.html", {"case": case, "form": form, "was_kept": kept}, status=status)


@require_POST
@permission_required(("coverage_app.view_case", "coverage_app.add_case"), raise_exception=True)
def copy(request: DeskRequest, reference: str) -> HttpResponse:
    """Start a new case with this one's fields and answers."""
    case = get_object_or_404(Case, reference=reference)
    started = copy_case(case=case, by=request.user)
    messages.success(request, f"A new case, started as a copy of {case}: its label and its evidence were left behind.")
    return redirect("questionnaire", reference=started.reference)
