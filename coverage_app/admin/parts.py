"""What an edition is made of: the parts on its own page, and guideline rows and remarks on pages of theirs."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from coverage_app.models import (
    AuthorizationRule,
    Edition,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.services.drafting import check_criteria
from coverage_app.services.editions import note_uses
from coverage_app.services.exchange.levels import PAIRS
from coverage_app.services.ordering import LAST, number_parts
from coverage_app.services.states import keep_state, note_edit

from .base import DeskAdmin, OpenInline, changed_places, why
from .fields import wording_for
from .forms import ProvisionForm, RemarkForm, RowForm, desk_field, effects
from .keyed import keyed
from .stale import Shown
from .workbench.editing import aids
from .workbench.golden import tell_golden
from .workbench.live import row_urls


class PartInline(OpenInline):
    """Parts of an edition or of a guideline row, in their order."""

    ordering = ("position", "pk")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, in which parts can swap their ids or codes."""
        return keyed(super().get_formset(request, obj, **kwargs))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return desk_field(db_field, request) or super().formfield_for_dbfield(db_field, request, **kwargs)


class CardInline(PartInline, admin.StackedInline):
    """Parts with criteria, as cards: moved by hand, and with what the criteria say beside them."""

    template = "admin/edit_inline/provision.html"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One more where it was asked for: without JavaScript that is how a part is added."""
        return 1 if "another" in request.GET else 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        self.wording = wording_for(request, obj)
        return super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if self._open(obj) else ("reading",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where nothing can change, what the criteria say stands after them."""
        fields = list(self.get_fields(request, obj))
        if not self._open(obj):
            fields.insert(fields.index("criteria") + 1, "reading")
        return [(None, {"fields": fields})]

    @admin.display(description="In words")
    def reading(self, part: Any) -> str:
        checked = check_criteria(part.criteria, self.wording)
        return render_to_string("admin/workbench/_criteria.html", {"checked": checked, "readonly": True})


class ProvisionInline(CardInline):
    """Provisions: the first whose criteria are met decides."""

    model = Provision
    form = ProvisionForm
    fields = (
        ("position", "code", "effect", "locator"),
        "criteria",
        ("quote", "note"),
        ("ours", "narrowed", "stated"),
        ("reasons", "asked_by_policy"),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where nothing can change, the sources of the criteria and the reasons are shown line by line."""
        fields = super().get_fields(request, obj)
        if self._open(obj):
            return fields
        shown = {name: f"{name}_shown" for name in ("ours", *PAIRS)}
        return tuple(
            tuple(shown.get(name, name) for name in line) if isinstance(line, tuple) else line for line in fields
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = () if self._open(obj) else ("ours_shown", *(f"{name}_shown" for name in PAIRS))
        return (*super().get_readonly_fields(request, obj), *shown)

    @admin.display(description="Conditions of ours")
    def ours_shown(self, part: Provision) -> str:
        return _lines(part.ours)

    @admin.display(description="Conditions read narrower")
    def narrowed_shown(self, part: Provision) -> str:
        return _lines(f"{entry['leaf']}: “{entry['policy_words']}”" for entry in part.narrowed)

    @admin.display(description="Conditions as stated")
    def stated_shown(self, part: Provision) -> str:
        return _lines(f"{entry['leaf']}: “{entry['policy_words']}”" for entry in part.stated)

    @admin.display(description="Reasons for review")
    def reasons_shown(self, part: Provision) -> str:
        return _lines(f"{reason['criteria']}: {reason['text']}" for reason in part.reasons)


def _lines(texts: Iterable[str]) -> str:
    """Texts one below the other; a dash for none."""
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts)) or "–"


class AuthorizationInline(PartInline, admin.StackedInline):
    model = AuthorizationRule
    fields = (("position", "product", "setting", "rule"), "quote", "locator")


class ListedCodeInline(PartInline, admin.TabularInline):
    model = ListedCode
    fields = ("position", "system", "code", "description", "sites")


class StatementInline(CardInline):
    """Statements: within a row the first whose criteria are met gives the stance."""

    model = GuidelineStatement
    verbose_name = "statement"
    fields = (("position", "stance"), "criteria", "note")


class LinkedInline(PartInline, admin.TabularInline):
    """Parts with a page of their own: here they are put in order and opened."""

    classes = ("linked",)
    template = "admin/edit_inline/linked.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def link(self, part: models.Model) -> str:
        """The part's name, leading to its page."""
        url = reverse(f"admin:coverage_app_{part._meta.model_name}_change", args=[part.pk])
        return format_html('<a href="{}">{}</a>', url, str(part))


class RowInline(LinkedInline):
    model = GuidelineRow
    fields = ("position", "opens", "title", "statements")
    readonly_fields = ("opens", "title", "statements")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("statements")

    @admin.display(description="Row")
    def opens(self, row: GuidelineRow) -> str:
        return self.link(row)

    @admin.display(description="Statements")
    def statements(self, row: GuidelineRow) -> str:
        return "; ".join(map(str, row.statements.all())) or "none yet"


class RemarkInline(LinkedInline):
    model = Remark
    fields = ("position", "opens", "kind", "says")
    readonly_fields = ("opens", "kind", "says")

    @admin.display(description="Remark")
    def opens(self, remark: Remark) -> str:
        return self.link(remark)

    @admin.display(description="Says")
    def says(self, remark: Remark) -> str:
        text = remark.text or f"“{remark.quote}”"
        return text if len(text) <= 90 else f"{text[:88].rstrip()} …"


class PartAdmin(DeskAdmin):
    """The page of one part; it can change while its edition is a draft, and leads back to that."""

    change_form_template = "admin/workbench/editing_form.html"
    list_select_related = ("edition__document",)
    list_filter: ClassVar[tuple[str, ...]] = ("edition__document", "edition__status")

    def is_open(self, obj: Any) -> bool:
        return bool(obj.edition.status == Edition.Status.DRAFT)

    def lock(self, obj: Any) -> None:
        Edition.objects.select_for_update().filter(pk=obj.edition_id).first()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("edition__document")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("edition__document__code", "-edition__in_force", "edition_id", "position", "pk")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return desk_field(db_field, request) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        drafts = Edition.objects.filter(status=Edition.Status.DRAFT).select_related("document")
        return super().formfield_for_foreignkey(db_field, request, queryset=drafts, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("edition",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """On a page that can only be read, lists of codes stand in words."""
        fields = self.fields or ()
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return tuple({"sites": "sites_in_words", "effects": "effects_in_words"}.get(str(f), f) for f in fields)

    @admin.display(description="Sites")
    def sites_in_words(self, obj: Any) -> str:
        values = {v["code"]: v["label"] for fact in obj.edition.vocabulary or [] for v in fact["values"]}
        return ", ".join(values.get(site, site) for site in obj.sites) or "All"

    @admin.display(description="Verdicts")
    def effects_in_words(self, obj: Any) -> str:
        words = dict(effects())
        return ", ".join(words.get(effect, effect) for effect in obj.effects) or "All"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, with the question why."""
        context["asks_why"] = context["original"] is None or self.is_open(context["original"])
        context["aids"] = aids(self, request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        keep_state(edition=obj.edition)
        if not change:
            obj.position = LAST
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        moved = [changed_places(formset) for formset in formsets]
        super().save_related(request, form, formsets, change)
        part = form.instance
        number_parts(parts=list(type(part).objects.filter(edition_id=part.edition_id)), was={})
        for formset, was in zip(formsets, moved, strict=True):
            below = list(formset.model.objects.filter(**{formset.fk.name: part}))
            number_parts(parts=below, was=was | new_places([formset]))
        self._note(request, part.edition)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        keep_state(edition=obj.edition)
        super().delete_model(request, obj)
        self._note(request, obj.edition)

    def _note(self, request: HttpRequest, edition: Edition) -> None:
        note_uses(edition=edition)
        note_edit(edition=edition, by=request.user, why=why(request))  # type: ignore[arg-type]
        tell_golden(request, edition)

    def _to_edition(self, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:coverage_app_edition_change", args=[obj.edition_id]))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        return self._to_edition(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._to_edition(obj)


@admin.register(GuidelineRow)
class RowAdmin(PartAdmin):
    """Guideline rows with their statements."""

    form = RowForm
    list_display = ("code", "title", "edition", "version", "category")
    search_fields = ("code", "title", "quote")
    inlines = (StatementInline,)
    fields = ("edition", ("code", "title"), ("version", "category"), "sites", "quote", "locator", "citation", "note")

    def get_urls(self) -> list[URLPattern]:
        return [*row_urls(self), *super().get_urls()]

    def shown(self, obj: models.Model) -> Iterator[Shown]:
        yield from super().shown(obj)
        yield Shown(GuidelineStatement, {"row": obj})


@admin.register(Remark)
class RemarkAdmin(PartAdmin):
    """What else an edition says."""

    form = RemarkForm
    list_display = ("__str__", "kind", "edition")
    list_filter: ClassVar[tuple[str, ...]] = ("kind", *PartAdmin.list_filter)
    search_fields = ("title", "quote", "text")
    fields = (
        "edition",
        ("kind", "title"),
        "quote",
        "text",
        "locator",
        ("dated", "statement"),
        "criteria",
        "sites",
        "effects",
    )


def new_places(formsets: Any) -> dict[int, int]:
    """The parts that these formsets have just added, as ``number_parts`` wants them."""
    return {obj.pk: 0 for formset in formsets for obj in formset.new_objects}


__all__ = [
    "AuthorizationInline",
    "ListedCodeInline",
    "ProvisionInline",
    "RemarkInline",
    "RowInline",
    "new_places",
]
