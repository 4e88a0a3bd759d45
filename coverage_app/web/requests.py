"""The request as the views see it."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in, with what django-htmx knows of it."""

    user: User
    htmx: HtmxDetails
