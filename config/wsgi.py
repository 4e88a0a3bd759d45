"""The entry point of a web server: `gunicorn config.wsgi`."""

import os
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"}

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, but for requests in an odd charset.

    Django decodes with whatever codec a request names, before any middleware: some fail, and some make text of what
    is none. No browser names another one than these.
    """
    about = Message()
    about["content-type"] = environ.get("CONTENT_TYPE") or "text/plain"
    if str(about.get_param("charset", "utf-8")).lower() in CHARSETS:
        return _django(environ, start_response)
    start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"The request names a charset that is not read here. Send it in UTF-8."]
