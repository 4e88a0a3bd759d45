"""What was sent after the session had ended: kept until the person has signed in again."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "kept_answers"
OF_A_CASE = ("/questions/", "/review/", "/authorization/")
"""The ends of the addresses of a case's pages on which something is written."""
BY = "_by"
"""The hidden field by which a form of the admin says, signed, who it was made for."""
LARGEST = 64 * 1024  # characters of a page of a case; it has a few hundred
LARGEST_SIGNED = 512 * 1024  # of all forms of the admin together; the largest policy's has some 60,000
PAGES = 4  # that are kept at once
OLDEST = 30 * 24 * 3600  # seconds since the page was made
_signer = TimestampSigner(salt="kept")


class Kept:
    """What was kept for the page of a request, and for whoever is signed in: ``request.kept``."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def token(self) -> str:
        """What a form has to carry in ``BY`` for being kept: its reader's number, signed."""
        return _signer.sign(str(self._request.user.pk))

    @property
    def data(self) -> QueryDict | None:
        """What was sent to this page; None when nothing was. Somebody else's is never shown."""
        found = next((one for one in _all(self._request) if one["path"] == self._request.path), None)
        return QueryDict(found["data"]) if found and found["by"] == str(self._request.user.pk) else None

    def drop(self) -> None:
        """Forget what was kept for this page: it has been saved, or is no longer wanted."""
        kept = _all(self._request)
        left = [one for one in kept if one["path"] != self._request.path]
        if len(left) < len(kept):
            self._request.session[KEY] = left


def _all(request: HttpRequest) -> list[dict[str, str]]:
    found = request.session.get(KEY)
    return found if isinstance(found, list) else []


class KeepingLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a login; a form sent without one is kept in the visitor's new session.

    That holds for the pages of a case on which something is written, and for the forms of the admin that carry their
    reader's signed number: nobody who was never signed in can have much kept. It comes back, marked as not saved yet,
    when the same person opens that page. With htmx nothing needs keeping: the page stays, and the bar at its foot
    asks to sign in and try again.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Let every view ask for what was kept."""
        request.kept = Kept(request)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A form that was taken needs keeping no longer. Of a form that fell back on GET nothing was taken."""
        if request.META["REQUEST_METHOD"] == "POST" and response.status_code == 302 and _signed_in(request):
            request.kept.drop()  # type: ignore[attr-defined]
        return response

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        plain = request.method == "POST" and not request.headers.get("HX-Request")
        if plain and not self._keep(request) and not request.path.endswith(OF_A_CASE):
            # a button was pressed: signing in cannot press it again, but leads back to where it stands
            return redirect_to_login(self._page_of(request))
        return super().handle_no_permission(request, view_func)

    def _keep(self, request: HttpRequest) -> bool:
        """Whether what was sent is kept: it says who sent it, and is not too large."""
        data = request.POST.copy()
        data.pop("csrfmiddlewaretoken", None)
        signed = BY in data
        by = _reader(str(data.pop(BY)[-1])) if signed else data.get("by", "")
        text = data.urlencode()
        limit = LARGEST_SIGNED if signed else LARGEST
        if not by or len(text) > limit or not (signed or request.path.endswith(OF_A_CASE)):
            return False
        others = [one for one in _all(request) if one["path"] != request.path][1 - PAGES :]
        while others and sum(len(one["data"]) for one in others) + len(text) > LARGEST_SIGNED:
            others.pop(0)
        request.session[KEY] = [*others, {"path": request.path, "by": by, "data": text}]
        return True

    def _page_of(self, request: HttpRequest) -> str:
        """The page that the button stood on, where the browser names one of ours; else the worklist."""
        page = request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
        return urlsplit(page).path if page and ours else reverse("worklist")


def _signed_in(request: HttpRequest) -> bool:
    user: Any = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def _reader(token: str) -> str:
    """Whose number is signed; blank when the signature is none, or too old."""
    try:
        return _signer.unsign(token, max_age=OLDEST)
    except BadSignature:
        return ""


def kept_for(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page and this person."""
    kept: Kept = request.kept  # type: ignore[attr-defined]
    return kept.data


def drop_kept(request: HttpRequest) -> None:
    """Forget what was kept for this page: it has been saved."""
    request.kept.drop()  # type: ignore[attr-defined]
