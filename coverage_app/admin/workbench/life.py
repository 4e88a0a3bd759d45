"""The life of an edition: a new one, review, publication, withdrawal, its states and their restoring."""

from typing import Any

from django.urls import URLPattern


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return []
