"""Asking the pages of a case as a browser does, and reading what comes back."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.cases import answers_of
from tests.services.making import payer

HTMX = {"HX-Request": "true"}


def questions(case: Case) -> str:
    return reverse("questionnaire", args=[case.reference])


def send(client: Client, case: Case, *, htmx: bool = False, **data: Any) -> HttpResponse:
    """What the questionnaire sends: answers and fields by name, and the version that the page was opened with."""
    if "payer" in data:
        data["document"] = payer(data.pop("payer")).pk
    found = {"version": case.version, "products_of": "", **data}
    return client.post(questions(case), found, headers=HTMX if htmx else None)  # type: ignore[return-value]


def send_text(client: Client, case: Case, text: str, **data: Any) -> HttpResponse:
    """The same with a body written by hand."""
    body = urlencode({"version": case.version, **data}) + text
    return client.post(questions(case), body, content_type="application/x-www-form-urlencoded")  # type: ignore[return-value]


def shown(response: Any) -> str:
    """The page as text, entities and white space resolved."""
    return " ".join(unescape(response.content.decode()).split())


def stored(case: Case) -> dict[str, Any]:
    """The answers of a case as they are on file."""
    return answers_of(Case.objects.get(pk=case.pk))


def statements(work: Callable[[], Any]) -> list[str]:
    """The SQL that it sends."""
    with CaptureQueriesContext(connection) as found:
        work()
    return [query["sql"] for query in found.captured_queries]


def listed(desk: Client, **query: Any) -> list[str]:
    """The references on the page, in order."""
    text = desk.get(reverse("worklist"), query).content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]+)</a>', text)
