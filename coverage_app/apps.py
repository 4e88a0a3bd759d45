"""The Django app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class CoverageConfig(AppConfig):
    """Names the app as the policy editors see it, and keeps the database's guards in place."""

    name = "coverage_app"
    verbose_name = "Coverage of intraoperative radiotherapy"

    def ready(self) -> None:
        pre_migrate.connect(_without_guards, sender=self)
        post_migrate.connect(_with_guards, sender=self)


def _without_guards(using: str, **_: Any) -> None:
    from coverage_app.models import guards  # models can only be imported once the apps are ready

    guards.drop(connections[using])


def _with_guards(using: str, **_: Any) -> None:
    from coverage_app.models import guards  # models can only be imported once the apps are ready

    guards.install(connections[using])
