"""The golden cases of an edition: which pass, which fail, and the forms that set and retire them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from coverage_app.models import Document, Edition, GoldenCase
from coverage_app.services.edition_rules import wording_of
from coverage_app.services.editions import EditionFault
from coverage_app.services.golden import (
    GoldenFault,
    GoldenResult,
    GoldenTaken,
    all_golden,
    found_by_name,
    remove_golden,
    retire_golden,
    run_of,
)
from coverage_app.services.golden_seen import seen_of
from coverage_app.services.report.tags import STANCES, VERDICTS, Tag
from coverage_app.services.report.words import count, day
from coverage_app.services.vocabulary import Wording

from ..given import given
from ..stale import SEEN
from .page import address, at, edition_for, workbench_page

DECIDING = (Document.Kind.PAYER_POLICY, Document.Kind.GUIDELINE)
NAMED = 3  # failing cases that a message names


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        at(page, "<int:pk>/golden/", golden, "edition_golden"),
        at(page, "<int:pk>/golden/<int:case>/step/", step, "edition_golden_step"),
    ]


def golden(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The golden cases that hold for an edition, run on it as it is stored; failing ones first."""
    return shown(page, request, edition_for(page, request, pk))


def step(page: Any, request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """Retire a golden case, or take back what a draft says of it. 422 when that is refused."""
    edition = edition_for(page, request, pk, writes=True)
    if not request.user.has_perm("coverage_app.change_goldencase"):
        raise PermissionDenied
    held, name = sent_case(request, edition, case)
    if request.method != "POST":
        if held is not None and "why" in (unsent := given(request)):
            refused = {"case": held.pk, "why": unsent["why"], "fault": "Not sent yet.", "seen": unsent.get(SEEN, "")}
            return shown(page, request, edition, refused=refused)
        return HttpResponseRedirect(address("golden", edition))
    by: Any = request.user
    why, seen = request.POST.get("why", ""), request.POST.get(SEEN)
    try:
        if request.POST.get("action") == "retire":
            retire_golden(edition=edition, by=by, name=name, why=why, seen=seen)
            messages.success(request, f"Retired: “{name}”.")
        else:
            remove_golden(edition=edition, by=by, name=name, seen=seen)
            messages.success(request, f"Taken back: “{name}”.")
    except GoldenTaken as fault:
        held = fault.case  # as it stands now: what is typed stands beside it, and can be sent again
        said = f"{fault} Look at it, and send yours again if you still mean it."
        refused = {"case": held.pk if held else 0, "name": name, "why": why, "fault": said, "seen": seen_of(held)}
        return shown(page, request, edition, refused=refused, status=409)
    except (GoldenFault, EditionFault) as fault:
        refused = {"case": held.pk if held else 0, "name": name, "why": why, "fault": str(fault), "seen": seen or ""}
        return shown(page, request, edition, refused=refused, status=422)
    return HttpResponseRedirect(address("golden", edition))


def held_case(edition: Edition, case: int) -> GoldenCase:
    """A case that holds for the edition, or that it retires, by its number or that of one whose place it took.

    The draft's own takes the place of one that an earlier edition brought in, while others still have that one open.
    Raises Http404.
    """
    holding = all_golden(edition)
    held = next((one for one in holding if one.pk == case), None)
    if held is None:
        earlier = GoldenCase.objects.filter(pk=case, edition__document_id=edition.document_id).first()
        held = next((one for one in holding if earlier and one.name == earlier.name), None)
    if held is None:
        raise Http404(f"No golden case of the number {case} holds for {edition}.")
    return held


def sent_case(request: HttpRequest, edition: Edition, case: int) -> tuple[GoldenCase | None, str]:
    """The case that a form is about, with its name; None when somebody has removed it meanwhile. Raises Http404.

    What an editor typed for a case that is gone is theirs still, so its form says its name.
    """
    try:
        held = held_case(edition, case)
    except Http404:
        name = given(request).get("name", "")
        if not name or GoldenCase.objects.filter(pk=case).exists():
            raise
        return found_by_name(edition, name), name
    return held, held.name


def shown(
    page: Any, request: HttpRequest, edition: Edition, *, status: int = 200, refused: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of the golden cases."""
    wording = wording_of(edition)
    results = run_of(edition)
    lines = [_line(edition, result, wording) for result in results]
    lines.sort(key=lambda line: line["passed"])
    failed = sum(not result.passed for result in results)
    refused = refused or {}
    retired = [case for case in all_golden(edition) if case.retired]
    context: dict[str, Any] = {
        "step": "Golden cases",
        "lines": lines,
        "failed": failed,
        "passed": len(lines) - failed,
        "retired": [{"case": case, "own": case.edition_id == edition.pk, "seen": seen_of(case)} for case in retired],
        "decides": edition.document.kind in DECIDING,
        "may_add": request.user.has_perm("coverage_app.add_goldencase"),
        "may_change": is_draft(edition) and request.user.has_perm("coverage_app.change_goldencase"),
        "refused": refused,
        "homeless": bool(refused) and refused["case"] not in {result.case.pk for result in results},
        "seen_name": SEEN,
    }
    return workbench_page(page, request, edition, "golden.html", tab="golden", status=status, **context)


def is_draft(edition: Edition) -> bool:
    return edition.status == Edition.Status.DRAFT


def tag_of(verdict: str, row: str) -> Tag:
    """The words of a verdict, or of a row's stance."""
    known = STANCES if row else VERDICTS
    return known.get(verdict) or Tag(code=verdict, label=verdict, tone="quiet", icon="quiet")


def _line(edition: Edition, result: GoldenResult, wording: Wording) -> dict[str, Any]:
    case = result.case
    return {
        "case": case,
        "seen": seen_of(case),
        "passed": result.passed,
        "fault": result.fault,
        "expected": tag_of(case.verdict, case.row),
        "got": tag_of(result.got, case.row) if result.got else None,
        "answers": [(wording.label(f), answer_in_words(wording, f, case.answers[f])) for f in _in_order(case, wording)],
        "provisions": [provision_name(provision, case.row) for provision in result.provisions],
        "missing": [wording.label(fact) for fact in result.missing],
        "own": case.edition_id == edition.pk,
        "from": "this edition" if case.edition_id == edition.pk else day(case.edition.in_force),
        "change": reverse("admin:coverage_app_edition_golden_case", args=[edition.pk, case.pk]),
    }


def _in_order(case: GoldenCase, wording: Wording) -> list[str]:
    """The facts that a case answers, in the order of the questions; unknown ones last."""
    return [f for f in wording.facts if f in case.answers] + [f for f in case.answers if f not in wording.facts]


def answer_in_words(wording: Wording, fact: str, answer: object) -> str:
    """An answer in words; numbers are stored as text."""
    if wording.facts.get(fact, {}).get("kind") == "number":
        try:
            return wording.answer(fact, Decimal(str(answer)))
        except InvalidOperation:
            return str(answer)
    return wording.answer(fact, answer)


def provision_name(provision: str, row: str) -> str:
    """How a page names what decided: a provision's id, or which statement of a row."""
    if not row:
        return provision
    return "no statement" if provision == "-" else f"statement {provision}"


def tell_golden(request: HttpRequest, edition: Edition) -> None:
    """After a save: how many golden cases pass, and which fail. Nothing where there is none."""
    results = run_of(edition)
    failed = [result.case.name for result in results if not result.passed]
    if failed:
        more = f" and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
        names = "; ".join(f"“{name}”" for name in failed[:NAMED])
        verb = "fails" if len(failed) == 1 else "fail"
        messages.warning(request, f"{len(failed)} of {count(len(results), 'golden case')} {verb}: {names}{more}.")
    elif results:
        verb = "passes" if len(results) == 1 else "pass"
        messages.success(request, f"{len(results)} of {count(len(results), 'golden case')} {verb}.")
