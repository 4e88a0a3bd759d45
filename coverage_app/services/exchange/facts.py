"""The vocabulary, to YAML and back."""

from collections.abc import Container, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from coverage_app.models import Fact, FactValue
from coverage_app.services.audit import By, record
from coverage_app.services.vocabulary import Wording, current_wording, fact_data

from .levels import ImportFault, Level, exported, instance_of, items_of, left_as_on_file, same

VALUE = Level(
    FactValue,
    same("code", "label", "broader", "group", "help", "diagnosis_codes", "t_categories", "cpt"),
)
FACT = Level(
    Fact,
    same(
        "code",
        "kind",
        "section",
        "core",
        "nature",
        "fixed_when",
        "label",
        "question",
        "help",
        "unit",
        "least",
        "greatest",
        "step",
    ),
    (("values", "values", VALUE),),
)

_TOLD = 6  # differences of a fact that are said one by one


def import_facts(items: Sequence[Any], by: By) -> list[str]:
    lines = []
    for n, item in enumerate(items):
        fact = instance_of(FACT, item, f"facts[{n}]", position=n + 1)
        assert isinstance(fact, Fact)  # for the type checker
        _check_once(items, n, "facts")
        on_file = Fact.objects.filter(code=fact.code).first()
        if on_file is None:
            fact.position = max(fact.position, Fact.objects.count() + 1)
            try:
                fact.validate_constraints()
            except ValidationError as error:
                fault = "a number has a least below its greatest and a step above 0; other facts have none of these."
                raise ImportFault(fault, f"facts[{n}]") from error
            fact.save()
            record(by=by, action="import", subject=fact)
        left = left_as_on_file(FACT, item, fact, on_file) if on_file else []
        added = _import_values(on_file or fact, items_of(item, "values", f"facts[{n}]"), f"facts[{n}]", left)
        if added and on_file:
            record(by=by, action="import values", subject=on_file, detail={"added": added})
        lines.append(f"{fact.code}: {'on file already, ' if on_file else ''}{added} values added{_words(left)}")
    try:
        current_wording()
    except ValueError as error:  # VocabularyError: what the facts say together makes no sense
        raise ImportFault(str(error), "facts") from error
    return lines


def wording_with(items: Sequence[Any]) -> Wording:
    """The vocabulary on file and the facts of a file beside it, as importing them would leave it; nothing is stored.

    Raises ``ImportFault``.
    """
    facts = dict(current_wording().facts)
    for n, item in enumerate(items):
        here = f"facts[{n}]"
        fact = instance_of(FACT, item, here, position=n + 1)
        assert isinstance(fact, Fact)  # for the type checker
        _check_once(items, n, "facts")
        values = {value["code"]: value for value in facts.get(fact.code, {}).get("values", [])}
        listed = items_of(item, "values", here)
        for m, value in enumerate(listed):
            place = f"{here}.values[{m}]"
            _check_once(listed, m, f"{here}.values")
            own, broader = _without_broader(value, values, place)
            data = exported(VALUE, instance_of(VALUE, own, place, fact=fact, position=m + 1, broader=None))
            values.setdefault(data["code"], {**_BLANK, **data, "parent": broader})
        known = facts.get(fact.code) or fact_data(fact, ())
        facts[fact.code] = {**known, "values": list(values.values())}
    try:
        return Wording(facts)
    except ValueError as error:  # VocabularyError
        raise ImportFault(str(error), "facts") from error


_BLANK: dict[str, Any] = {"group": False, "help": "", "diagnosis_codes": [], "t_categories": [], "cpt": ""}


def _check_once(items: Sequence[Any], place: int, where: str) -> None:
    """Raises ``ImportFault`` where the code of an item stands above it already."""
    code = items[place].get("code") if isinstance(items[place], dict) else None
    if code and any(isinstance(item, dict) and item.get("code") == code for item in items[:place]):
        raise ImportFault(f"{str(code)[:40]} stands above already.", f"{where}[{place}].code")


def _words(left: Sequence[str]) -> str:
    """What was left as it is on file, for the line of a fact; the first of many."""
    return "; " + ", ".join(left[:_TOLD]) + (" and more" if len(left) > _TOLD else "") if left else ""


def _import_values(fact: Fact, items: Sequence[Any], where: str, left: list[str]) -> int:
    """How many values were added; what the file says otherwise of those on file is added to ``left``."""
    on_file = {value.code: value for value in fact.values.select_related("broader")}
    added = 0
    for n, item in enumerate(items):
        here = f"{where}.values[{n}]"
        _check_once(items, n, f"{where}.values")
        own, broader = _without_broader(item, on_file, here)
        value = instance_of(VALUE, own, here, fact=fact, position=n + 1, broader=on_file[broader] if broader else None)
        assert isinstance(value, FactValue)  # for the type checker
        if value.code not in on_file:
            value.position = max((known.position for known in on_file.values()), default=0) + 1
            value.save()
            on_file[value.code] = value
            added += 1
        else:
            left += [f"{words} ({value.code})" for words in left_as_on_file(VALUE, item, value, on_file[value.code])]
    return added


def _without_broader(item: Any, above: Container[str], where: str) -> tuple[Any, str | None]:
    """The data of a value without its broader one, and that one, which has to stand ``above``."""
    if not isinstance(item, dict) or "broader" not in item:
        return item, None
    broader = item["broader"]
    if not isinstance(broader, str) or broader not in above:
        raise ImportFault(f"no value {str(broader)[:40]!r} stands above it.", f"{where}.broader")
    return {key: value for key, value in item.items() if key != "broader"}, broader
