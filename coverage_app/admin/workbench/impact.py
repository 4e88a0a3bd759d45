"""What an edition would change for the stored cases."""

from typing import Any

from django.urls import URLPattern


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return []
