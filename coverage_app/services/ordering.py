"""Numbering parts that an editor has put in order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction

LAST = 2_147_483_647
"""The place of a part that is to stand last, until it is numbered."""


@transaction.atomic
def number_parts(*, parts: Sequence[models.Model], was: Mapping[int, int]) -> None:
    """Number ``parts`` 1, 2, 3 … by their ``position``.

    ``was`` says where a moved part stood before, and 0 for a new one. Of two with the same place, one that was
    moved forward or is new stands before the other, one that was moved back stands after it. It is part of a
    save, whose audit event speaks for it.
    """
    for place, part in enumerate(sorted(parts, key=lambda part: _key(part, was)), 1):
        if getattr(part, "position") != place:  # noqa: B009  # several models have it, their base does not
            setattr(part, "position", place)  # noqa: B010
            part.save(update_fields=["position"])


def _key(part: Any, was: Mapping[int, int]) -> tuple[int, int, int]:
    before = was.get(part.pk)
    tie = 1 if before is None else 0 if before == 0 or part.position < before else 2
    return part.position, tie, part.pk
