"""Two editors on one page: a fingerprint of what the page shows, compared when it is saved."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from coverage_app.models import AuditEvent
from coverage_app.services.report.words import moment

SEEN = "_seen"
"""The hidden field that carries the fingerprint of what the editor saw."""


@dataclass(frozen=True)
class Shown:
    """What of a model's rows, found by ``where``, a page lets its editor change."""

    model: type[models.Model]
    where: dict[str, Any]
    fields: Sequence[str] = ()


def fingerprint(shown: Iterable[Shown]) -> str:
    """SHA-256 of these rows as they are stored now, as hexadecimal text. One query a model."""
    digest = hashlib.sha256()
    for part in shown:
        rows = part.model._default_manager.filter(**part.where).order_by("pk").values_list(*part.fields)
        digest.update(repr([part.model._meta.label, list(rows)]).encode())
    return digest.hexdigest()


def who_saved(subject: models.Model) -> str:
    """Who saved ``subject`` last and when, as the beginning of a sentence."""
    event = AuditEvent.objects.filter(subject=subject._meta.model_name, subject_id=str(subject.pk)).first()
    if event is None:
        return "Somebody else has saved this"
    return f"{event.by_name} saved this on {moment(event.at)}"
