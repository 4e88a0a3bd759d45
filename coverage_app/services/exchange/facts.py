"""The vocabulary, to YAML and back."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from coverage_app.models import Fact, FactValue
from coverage_app.services.audit import By, record
from coverage_app.services.vocabulary import current_wording

from .levels import ImportFault, Level, instance_of, items_of, same

VALUE = Level(
    FactValue,
    same("code", "label", "broader", "help", "diagnosis_codes", "t_categories", "cpt"),
)
FACT = Level(
    Fact,
    same("code", "kind", "section", "core", "nature", "label", "question", "help", "unit", "least", "greatest", "step"),
    (("values", "values", VALUE),),
)


def import_facts(items: Sequence[Any], by: By) -> list[str]:
    lines = []
    for n, item in enumerate(items):
        fact = instance_of(FACT, item, f"facts[{n}]", position=n + 1)
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
        added = _import_values(on_file or fact, items_of(item, "values", f"facts[{n}]"), f"facts[{n}]")
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
        value = instance_of(VALUE, item, here, fact=fact, position=n + 1, broader=on_file[broader] if broader else None)
        assert isinstance(value, FactValue)  # for the type checker
        if value.code not in on_file:
            value.position = max((known.position for known in on_file.values()), default=0) + 1
            value.save()
            on_file[value.code] = value
            added += 1
    return added
