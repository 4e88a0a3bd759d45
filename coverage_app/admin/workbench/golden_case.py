"""The form of one golden case: its answers, the verdict that is right, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern

from coverage_app.models import Document, Edition, GoldenCase
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import EditionError
from coverage_app.services.edition_rules import rules_of, wording_of
from coverage_app.services.editions import EditionFault
from coverage_app.services.expected import STANCES as OF_ROWS
from coverage_app.services.expected import VERDICTS as OF_PAYERS
from coverage_app.services.golden import GoldenFault, run_of, set_golden
from coverage_app.services.report.tags import STANCES, VERDICTS
from coverage_app.services.vocabulary import Wording

from ..given import given
from .golden import DECIDING, held_case, is_draft
from .page import address, at, edition_for, workbench_page

ANSWER = "answer-"  # before a fact's code in the name of its field


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        at(page, "<int:pk>/golden/new/", new, "edition_golden_new"),
        at(page, "<int:pk>/golden/<int:case>/", change, "edition_golden_case"),
    ]


def new(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """A golden case to add, to any edition."""
    edition = edition_for(page, request, pk, writes=True)
    if edition.document.kind not in DECIDING:
        return HttpResponseRedirect(address("golden", edition))
    return _form(page, request, edition, None)


def change(page: Any, request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """Another expectation for a case that holds, in this draft; other editions keep theirs."""
    edition = edition_for(page, request, pk, writes=True)
    held = held_case(edition, case)
    if not is_draft(edition):
        messages.warning(request, f"{edition} is {edition.get_status_display().lower()}: only a draft can change this.")
        return HttpResponseRedirect(address("golden", edition))
    return _form(page, request, edition, held)


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    name: str = ""
    row: str = ""
    verdict: str = ""
    why: str = ""
    answers: Mapping[str, str] | None = None


def _form(page: Any, request: HttpRequest, edition: Edition, held: GoldenCase | None) -> HttpResponse:
    """The form, or after a post what came of it. 422 when it is refused."""
    if not request.user.has_perm("coverage_app.add_goldencase"):
        raise PermissionDenied
    typed, faults = _of_case(held), {}
    if request.method == "POST":
        typed = _of_post(request.POST, held)
        faults = _set(request, edition, typed)
        if not faults:
            return HttpResponseRedirect(address("golden", edition))
    elif kept := given(request):
        typed = _of_post(kept, held)
    wording = wording_of(edition)
    sections = _fields(edition, wording, typed, faults)
    named = {field["code"] for field in sections}
    context = {
        "step": "Golden case",
        "held": held,
        "typed": typed,
        "faults": faults,
        "others": [said for name, said in faults.items() if name not in named | {"name", "row", "verdict", "why"}],
        "fields": sections,
        "rows": list(edition.guidelinerows.values_list("code", "title")),
        "verdicts": _verdicts(edition),
        "back": address("golden", edition),
    }
    status = 422 if faults else 200
    return workbench_page(page, request, edition, "golden_case.html", tab="golden", status=status, **context)


def _of_case(held: GoldenCase | None) -> Typed:
    if held is None:
        return Typed(answers={})
    return Typed(held.name, held.row, held.verdict, held.why, {f: str(a) for f, a in held.answers.items()})


def _of_post(data: QueryDict, held: GoldenCase | None) -> Typed:
    answers = {name.removeprefix(ANSWER): str(data[name]) for name in data if name.startswith(ANSWER)}
    name = held.name if held else data.get("name", "")  # a name is how a case is known from edition to edition
    return Typed(name, data.get("row", ""), data.get("verdict", ""), data.get("why", ""), answers)


def _set(request: HttpRequest, edition: Edition, typed: Typed) -> dict[str, str]:
    """Store the case, and say how it does; what is wrong with it, or nothing."""
    by: Any = request.user
    try:
        case = set_golden(
            edition=edition,
            by=by,
            name=typed.name,
            answers=typed.answers or {},
            verdict=typed.verdict,
            why=typed.why,
            row=typed.row,
        )
    except GoldenFault as fault:
        return fault.faults
    except EditionFault as fault:
        return {"name": str(fault)}
    result = next((one for one in run_of(edition) if one.case.pk == case.pk), None)
    if result is not None and result.passed:
        messages.success(request, f"“{case.name}” is kept, and passes.")
    else:
        messages.warning(request, f"“{case.name}” is kept, and fails as the edition stands.")
    return {}


def _fields(edition: Edition, wording: Wording, typed: Typed, faults: Mapping[str, str]) -> list[dict[str, Any]]:
    """A field for each fact that the edition uses, or that the case answers."""
    try:
        used = {fact for rules in rules_of(edition, wording).values() for fact in rules.facts}
    except (CriteriaError, EditionError):
        used = set(wording.facts)
    given = typed.answers or {}
    unknown = [code for code in given if code not in wording.facts and given[code]]
    fields = [
        {
            "code": code,
            "name": ANSWER + code,
            "label": fact["label"],
            "unit": fact["unit"],
            "number": fact["kind"] == "number",
            "values": [(value["code"], value["label"]) for value in fact["values"]],
            "given": given.get(code, ""),
            "alien": bool(given.get(code)) and bool(fact["values"]) and wording.value(code, given[code]) is None,
            "fault": faults.get(code, ""),
        }
        for code, fact in wording.facts.items()
        if code in used or given.get(code)
    ]
    return fields + [
        {"code": code, "name": ANSWER + code, "label": code, "given": given[code], "number": True,
         "fault": faults.get(code, ""), "values": []}
        for code in unknown
    ]  # fmt: skip


def _verdicts(edition: Edition) -> list[tuple[str, str]]:
    """What can be expected, with its words."""
    if edition.document.kind == Document.Kind.GUIDELINE:
        return [(code, STANCES[code]["label"]) for code in OF_ROWS]
    return [(code, VERDICTS[code]["label"]) for code in OF_PAYERS]
