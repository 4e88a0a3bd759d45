"""The workbench of one edition: its pages beside the form, one module a kind, each with its addresses."""

from typing import Any

from django.urls import URLPattern

from . import differences, editing, evidence, impact, life

__all__ = ["urls"]


def urls(page: Any) -> list[URLPattern]:
    """The addresses of all pages of the workbench, for the edition's admin ``page``."""
    return [address for module in (life, editing, evidence, differences, impact) for address in module.urls(page)]
