"""The version of a case that a page was opened with, as its form sends it back."""

from django.core.exceptions import BadRequest

from coverage_app.web.requests import DeskRequest


def seen_version(request: DeskRequest) -> int:
    """The number sent as ``version``. Raises ``BadRequest`` where there is none."""
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest("The page that was sent is not complete. Open the case again.")
    return int(version)
