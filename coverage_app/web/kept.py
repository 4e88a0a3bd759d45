"""Answers sent after the session had ended: kept until the person has signed in again."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase

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
            data = request.POST.copy()
            data.pop("csrfmiddlewaretoken", None)
            if request.path.endswith("/questions/") and len(data.urlencode()) <= LARGEST:
                request.session[KEY] = {"path": request.path, "data": data.urlencode()}
        return super().handle_no_permission(request, view_func)


def take_kept(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once; None when nothing was."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(kept["data"])
