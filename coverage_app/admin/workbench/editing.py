"""Live checks while an edition is edited."""

from typing import Any

from django.urls import URLPattern


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return []
