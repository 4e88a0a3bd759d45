"""Editions: drafts are edited with their parts, then published; published ones are withdrawn at most."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from coverage_app.models import (
    AuthorizationRule,
    Document,
    Edition,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.services.editions import EditionFault, faults, note_uses, publish_edition, withdraw_edition
from coverage_app.services.ordering import number_parts

from . import workbench
from .base import DeskAdmin, changed_places
from .fields import wording_of
from .forms import desk_field
from .parts import AuthorizationInline, ListedCodeInline, ProvisionInline, RemarkInline, RowInline, new_places
from .stale import SEEN, Shown, fingerprint, who_saved
from .workbench.page import tabs

PARTS = {
    Document.Kind.PAYER_POLICY: (ProvisionInline, AuthorizationInline, ListedCodeInline, RemarkInline),
    Document.Kind.GUIDELINE: (RowInline, RemarkInline),
    Document.Kind.CODING: (ListedCodeInline, RemarkInline),
    Document.Kind.BACKGROUND: (RemarkInline,),
}


@admin.register(Edition)
class EditionAdmin(DeskAdmin):
    """One text of a document."""

    change_form_template = "admin/coverage_app/edition/change_form.html"
    list_display = ("document", "in_force", "status", "last_reviewed", "published_at", "published_by")
    list_display_links = ("document", "in_force")
    list_select_related = ("document", "published_by")
    list_filter = ("status", "document__kind", "document")
    search_fields = ("document__code", "document__short_name", "document__title")
    date_hierarchy = None
    fields = (
        "document",
        ("in_force", "in_force_basis"),
        "in_force_note",
        ("last_reviewed", "original"),
    )

    # What is on the page

    def is_open(self, obj: Any) -> bool:
        return bool(obj.status == Edition.Status.DRAFT)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("document", "published_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return (*self.fields, "status", *(() if self.is_open(obj) else (("published_at", "published_by"),)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("document", "status", "published_at", "published_by") if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """The parts that a document of its kind has; rows and remarks once the edition is on file."""
        if obj is None:
            return (ProvisionInline, AuthorizationInline, ListedCodeInline)
        return PARTS[Document.Kind(obj.document.kind)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return desk_field(db_field, request) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def shown(self, obj: models.Model) -> Iterator[Shown]:
        yield from super().shown(obj)
        for part in (Provision, AuthorizationRule, ListedCode):
            yield Shown(part, {"edition": obj})
        for linked in (GuidelineRow, Remark):
            yield Shown(linked, {"edition": obj}, ("pk", "position"))

    def whole(self, edition: Edition) -> str:
        """The fingerprint of an edition with all that would be published."""
        rest: tuple[type[models.Model], ...] = (GuidelineRow, Remark)
        parts = [Shown(part, {"edition": edition}) for part in rest]
        statements = Shown(GuidelineStatement, {"row__edition": edition})
        return fingerprint([*self.shown(edition), *parts, statements])

    # Saving

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, with the tabs of the edition's workbench."""
        edition = context["original"]
        context["tabs"] = tabs(edition, "change") if edition else []
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        moved = [changed_places(formset) for formset in formsets]
        super().save_related(request, form, formsets, change)
        edition = form.instance
        for formset, was in zip(formsets, moved, strict=True):
            parts = list(formset.model.objects.filter(edition=edition))
            number_parts(parts=parts, was=was | new_places([formset]))
        note_uses(edition=edition)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        """On to the edition's page: there its other parts are added."""
        return HttpResponseRedirect(_page(obj))

    # Publishing and withdrawing

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", wrap(self.publish), name="coverage_app_edition_publish"),
            path("<int:pk>/withdraw/", wrap(self.withdraw), name="coverage_app_edition_withdraw"),
            *workbench.urls(self),
            *super().get_urls(),
        ]

    def _edition(self, request: HttpRequest, pk: int) -> Edition:
        edition: Edition | None = self.get_queryset(request).filter(pk=pk).first()
        if not request.user.has_perm("coverage_app.change_edition"):
            raise PermissionDenied
        if edition is None:
            raise Http404(f"No edition has the number {pk}.")
        return edition

    def _ask(self, request: HttpRequest, edition: Edition, template: str, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "original": edition, **context}
        return TemplateResponse(request, f"admin/coverage_app/edition/{template}", shown)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then put a draft in force. What does not hold is said, and the draft stays a draft."""
        edition = self._edition(request, pk)
        seen = self.whole(edition)
        if request.method == "POST" and request.POST.get(SEEN) == seen:
            try:
                publish_edition(edition=edition, by=request.user)  # type: ignore[arg-type]
            except EditionFault as fault:
                for sentence in fault.faults:
                    messages.error(request, sentence)
            else:
                self._log(request, edition, "Published.")
                messages.success(request, f"{edition} is published.")
            return HttpResponseRedirect(_page(edition))
        if request.method == "POST":
            messages.warning(
                request, f"{who_saved(edition)}, after you opened this page. Look again before you publish."
            )
        return self._ask(
            request,
            edition,
            "publish.html",
            title=f"Publish {edition}?",
            faults=_why_not(edition, request),
            seen=seen,
            seen_name=SEEN,
            follows=_follows(edition),
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the reason, then take a published edition out of force."""
        edition = self._edition(request, pk)
        reason = request.POST.get("reason", "")
        fault = None
        if request.method == "POST":
            try:
                withdraw_edition(edition=edition, by=request.user, reason=reason)  # type: ignore[arg-type]
            except EditionFault as error:
                fault = str(error)
            else:
                self._log(request, edition, f"Withdrawn: {reason.strip()}")
                messages.success(request, f"{edition} is withdrawn.")
                return HttpResponseRedirect(_page(edition))
        return self._ask(request, edition, "withdraw.html", title=f"Withdraw {edition}?", fault=fault, reason=reason)

    def _log(self, request: HttpRequest, edition: Edition, said: str) -> None:
        """A line in the page's history; the services have left the audit event."""
        admin.ModelAdmin.log_change(self, request, edition, said)


def _page(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])


def _why_not(edition: Edition, request: HttpRequest) -> list[str]:
    if edition.status != Edition.Status.DRAFT:
        return [f"It is {edition.get_status_display().lower()}, not a draft."]
    found = faults(edition, wording_of(request))
    if edition.document.editions.filter(in_force=edition.in_force, status=Edition.Status.PUBLISHED).exists():
        found.append(f"{edition.document} already has a published edition in force from {edition.in_force:%Y-%m-%d}.")
    return found


def _follows(edition: Edition) -> Edition | None:
    """The published edition that this one would end."""
    earlier = edition.document.editions.filter(status=Edition.Status.PUBLISHED, in_force__lt=edition.in_force)
    return earlier.order_by("-in_force").first()
