"""The worklist: every case, newest first, with search, filters, order and pages."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.paginator import Paginator
from django.db.models import Case as Choice
from django.db.models import CharField, F, Prefetch, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from coverage_app.models import Case, CaseReview, Document, FactValue
from coverage_app.services import decisions
from coverage_app.services.due import due_cases
from coverage_app.services.notices import unseen
from coverage_app.services.noting import Noted, due_now
from coverage_app.services.report.tags import NO_PAYER, VERDICTS
from coverage_app.web.forms import WorklistForm
from coverage_app.web.presenters.authorization import outcome_tag
from coverage_app.web.presenters.case_reviews import STATUSES, name_of, status_of
from coverage_app.web.presenters.due import due_strip
from coverage_app.web.presenters.notices import described
from coverage_app.web.requests import DeskRequest

PAGE = 25
HEADS = (
    ("created", "Case"),
    ("payer", "Payer"),
    ("disease", "Disease"),
    ("service", "Service"),
    ("verdict", "Verdict"),
    ("status", "Status"),
    ("who", "With"),
)


@require_GET
def worklist(request: DeskRequest) -> HttpResponse:
    """The page; for htmx only the list. It is the home page: who sees no cases is led to the policies."""
    if not request.user.has_perm("coverage_app.view_case"):
        return redirect("policies")
    due = due_now()
    form = WorklistForm(request.GET or None, choices=_choices())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    cases = _found(_cases(due, request.user), wanted)
    if kind := wanted.get("due"):
        cases = cases.filter(pk__in=due_cases(kind, request.user).values("pk"))
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    reviews = _reviews(list(page))
    kept = {name: value for name, value in wanted.items() if value}
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "rows": [_row(case, due.get(case.pk), reviews.get(case.pk)) for case in page],
        "heads": _heads(kept),
        "query": urlencode(kept),
        "filtered": any(name != "sort" for name in kept),
        "may_add": request.user.has_perm("coverage_app.add_case"),
    }
    fragment = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    if not fragment:
        context["strip"] = due_strip(request.user, wanted.get("due", ""))
    response = render(request, "worklist/_list.html" if fragment else "worklist/page.html", context)
    patch_vary_headers(response, ["HX-Request"])  # else Back shows the list alone, which has the page's address
    return response


def _cases(due: dict[int, Noted], user: AbstractBaseUser) -> QuerySet[Case]:
    """All cases, with ``gives``: the verdict to show and to sort by.

    It is the one noted on the case. Where an edition has come into force since, and no worker has noted the case anew
    yet, it is the one given today.
    """
    by_verdict: dict[str, list[int]] = {}
    for pk, noted in due.items():
        by_verdict.setdefault(noted.verdict, []).append(pk)
    given = [When(pk__in=pks, then=Value(verdict)) for verdict, pks in by_verdict.items()]
    gives = Choice(*given, default=F("verdict"), output_field=CharField())
    notices = Prefetch("policy_notices", unseen(user), to_attr="unseen_notices")
    return (
        Case.objects.select_related("document", "updated_by", "reviewer")
        .annotate(gives=gives)
        .prefetch_related(notices)
    )


def _found(cases: QuerySet[Case], wanted: dict[str, str]) -> QuerySet[Case]:
    for word in wanted.get("q", "").split():
        cases = cases.filter(
            Q(reference__icontains=word)
            | Q(label__icontains=word)
            | Q(title__icontains=word)
            | Q(diagnosis_code__istartswith=word)
            | Q(document__short_name__icontains=word)
            | Q(document__publisher__icontains=word)
            | Q(updated_by__last_name__icontains=word)
            | Q(updated_by__username__icontains=word)
        )
    if status := wanted.get("status"):
        cases = _of_status(cases, status)
    if who := wanted.get("who"):
        cases = cases.filter(_with(int(who)))
    fields = {"payer": "document__code", "verdict": "gives", "site": "site__code"}
    chosen = {fields[name]: wanted[name] for name in fields if wanted.get(name)}
    return cases.filter(**chosen).order_by(*WorklistForm.SORTS[wanted.get("sort") or "-created"])


def _of_status(cases: QuerySet[Case], status: str) -> QuerySet[Case]:
    """The cases of one status; a draft that was sent back is told apart from the others."""
    if status not in ("draft", "sent_back"):
        return cases.filter(status=status)
    asked = Q(pk__in=decisions.sent_back().values("assessment__case"))
    return cases.filter(asked if status == "sent_back" else ~asked, status="draft")


def _with(who: int) -> Q:
    """The cases that somebody saved last, has to review, or has back with a question."""
    back = decisions.sent_back().filter(completed_by=who).values("assessment__case")
    return Q(updated_by=who) | Q(reviewer=who, status="completed") | Q(pk__in=back)


def _reviews(cases: list[Case]) -> dict[int, CaseReview]:
    """The decision on the newest assessment of each of these cases, by the case's number. One query."""
    found = decisions.newest().filter(assessment__case__in=[case.pk for case in cases])
    return {review.assessment.case_id: review for review in found.select_related("assessment", "completed_by")}


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by; people and payers only where they have cases."""
    stored = Case.objects.all()
    people = get_user_model().objects.filter(
        Q(pk__in=stored.values("updated_by"))
        | Q(pk__in=stored.filter(status="completed", reviewer__isnull=False).values("reviewer"))
        | Q(pk__in=decisions.sent_back().values("completed_by"))
    )
    payers = Document.objects.filter(kind=Document.Kind.PAYER_POLICY).values_list("code", "short_name")
    sites = FactValue.objects.filter(pk__in=Case.objects.values("site")).values_list("code", "label")
    return {
        "payer": [("", "All payers"), *payers],
        "verdict": [("", "All verdicts"), *((tag["code"], tag["label"]) for tag in VERDICTS.values())],
        "site": [("", "All sites"), *sites],
        "status": [("", "Any status"), *((tag["code"], tag["label"]) for tag in STATUSES.values())],
        "who": [("", "Everybody"), *((str(p.pk), name_of(p)) for p in people)],
    }


def _row(case: Any, due: Noted | None, review: CaseReview | None) -> dict[str, object]:
    """A case with the chip of its verdict, or how many answers are missing, and what an edition has changed."""
    tag: dict[str, object] = {**VERDICTS.get(case.gives, NO_PAYER)}
    if case.gives == "undetermined":
        missing = len(due.missing if due else case.missing)
        tag["label"] = f"{missing} answer{'' if missing == 1 else 's'} missing"
    decided = review if review and case.status == Case.Status.CLOSED else None
    status = status_of(case, review)
    whose = name_of(case.reviewer) if case.status == Case.Status.COMPLETED else ""
    if review and status["code"] == "sent_back":
        whose = name_of(review.completed_by)
    return {
        "case": case,
        "verdict": tag,
        "override": VERDICTS.get(decided.verdict) if decided else None,
        "status": status,
        "whose": whose,
        "outcome": outcome_tag(case.outcome),
        "notice": described(case.unseen_notices[0]) if case.unseen_notices else None,
    }


def _heads(kept: dict[str, str]) -> list[dict[str, str]]:
    """The column heads with the link that sorts by each, and how it is sorted now."""
    now = kept.get("sort") or "-created"
    heads = []
    for key, words in HEADS:
        state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
        following = f"-{key}" if state == "ascending" else key
        query = urlencode({**kept, "sort": following})
        heads.append({"words": words, "state": state, "url": f"?{query}"})
    return heads
