"""What the audit finds in an edition, and what its editors let stand."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from coverage_app.models import Edition
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import EditionError
from coverage_app.services.edition_errors import named
from coverage_app.services.edition_rules import edition_before, rules_of, wording_of
from coverage_app.services.finding_words import KINDS, SHOWN, Spoken, in_words
from coverage_app.services.findings import Found, audit_rules
from coverage_app.services.report.words import day

from .accepting import accepted, unsent
from .page import address, at, edition_for, workbench_page


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [at(page, "<int:pk>/findings/", findings, "edition_findings")]


def findings(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The findings; a form lets one stand or takes that back. 422 when it is refused."""
    edition = edition_for(page, request, pk, writes=request.method == "POST")
    refused = unsent(request) if request.method == "GET" else None
    if request.method == "POST":
        refused = accepted(request, edition)
        if refused is None:
            return HttpResponseRedirect(f"{address('findings', edition)}#finding-{request.POST.get('key', '')[:200]}")
    context = {"step": "Audit", "refused": refused, **_audited(edition)}
    context["may_accept"] = request.user.has_perm("coverage_app.add_acceptance")
    context["may_take_back"] = context["may_accept"] and edition.status == Edition.Status.DRAFT
    status = 422 if refused and request.method == "POST" else 200
    return workbench_page(page, request, edition, "findings.html", tab="findings", status=status, **context)


def _audited(edition: Edition) -> dict[str, Any]:
    """What the page shows of the audit, or why there is none."""
    try:
        found, spoken = audited(edition)
    except CriteriaError as error:
        place = f"{error.provision}: " if error.provision else ""
        return {"fault": f"The criteria do not read, so nothing can be audited. {place}{error}"}
    except EditionError as error:
        return {"fault": f"{named(error, edition)}."}
    if not spoken.rules:
        return {"nothing_decides": True}
    words = in_words(found, spoken)
    return {
        "findings": words,
        "kinds": _counted(found),
        "open": sum(one.acceptance is None for one in found),
        "total": len(found),
        "beyond": max(0, len(found) - SHOWN),
        "before": spoken.since,
        "compared": bool(spoken.earlier),
    }


def audited(edition: Edition) -> tuple[list[Found], Spoken]:
    """The findings of an edition, and what their words are taken from. Raises CriteriaError, EditionError."""
    wording, before = wording_of(edition), edition_before(edition)
    rules, earlier = rules_of(edition, wording), rules_of(before) if before else {}
    acceptances = list(edition.acceptances.select_related("by"))
    found = [
        one for row, edited in rules.items() for one in audit_rules(edited, earlier.get(row), acceptances, row=row)
    ]
    since = f"the edition of {day(before.in_force)}" if before else ""
    return found, Spoken(wording, rules, _quotes(edition), earlier, since)


def _quotes(edition: Edition) -> dict[tuple[str, str], str]:
    """By row and provision: how the document says it."""
    quotes = {("", provision.code): provision.quote for provision in edition.provisions.all()}
    for row in edition.guidelinerows.prefetch_related("statements"):
        for n, _ in enumerate(row.statements.all(), 1):
            quotes[row.code, str(n)] = row.quote
    return quotes


def _counted(found: list[Found]) -> list[tuple[str, int]]:
    """How many there are of each kind, those that occur."""
    counts = {words: sum(one.finding.kind == kind for one in found) for kind, words in KINDS.items()}
    return [(words, number) for words, number in counts.items() if number]
