"""The text of an edition: a draft is edited here with its parts; its life goes on in the workbench."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from coverage_app.models import (
    AuthorizationRule,
    Document,
    Edition,
    GuidelineRow,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.services.editions import note_uses
from coverage_app.services.life import discard_draft, note_edit
from coverage_app.services.ordering import number_parts
from coverage_app.services.states import keep_state

from . import workbench
from .base import Audited, DeskAdmin, changed_places, why
from .forms import desk_field
from .parts import AuthorizationInline, ListedCodeInline, ProvisionInline, RemarkInline, RowInline, new_places
from .stale import Shown
from .workbench.editing import aids
from .workbench.golden import tell_golden
from .workbench.life_line import life_line
from .workbench.page import tabs

PARTS = {
    Document.Kind.PAYER_POLICY: (ProvisionInline, AuthorizationInline, ListedCodeInline, RemarkInline),
    Document.Kind.GUIDELINE: (RowInline, RemarkInline),
    Document.Kind.CODING: (ListedCodeInline, RemarkInline),
    Document.Kind.BACKGROUND: (RemarkInline,),
}

BESIDE = ("edited_at", "edited_by")  # whoever edits a row or a remark on its own page disturbs nobody here


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
        return super().get_queryset(request).select_related("document", "published_by", "edited_by")

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
        fields = [field.attname for field in Edition._meta.concrete_fields if field.name not in BESIDE]
        yield Shown(Edition, {"pk": obj.pk}, fields)
        for part in (Provision, AuthorizationRule, ListedCode):
            yield Shown(part, {"edition": obj})
        for linked in (GuidelineRow, Remark):
            yield Shown(linked, {"edition": obj}, ("pk", "position"))

    # Saving

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, with the tabs of the edition's workbench."""
        edition = context["original"]
        context["tabs"] = tabs(edition, "change") if edition else []
        context["aids"] = aids(self, request, edition)
        context["asks_why"] = edition is None or self.is_open(edition)
        context["show_delete"] = False  # it is discarded, with the other steps above
        if edition is not None:
            context["life"] = life_line(edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            keep_state(edition=obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        moved = [changed_places(formset) for formset in formsets]
        super().save_related(request, form, formsets, change)
        edition = form.instance
        for formset, was in zip(formsets, moved, strict=True):
            parts = list(formset.model.objects.filter(edition=edition))
            number_parts(parts=parts, was=was | new_places([formset]))
        note_uses(edition=edition)
        by: Any = request.user
        note_edit(edition=edition, by=by, action="edit" if change else "start", why=why(request))
        tell_golden(request, edition)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        """On to the edition's page: there its other parts are added."""
        return HttpResponseRedirect(_page(obj))

    # The life of an edition

    def get_urls(self) -> list[URLPattern]:
        return [*workbench.urls(self), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """An edition that begins empty; without a document it is asked first what to begin with."""
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(reverse("admin:coverage_app_edition_new"))
        return super().add_view(request, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A draft is discarded: its states stay."""
        context = {"title": "Discard this draft?", "why": why(request)}
        return super().delete_view(request, object_id, context | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        discard_draft(edition=obj, by=request.user, why=why(request))  # type: ignore[arg-type]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's own history; the service leaves the audit event."""
        return super(Audited, self).log_deletions(request, queryset)


def _page(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])
