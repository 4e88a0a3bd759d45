"""Where an edition stands in its life, and the steps that can follow, for the head of its pages."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Edition
from coverage_app.services.edition_days import standing_on

STANDINGS = {
    "draft": ("Draft", "It can be edited, and decides nothing."),
    "in_review": ("In review", "Its content stands still until it is published or sent back."),
    "to_come": ("Published, to come", "It decides from its first day on."),
    "in_force": ("In force", "It decides for dates of service from its first day on."),
    "superseded": ("Superseded", "It decides for dates of service in its own time only."),
    "withdrawn": ("Withdrawn", "Its days have no edition on file."),
}
STEPS = {
    "draft": (("submit", "Submit for review …", True), ("delete", "Discard …", False)),
    "in_review": (("publish", "Publish …", True), ("send_back", "Send back …", False)),
    "published": (("withdraw", "Withdraw …", False),),
    "withdrawn": (("withdraw", "Cases it decided", False),),
}
"""By status: the address name of each step, its words, and whether it is the way forward."""


def life_line(edition: Edition) -> dict[str, Any]:
    """For ``admin/workbench/_life.html``. One query at most."""
    standing = standing_on(edition, timezone.localdate())
    words, explained = STANDINGS[standing]
    steps = [
        {"url": reverse(f"admin:coverage_app_edition_{name}", args=[edition.pk]), "words": said, "onward": onward}
        for name, said, onward in STEPS[edition.status]
    ]
    new = f"{reverse('admin:coverage_app_edition_new')}?document={edition.document_id}"
    return {
        "standing": standing,
        "words": words,
        "explained": explained,
        "edition": edition,
        "steps": [*steps, {"url": new, "words": "New edition …", "onward": False}],
    }
