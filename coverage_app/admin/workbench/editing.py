"""While an edition is edited: what criteria say as they are typed, and what the audit and the golden cases say."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from coverage_app.admin.fields import wording_of
from coverage_app.models import Document, Edition, Fact, Provision
from coverage_app.rules.edition import EditionError
from coverage_app.services import library
from coverage_app.services.drafting import Drafted, Line, LineFault, check_criteria, read_lines
from coverage_app.services.finding_words import Spoken, in_words
from coverage_app.services.findings import audit_rules, edition_before
from coverage_app.services.golden import golden_cases, run_golden
from coverage_app.services.ordering import LAST
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import count
from coverage_app.services.vocabulary import Wording

from .page import address, edition_for

PREFIX = Provision._meta.get_field("edition").remote_field.get_accessor_name()
"""How the names of the provisions' fields begin in the form."""

LINES_LIMIT = 1000  # Django's own limit of forms in a set
SHOWN = 40  # findings in the panel; the page of the audit has them all


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""

    def at(view: Callable[..., HttpResponse]) -> Any:
        return page.admin_site.admin_view(require_POST(lambda request, **kwargs: view(page, request, **kwargs)))

    return [
        path("check/", at(check), name="coverage_app_edition_check"),
        path("<int:pk>/live/", at(live), name="coverage_app_edition_live"),
    ]


def check(page: Any, request: HttpRequest) -> HttpResponse:
    """What the criteria in ``criteria`` say, or where they cannot be read; a fragment. 400 without the text."""
    if not (page.has_change_permission(request) or page.has_add_permission(request)):
        raise PermissionDenied
    text = request.POST.get("criteria")
    if text is None:
        return HttpResponseBadRequest("Nothing to check was sent.", content_type="text/plain")
    blank = "optional" in request.POST
    checked = check_criteria(text.replace("\r\n", "\n"), wording_of(request), blank=blank)
    return render(request, "admin/workbench/_criteria.html", {"checked": checked})


def live(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with the provisions as they stand in the form, what the audit finds, which golden cases fail.

    A fragment; nothing is saved. 409 when the edition can no longer be edited.
    """
    edition = edition_for(page, request, pk, writes=True)
    if not page.is_open(edition):
        return render(request, "admin/workbench/_live_closed.html", {"edition": edition}, status=409)
    lines = typed_lines(request.POST)
    if lines is None:
        return HttpResponseBadRequest("The form did not arrive whole.", content_type="text/plain")
    wording = wording_of(request)
    drafted = read_lines(edition.document.code, lines, wording)
    seen = _seen(edition, drafted, wording)
    return render(request, "admin/workbench/_live.html", seen | {"said": _gist(seen)})


def typed_lines(data: QueryDict) -> list[Line] | None:
    """The provisions of the form in their order, but for deleted and empty ones; None when it is not the form."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdecimal() and len(total) < 5 and int(total) <= LINES_LIMIT):
        return None
    found = []
    for n in range(int(total)):
        given = {name: data.get(f"{PREFIX}-{n}-{name}", "") for name in ("position", "code", "criteria", "effect")}
        if f"{PREFIX}-{n}-DELETE" in data or not any(given[name].strip() for name in ("code", "criteria", "effect")):
            continue
        place = given["position"].strip()
        position = int(place) if place.isascii() and place.isdecimal() and len(place) < 6 else LAST
        line = Line(given["code"].strip(), given["criteria"].replace("\r\n", "\n"), given["effect"])
        found.append((position, n, line))
    return [line for _, _, line in sorted(found, key=lambda place: place[:2])]


def _seen(edition: Edition, drafted: Drafted, wording: Wording) -> dict[str, Any]:
    """What the panel shows: the faults, or, where there are none, what the audit and the golden cases say."""
    if drafted.rules is None:
        return {"edition": edition, "faults": drafted.faults}
    results = run_golden(drafted.rules, golden_cases(edition))
    failed = [(one, VERDICTS.get(one.case.verdict), VERDICTS.get(one.got)) for one in results if not one.passed]
    shown = {"edition": edition, "golden": len(results), "failed": failed}
    before = edition_before(edition)
    earlier = library.read(before).rules if before else None
    try:
        found = audit_rules(drafted.rules, earlier, edition.acceptances.select_related("by"))
    except EditionError as error:
        return shown | {"faults": [LineFault(0, "", str(error))]}
    remaining = [one for one in found if one.acceptance is None]
    spoken = Spoken(wording, {"": drafted.rules}, earlier={"": earlier} if earlier else {})
    words = in_words(remaining[:SHOWN], spoken)
    return shown | {"findings": words, "remaining": len(remaining), "accepted": len(found) - len(remaining)}


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


# What stands beside the form


def aids(page: Any, request: HttpRequest, subject: Any) -> dict[str, Any] | None:
    """What stands beside a form in which criteria are written: the facts to pick from, and the address of the panel.

    ``subject`` is what the form edits; None when it is new. None when it cannot be edited. The panel is for an
    edition with provisions that is on file already.
    """
    allowed = page.has_change_permission(request, subject) if subject else page.has_add_permission(request)
    if not allowed:
        return None
    decides = isinstance(subject, Edition) and subject.document.kind == Document.Kind.PAYER_POLICY
    return {"sections": _sections(wording_of(request)), "live": address("live", subject) if decides else ""}


def _sections(wording: Wording) -> list[dict[str, Any]]:
    """The facts of the vocabulary by the section of the questionnaire, each value with how far it is narrowed."""
    found = []
    for code, label in Fact.Section.choices:
        facts = [_fact(fact) for fact in wording.facts.values() if fact["section"] == code]
        if facts:
            found.append({"label": label, "facts": facts})
    return found


def _fact(fact: dict[str, Any]) -> dict[str, Any]:
    parents = {value["code"]: value["parent"] for value in fact["values"]}
    values = [value | {"narrower": bool(parents[value["code"]])} for value in fact["values"]]
    words = [fact["code"], fact["label"], *(f"{value['code']} {value['label']}" for value in values)]
    return fact | {"values": values, "words": " ".join(words).lower()}
