"""The panel beside a form, as one types: faults, what the audit finds, which golden cases fail. Nothing is saved.

One for the provisions of an edition, one for the statements of a guideline's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from coverage_app.admin.fields import wording_of
from coverage_app.models import Document, Edition, GoldenCase, GuidelineRow, GuidelineStatement, Provision
from coverage_app.rules.edition import EditionError
from coverage_app.services.drafting import Drafted, Line, LineFault, read_lines, read_statements
from coverage_app.services.edition_errors import named
from coverage_app.services.edition_rules import rules_of
from coverage_app.services.finding_words import Spoken, in_words
from coverage_app.services.findings import audit_rules, edition_before
from coverage_app.services.golden import GoldenResult, golden_cases, run_golden
from coverage_app.services.ordering import LAST
from coverage_app.services.report.words import count
from coverage_app.services.vocabulary import Wording

from .golden import provision_name, tag_of
from .page import at, edition_for

LINES_LIMIT = 1000  # Django's own limit of forms in a set
SHOWN = 40  # findings in the panel; the page of the audit has them all
ROW_CODE = 60  # characters; as long as a row's own can be


def urls(page: Any) -> list[URLPattern]:
    """The address of an edition's panel."""
    return [at(page, "<int:pk>/live/", live, "edition_live", only=require_POST)]


def row_urls(page: Any) -> list[URLPattern]:
    """The addresses of the panel of a guideline's row, on file or new; ``page`` is the rows' own."""
    return [
        at(page, "<int:pk>/live/", live_row, "guidelinerow_live", only=require_POST),
        at(page, "add/live/", live_new_row, "guidelinerow_live_new", only=require_POST),
    ]


def live_address(page: Any, subject: Any) -> str:
    """Where the panel of a form is asked for; blank for a form that has none.

    It is for what decides: an edition with provisions that is on file already, and the rows of a guideline.
    """
    if isinstance(subject, Edition) and subject.document.kind == Document.Kind.PAYER_POLICY:
        return reverse("admin:coverage_app_edition_live", args=[subject.pk])
    if isinstance(subject, GuidelineRow):
        return reverse("admin:coverage_app_guidelinerow_live", args=[subject.pk])
    return reverse("admin:coverage_app_guidelinerow_live_new") if page.model is GuidelineRow else ""


@dataclass(frozen=True)
class Form:
    """What a form would make of its edition: the rules of ``row`` (blank: of a payer's policy), and what is run."""

    edition: Edition
    drafted: Drafted
    cases: Sequence[GoldenCase]
    row: str = ""


def live(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of an edition. 409 when it can no longer be edited."""
    edition = edition_for(page, request, pk, writes=True)
    lines = typed_lines(request.POST, Provision, ("code", "criteria", "effect"))
    if edition.status != Edition.Status.DRAFT or lines is None:
        return _refused(request, edition)
    typed = [Line(code.strip(), criteria, effect) for code, criteria, effect in lines]
    drafted = read_lines(edition.document.code, typed, wording_of(request))
    return _panel(request, Form(edition, drafted, golden_cases(edition)))


def live_row(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of a guideline's row. 409 when its edition can no longer be edited."""
    if not page.has_change_permission(request):
        raise PermissionDenied
    row = page.get_queryset(request).filter(pk=pk).first()
    if row is None:
        raise Http404(f"No row has the number {pk}.")
    return _of_row(request, row.edition, row.code)


def live_new_row(page: Any, request: HttpRequest) -> HttpResponse:
    """The panel of a row that is not on file yet, of the edition that its form names."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    chosen = request.POST.get("edition", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        return render(request, "admin/workbench/_live_waits.html")
    edition = Edition.objects.select_related("document").filter(pk=chosen).first()
    return _of_row(request, edition, "") if edition else render(request, "admin/workbench/_live_waits.html")


def _of_row(request: HttpRequest, edition: Edition, stored: str) -> HttpResponse:
    lines = typed_lines(request.POST, GuidelineStatement, ("criteria", "stance"))
    if edition.status != Edition.Status.DRAFT or lines is None:
        return _refused(request, edition)
    code = request.POST.get("code", "").strip()[:ROW_CODE] or stored or "-"
    statements = [(criteria, stance) for criteria, stance in lines]
    drafted = read_statements(code, statements, wording_of(request))
    # a case of the row's name on file fails once it is called otherwise, as it will when that is saved
    cases = [case for case in golden_cases(edition) if case.row in {code, stored} - {""}]
    return _panel(request, Form(edition, drafted, cases, code))


def _refused(request: HttpRequest, edition: Edition) -> HttpResponse:
    if edition.status != Edition.Status.DRAFT:
        return render(request, "admin/workbench/_live_closed.html", {"edition": edition}, status=409)
    return HttpResponseBadRequest("The form did not arrive whole.", content_type="text/plain")


def typed_lines(data: QueryDict, model: Any, names: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The parts of the form in their order, but for deleted and empty ones; None when it is not the form.

    Of each the fields ``names``, as they were typed.
    """
    owner = model._meta.get_field("edition" if model is Provision else "row")
    prefix = owner.remote_field.get_accessor_name()
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdecimal() and len(total) < 5 and int(total) <= LINES_LIMIT):
        return None
    found = []
    for n in range(int(total)):
        given = [data.get(f"{prefix}-{n}-{name}", "").replace("\r\n", "\n") for name in names]
        if f"{prefix}-{n}-DELETE" in data or not any(text.strip() for text in given):
            continue
        place = data.get(f"{prefix}-{n}-position", "").strip()
        position = int(place) if place.isascii() and place.isdecimal() and len(place) < 6 else LAST
        found.append((position, n, tuple(given)))
    return [line for _, _, line in sorted(found, key=lambda place: place[:2])]


def _panel(request: HttpRequest, form: Form) -> HttpResponse:
    seen = _seen(form, wording_of(request))
    return render(request, "admin/workbench/_live.html", seen | {"said": _gist(seen)})


def _seen(form: Form, wording: Wording) -> dict[str, Any]:
    """What the panel shows: the faults, or, where there are none, what the audit and the golden cases say."""
    shown: dict[str, Any] = {"edition": form.edition, "row": form.row}
    rules, row = form.drafted.rules, form.row
    if rules is None:
        return shown | _faults(form, form.drafted.faults)
    results = run_golden({row: rules}, form.cases)
    shown |= {"golden": len(results), "failed": [_failed(result) for result in results if not result.passed]}
    before = edition_before(form.edition)
    earlier = rules_of(before) if before else {}
    try:
        found = audit_rules(rules, earlier.get(row), form.edition.acceptances.select_related("by"), row=row)
    except EditionError as error:
        return shown | _faults(form, [LineFault(0, "", str(error))])
    remaining = [one for one in found if one.acceptance is None]
    words = in_words(remaining[:SHOWN], Spoken(wording, {row: rules}, earlier=earlier))
    return shown | {"findings": words, "remaining": len(remaining), "accepted": len(found) - len(remaining)}


def _faults(form: Form, faults: Sequence[LineFault]) -> dict[str, Any]:
    """The faults, and whether each line by itself reads: then what they make together is at fault."""
    whole = [one for one in faults if not one.number]
    said = [LineFault(0, "", f"{named(EditionError(one.message), form.edition, form.row)}.") for one in whole]
    return {"faults": [*said, *(one for one in faults if one.number)], "reads": len(whole) == len(faults)}


def _failed(result: GoldenResult) -> tuple[GoldenResult, Any, Any, list[str]]:
    row = result.case.row
    by = [provision_name(provision, row) for provision in result.provisions]
    return result, tag_of(result.case.verdict, row), tag_of(result.got, row), by


def _gist(seen: dict[str, Any]) -> str:
    """The panel in one line."""
    if "golden" not in seen:
        return count(len(seen["faults"]), "fault")
    said = [count(len(seen["faults"]), "fault") if "faults" in seen else count(seen["remaining"], "finding")]
    if seen["failed"]:
        said.append(f"{len(seen['failed'])} of {count(seen['golden'], 'golden case')} failed")
    elif seen["golden"]:
        said.append(f"{count(seen['golden'], 'golden case')} passed")
    return ", ".join(said)
