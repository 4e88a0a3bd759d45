"""That a case's edition was superseded or withdrawn, with the addresses of what to read about it."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from coverage_app.models import Assessment, Case
from coverage_app.services.standing import Standing
from coverage_app.services.superseded import superseded


def superseded_notice(
    case: Case, assessment: Assessment | None = None, standing: Standing | None = None
) -> dict[str, Any] | None:
    """For `verdict/_superseded.html`: what to tell of the case's edition; None where it is the newest in force.

    ``assessment`` is the case's newest one where the page shows the case as that was frozen.
    """
    found = superseded(case, assessment, standing=standing)
    if found is None:
        return None
    notice: dict[str, Any] = {"found": found, "document": found.edition.document}
    if found.newer:
        code, start = found.newer.document.code, found.newer.in_force.isoformat()
        notice["url"] = reverse("policy_edition", args=[code, start])
        site = found.says.counted.get("site") if found.says else None
        query = urlencode({**({"site": site} if site else {}), "dos": start, "against": "previous"})
        notice["map_url"] = f"{reverse('coverage_map', args=[code])}?{query}"
    return notice
