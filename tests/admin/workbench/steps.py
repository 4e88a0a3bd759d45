"""Taking the steps of an edition's life on their pages, a line each."""

from django.test import Client
from django.urls import reverse

from coverage_app.models import Edition


def url(edition: Edition, step: str) -> str:
    """The address of one of an edition's pages."""
    return reverse(f"admin:coverage_app_edition_{step}", args=[edition.pk])


def post(client: Client, edition: Edition, step: str, why: str = "") -> str:
    """Ask and confirm; what the next page says."""
    seen = client.get(url(edition, step)).context.get("seen", "")
    answer = client.post(url(edition, step), {"_seen": seen, "_why": why}, follow=True)
    faults = answer.context.get("faults", ()) if answer.status_code == 409 else ()
    return " ".join([*map(str, answer.context["messages"]), *faults])


def text(client: Client, edition: Edition, step: str) -> str:
    """What that page shows."""
    return client.get(url(edition, step)).content.decode()
