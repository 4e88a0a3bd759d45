"""The templates of letters: what is in use, another in its place, a look at it, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coverage_app.models import LetterTemplate
from coverage_app.services.papers import DOCX, KINDS, Paper, TemplateFault
from coverage_app.services.papers.docx_file import LARGEST
from coverage_app.services.papers.letter_templates import preview, restore_supplied, store_template, template_in_use
from coverage_app.services.papers.placeholders import LISTS, PLAIN
from coverage_app.web.requests import DeskRequest

from .papers import as_file

FORM = 64 * 1024  # bytes that a form takes beside its file
NEEDED = "coverage_app.add_lettertemplate"
MOST_FAULTS = 20  # shown; a file with more is mended in turns


@require_GET
@permission_required(NEEDED, raise_exception=True)
def letters(request: DeskRequest) -> HttpResponse:
    """Both templates, and what can stand in them."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(NEEDED, raise_exception=True)
def upload(request: DeskRequest, kind: str) -> HttpResponse:
    """Put another template in use; 422 with every fault and its place. Come back to by GET, it leads to the page."""
    known = _known(kind)
    if request.method != "POST":
        return redirect("letters")
    file = request.FILES.get("file")
    if file is None:
        return _page(request, known, ["Choose a file first."])
    try:
        stored = store_template(kind=known, upload=file, by=request.user)
    except TemplateFault as fault:
        return _page(request, known, list(fault.faults))
    messages.success(request, f"{stored.name} is in use: {KINDS[known]}.")
    return redirect("letters")


upload.largest_body = LARGEST + FORM  # type: ignore[attr-defined]  # read by the middleware that answers 413


@require_POST
@permission_required(NEEDED, raise_exception=True)
def restore(request: DeskRequest, kind: str) -> HttpResponse:
    """Go back to the supplied template; the organization's own stays on file."""
    known = _known(kind)
    restore_supplied(kind=known, by=request.user)
    messages.success(request, f"The supplied template is in use: {KINDS[known]}.")
    return redirect("letters")


@require_GET
@permission_required(NEEDED, raise_exception=True)
def template(request: DeskRequest, kind: str) -> HttpResponse:
    """The template in use, as a file to be edited."""
    known = _known(kind)
    return as_file(Paper(f"template-{known}.docx", DOCX, template_in_use(known).content))


@require_GET
@permission_required(NEEDED, raise_exception=True)
def look(request: DeskRequest, kind: str) -> HttpResponse:
    """A letter of the template in use, for a made-up case."""
    known = _known(kind)
    try:
        return as_file(Paper(f"preview-{known}.docx", DOCX, preview(known)))
    except TemplateFault as fault:
        return _page(request, known, list(fault.faults), status=409)


def _known(kind: str) -> str:
    if kind not in LetterTemplate.Kind.values:
        raise Http404
    return kind


def _page(request: DeskRequest, kind: str = "", faults: list[str] | None = None, *, status: int = 422) -> HttpResponse:
    context = {
        "letters": [
            {
                "kind": known,
                "title": KINDS[known],
                "in_use": template_in_use(known),
                "faults": (faults or [])[:MOST_FAULTS] if known == kind else [],
                "more": max(len(faults or []) - MOST_FAULTS, 0),
            }
            for known in LetterTemplate.Kind.values
        ],
        "plain": PLAIN,
        "lists": [{"name": name, "meaning": meaning, "parts": parts} for name, (meaning, parts) in LISTS.items()],
        "megabytes": LARGEST // 1024**2,
    }
    return render(request, "papers/letters.html", context, status=status if faults else 200)
