"""Leaving an audit event."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from coverage_app.models import AuditEvent

By = AbstractBaseUser | None


def record(*, by: By, action: str, subject: models.Model, detail: dict[str, Any] | None = None) -> AuditEvent:
    """Write down that ``by`` (None: the system at setup) did ``action`` to ``subject``.

    Call it inside the transaction of what it records, so that neither stands without the other.
    """
    return AuditEvent.objects.create(
        by_id=by.pk if by else None,
        by_name=by.get_username() if by else "setup",
        action=action,
        subject=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        detail=detail or {},
    )
