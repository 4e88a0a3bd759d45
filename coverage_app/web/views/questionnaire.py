"""The questionnaire: every answer is saved as it is given, and the live verdict stands beside it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from coverage_app.models import AuthorizationRule, Case
from coverage_app.services.cases import FIELDS, Change, ClosedCase, StaleCase, answers_of, standing_of
from coverage_app.services.evidence import EvidenceFault, Noted, evidence_of, save_page
from coverage_app.services.library import payers_to_choose
from coverage_app.services.report.codes import products
from coverage_app.services.report.words import day
from coverage_app.services.standing import Standing
from coverage_app.services.vocabulary import Wording, current_wording
from coverage_app.web.evidence_form import NO_DOCUMENT, EvidenceForm, posted_forms
from coverage_app.web.forms import CoverageForm, QuestionForm
from coverage_app.web.kept import drop_kept, kept_for
from coverage_app.web.presenters import questionnaire as presenter
from coverage_app.web.presenters.case_reviews import question_of
from coverage_app.web.presenters.evidence import slots
from coverage_app.web.presenters.notices import notices_of
from coverage_app.web.requests import DeskRequest


@dataclass
class Posted:
    """What was sent, checked field by field: what is right is saved even where something else is wrong."""

    coverage: CoverageForm
    questions: QuestionForm
    evidence: dict[str, EvidenceForm] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return self.coverage.is_valid() and self.questions.is_valid() and not self.faulty

    @property
    def faulty(self) -> dict[str, EvidenceForm]:
        return {fact: form for fact, form in self.evidence.items() if not form.is_valid()}

    def noted(self, case: Case) -> dict[str, Noted]:
        """The documents that are right; in place of a field that is wrong stands what is on file."""
        on_file = evidence_of(case) if self.faulty else {}
        found = {fact: form.noted(on_file.get(fact)) for fact, form in self.evidence.items()}
        return {fact: noted for fact, noted in found.items() if noted}

    def change(self, sent: Mapping[str, str]) -> Change:
        self.coverage.is_valid()
        self.questions.is_valid()
        fields = {n: v for n, v in self.coverage.cleaned_data.items() if n in sent and n in FIELDS}
        if "document" not in self.coverage.errors and "document" in sent:
            fields["document"] = self.coverage.cleaned_data["document"]
        return Change(fields=fields, answers=dict(self.questions.cleaned_data))


@require_http_methods(["GET", "POST"])
@permission_required("coverage_app.change_case", raise_exception=True)
def questionnaire(request: DeskRequest, reference: str) -> HttpResponse:
    """The page (GET); saving what is on it (POST), as a fragment for htmx."""
    cases = Case.objects.select_related("document", "updated_by", "copied_from")
    case = get_object_or_404(cases, reference=reference)
    wording = current_wording()
    if request.method == "POST":
        return _save(request, case, wording)
    if case.status == Case.Status.CLOSED:
        return _closed(request, case, wording)
    kept = kept_for(request)
    posted = _posted(request, kept, wording) if kept else None
    return _page(request, case, wording, posted, context={"kept": kept is not None})


def _save(request: DeskRequest, case: Case, wording: Wording) -> HttpResponse:
    posted = _posted(request, request.POST, wording)
    version = request.POST.get("over") or request.POST.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest("The page that was sent is not complete. Open the case again; what was saved is kept.")
    try:
        case = save_page(
            case=case,
            version=int(version),
            change=posted.change(request.POST),
            noted=posted.noted(case),
            by=request.user,
            **_pressed(request, wording),
        )
    except StaleCase as stale:
        # The page keeps the version that it was opened with: a plain Continue must not write over the other's save.
        conflict = {
            "version": version,
            "conflict": stale.case,
            "differences": _differences(stale.case, posted, request.POST, wording),
        }
        return _page(request, stale.case, wording, posted, conflict, status=409)
    except EvidenceFault as fault:
        raise BadRequest(str(fault)) from fault
    except ClosedCase as closed:
        return _closed(request, closed.case, wording, status=409)
    drop_kept(request)
    if not posted.valid:
        return _page(request, case, wording, posted, status=422)
    if request.POST.get("then") == "verdict":
        target = reverse("case", args=[case.reference])
        return HttpResponseClientRedirect(target) if request.htmx else redirect(target)
    if not request.htmx:
        pressed = next((fact for fact in _pressed(request, wording).values() if fact), "")
        slot = "-".join(filter(None, ("slot", request.POST.get(f"{pressed}-place"), pressed)))
        where = f"#{slot}" if pressed else ""
        return redirect(reverse("questionnaire", args=[case.reference]) + where)
    return _page(request, case, wording)


def _may_note(request: DeskRequest) -> bool:
    return request.user.has_perms([f"coverage_app.{verb}_evidence" for verb in ("add", "change", "delete")])


def _pressed(request: DeskRequest, wording: Wording) -> dict[str, str]:
    """The question whose document is to be carried over to its answer, or removed."""
    named = {name: request.POST.get(name, "") for name in ("carry", "remove")}
    return {name: fact if fact in wording.facts and _may_note(request) else "" for name, fact in named.items()}


def _closed(request: DeskRequest, case: Case, wording: Wording, status: int = 200) -> HttpResponse:
    """A closed case stands still: its answers to read, and the way to amend it. ``status`` 409: a save was refused."""
    context: dict[str, Any] = {"case": case, "standing": standing_of(case, wording), "refused": status == 409}
    if not request.htmx:
        context["notices"] = notices_of(case, request.user)
        context["report"] = case.assessments.latest("number").report
    return render(request, "review/_closed_now.html" if request.htmx else "review/closed.html", context, status=status)


def _posted(request: DeskRequest, data: QueryDict, wording: Wording) -> Posted:
    asked = [fact for fact in wording.facts if fact in data]
    return Posted(
        CoverageForm(data, payers=payers_to_choose(), products=_all_products()),
        QuestionForm(wording, asked, data),
        posted_forms(data, wording.vocabulary) if _may_note(request) else {},
    )


def _all_products() -> list[str]:
    """Every product that a document names: one that belongs to another payer is kept, and does not count."""
    return list(AuthorizationRule.objects.exclude(product="").values_list("product", flat=True).distinct())


def _differences(case: Case, posted: Posted, sent: Mapping[str, str], wording: Wording) -> list[dict[str, str]]:
    """Where the page and what somebody else saved differ, in words."""
    change, stored = posted.change(sent), answers_of(case)
    mine = Case(**change.fields)
    found = [
        {
            "label": str(posted.coverage.fields[name].label),
            "theirs": _shown(case, name),
            "yours": _shown(mine, name),
        }
        for name, value in change.fields.items()
        if getattr(case, name) != value
    ]
    found += [
        {
            "label": wording.label(fact),
            "theirs": wording.answer(fact, stored.get(fact)),
            "yours": wording.answer(fact, answer),
        }
        for fact, answer in change.answers.items()
        if stored.get(fact) != answer
    ]
    documents = evidence_of(case) if posted.evidence else {}
    return found + [
        {
            "label": f"{wording.label(fact)}: where it stands in the chart",
            "theirs": documents[fact].line if fact in documents else NO_DOCUMENT,
            "yours": noted.line or NO_DOCUMENT,
        }
        for fact, noted in posted.noted(case).items()
        if noted.changes(documents.get(fact))
    ]


def _shown(case: Case, name: str) -> str:
    """A field of the case in words: ``Inpatient``, ``4 Dec 2026``."""
    value = getattr(case, name)
    if name == "setting":
        return case.get_setting_display()
    return day(value) if isinstance(value, dt.date) else str(value or "")


def _page(
    request: DeskRequest,
    case: Case,
    wording: Wording,
    posted: Posted | None = None,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx what changes on it. Inputs that are on the page are left alone."""
    standing = standing_of(case, wording)
    questions = _question_form(standing, posted)
    shown = [fact for fact in wording.facts if fact in request.POST]
    as_sent = posted.evidence if posted and context else posted.faulty if posted else {}
    full = {
        "case": case,
        "version": case.version,
        "standing": standing,
        "coverage": _coverage_form(case, standing, posted),
        "coverage_warnings": presenter.coverage_warnings(standing),
        "sections": _sections(request, standing, questions, as_sent),
        "rail": presenter.rail(standing),
        "on_page": shown,
        "products_of": request.POST.get("products_of", ""),
        **(context or {}),
    }
    if not request.htmx:
        full["notices"] = notices_of(case, request.user)
        full["asked"] = question_of(case)
    template = "questionnaire/_saved.html" if request.htmx else "questionnaire/page.html"
    return render(request, template, full, status=status)


def _sections(
    request: DeskRequest, standing: Standing, questions: QuestionForm, as_sent: Mapping[str, EvidenceForm]
) -> list[presenter.Section]:
    places = {fact: request.POST.get(f"{fact}-place", "") for fact in standing.wording.facts if fact in request.POST}
    if not _may_note(request):
        return presenter.sections(standing, questions, {}, places=places)
    pressed = _pressed(request, standing.wording).values()
    on_page = presenter.evidence_on_page(request.POST, standing.wording, pressed) | dict.fromkeys(as_sent)
    return presenter.sections(standing, questions, slots(standing, as_sent), on_page, places)


def _question_form(standing: Standing, posted: Posted | None) -> QuestionForm:
    """The questions that matter, with what was sent where that is not saved yet."""
    initial = {fact: standing.facts.answers.get(fact) for fact in standing.asked}
    if posted is None:
        return QuestionForm(standing.wording, standing.asked, initial=initial)
    asked = [f for f in standing.wording.facts if f in standing.asked or f in posted.questions.fields]
    data = QueryDict(mutable=True)
    for fact in asked:
        stored = initial.get(fact)
        sent = posted.questions.data.get(fact) if fact in posted.questions.fields else None
        data[fact] = sent if sent is not None else "" if stored is None else str(stored)
    return QuestionForm(standing.wording, asked, data)


def _coverage_form(case: Case, standing: Standing, posted: Posted | None) -> CoverageForm:
    named = products(standing)
    if posted is not None:
        return CoverageForm(posted.coverage.data, payers=payers_to_choose(), products=named or _all_products())
    initial = {name: getattr(case, name) for name in FIELDS}
    return CoverageForm(initial=initial, payers=payers_to_choose(), products=named)
