"""What a level of a file is: the model behind it, its keys, the lists inside it; one table for export and import."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from coverage_app.models import FactValue


class ImportFault(Exception):
    """What is wrong with a file, and where: ``editions[0].provisions[2].criteria: line 1, column 9: …``."""


@dataclass(frozen=True)
class Level:
    """One level of the file: the model behind it, its keys (key, field), and the lists inside it."""

    model: type[models.Model]
    keys: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str, "Level"], ...] = ()
    order: tuple[str, ...] = ()  # of its rows in the file, where it is not the model's own


def same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, FactValue):
        return value.code
    return value


def exported(level: Level, row: models.Model) -> dict[str, Any]:
    data = {key: _plain(getattr(row, field)) for key, field in level.keys}
    data = {key: value for key, value in data.items() if value is not False and value not in ("", None, [])}
    for key, related, below in level.lists:
        rows = getattr(row, related)
        if items := [exported(below, item) for item in (rows.order_by(*below.order) if below.order else rows.all())]:
            data[key] = items
    return data


def instance_of(level: Level, data: Any, where: str, **owner: Any) -> models.Model:
    """A checked instance of ``data``; raises ``ImportFault`` at ``where``."""
    if not isinstance(data, dict):
        raise ImportFault(f"{where}: expected keys and values, found {data!r:.60}.")
    known = [key for key, _ in level.keys] + [key for key, _, _ in level.lists]
    for key in data:
        if key not in known:
            raise ImportFault(f"{where}: unknown key {key!r}; known here: {', '.join(known)}.")
    fields = {}
    for key, field in level.keys:
        if key in data:
            fields[field] = _checked(level.model, field, data[key], f"{where}.{key}")
    instance = level.model(**fields, **owner)
    try:
        instance.full_clean(exclude=list(owner), validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        keys = {field: key for key, field in level.keys}
        name, messages = next(iter(error.message_dict.items()))
        raise ImportFault(f"{where}.{keys.get(name, name)}: {' '.join(messages)}") from error
    return instance


def _checked(model: type[models.Model], field: str, value: Any, where: str) -> Any:
    """``value`` if it has the type of the field; raises ``ImportFault``."""
    kind = model._meta.get_field(field)
    if isinstance(kind, models.JSONField):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ImportFault(f"{where}: expected a list of codes, found {value!r:.60}.")
    elif isinstance(kind, models.BooleanField):
        if not isinstance(value, bool):
            raise ImportFault(f"{where}: expected true or false, found {value!r:.60}.")
    elif isinstance(kind, models.DateField):
        if type(value) is not dt.date:
            raise ImportFault(f"{where}: expected a date as YYYY-MM-DD, found {value!r:.60}.")
    elif isinstance(kind, models.DecimalField):
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ImportFault(f"{where}: expected a number, found {value!r:.60}.") from error
    elif not isinstance(value, str):
        raise ImportFault(f"{where}: expected text, found {value!r:.60}; put it in quotes.")
    return value


def items_of(data: dict[str, Any], key: str, where: str) -> list[Any]:
    items = data.get(key, [])
    if not isinstance(items, list):
        raise ImportFault(f"{where}.{key}: expected a list, found {items!r:.60}.")
    return items
