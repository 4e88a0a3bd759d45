"""What every admin page of ours has: audit events, a warning to the second of two editors, no lost text."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from coverage_app.services.audit import record

from .given import given, kept, tell_kept
from .regained import regaining
from .stale import SEEN, Shown, fingerprint, who_saved
from .versions import versions

STALE = (
    "{who}, after you opened this page. Nothing of yours is lost: it stands below, not yet saved. "
    "Where the two differ, what is saved stands beside yours. Take over what you need, "
    "and save again: that puts yours in its place."
)
UNSAVED = "Look at it, and save again: nothing of it is saved yet."
WHY = "_why"
"""The field that says why something was changed; it may stay empty."""
REFUSED = "Somebody changed what this page builds on while you had it open, so the database refused to save it."


class Listed(admin.ModelAdmin):
    """A list that answers a lookup with a number that no database holds as any other that makes no sense."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except OverflowError:
            return redirect(f"{request.path}?e=1")


class Audited(Listed):
    """Adds, changes and deletions leave an audit event. No deletion of many at once."""

    actions = None

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Django's own history, and ours."""
        record(by=_by(request), action="add", subject=obj, detail={"changes": message})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Django's own history, and ours; a save that changed nothing leaves no event."""
        if message:
            record(by=_by(request), action="change", subject=obj, detail={"changes": message})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's own history, and ours, with the name of what is gone."""
        for obj in queryset:
            record(by=_by(request), action="delete", subject=obj, detail={"name": str(obj)})
        return super().log_deletions(request, queryset)


class DeskAdmin(Audited):
    """The base of all that policy editors write."""

    change_form_template = "admin/desk_change_form.html"

    def shown(self, obj: models.Model) -> Iterator[Shown]:
        """What the page of ``obj`` lets its editor change: all its columns, unless a page says more."""
        yield Shown(type(obj), {"pk": obj.pk})

    def lock(self, obj: models.Model) -> None:
        """Hold the row that all writers of ``obj`` take first, until the transaction ends."""
        type(obj)._default_manager.select_for_update().filter(pk=obj.pk).first()

    def is_open(self, obj: models.Model) -> bool:
        """Whether ``obj`` can still be edited at all."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.is_open(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self.is_open(obj))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The object; for a save it is locked first, and then read as it stands."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return obj
        self.lock(obj)
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which refuses a save when the object is no longer what its editor saw, and saves nothing kept."""
        form = super().get_form(request, obj, change, **kwargs)
        if request.method != "POST":
            return form
        admin_page = self

        class Unstale(form):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                cleaned = super().clean()
                if _is_kept(request):
                    self.add_error(None, ValidationError(UNSAVED, code="kept"))
                if obj is not None and request.POST.get(SEEN) != fingerprint(admin_page.shown(obj)):
                    raise ValidationError(STALE.format(who=who_saved(obj)), code="stale")
                return cleaned

        return Unstale

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with the fingerprint of what it shows."""
        obj = context["original"]
        context["seen"] = fingerprint(self.shown(obj)) if obj is not None else ""
        context["seen_name"] = SEEN
        context["why"] = why(request)
        form = context["adminform"].form
        if form.has_error(NON_FIELD_ERRORS, "stale"):
            context["versions"] = versions(form, [inline.formset for inline in context["inline_admin_formsets"]])
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if (typed := kept(request)) is not None and self.has_change_permission(request):
            _send_again(request, typed)
        if request.method == "POST" and object_id is not None and (refusal := self._refusal(request, object_id)):
            return refusal
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, ProtectedError):
            return self.kept(request, REFUSED)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, ProtectedError):
            return self.kept(request, "It came into use while you had this page open, so it was not deleted.")

    def _refusal(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """What is said when the object was published or deleted while its page was open."""
        obj = super().get_object(request, object_id)
        allowed = super().has_change_permission(request)
        if allowed and obj is None:
            return self.kept(request, "It was deleted while you had this page open.")
        if allowed and obj is not None and not self.is_open(obj):
            return self.kept(request, f"{obj} is no longer a draft, so it cannot change any more.")
        return None

    def kept(self, request: HttpRequest, message: str) -> HttpResponse:
        """A page that says why nothing was saved, with all that was typed, to copy. Status 409."""
        if not _is_kept(request):
            list(get_messages(request))  # one that says "saved" may be among them
        typed = [(name, text) for name, text in _typed(request) if len(text) > 3]
        context = {
            **self.admin_site.each_context(request),
            "title": "Not saved",
            "message": message,
            "typed": typed,
            "opts": self.opts,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, "admin/not_saved.html", context, status=409)


def _by(request: HttpRequest) -> Any:
    return request.user


def _send_again(request: HttpRequest, typed: QueryDict) -> None:
    """Show a form as it was sent when the session had ended; ``get_form`` sees to it that nothing is saved."""
    _ = request.FILES  # read as none before there is a body to look for
    request.method, request.POST = "POST", typed  # type: ignore[assignment]
    tell_kept(request)


def _is_kept(request: HttpRequest) -> bool:
    """Whether the form is one that ``_send_again`` shows."""
    return bool(request.META["REQUEST_METHOD"] == "GET")


def why(request: HttpRequest) -> str:
    """What the editor says to explain a change; often nothing."""
    return given(request).get(WHY, "").replace("\x00", "").strip()[:2_000]


def _typed(request: HttpRequest) -> Iterable[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name == WHY:
            yield "Why this change", ", ".join(map(str, values))
        elif not name.startswith("_") and name != "csrfmiddlewaretoken" and not name.endswith("_FORMS"):
            yield _field_in_words(name), ", ".join(map(str, values))


def _field_in_words(name: str) -> str:
    """How a page names a field: ``provisions-0-in_force`` is "Provision 1: in force"."""
    part = re.fullmatch(r"(\w+?)s?-(\d+)-(\w+)", name)
    words = f"{part[1]} {int(part[2]) + 1}: {part[3]}" if part else name
    return words.replace("_", " ").capitalize()


class OpenInline(admin.options.InlineModelAdmin):
    """Parts on the page of their owner: they can change while the owner can."""

    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, which keeps what was typed for a part that somebody deleted meanwhile."""
        return regaining(super().get_formset(request, obj, **kwargs))

    def _open(self, obj: Any) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return obj is None or obj.pk is None or not isinstance(page, DeskAdmin) or page.is_open(obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and self._open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._open(obj)


def changed_places(formset: Any) -> dict[int, int]:
    """Of the rows that were moved, where they stood before: pk → place. Read it before they are saved."""
    moved = {}
    for form in formset.initial_forms:
        if isinstance(form, forms.ModelForm) and form.instance.pk and "position" in form.changed_data:
            moved[form.instance.pk] = form.initial["position"]
    return moved
