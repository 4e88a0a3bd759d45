"""From which verdict to which stored cases go, counted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from coverage_app.models import Case


@dataclass(frozen=True)
class Flow:
    """How many cases go from one verdict (a code) to another, by whether they are completed."""

    before: str
    after: str
    open: int
    completed: int

    @property
    def cases(self) -> int:
        return self.open + self.completed


def flows_of(rows: QuerySet[Any]) -> list[Flow]:
    """The flows among rows with ``case``, ``before`` and ``after``, the most cases first. One query."""
    completed = ~Q(case__status=Case.Status.DRAFT)
    kinds = rows.order_by().values_list("before", "after")
    counted = kinds.annotate(open=Count("pk", filter=~completed), completed=Count("pk", filter=completed))
    return sorted((Flow(*row) for row in counted), key=lambda flow: (-flow.cases, flow.before, flow.after))
