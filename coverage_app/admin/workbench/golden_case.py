"""The form of one golden case: its answers, the verdict that is right, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, reverse

from coverage_app.models import Document, Edition, GoldenCase
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import EditionError
from coverage_app.services.edition_rules import rules_of, wording_of
from coverage_app.services.editions import EditionFault
from coverage_app.services.expected import STANCES as OF_ROWS
from coverage_app.services.expected import VERDICTS as OF_PAYERS
from coverage_app.services.golden import GoldenFault, GoldenTaken, run_of, set_golden
from coverage_app.services.golden_seen import OPENED, seen_of
from coverage_app.services.report.tags import STANCES, VERDICTS
from coverage_app.services.vocabulary import Wording

from ..base import STALE
from ..given import given
from ..stale import SEEN
from .golden import DECIDING, is_draft, sent_case
from .golden_versions import differing
from .page import address, at, edition_for, workbench_page

ANSWER = "answer-"  # before a fact's code in the name of its field
GONE = (
    "{who}, after you opened this page, and it is gone. Nothing of yours is lost: it stands below, not yet saved. "
    "Keep it, if you mean it, and it is added anew."
)


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
    held, name = sent_case(request, edition, case)
    if not is_draft(edition):
        messages.warning(request, f"{edition} is {edition.get_status_display().lower()}: only a draft can change this.")
        return HttpResponseRedirect(address("golden", edition))
    return _form(page, request, edition, held, name)


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    name: str = ""
    row: str = ""
    verdict: str = ""
    why: str = ""
    answers: Mapping[str, str] | None = None
    seen: str = ""


def _form(page: Any, request: HttpRequest, edition: Edition, held: GoldenCase | None, name: str = "") -> HttpResponse:
    """The form, or after a post what came of it: 422 when it is refused, 409 when somebody else changed the case.

    ``name`` is that of a case to change, which may be gone; blank for one to add.
    """
    if not request.user.has_perm("coverage_app.add_goldencase"):
        raise PermissionDenied
    typed, faults = _of_case(held), {}
    taken: GoldenTaken | None = None
    if request.method == "POST":
        typed = _of_post(request.POST, name)
        try:
            faults = _set(request, edition, typed)
        except GoldenTaken as fault:
            taken, faults = fault, fault.faults
        if not faults:
            return HttpResponseRedirect(address("golden", edition))
    elif kept := given(request):
        typed = _of_post(kept, name)
    wording = wording_of(edition)
    stale = taken if name else None
    if stale is not None:
        held, typed, faults = stale.case, replace(typed, seen=seen_of(stale.case)), {}
    sections = _fields(edition, wording, typed, faults)
    named = {field["code"] for field in sections}
    context = {
        "step": "Golden case",
        "held": held,
        "changes": bool(name),
        "stale": _told(edition, stale) if stale else "",
        "versions": differing(edition, wording, held, typed) if stale else None,
        "namesake": _address_of(edition, taken.case) if taken and taken.case and not stale else "",
        "seen_name": SEEN,
        "typed": typed,
        "faults": faults,
        "others": [said for name, said in faults.items() if name not in named | {"name", "row", "verdict", "why"}],
        "fields": sections,
        "rows": list(edition.guidelinerows.values_list("code", "title")),
        "verdicts": _verdicts(edition),
        "back": address("golden", edition),
    }
    status = 409 if stale else 422 if faults else 200
    return workbench_page(page, request, edition, "golden_case.html", tab="golden", status=status, **context)


def _of_case(held: GoldenCase | None) -> Typed:
    if held is None:
        return Typed(answers={})
    answers = {fact: str(answer) for fact, answer in held.answers.items()}
    return Typed(held.name, held.row, held.verdict, held.why, answers, seen_of(held))


def _told(edition: Edition, stale: GoldenTaken) -> str:
    """What the second of two editors is told, by the edition's own form too; of a case that is gone there is one."""
    who = str(stale).removesuffix(OPENED)
    return STALE.format(who=who) if stale.case else GONE.format(who=who)


def _address_of(edition: Edition, case: GoldenCase) -> str:
    """Where a case can be looked at, and in a draft changed; of a retired one that is the list."""
    if is_draft(edition) and not case.retired:
        return reverse("admin:coverage_app_edition_golden_case", args=[edition.pk, case.pk])
    return f"{address('golden', edition)}#case-{case.pk}"


def _of_post(data: QueryDict, held_name: str) -> Typed:
    answers = {name.removeprefix(ANSWER): str(data[name]) for name in data if name.startswith(ANSWER)}
    name = held_name or data.get("name", "")  # a name is how a case is known from edition to edition
    seen = data.get(SEEN, "")[:100]
    return Typed(name, data.get("row", ""), data.get("verdict", ""), data.get("why", ""), answers, seen)


def _set(request: HttpRequest, edition: Edition, typed: Typed) -> dict[str, str]:
    """Store the case, and say how it does; what is wrong with it, or nothing. Raises GoldenTaken."""
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
            seen=typed.seen,
        )
    except GoldenTaken:
        raise
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
            "values": [(value["code"], value["label"]) for value in wording.options(code)],
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
