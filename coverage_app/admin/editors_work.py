"""What waits for the policy editors: the lists of their first page."""

from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Document, Edition
from coverage_app.services.reviews import due_on, newest_review, overdue, reviewed_on, stated_on

register = template.Library()


@register.simple_tag(takes_context=True)
def editors_work(context: RequestContext) -> dict[str, Any]:
    """Editions in review, drafts, and editions to be reviewed; empty for who may not change editions. Three queries."""
    user = context["request"].user
    if not user.has_perm("coverage_app.change_edition"):
        return {}
    waiting = Edition.objects.filter(status__in=(Edition.Status.DRAFT, Edition.Status.IN_REVIEW))
    waiting = waiting.select_related("document", "edited_by").order_by("-edited_at", "-pk")
    lines = [_waiting(edition, user) for edition in waiting]
    return {
        "in_review": [line for line in lines if line["edition"].status == Edition.Status.IN_REVIEW],
        "drafts": [line for line in lines if line["edition"].status == Edition.Status.DRAFT],
        "overdue": [_due(edition) for edition in sorted(overdue(timezone.localdate()), key=_rank)],
        "may_review": user.has_perm("coverage_app.add_editionreview"),
    }


def _waiting(edition: Edition, user: Any) -> dict[str, Any]:
    editor = edition.edited_by
    return {
        "edition": edition,
        "url": _page(edition),
        "who": (editor.get_full_name() or editor.get_username()) if editor else "",
        "own": editor is not None and editor.pk == user.pk,
    }


def _rank(edition: Edition) -> int:
    """Payers' policies first, then guidelines: what decides, and what is quoted."""
    return list(Document.Kind).index(Document.Kind(edition.document.kind))


def _due(edition: Edition) -> dict[str, Any]:
    ours = newest_review(edition)
    return {
        "edition": edition,
        "url": reverse("policy_edition", args=[edition.document.code, edition.in_force.isoformat()]),
        "review_url": reverse("admin:coverage_app_edition_reviewed", args=[edition.pk]),
        "last": reviewed_on(edition),
        "ours": bool(ours and ours.on >= stated_on(edition)),
        "stated": bool(edition.last_reviewed),
        "due": due_on(edition),
    }


def _page(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])
