"""Parts that one editor deleted while another had them open: on the other's page they are new ones again."""

import re
from typing import Any

from django.http import QueryDict


def regaining(formset: Any) -> Any:
    """The formset class, which takes what is typed for a deleted part as a part to be added anew.

    Django would take it for the part that stands in its place now, and lose the text.
    """

    class Regaining(formset):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.regained: range = range(0)
            data, prefix, owner = kwargs.get("data"), kwargs.get("prefix"), kwargs.get("instance")
            if isinstance(data, QueryDict) and prefix and owner is not None and owner.pk:
                alive = self.model.objects.filter(**{self.fk.name: owner}).values_list("pk", flat=True)
                kwargs["data"], self.regained = regained(data, prefix, {str(pk) for pk in alive})
            super().__init__(*args, **kwargs)

    return Regaining


def regained(data: QueryDict, prefix: str, alive: set[str]) -> tuple[QueryDict, range]:
    """``data`` with the deleted parts behind the living ones, without their ids; and the places they have there."""
    try:
        initial, total = (int(str(data[f"{prefix}-{name}_FORMS"])) for name in ("INITIAL", "TOTAL"))
    except (KeyError, ValueError):
        return data, range(0)
    if not 0 <= initial <= total <= 2_000:  # Django refuses more
        return data, range(0)
    gone = [n for n in range(initial) if data.get(f"{prefix}-{n}-id") and data[f"{prefix}-{n}-id"] not in alive]
    if not gone:
        return data, range(0)
    order = [n for n in range(initial) if n not in gone] + gone + list(range(initial, total))
    places = {was: now for now, was in enumerate(order)}
    new = QueryDict(mutable=True)
    for key, values in data.lists():
        found = re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,4}})-(\w+)", key, re.ASCII)
        if found is None or int(found[1]) not in places:
            new.setlist(key, values)
        elif int(found[1]) not in gone or found[2] not in ("id", "DELETE"):
            new.setlist(f"{prefix}-{places[int(found[1])]}-{found[2]}", values)
    left = initial - len(gone)
    new[f"{prefix}-INITIAL_FORMS"] = str(left)
    return new, range(left, left + len(gone))
