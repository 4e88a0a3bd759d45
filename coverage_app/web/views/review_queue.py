"""The cases that wait for review: mine, nobody's, everybody else's."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from coverage_app.models import Case
from coverage_app.services.case_life import reviewers
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.review_queue import Queue, queue
from coverage_app.web.presenters.case_reviews import due, name_of
from coverage_app.web.requests import DeskRequest
from coverage_app.web.review_forms import QueueForm

PAGE = 25
FIRST = 10  # of each part, as long as all parts stand on the page
MINE, NOBODY, OTHERS = "mine", "nobody", "others"


@require_GET
@permission_required(("coverage_app.view_case", "coverage_app.view_casereview"), raise_exception=True)
def reviews(request: DeskRequest) -> HttpResponse:
    """The page; for htmx only the lists."""
    found, people = queue(request.user), list(reviewers())
    may_review = request.user.has_perm("coverage_app.add_casereview")
    form = QueueForm(request.GET or None, choices=_choices(people, request.user, may_review))
    wanted = form.cleaned_data.get("reviewer", "") if form.is_bound and form.is_valid() else ""
    parts = _chosen(request, found, wanted, people) if wanted else _all(found, may_review)
    _fill(parts, request.user, may_review)
    context = {
        "form": form,
        "parts": parts,
        "wanted": wanted,
        "people": [(person.pk, name_of(person)) for person in people],
        "may_review": may_review,
        "any": any(part["count"] for part in parts),
    }
    fragment = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, "review/_queue.html" if fragment else "review/queue.html", context)
    patch_vary_headers(response, ["HX-Request"])  # as on the worklist: Back asks for the whole page
    return response


def _choices(people: list[User], user: User, may_review: bool) -> list[tuple[str, str]]:
    own = [(MINE, "Me")] if may_review else []
    others = [(str(person.pk), name_of(person)) for person in people if person.pk != user.pk]
    return [("", "Everybody"), *own, (NOBODY, "Nobody yet"), (OTHERS, "Other reviewers"), *others]


def _all(found: Queue, may_review: bool) -> list[dict[str, Any]]:
    mine = [_part(MINE, "With me", found.mine)] if may_review else []
    title = "With other reviewers" if may_review else "With a reviewer"
    return [*mine, _part(NOBODY, "With nobody yet", found.nobodys), _part(OTHERS, title, found.others)]


def _part(key: str, title: str, cases: QuerySet[Case]) -> dict[str, Any]:
    """The first cases of one part of the queue, and how many there are."""
    count = cases.count()
    return {"key": key, "title": title, "cases": list(cases[:FIRST]), "count": count, "more": max(count - FIRST, 0)}


def _chosen(request: DeskRequest, found: Queue, wanted: str, people: list[User]) -> list[dict[str, Any]]:
    """One part alone, page by page."""
    known = {
        MINE: ("With me", found.mine),
        NOBODY: ("With nobody yet", found.nobodys),
        OTHERS: ("With other reviewers", found.others),
    }
    if wanted in known:
        title, cases = known[wanted]
    else:
        person = next(person for person in people if str(person.pk) == wanted)
        title, cases = f"With {name_of(person)}", found.everybodys.filter(reviewer=person)
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    part = {"key": wanted, "title": title, "cases": list(page), "count": page.paginator.count, "more": 0}
    return [{**part, "page": page, "pages": pages, "query": urlencode({"reviewer": wanted})}]


def _fill(parts: list[dict[str, Any]], user: User, may_review: bool) -> None:
    """Put each part's rows in words. One query."""
    completers = {case.completer for part in parts for case in part["cases"]}
    names = {person.pk: name_of(person) for person in get_user_model().objects.filter(pk__in=completers)}
    today = timezone.localdate()
    for part in parts:
        part["rows"] = [
            {
                "case": case,
                "due": due(case, today),
                "verdict": VERDICTS.get(case.reads),
                "by": names.get(case.completer, ""),
                "own": case.completer == user.pk,
                "may_assign": may_review,
                "may_take": may_review and case.reviewer_id is None and case.completer != user.pk,
            }
            for case in part["cases"]
        ]
