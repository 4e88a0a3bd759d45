"""The history of an edition: its states with what changed, and the restoring of one as a new draft."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from coverage_app.models import Edition, EditionState
from coverage_app.services.life import EditionFault, restore
from coverage_app.services.sources import STORED
from coverage_app.services.state_changes import Change, changes
from coverage_app.services.states import keep_state, states_of

from ..base import WHY, why
from .life_line import life_line
from .page import address, workbench_page

A_PAGE = 20
DONE = {
    "on file": "As found on file",
    "import": "Imported from a file",
    "start": "Begun",
    "edit": "Edited",
    "submit": "Submitted for review",
    "send back": "Sent back",
    "publish": "Published",
    "withdraw": "Withdrawn",
    "restore": "Restored from an earlier state",
    "discard": "Discarded",
    STORED: "Source text stored",
}


@dataclass(frozen=True)
class Entry:
    """One state, as the page shows it: what was done, and what changed to the state before."""

    state: EditionState
    done: str
    changes: list[Change]

    @property
    def parts(self) -> str:
        """The parts that changed, the first three by name."""
        names = [change.place for change in self.changes]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def history(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The states of an edition, newest first, also those of a draft that was discarded."""
    edition, states = _found(page, request, pk)
    shown = Paginator(states, A_PAGE).get_page(request.GET.get("page"))
    entries = _entries(list(shown.object_list), pk)
    newest = next((entry for entry in entries if entry.changes), None)
    context = {"entries": entries, "newest": newest, "shown": shown, "number": pk}
    return _page(page, request, edition, states.first(), "history.html", context)


def _found(page: Any, request: HttpRequest, pk: int) -> tuple[Edition | None, Any]:
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    edition = page.get_queryset(request).filter(pk=pk).first()
    states = states_of(pk)
    if edition is None and not states.exists():
        raise Http404(f"No edition has the number {pk}.")
    return edition, states


def _entries(states: list[EditionState], pk: int) -> list[Entry]:
    """Each state beside the one before it, which may stand on the next page."""
    if not states:
        return []
    earlier = states_of(pk).filter(number__lt=states[-1].number).first()
    pairs = zip(states, [*states[1:], earlier], strict=True)
    return [
        Entry(
            state=state,
            done=DONE.get(state.action, state.action.capitalize()),
            changes=changes(last.content, state.content) if last and last.checksum != state.checksum else [],
        )
        for state, last in pairs
    ]


def restored(page: Any, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask for the reason, then begin a new draft with the content of a state. Number 0: as it stands on file."""
    if not page.has_add_permission(request):
        raise PermissionDenied
    edition, states = _found(page, request, pk)
    state = states.filter(number=number).first()
    if state is None and (number or edition is None):
        raise Http404(f"No state has the number {number}.")
    faults: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            draft = _restore(request, edition, state, pk)
        except EditionFault as fault:
            faults = fault.faults
        else:
            admin.ModelAdmin.log_addition(page, request, draft, f"Restored: {why(request)}")
            messages.success(request, f"{draft} is begun from that state. Only editors see it.")
            return HttpResponseRedirect(address("change", draft))
    context = {"state": state, "faults": faults, "why": why(request), "why_name": WHY, "number": pk, "step": "Restore"}
    return _page(page, request, edition, states.first(), "restore.html", context, status=409 if faults else 200)


def _restore(request: HttpRequest, edition: Edition | None, state: EditionState | None, pk: int) -> Edition:
    if not why(request):
        raise EditionFault("Say why it is restored.")
    if state is None and edition is not None:
        keep_state(edition=edition)
        state = states_of(pk).latest("number")
    by: Any = request.user
    return restore(state=state, by=by, why=why(request))  # type: ignore[arg-type]  # one of the two is there


def _page(
    page: Any,
    request: HttpRequest,
    edition: Edition | None,
    newest: EditionState | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    if edition is not None:
        context |= {"life": life_line(edition), "document": edition.document}
        return workbench_page(page, request, edition, template, tab="history", status=status, **context)
    document = newest.document if newest else None
    frame = {**page.admin_site.each_context(request), "opts": page.opts, "original": None, "document": document}
    frame |= {"title": f"A discarded draft of {document}"}
    return TemplateResponse(request, f"admin/workbench/{template}", frame | context, status=status)
