"""Two editions side by side: their words and their verdicts."""

from typing import Any

from django.urls import URLPattern


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return []
