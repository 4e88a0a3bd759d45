"""What is answered to a request that does not fit."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBadRequest
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBadRequest:
    """The page for what could not be read, with what is wrong where a page of ours has said it.

    It is made without the request, which is the thing that does not fit.
    """
    said = str(exception) if isinstance(exception, BadRequest) else ""
    return HttpResponseBadRequest(render_to_string("400.html", {"said": said}))
