"""People and groups. Django's two-box selector fails for screen readers: here these are check boxes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from .base import Audited

admin.site.unregister(User)
admin.site.unregister(Group)


def _boxes(kwargs: dict[str, Any]) -> dict[str, Any]:
    return kwargs | {"widget": forms.CheckboxSelectMultiple(attrs={"class": "boxes"})}


@admin.register(User)
class PersonAdmin(Audited, UserAdmin):
    """A person; what they may do comes with their groups."""

    filter_horizontal = ()
    list_select_related = ()
    list_display = ("username", "first_name", "last_name", "in_groups", "is_active", "is_staff")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who", {"fields": (("first_name", "last_name"), "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Groups")
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **_boxes(kwargs))


@admin.register(Group)
class RoleAdmin(Audited, GroupAdmin):
    """A group of people and what it may do."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **_boxes(kwargs))
        if db_field.name == "permissions":
            field.label_from_instance = lambda permission: permission.name  # without its app and table
        return field
