"""What is read in the admin and never written there: the ICD-10-CM codes and the audit events."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from coverage_app.models import AuditEvent, DiagnosisCode

from .base import Listed


class ReadOnly(Listed):
    """To look things up; nobody adds, changes or deletes."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DiagnosisCode)
class DiagnosisCodeAdmin(ReadOnly):
    list_display = ("code", "description", "billable")
    list_filter = ("billable",)
    search_fields = ("code__istartswith", "description")
    show_full_result_count = False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "by_name", "action", "subject", "subject_id")
    list_filter = ("action", "subject")
    search_fields = ("by_name", "subject_id__exact")
    date_hierarchy = None
    fields = ("at", "by_name", "action", ("subject", "subject_id"), "detail")
