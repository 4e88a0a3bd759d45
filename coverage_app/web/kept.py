"""Answers sent after the session had ended: kept until the person has signed in again."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "kept_answers"
LARGEST = 64 * 1024  # characters; a questionnaire has a few hundred


class KeepingLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a login; a questionnaire sent without one is kept in the visitor's new session.

    It comes back, marked as not saved yet, when the same browser opens that questionnaire signed in. With htmx
    nothing needs keeping: the page stays, and the bar at its foot asks to sign in and try again.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method == "POST" and not request.headers.get("HX-Request"):
            if request.path.endswith("/questions/"):
                self._keep(request)
            else:  # a button was pressed: signing in cannot press it again, but leads back to where it stands
                return redirect_to_login(self._page_of(request))
        return super().handle_no_permission(request, view_func)

    def _keep(self, request: HttpRequest) -> None:
        data = request.POST.copy()
        data.pop("csrfmiddlewaretoken", None)
        if len(data.urlencode()) <= LARGEST:
            request.session[KEY] = {"path": request.path, "data": data.urlencode()}

    def _page_of(self, request: HttpRequest) -> str:
        """The page that the button stood on, where the browser names one of ours; else the worklist."""
        page = request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
        return urlsplit(page).path if page and ours else reverse("worklist")


def kept_for(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page and this person; None when nothing was. Somebody else's is never shown."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    data = QueryDict(kept["data"])
    return data if data.get("by") == str(request.user.pk) else None


def drop_kept(request: HttpRequest) -> None:
    """Forget what was kept for this page: it has been saved."""
    kept = request.session.get(KEY)
    if kept and kept["path"] == request.path:
        del request.session[KEY]
