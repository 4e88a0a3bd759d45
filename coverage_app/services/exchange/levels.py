"""What a level of a file is: the model behind it, its keys, the lists inside it; one table for export and import."""

import datetime as dt
import re
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from coverage_app.models import FactValue

_ITEMS_LIMIT = 20_000
_SOUND_LIMIT = 10_000
_sound: set[tuple[type[models.Model], str]] = set()  # what the database has let pass: it is asked once for rows alike
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
PAIRS = {
    "narrowed": ("leaf", "policy_words"),
    "stated": ("leaf", "policy_words"),
    "reasons": ("criteria", "text"),
}
"""Fields that hold items of two texts each, by their keys."""
_UNFIT = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | dict.fromkeys(range(0xD800, 0xE000))


class ImportFault(Exception):
    """What is wrong with a file, and where: ``editions[0].provisions[2].criteria: line 1, column 9: …``.

    ``line`` is the line of the file that this place begins on, where it is known.
    """

    def __init__(self, said: str, where: str = "", line: int | None = None) -> None:
        self.said, self.where, self.line = said, where, line
        super().__init__(said, where, line)

    def __str__(self) -> str:
        place = f" (line {self.line} of the file)" if self.line else ""
        return (f"{self.where}: {self.said}" if self.where else self.said) + place


@dataclass(frozen=True)
class Level:
    """One level of the file: the model behind it, its keys (key, field), and the lists inside it."""

    model: type[models.Model]
    keys: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str, "Level"], ...] = ()
    order: tuple[str, ...] = ()  # of its rows in the file, where it is not the model's own
    owner: str = "edition"  # the field that holds the row of the level above
    later: tuple[str, ...] = ()  # fields that are filled in when it is stored

    @property
    def placed(self) -> bool:
        """Whether its rows keep the place that they have in the file."""
        return any(column.name == "position" for column in self.model._meta.fields)


@dataclass(frozen=True)
class Read:
    """A row that was read from a file and checked, not stored yet, with those of the lists inside it, by key."""

    level: Level
    row: models.Model
    below: dict[str, list["Read"]] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The same as ``exported`` gives once it is stored."""
        lists = {key: [item.data() for item in items] for key, items in self.below.items() if items}
        return _own(self.level, self.row) | lists

    def save(self) -> None:
        """Store the rows below, whose owner ``row`` is stored already."""
        for items in self.below.values():
            if any(item.below for item in items):
                for item in items:
                    item.row.save()
                    item.save()
            elif items:
                items[0].level.model._default_manager.bulk_create(item.row for item in items)


def same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


def found(value: object) -> str:
    """What stands in the file, for a message, however large it is."""
    return f"found {reprlib.repr(value):.60}"


# Writing


def as_number(number: Decimal) -> int | float | str:
    """The number as JSON and YAML write one; as text where that would lose digits."""
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else f"{number.normalize():f}"


def _answer(value: object) -> object:
    """An answer of a golden case: a code, or a number, which is stored as text."""
    return as_number(Decimal(value)) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return as_number(value)
    if isinstance(value, FactValue):
        return value.code
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [{key: item[key] for key in sorted(item)} for item in value]  # PostgreSQL keeps no order of keys
    if isinstance(value, dict):  # PostgreSQL keeps no order of keys: the site first, then by name
        return {fact: _answer(value[fact]) for fact in sorted(value, key=lambda fact: (fact != "site", fact))}
    return value


def _own(level: Level, row: models.Model) -> dict[str, Any]:
    data = {key: _plain(getattr(row, name)) for key, name in level.keys}
    return {key: value for key, value in data.items() if value is not False and value not in ("", None, [], {})}


def exported(level: Level, row: models.Model, leave_out: Sequence[str] = ()) -> dict[str, Any]:
    """A row and the lists below it as data; ``leave_out`` names keys of its own and lists to pass over."""
    data = {key: value for key, value in _own(level, row).items() if key not in leave_out}
    for key, related, below in level.lists:
        if key in leave_out:
            continue
        rows = getattr(row, related)
        items = list(rows.order_by(*below.order) if below.order else rows.all())
        models.prefetch_related_objects(items, *(name for _, name, inside in below.lists if not inside.order))
        if items:
            data[key] = [exported(below, item) for item in items]
    return data


# Reading


def read(level: Level, data: Any, where: str, **owner: Any) -> Read:
    """A checked row of ``data`` with all below it, nothing stored; raises ``ImportFault`` at ``where``."""
    row = instance_of(level, data, where, **owner)
    below: dict[str, list[Read]] = {}
    for key, _, inside in level.lists:
        items = below[key] = []
        for n, item in enumerate(items_of(data, key, where)):
            place = {"position": n + 1} if inside.placed else {}
            items.append(read(inside, item, f"{where}.{key}[{n}]", **{inside.owner: row}, **place))
        _check_constraints(inside, items, f"{where}.{key}")
    return Read(level, row, below)


def _check_constraints(level: Level, items: list[Read], where: str) -> None:
    """What the database would refuse: repeated keys, values out of bounds."""
    for constraint in level.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        fields = [name for name in constraint.fields if name != level.owner]
        seen: set[tuple[Any, ...]] = set()
        for n, item in enumerate(items):
            values = tuple(getattr(item.row, name) for name in fields)
            if values in seen:
                named = ", ".join(str(value) for value in values if value)
                raise ImportFault(f"{named or 'The same'} already exists above.", f"{where}[{n}]")
            seen.add(values)
    bounds = [one.condition for one in level.model._meta.constraints if isinstance(one, models.CheckConstraint)]
    bound = sorted({name for q in bounds if isinstance(q, models.Q) for name in q.referenced_base_fields})
    for n, item in enumerate(items):
        look = (level.model, repr([getattr(item.row, name) for name in bound]))
        if look in _sound:
            continue
        try:
            item.row.validate_constraints(exclude={level.owner})
        except ValidationError as error:
            raise ImportFault(_said(level.model, error), f"{where}[{n}]") from error
        if len(_sound) >= _SOUND_LIMIT:
            _sound.clear()
        _sound.add(look)


def _said(model: type[models.Model], error: ValidationError) -> str:
    """What a constraint asks; where it has no words of its own, its name has: acceptance has a reason."""
    said = " ".join(error.messages)
    for constraint in model._meta.constraints:
        if constraint.violation_error_message != constraint.default_violation_error_message:
            continue
        said = said.replace(str(constraint.get_violation_error_message()), f"{constraint.name}.".replace("_", " "))
    return said


def instance_of(level: Level, data: Any, where: str, **owner: Any) -> models.Model:
    """A checked instance of ``data``; raises ``ImportFault`` at ``where``."""
    if not isinstance(data, dict):
        raise ImportFault(f"expected keys and values, {found(data)}.", where)
    known = [key for key, _ in level.keys] + [key for key, _, _ in level.lists]
    for key in data:
        if key not in known:
            raise ImportFault(f"unknown key {str(key)[:40]!r}; known here: {', '.join(known)}.", where)
    fields = {}
    for key, name in level.keys:
        if key in data:
            fields[name] = _checked(level.model, name, data[key], f"{where}.{key}")
    instance = level.model(**fields, **owner)
    try:
        instance.full_clean(exclude=[*owner, *level.later], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        keys = {name: key for key, name in level.keys}
        name, messages = next(iter(error.message_dict.items()))
        raise ImportFault(" ".join(messages), f"{where}.{keys.get(name, name)}") from error
    return instance


def _checked(model: type[models.Model], name: str, value: Any, where: str) -> Any:
    """``value`` if it has the type of the field; raises ``ImportFault``."""
    kind = model._meta.get_field(name)
    if isinstance(kind, models.JSONField):
        return _checked_json(kind, value, where)
    if isinstance(kind, models.BooleanField):
        if not isinstance(value, bool):
            raise ImportFault(f"expected true or false, {found(value)}.", where)
    elif isinstance(kind, models.DateField):
        if type(value) is not dt.date:
            raise ImportFault(f"expected a date as YYYY-MM-DD, {found(value)}.", where)
    elif isinstance(kind, models.DecimalField):
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ImportFault(f"expected a number, {found(value)}.", where) from error
    elif isinstance(kind, models.IntegerField):
        if type(value) is not int:
            raise ImportFault(f"expected a whole number, {found(value)}.", where)
    elif not isinstance(value, str):
        raise ImportFault(f"expected text, {found(value)}; put it in quotes.", where)
    else:
        _check_text(value, where)
    return value


def _checked_json(kind: models.JSONField[Any, Any], value: Any, where: str) -> Any:
    if kind.default is dict:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise ImportFault(f"expected facts with their answers, {found(value)}.", where)
        return {key: f"{Decimal(repr(item)):f}" if type(item) is float else item for key, item in value.items()}
    if kind.name in PAIRS:
        return [_checked_pair(item, PAIRS[kind.name], f"{where}[{n}]") for n, item in enumerate(_list(value, where))]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ImportFault(f"expected a list of codes, {found(value)}.", where)
    for item in value:
        _check_text(item, where)
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ImportFault(f"expected a list, {found(value)}.", where)
    return value


def _checked_pair(item: Any, keys: tuple[str, str], where: str) -> dict[str, str]:
    """An item with these two keys, each a text."""
    if not isinstance(item, dict) or set(item) != set(keys) or not all(isinstance(text, str) for text in item.values()):
        raise ImportFault(f"expected {keys[0]} and {keys[1]}, {found(item)}.", where)
    for text in item.values():
        _check_text(text, where)
    return {key: item[key] for key in keys}


def _check_text(text: str, where: str) -> None:
    if text.translate(_UNFIT) != text:
        raise ImportFault("holds characters that no text has (control characters, halves of characters).", where)


def left_as_on_file(level: Level, data: Any, given: models.Model, on_file: models.Model) -> list[str]:
    """What ``data`` says of a row otherwise than it is on file, for a message; ``given`` is the row read from it."""
    said = []
    for key, name in level.keys:
        new, old = (_plain(getattr(row, name)) for row in (given, on_file))
        if key in data and new != old:
            numbers = isinstance(new, int | float) and isinstance(old, int | float)
            said.append(f"{key} {new} left as {old}" if numbers else f"{key} left as on file")
    return said


def items_of(data: dict[str, Any], key: str, where: str) -> list[Any]:
    """The list under ``key``, empty when it is not there; raises ``ImportFault``."""
    items = data.get(key, [])
    place = f"{where}.{key}" if where else key
    if not isinstance(items, list):
        raise ImportFault(f"expected a list, {found(items)}.", place)
    if len(items) > _ITEMS_LIMIT:
        raise ImportFault(f"{len(items)} items; at most {_ITEMS_LIMIT} are taken in.", place)
    return items
