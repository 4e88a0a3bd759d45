"""Documents and the vocabulary as YAML: one table of keys serves export and import, so that they round-trip."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction

from coverage_app.models import (
    AuthorizationRule,
    Document,
    Edition,
    Fact,
    FactValue,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.rules.criteria import CriteriaError, parse

from . import yaml_form
from .audit import By, record
from .editions import EditionFault, note_uses, publish_edition, withdraw_edition
from .vocabulary import Wording, current_wording

VOCABULARY = "vocabulary"


class ImportFault(Exception):
    """What is wrong with a file, and where: ``editions[0].provisions[2].criteria: line 1, column 9: …``."""


@dataclass(frozen=True)
class Level:
    """One level of the file: the model behind it, its keys (key, field), and the lists inside it."""

    model: type[models.Model]
    keys: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str, "Level"], ...] = ()


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


STATEMENT = Level(GuidelineStatement, _same("criteria", "stance", "note"))
EDITION = Level(
    Edition,
    _same("in_force", "in_force_basis", "in_force_note", "last_reviewed", "original", "status"),
    (
        (
            "provisions",
            "provisions",
            Level(Provision, (("id", "code"), *_same("criteria", "effect", "quote", "locator", "note"))),
        ),
        (
            "rows",
            "guidelinerows",
            Level(
                GuidelineRow,
                (("id", "code"), *_same("title", "version", "category", "sites", "quote", "locator", "note")),
                (("statements", "statements", STATEMENT),),
            ),
        ),
        (
            "authorization",
            "authorizationrules",
            Level(AuthorizationRule, _same("product", "setting", "rule", "quote", "locator")),
        ),
        ("codes", "listedcodes", Level(ListedCode, _same("system", "code", "description"))),
        (
            "remarks",
            "remarks",
            Level(Remark, _same("kind", "title", "sites", "effects", "criteria", "quote", "text", "locator")),
        ),
    ),
)
DOCUMENT = Level(
    Document,
    _same("code", "kind", "short_name", "number", "title", "publisher", "note"),
    (("editions", "editions", EDITION),),
)
VALUE = Level(
    FactValue,
    _same("code", "label", "broader", "help", "diagnosis_codes", "t_categories", "cpt"),
)
FACT = Level(
    Fact,
    _same(
        "code", "kind", "section", "core", "nature", "label", "question", "help", "unit", "least", "greatest", "step"
    ),
    (("values", "values", VALUE),),
)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, FactValue):
        return value.code
    return value


def _export(level: Level, row: models.Model) -> dict[str, Any]:
    data = {key: _plain(getattr(row, field)) for key, field in level.keys}
    data = {key: value for key, value in data.items() if value is not False and value not in ("", None, [])}
    for key, related, below in level.lists:
        rows = getattr(row, related).order_by("in_force", "pk") if below is EDITION else getattr(row, related).all()
        if items := [_export(below, item) for item in rows]:
            data[key] = items
    return data


def export_document(code: str) -> str:
    """The YAML of document ``code`` with all its editions, or of the vocabulary (``vocabulary``).

    Raises ``Document.DoesNotExist``.
    """
    if code == VOCABULARY:
        return yaml_form.dump({"facts": [_export(FACT, fact) for fact in Fact.objects.all()]})
    return yaml_form.dump(_export(DOCUMENT, Document.objects.get(code=code)))


def _instance(level: Level, data: Any, where: str, **owner: Any) -> models.Model:
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


def _items(data: dict[str, Any], key: str, where: str) -> list[Any]:
    items = data.get(key, [])
    if not isinstance(items, list):
        raise ImportFault(f"{where}.{key}: expected a list, found {items!r:.60}.")
    return items


def _check_criteria(instance: models.Model, wording: Wording, where: str) -> None:
    if text := getattr(instance, "criteria", ""):
        try:
            parse(text, wording.vocabulary)
        except CriteriaError as error:
            raise ImportFault(f"{where}.criteria: {error}") from error


def _import_parts(level: Level, data: dict[str, Any], owner: models.Model, wording: Wording, where: str) -> None:
    owned_by = "row" if isinstance(owner, GuidelineRow) else "edition"
    for key, _, below in level.lists:
        for n, item in enumerate(_items(data, key, where)):
            here = f"{where}.{key}[{n}]"
            part = _instance(below, item, here, **{owned_by: owner}, position=n + 1)
            _check_criteria(part, wording, here)
            try:
                part.validate_constraints()
            except ValidationError as error:
                raise ImportFault(f"{here}: {' '.join(error.messages)}") from error
            part.save()
            _import_parts(below, item, part, wording, here)


def _import_edition(
    document: Document, data: Any, by: By, wording: Wording, where: str, on_file: Counter[dt.date]
) -> str:
    edition = _instance(EDITION, data, where, document=document)
    assert isinstance(edition, Edition)  # for the type checker
    name = f"{document.code} {edition.in_force:%Y-%m-%d}"
    if on_file[edition.in_force]:
        on_file[edition.in_force] -= 1  # a withdrawn edition and its replacement begin on the same day
        return f"{name} is on file already: skipped"
    wanted, edition.status = edition.status, Edition.Status.DRAFT
    edition.save()
    _import_parts(EDITION, data, edition, wording, where)
    try:
        if wanted == Edition.Status.DRAFT:
            note_uses(edition=edition)
        else:
            edition = publish_edition(edition=edition, by=by)
        if wanted == Edition.Status.WITHDRAWN:
            withdraw_edition(edition=edition, by=by, reason="Withdrawn in the imported file.")
    except EditionFault as error:
        raise ImportFault(f"{where}: {error}") from error
    return f"{name} imported, {wanted}"


def _import_document(data: dict[str, Any], by: By) -> list[str]:
    document = _instance(DOCUMENT, data, "document")
    assert isinstance(document, Document)  # for the type checker
    on_file = Document.objects.filter(code=document.code).first()
    if on_file is None:
        document.save()
        record(by=by, action="import", subject=document)
    owner, wording = on_file or document, current_wording()
    days = Counter(owner.editions.values_list("in_force", flat=True))
    editions = _items(data, "editions", "document")
    return [_import_edition(owner, item, by, wording, f"editions[{n}]", days) for n, item in enumerate(editions)]


def _import_facts(items: Sequence[Any], by: By) -> list[str]:
    lines = []
    for n, item in enumerate(items):
        fact = _instance(FACT, item, f"facts[{n}]", position=n + 1)
        assert isinstance(fact, Fact)  # for the type checker
        on_file = Fact.objects.filter(code=fact.code).first()
        if on_file is None:
            fact.position = max(fact.position, Fact.objects.count() + 1)
            try:
                fact.validate_constraints()
            except ValidationError as error:
                fault = "a number has a least below its greatest and a step above 0; other facts have none of these."
                raise ImportFault(f"facts[{n}]: {fault}") from error
            fact.save()
            record(by=by, action="import", subject=fact)
        added = _import_values(on_file or fact, _items(item, "values", f"facts[{n}]"), f"facts[{n}]")
        if added and on_file:
            record(by=by, action="import values", subject=on_file, detail={"added": added})
        lines.append(f"{fact.code}: {'on file already, ' if on_file else ''}{added} values added")
    try:
        current_wording()
    except ValueError as error:  # VocabularyError: what the facts say together makes no sense
        raise ImportFault(f"facts: {error}") from error
    return lines


def _import_values(fact: Fact, items: Sequence[Any], where: str) -> int:
    on_file = {value.code: value for value in fact.values.all()}
    added = 0
    for n, item in enumerate(items):
        here = f"{where}.values[{n}]"
        broader = item.pop("broader", None) if isinstance(item, dict) else None
        if broader is not None and broader not in on_file:
            raise ImportFault(f"{here}.broader: no value {broader!r} stands above it.")
        value = _instance(VALUE, item, here, fact=fact, position=n + 1, broader=on_file[broader] if broader else None)
        assert isinstance(value, FactValue)  # for the type checker
        if value.code not in on_file:
            value.position = max((known.position for known in on_file.values()), default=0) + 1
            value.save()
            on_file[value.code] = value
            added += 1
    return added


@transaction.atomic
def import_text(*, text: str, by: By) -> list[str]:
    """Take in one YAML file: facts, a document with editions, or both. What is on file already is skipped.

    Returns a line for each thing met. Raises ``ImportFault``; a broken file changes nothing.
    """
    try:
        data = yaml_form.load(text)
    except yaml.YAMLError as error:
        raise ImportFault(f"Not readable as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ImportFault("The file holds no document: it should begin with a key such as code: or facts:.")
    lines = _import_facts(_items(data, "facts", "file"), by) if "facts" in data else []
    rest = {key: value for key, value in data.items() if key != "facts"}
    try:
        return lines + (_import_document(rest, by) if rest else [])
    except ValidationError as error:
        raise ImportFault(" ".join(error.messages)) from error
