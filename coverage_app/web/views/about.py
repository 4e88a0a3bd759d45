"""What intraoperative radiotherapy is: background for the reader of a case, never evidence of coverage."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coverage_app.models import Document, Remark
from coverage_app.services import library
from coverage_app.services.report.policy import remark_data
from coverage_app.services.vocabulary import current_wording


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What it is, techniques with their codes, sites, and the sources that say so, each with its date."""
    wording = current_wording()
    techniques = wording.facts["technique"]["values"] if "technique" in wording.facts else []
    return render(request, "about/page.html", {"techniques": techniques, "sources": _sources()})


def _sources() -> list[dict[str, Any]]:
    """The edition of today of each document that has background to tell, pages of background first."""
    kinds = (Document.Kind.BACKGROUND, Document.Kind.CODING, Document.Kind.PAYER_POLICY)
    found = []
    for reading in (reading for kind in kinds for reading in library.newest(kind)):
        remarks = [remark_data(remark) for remark, _ in reading.remarks if remark.kind == Remark.Kind.BACKGROUND]
        if remarks:
            found.append({"document": reading.edition.document, "edition": reading.edition, "remarks": remarks})
    return found
