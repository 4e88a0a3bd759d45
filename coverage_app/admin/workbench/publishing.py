"""Publication: what it would do from which day on, what stands in its way, and the step itself."""

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse

from coverage_app.models import Edition
from coverage_app.services.edition_days import before
from coverage_app.services.life import publish_edition
from coverage_app.services.publication import hindrances, on_day, open_findings
from coverage_app.services.report.words import day as in_words
from coverage_app.services.sources import newest_source
from coverage_app.services.state_changes import summary
from coverage_app.services.states import checksum, content_of

from ..base import why
from ..fields import wording_of
from ..given import given
from ..stale import SEEN
from .page import edition_for
from .steps import by, linked, tab_address, take_step

SEEN_DAY = "_seen_day"
"""The hidden field that says for which day the page told what publication does."""
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
BOUNDS = f"Give a day between {in_words(EARLIEST)} and {in_words(LATEST)}."
UNSEEN = "Below stands what publication does from {} on. Look at it, say why the day is another, and publish again."


class FirstDay(forms.Form):
    """The first day in force, as its publisher states it."""

    in_force = forms.DateField(
        label="First day in force",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST, BOUNDS), MaxValueValidator(LATEST, BOUNDS)],
        error_messages={"required": "State the first day in force.", "invalid": "Write the day as 2026-01-31."},
    )


def publish(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Show what publication would do and what stands in its way, then put an edition in force.

    Its publisher can state another first day than the draft's; what that day does is shown before it counts.
    """
    edition = edition_for(page, request, pk, writes=True)
    initial = {"in_force": given(request).get("in_force") or edition.in_force}
    form = FirstDay(request.POST if "in_force" in request.POST else None, initial=initial)
    day = form.cleaned_data["in_force"] if form.is_valid() else edition.in_force
    unfit = [] if form.is_valid() or not form.is_bound else [str(said) for said in form.errors["in_force"]]
    unseen = [UNSEEN.format(in_words(day))] if request.POST.get(SEEN_DAY, str(day)) != str(day) else []
    content, source = content_of(edition), newest_source(edition)
    return take_step(
        page,
        request,
        edition,
        "publish",
        partial(publish_edition, edition=edition, by=by(request), in_force=day, why=why(request)),
        done="is published.",
        refused=[*unfit, *unseen],
        seen=checksum(f"{content}{source.checksum if source else ''}"),
        seen_name=SEEN,
        form=form,
        day=day,
        seen_day=SEEN_DAY,
        why_fault=day != edition.in_force and request.method == "POST" and not why(request),
        **_effects(edition, on_day(edition, day), content, request),
    )


def _effects(edition: Edition, asked: Edition, content: str, request: HttpRequest) -> dict[str, Any]:
    """What the page says of publication on the day ``asked`` for."""
    found = hindrances(asked, by(request), wording_of(request))
    ends = before(asked)
    other = asked.in_force != edition.in_force
    return {
        "hindrances": linked(edition, found),
        "asks": other or all(one.of_the_day for one in found),
        "other_day": other,
        "said_of_the_day": edition.in_force_note or edition.in_force_basis != Edition.Basis.STATED,
        "ends": ends,
        "changes": summary(content_of(ends), content) if ends else [],
        "open_findings": open_findings(asked) if not any(one.blocks_review for one in found) else None,
        "to": {tab: tab_address(tab, edition) for tab in ("findings", "differences", "impact", "history", "change")},
    }
