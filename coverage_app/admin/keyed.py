"""Parts of one owner that are told apart by a key: what one gives up in a save, another can take in the same save."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.text import get_text_list


def keyed(formset: Any) -> Any:
    """The formset class, in which parts can swap their keys; one that really stands twice is told by its name.

    The database looks at each row as it is written, and would take the first half of a swap for a repetition.
    """
    model, owner = formset.model, formset.fk.name
    key = _key(model, owner)
    if not set(key) <= set(formset.form.base_fields):
        return formset

    class Keyed(formset):
        def clean(self) -> None:
            """Compare with the parts that are not on the page, too: somebody else may have added them."""
            super().clean()
            if not self.instance.pk:
                return
            here = {form.instance.pk for form in self.initial_forms}
            others = set(_parts(self).exclude(pk__in=here).values_list(*key))
            for form in self.forms:
                values = tuple(form.cleaned_data.get(name) for name in key) if hasattr(form, "cleaned_data") else ()
                if values in others and form not in self.deleted_forms:
                    raise ValidationError(self.get_unique_error_message(key), code="twice")

        def get_unique_error_message(self, unique_check: Any) -> str:
            """Which key it is that two parts have; Django speaks of "duplicate data"."""
            names = get_text_list([str(model._meta.get_field(name).verbose_name) for name in key], "and")
            return f"Two {model._meta.verbose_name_plural} have the same {names}: give one of them another."

        def get_form_error(self) -> str:
            return "Another one stands for the same."

        def save_existing_objects(self, commit: bool = True) -> Any:
            if commit:
                _step_aside(self, key)
            return super().save_existing_objects(commit)

    return Keyed


def _key(model: type[models.Model], owner: str) -> tuple[str, ...]:
    """The fields that tell parts of one owner apart; empty where the database keeps no such rule."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and owner in constraint.fields:
            return tuple(name for name in constraint.fields if name != owner)
    return ()


def _parts(formset: Any) -> Any:
    return formset.model._default_manager.filter(**{formset.fk.name: formset.instance})


def _step_aside(formset: Any, key: tuple[str, ...]) -> None:
    """Give the parts whose key changes, or that go, one that nobody has; the save then gives them their own."""
    leaving = [
        form.instance.pk
        for form in formset.initial_forms
        if form in formset.deleted_forms or not set(key).isdisjoint(form.changed_data)
    ]
    if len(leaving) < 2:
        return  # nobody is in the way of one alone: what is added is written last
    text = next(name for name in reversed(key) if not formset.model._meta.get_field(name).choices)
    for pk, free in zip(leaving, _free(set(_parts(formset).values_list(text, flat=True))), strict=False):
        _parts(formset).filter(pk=pk).update(**{text: free})


def _free(taken: set[str]) -> Iterator[str]:
    """Short texts that no part has; none is ever typed, since forms take off the blank that they begin with."""
    return (text for n in count(1) if (text := f" {n}") not in taken)
