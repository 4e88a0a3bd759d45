"""What the browser would send for a page of the admin."""

import datetime as dt
from typing import Any

from django.http import HttpResponse


def typed(page: HttpResponse, **changes: Any) -> dict[str, Any]:
    """The form of ``page`` as it stands there, with ``changes``; a key's ``__`` stands for its ``-``."""
    context = page.context
    data: dict[str, Any] = {"_seen": context["seen"]}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if not field.field.disabled and value is not None and value is not False:
                data[field.html_name] = value.isoformat() if isinstance(value, dt.date) else value
    return data | {key.replace("__", "-"): value for key, value in changes.items()}


def added(data: dict[str, Any], prefix: str, **fields: Any) -> dict[str, Any]:
    """The same with one more part of the inline ``prefix``."""
    n = int(data[f"{prefix}-TOTAL_FORMS"])
    return data | {f"{prefix}-TOTAL_FORMS": n + 1} | {f"{prefix}-{n}-{name}": value for name, value in fields.items()}
