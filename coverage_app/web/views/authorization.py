"""What the payer did with one case, and what comes next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from coverage_app.models import Case, PayerStep
from coverage_app.services.payer_outcome import last_step
from coverage_app.services.payer_steps import (
    StaleSteps,
    StepFault,
    add_step,
    next_kinds,
    steps_of,
    strike_step,
)
from coverage_app.web.kept import drop_kept, kept_for
from coverage_app.web.payer_forms import StepForm, StrikeForm
from coverage_app.web.presenters.authorization import comparison, line_of, outcome_tag, struck
from coverage_app.web.requests import DeskRequest

SEE = ("coverage_app.view_case", "coverage_app.view_payerstep")


@require_http_methods(["GET", "POST"])
@permission_required(SEE, raise_exception=True)
def authorization(request: DeskRequest, reference: str) -> HttpResponse:
    """The page (GET); one more step (POST)."""
    case = _case(reference)
    if request.method != "POST":
        return _page(request, case, kept=kept_for(request))
    if not request.user.has_perm("coverage_app.add_payerstep"):
        raise PermissionDenied
    return _add(request, case)


@require_POST
@permission_required((*SEE, "coverage_app.change_payerstep"), raise_exception=True)
def strike(request: DeskRequest, reference: str, pk: int) -> HttpResponse:
    """Strike one step, with the reason."""
    case = _case(reference)
    step = get_object_or_404(PayerStep.objects.select_related("assessment__case"), assessment__case=case, pk=pk)
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _page(request, case, striking=(pk, form), status=422)
    try:
        strike_step(step=step, why=form.cleaned_data["why"], by=request.user)
    except StepFault as fault:
        return _page(request, case, fault=str(fault), status=409)
    messages.success(request, f"Struck: {step.get_kind_display()}. It stays on file, with the reason.")
    return redirect("authorization", reference=reference)


def _case(reference: str) -> Case:
    return get_object_or_404(Case.objects.select_related("document"), reference=reference)


def _add(request: DeskRequest, case: Case) -> HttpResponse:
    after = request.POST.get("after", "")
    if not after.isdecimal() or len(after) > 18:
        raise BadRequest("The page that was sent is not complete. Open the case again.")
    # Any kind: whether it can come now is told with what stands now, not as a field that is wrong.
    form = StepForm(request.POST, kinds=tuple(PayerStep.Kind))
    if not form.is_valid():
        return _page(request, case, form=form, status=422)
    try:
        step = add_step(case=case, after=int(after), by=request.user, **form.cleaned_data)
    except StaleSteps as stale:
        return _page(request, case, kept=request.POST, fault=str(stale), status=409)
    except StepFault as fault:
        return _page(request, case, kept=request.POST, fault=str(fault), status=422)
    drop_kept(request)
    messages.success(request, f"Recorded: {step.get_kind_display()}.")
    return redirect("authorization", reference=case.reference)


def _page(
    request: DeskRequest,
    case: Case,
    *,
    form: StepForm | None = None,
    kept: Any = None,
    striking: tuple[int, StrikeForm] | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """The line of steps with the next one's form; ``kept`` is what was sent and not written down."""
    case.refresh_from_db(fields=["outcome", "differs"])
    assessment = case.assessments.order_by("-number").first()
    steps = steps_of(case)
    last = last_step(steps)
    may_add = request.user.has_perm("coverage_app.add_payerstep")
    context = {
        "case": case,
        "assessment": assessment,
        "report": assessment.report if assessment else {},
        "several": assessment is not None and assessment.number > 1,
        "outcome": outcome_tag(case.outcome),
        "comparison": comparison(steps),
        "steps": line_of(steps),
        "struck": struck(steps),
        "last": last,
        "form": _form(form, kept, steps) if assessment and may_add else None,
        "may_strike": request.user.has_perm("coverage_app.change_payerstep"),
        "striking": striking,
        "was_kept": kept is not None and request.method == "GET",
        "fault": fault,
    }
    return render(request, "authorization/page.html", context, status=status)


def _form(form: StepForm | None, kept: Any, steps: list[PayerStep]) -> StepForm:
    """The form of what can come next, with what was sent; a kind that cannot come any more is not among them."""
    kinds = next_kinds(steps)
    last = last_step(steps)
    first = last.happened_on if last else None
    if form is not None:
        return StepForm(form.data, kinds=kinds, first=first)
    initial: dict[str, Any] = {"kind": kinds[0].value} if len(kinds) == 1 else {}
    if kept is not None:
        sent = {name: kept.get(name, "") for name in StepForm.base_fields}
        initial = {name: text for name, text in sent.items() if name != "kind" or text in kinds}
    return StepForm(initial=initial, kinds=kinds, first=first)
