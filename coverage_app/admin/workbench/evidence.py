"""The proof that an edition reads right: what its audit finds, its golden cases, the text it was read from."""

from typing import Any

from django.urls import URLPattern

from . import findings, golden, golden_case, source


def urls(page: Any) -> list[URLPattern]:
    """The addresses of these pages."""
    return [address for module in (findings, golden, golden_case, source) for address in module.urls(page)]
