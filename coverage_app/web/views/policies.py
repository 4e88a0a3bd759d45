"""The documents on file, the coverage maps, and the verdict of a case that is only supposed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from coverage_app.models import Document, Edition
from coverage_app.services import library
from coverage_app.services.library import NoEditionInForce
from coverage_app.services.report import build_report
from coverage_app.services.standing import CaseFacts, stand
from coverage_app.services.vocabulary import current_wording
from coverage_app.web.presenters import coverage_map as maps
from coverage_app.web.presenters import policy as presenter
from coverage_app.web.presenters.reviews import review
from coverage_app.web.presenters.supposed import BadCase, fields, payer_fault, read_query
from coverage_app.web.presenters.timeline import timeline

SHELVES = (
    ("Payer policies", {Document.Kind.PAYER_POLICY}),
    ("Society guidelines", {Document.Kind.GUIDELINE}),
    ("For reference", {Document.Kind.CODING, Document.Kind.BACKGROUND}),
)


@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """Every document and edition on file; what each payer says of each site."""
    today = timezone.localdate()
    editions = Edition.objects.on_file().order_by("-in_force", "-published_at")
    editions = editions.annotate(
        provision_count=Count("provisions", distinct=True), row_count=Count("guidelinerows", distinct=True)
    )
    documents = Document.objects.prefetch_related(Prefetch("editions", queryset=editions, to_attr="on_file"))
    shelves = [(document, presenter.shelf(document.on_file, today)) for document in documents if document.on_file]
    groups = [(words, [shelf for shelf in shelves if shelf[0].kind in kinds]) for words, kinds in SHELVES]
    payers = [(document, library.read(edition) if edition else None) for document, edition in library.payers_on(today)]
    context = {"groups": [group for group in groups if group[1]], "overview": maps.overview(payers, current_wording())}
    return render(request, "policies/index.html", context)


@require_GET
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """The newest published edition of a document; a withdrawn one where there is no other."""
    editions = _editions(code)
    return _edition_page(request, _newest(editions), editions)


@require_GET
def policy_edition(request: HttpRequest, code: str, in_force: str) -> HttpResponse:
    """The edition of a document in force from a day; of several the published one, or the one ``withdrawn`` names."""
    editions = _editions(code)
    of_day = [edition for edition in editions if edition.in_force.isoformat() == str(in_force)]
    named = [edition for edition in of_day if str(edition.pk) == request.GET.get("withdrawn")]
    return _edition_page(request, named[0] if named else _newest(of_day), editions)


@require_GET
def coverage_map(request: HttpRequest, code: str) -> HttpResponse:
    """T category by margin by recurrence, for one site under one edition of a payer.

    Without a day it is the edition of today; where there is none, the newest, said not to decide today.
    With ``against=previous`` the cells are marked that the edition before it gave another verdict.
    """
    wording = current_wording()
    try:
        query, compared = maps.against(request.GET)
        asked = read_query(query, wording)
    except BadCase as error:
        return _bad_case(request, error)
    document = get_object_or_404(Document, code=code, kind=Document.Kind.PAYER_POLICY)
    editions, today = _editions(document.code), timezone.localdate()
    edition = _edition_of(document, editions, asked.day)
    rules, sites = library.read(edition).rules, wording.options("site")
    if rules is None:
        raise Http404("This edition decides nothing.")
    site = str(asked.given.get("site") or sites[0]["code"])
    previous = _before(edition, editions)
    was = library.read(previous).rules if previous and compared else None
    held = maps.held(rules, wording, site, asked.answers, was)
    questions = maps.questions(rules, wording, site, held, was)
    day = asked.day or _day_needed(edition, editions, today)
    context = {
        "document": document,
        "edition": edition,
        "site": wording.value("site", site),
        "sites": sites,
        "day": asked.day,
        "state": presenter.state_on(edition, editions, today),
        "decided_today": asked.day is not None or library.in_force_on(editions, today) is not None,
        "questions": questions,
        "held": [question for question in questions if question["words"]],
        "still_open": [question for question in questions if not question["words"]],
        "map": maps.disease(rules, wording, document.code, {"site": site, **held}, asked.given, day, was),
        "previous": previous,
        "compared": compared,
        "switch": maps.switched(query, compared),
        "payers": [payer for payer, edition in library.payers_on(asked.day or today) if edition],
    }
    return render(request, "policies/map.html", context)


@require_GET
def suppose(request: HttpRequest) -> HttpResponse:
    """The verdict of a case that an address describes. Nothing is stored."""
    wording = current_wording()
    payers = {document.code: document for document, _ in library.payers_on(timezone.localdate())}
    try:
        asked = read_query(request.GET, wording)
        if asked.payer not in payers:
            raise BadCase([payer_fault(asked.payer, payers)])
    except BadCase as error:
        return _bad_case(request, error)
    document = payers[asked.payer]
    standing = stand(CaseFacts(asked.given, document, date_of_service=asked.day), wording)
    context = {
        "report": build_report(standing),
        "document": document,
        "fields": fields(document.code, asked.given, asked.day),
        "map_url": maps.map_url(document.code, asked.given, asked.day),
    }
    return render(request, "policies/suppose.html", context)


def _editions(code: str) -> list[Edition]:
    """A document's editions on file, newest first and published before withdrawn; 404 when there are none."""
    found = Edition.objects.on_file().filter(document__code=code)
    editions = sorted(
        found.select_related("document"),
        key=lambda e: (e.in_force, e.status == Edition.Status.PUBLISHED, e.pk),
        reverse=True,
    )
    if not editions:
        raise Http404(f"No document {code} is on file.")
    return editions


def _newest(editions: list[Edition]) -> Edition:
    published = [edition for edition in editions if edition.status == Edition.Status.PUBLISHED]
    if not editions:
        raise Http404("No edition of that day is on file.")
    return (published or editions)[0]


def _drafts(document: Document, user: Any) -> list[Edition]:
    """Editions not yet published, for those who may edit them."""
    if not (user.is_staff and user.has_perm("coverage_app.view_edition")):
        return []
    return list(document.editions.exclude(status__in=Edition.ON_FILE).select_related("document"))


def _before(edition: Edition, editions: Iterable[Edition]) -> Edition | None:
    """The published edition that this one followed."""
    published = [e for e in editions if e.status == Edition.Status.PUBLISHED and e.in_force < edition.in_force]
    return max(published, key=lambda e: e.in_force, default=None)


def _edition_page(request: HttpRequest, edition: Edition, editions: list[Edition]) -> HttpResponse:
    today = timezone.localdate()
    parts = presenter.page(library.read(edition))
    context = {
        "document": edition.document,
        "edition": edition,
        "state": presenter.state_on(edition, editions, today),
        "timeline": timeline(editions, _drafts(edition.document, request.user), edition, today),
        "review": review(edition, editions, today, request.user),
        "previous": _before(edition, editions),
        "parts": parts,
        "contents": presenter.contents(parts),
        "decided_today": library.in_force_on(editions, today) is not None,
        "taken_place": library.in_force_on(editions, edition.in_force) is not None,
        "map_day": _day_needed(edition, editions, today),
    }
    return render(request, "policies/edition.html", context)


def _edition_of(document: Document, editions: list[Edition], day: dt.date | None) -> Edition:
    if day is None:
        published = [edition for edition in editions if edition.status == Edition.Status.PUBLISHED]
        return library.in_force_on(editions, timezone.localdate()) or _newest(published)
    try:
        return library.edition_in_force(document, day)
    except NoEditionInForce as error:
        raise Http404(str(error)) from error


def _day_needed(edition: Edition, editions: list[Edition], today: dt.date) -> dt.date | None:
    """The day to name in an address so that this edition answers; None when it is the one of today."""
    current = library.in_force_on(editions, today)
    return None if current and current.pk == edition.pk else edition.in_force


def _bad_case(request: HttpRequest, error: BadCase) -> HttpResponse:
    return render(request, "policies/bad_case.html", {"faults": error.faults}, status=400)
