"""The workbench of one edition: its pages beside the form, one module a kind, each with its addresses."""

from typing import Any

from django.urls import URLPattern

from . import differences, editing, evidence, impact, life, live, reviews

__all__ = ["urls"]

MODULES = (life, editing, live, evidence, differences, impact, reviews)


def urls(page: Any) -> list[URLPattern]:
    """The addresses of all pages of the workbench, for the edition's admin ``page``."""
    return [address for module in MODULES for address in module.urls(page)]
