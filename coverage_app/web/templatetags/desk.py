"""Filters and small tags of the pages: dates in words, parts of a report, the bar at the top."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# The places of the bar: URL name, words, and how the URL names of the pages under it begin.
PLACES = (
    (
        "worklist",
        "Cases",
        (
            *("worklist", "case", "questionnaire", "complete_case", "new_case", "assessment"),
            *("authorization", "checklist", "payers", "papers"),
        ),
    ),
    ("reviews", "Reviews", ("reviews",)),
    ("uploads", "Uploads", ("upload",)),
    ("insight", "Insight", ("insight",)),
    ("letters", "Letters", ("letter",)),
    ("policies", "Policies", ("polic", "coverage_map", "suppose")),
    ("about", "About IORT", ("about",)),
)
# What is needed to see a place; the others are for everybody.
PLACE_NEEDS = {
    "uploads": ("coverage_app.add_upload", "coverage_app.view_case"),
    "worklist": ("coverage_app.view_case",),
    "reviews": ("coverage_app.view_case", "coverage_app.view_casereview"),
    "insight": ("coverage_app.view_payerstep",),
    "letters": ("coverage_app.add_lettertemplate",),
}

# The pages of one case: URL name, words, what is needed to see it. A tab's page is also the one that `under` names.
CASE_TABS = (
    ("questionnaire", "Answers", "coverage_app.change_case"),
    ("case", "Verdict", "coverage_app.view_case"),
    ("payers", "Payers", "coverage_app.view_case"),
    ("case_review", "Review", "coverage_app.view_casereview"),
    ("authorization", "Authorization", "coverage_app.view_payerstep"),
    ("papers", "Papers", "coverage_app.view_case"),
)

# The icons, drawn on 16 × 16; SAME_AS gives tones, verdicts and stances the icon of their meaning.
SHAPES = {
    "met": '<path d="M2.5 8.5 6 12l7.5-8"/>',
    "not_met": '<path d="m3.75 3.75 8.5 8.5m0-8.5-8.5 8.5"/>',
    "review": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14c.6-3 2.7-4.4 5.2-4.4s4.6 1.4 5.2 4.4"/>',
    "conditional": '<path d="M2.5 9.5c1.5-3 3.5-3 5.5-1.5s4 1.5 5.5-1.5"/>',
    "open": '<circle cx="8" cy="8" r="5.6" stroke-dasharray="3 2.86"/>',
    "quiet": '<path d="M3 8h10"/>',
    "elsewhere": '<path d="M2.5 8h10M9 4.5 12.5 8 9 11.5"/>',
    "date": '<path d="M2.5 4h11v9.5h-11zm0 3h11m-8-4.75v2m5-2v2" stroke-width="1.6"/>',
    "warn": '<path d="M8 2.5 14.2 13.5H1.8zM8 6.75v3m0 1.9v.05" stroke-width="1.6"/>',
    "pencil": '<path d="M3 13l.6-2.9L10.8 2.9l2.3 2.3-7.2 7.2zM9.5 4.2l2.3 2.3" stroke-width="1.4"/>',
    "back": '<path d="M6 3.5 2.5 7 6 10.5M3 7h6.5a3.5 3.5 0 0 1 0 7H7"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "search": '<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>',
    "folder": '<path d="M1.75 12.75v-9.5H6.25l1.5 2h6.5v7.5z" stroke-width="1.2"/>',
}
SAME_AS = {
    "criteria_met": "met", "supports": "met",
    "invest": "not_met", "investigational": "not_met", "advises_against": "not_met",
    "physician_review": "review",
    "undetermined": "open", "unknown": "open",
    "governed_elsewhere": "elsewhere", "no_edition": "date",
    "not_addressed": "quiet", "conditions_not_met": "quiet",
}  # fmt: skip


@register.filter
def shape(name: str) -> SafeString:
    """The drawing of the icon of this name, a tone's or a code's own; a dash for a name not known."""
    return mark_safe(SHAPES.get(SAME_AS.get(name, name), SHAPES["quiet"]))  # constants of this file


@register.filter
def iso_date(value: object) -> str:
    """The day "1 Oct 2023" for ISO text "2023-10-01" or a date; a month for "2023-10"; "" for nothing.

    Text that is no ISO date is shown as it stands.
    """
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if isinstance(value, date):  # a datetime too
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return iso_month(value)
    return iso_date(day)


@register.filter
def iso_month(value: object) -> str:
    """The month "Sep 2023" for ISO text "2023-09" (or a day in it) or a date; "" for nothing."""
    if not value:
        return ""
    year, _, rest = str(value).partition("-")
    month = rest[:2]
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return str(value)
    return f"{MONTHS[int(month) - 1]} {year}"


@register.filter
def of_kind(remarks: Iterable[dict[str, Any]] | None, kinds: str) -> list[dict[str, Any]]:
    """The remarks of these kinds, separated by commas; with a leading "-", those of all other kinds."""
    wanted = set(kinds.lstrip("-").split(","))
    keep = not kinds.startswith("-")
    return [remark for remark in remarks or () if (remark.get("kind") in wanted) is keep]


@register.filter
def deciding(provisions: Iterable[dict[str, Any]] | None, yes: bool = True) -> list[dict[str, Any]]:
    """The provisions that decide (`deciding:False`: the others), in the edition's order."""
    return [provision for provision in provisions or () if bool(provision.get("decides")) is yes]


@register.filter
def thousands(number: int) -> str:
    """A count with commas: 100,000."""
    return f"{number:,}"


@register.filter
def tone(level: str) -> str:
    """The tone of a message of this level ("success", "error", …)."""
    return {"success": "met", "error": "invest", "danger": "invest", "warning": "review"}.get(level, "open")


@register.simple_tag(takes_context=True)
def places(context: RequestContext) -> list[dict[str, Any]]:
    """The links of the bar at the top: url, words, and whether the page shown lies under it.

    Only those that the user may follow.
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    name = (match.url_name or "") if match and not match.namespace else ""
    user = context.get("user")
    return [
        {"url": reverse(url_name), "words": words, "here": name.startswith(beginnings)}
        for url_name, words, beginnings in PLACES
        if url_name not in PLACE_NEEDS or (user is not None and user.has_perms(PLACE_NEEDS[url_name]))
    ]


@register.simple_tag(takes_context=True)
def case_tabs(context: RequestContext, case: Any) -> list[dict[str, Any]]:
    """The pages of one case that the user may see: url, words, and whether the page shown is it."""
    request, user = context["request"], context["user"]
    name = request.resolver_match.url_name if request.resolver_match else ""
    found = []
    for url_name, words, needed in CASE_TABS:
        try:
            url = reverse(url_name, args=[case.reference])
        except NoReverseMatch:
            continue
        if user.has_perm(needed):
            found.append({"url": url, "words": words, "here": name == url_name})
    return found
