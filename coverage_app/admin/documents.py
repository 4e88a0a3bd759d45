"""Documents, with the editions that are on file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from coverage_app.models import Document
from coverage_app.services.report.words import day, moment
from coverage_app.services.states import discarded

from .base import DeskAdmin
from .forms import desk_field


@admin.register(Document)
class DocumentAdmin(DeskAdmin):
    """A policy, guideline or reference page. Its code and kind stand in files and cases, and never change."""

    list_display = ("short_name", "code", "kind", "number", "publisher")
    list_filter = ("kind",)
    search_fields = ("code", "short_name", "title", "number", "publisher")
    fields = (("code", "kind"), ("short_name", "number"), "title", "publisher", "letters_to", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "editions_on_file", "discarded_drafts") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "kind", "editions_on_file", "discarded_drafts") if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return desk_field(db_field, request) or super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="Editions")
    def editions_on_file(self, document: Document) -> str:
        lines = (
            (
                reverse("admin:coverage_app_edition_change", args=[e.pk]),
                day(e.in_force),
                e.get_status_display(),
            )
            for e in document.editions.all()
        )
        new = f"{reverse('admin:coverage_app_edition_new')}?document={document.pk}"
        listed = format_html_join("", '<li><a href="{}">{}</a>, {}</li>', lines)
        return format_html('<ul class="plain">{}<li><a href="{}">New edition …</a></li></ul>', listed, new)

    @admin.display(description="Discarded drafts")
    def discarded_drafts(self, document: Document) -> str:
        """Drafts that are gone; their states can still be read and restored."""
        lines = (
            (
                reverse("admin:coverage_app_edition_history", args=[state.edition_number]),
                moment(state.at),
                f"by {state.by_name}" + (f": {state.why}" if state.why else ""),
            )
            for state in discarded(document)
        )
        listed = format_html_join("", '<li><a href="{}">Discarded {}</a> {}</li>', lines)
        return format_html('<ul class="plain">{}</ul>', listed) if listed else "None"
