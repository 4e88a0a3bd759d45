"""Both versions for the second of two editors: where the page as it was typed and what is saved now differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coverage_app.services.text_marks import Pieces, marked


@dataclass(frozen=True)
class Differing:
    """One field that reads otherwise on the page than on file."""

    place: str
    field: str
    saved: Pieces
    typed: Pieces


@dataclass(frozen=True)
class Versions:
    """All that differs: fields, and whole parts that are only on file or only on the page."""

    fields: list[Differing]
    only_saved: list[str]
    only_typed: list[str]


def versions(form: Any, formsets: Any) -> Versions:
    """What a stale ``form`` and its ``formsets`` would change; each form's initial values are those on file now."""
    found = Versions([], [], [])
    found.fields.extend(_differing("", form))
    for formset in formsets:
        noun = str(formset.model._meta.verbose_name).capitalize()
        on_file = formset.model.objects.filter(**{formset.fk.name: formset.instance})
        saved = {str(part.pk): str(part) for part in on_file}
        seen = set()
        for one in formset.initial_forms:
            key = str(one["id"].value())
            seen.add(key)
            found.fields.extend(_differing(f"{noun} {saved.get(key, '')}", one))
        for n, one in enumerate(formset.forms):
            if one not in formset.initial_forms and one.has_changed():
                found.only_typed.append(f"{noun} {_name(one)}{' (deleted meanwhile)' * (n in formset.regained)}")
        found.only_saved.extend(f"{noun} {name}" for key, name in saved.items() if key not in seen)
    return found


def _name(form: Any) -> str:
    return next((str(form[name].value()) for name in ("code", "product", "criteria") if name in form.fields), "")


def _differing(place: str, form: Any) -> Iterator[Differing]:
    for name in form.changed_data:
        field = form.fields[name]
        if field.widget.is_hidden or name == "id":
            continue
        if name == "DELETE":
            yield Differing(place, "Delete", *marked("no", "yes"))
            continue
        before = _words(field, field.prepare_value(form.get_initial_for_field(field, name)))
        yield Differing(place, str(form[name].label), *marked(before, _words(field, form[name].value())))


def _words(field: Any, value: Any) -> str:
    """A value of a field as its page shows it."""
    if value is None or value == "":
        return ""
    values = value if isinstance(value, list | tuple) else [value]
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return ", ".join(labels.get(str(one), str(one)) for one in values)
