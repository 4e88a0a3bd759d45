"""Prints how long the impact on 100,000 stored cases takes, against just reading their rows; exit status 1 when it is
more than 3 times that: `python -m tests.bench.impact`.

It works on a database of its own, made in a temporary folder (or the empty one that DATABASE_URL names). Rows are read
as plain tuples, the columns that the impact needs and no other; both are measured in turn, in the same run.
"""

import datetime as dt
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

CASES = 100_000
ROUNDS = 5
LIMIT = 3.0
ANSWER = (
    "INSERT INTO {table} (case_id, fact_id, value_id, number, answered_by_id, answered_at) "
    "VALUES (%s, %s, %s, %s, %s, CURRENT_TIMESTAMP)"
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" * 3)
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING")
        import django

        django.setup()
        return measure()


def measure() -> int:
    from django.core.management import call_command

    from coverage_app.services.impact import flows

    call_command("migrate", verbosity=0)
    draft = make_draft()
    make_cases(draft)
    times = [(seconds(read_rows, draft), *impact(draft)) for _ in range(ROUNDS)]
    rows = median(row for row, _, _ in times)
    found = median(taken for _, taken, _ in times)
    ratio = median(taken / row for row, taken, _ in times)
    changed = sum(flow.cases for flow in flows(times[-1][2]))
    kept = ratio <= LIMIT
    print(f"Impact on {CASES} stored cases of {draft.document}, {changed} of which change; median of {ROUNDS} rounds")
    print(f"{'reading their rows':<44} {rows:8.2f} s")
    print(f"{'impact, checkpoints and changes written':<44} {found:8.2f} s    ratio {ratio:5.2f}", end="")
    print(f"   at most {LIMIT:.1f}: {'kept' if kept else 'MISSED'}")
    print(f"{'publishing: notes and notices':<44} {seconds(publish, draft):8.2f} s")
    return 0 if kept else 1


def seconds(call: Callable[[Any], object], of: Any) -> float:
    start = perf_counter()
    call(of)
    return perf_counter() - start


def read_rows(draft: Any) -> None:
    """The rows of the cases and of their answers, nothing done with them."""
    from coverage_app.models import Answer, Case

    list(Case.objects.filter(document=draft.document).values_list("pk", "date_of_service", "status"))
    answers = Answer.objects.filter(case__document=draft.document)
    list(answers.values_list("case_id", "fact_id", "value_id", "number"))


def impact(draft: Any) -> tuple[float, Any]:
    """How long a worker is busy with a run, and the run."""
    from coverage_app.services.impact import newest_run, run_impact, start_run

    run, _ = start_run(edition=draft, by=None)
    taken = seconds(run_impact.func, run.pk)
    run = newest_run(draft)  # type: ignore[assignment]
    if (run.status, run.done) != ("done", CASES):
        raise SystemExit(f"The run is {run.status} after {run.done} cases: {run.fault}")
    return taken, run


def publish(draft: Any) -> None:
    from coverage_app.services.editions import put_in_force

    put_in_force(edition=draft, by=None)


def make_draft() -> Any:
    """The policies of fixtures/, and a draft of NIA that asks for the final margin where NIA now takes any."""
    from coverage_app.models import Edition, Provision
    from coverage_app.services.exchange import VOCABULARY, import_text

    files = sorted(Path("fixtures").glob("*.yaml"), key=lambda file: (file.stem != VOCABULARY, file.stem))
    for file in files:
        import_text(text=file.read_text(encoding="utf-8"), by=None)
    old = Edition.objects.filter(document__code="nia", status="published").latest("in_force")
    draft = Edition.objects.create(document=old.document, in_force=old.in_force + dt.timedelta(days=90))
    parts = list(old.provisions.all())
    for part in parts:
        part.pk, part.edition = None, draft
        if part.effect == "criteria_met":
            part.criteria = f"({part.criteria}) and margin_basis is final"
    Provision.objects.bulk_create(parts)
    return draft


def make_cases(draft: Any) -> None:
    """Stored cases of the draft's document in its days, three quarters of them open."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    from coverage_app.models import Answer, Case, Fact, FactValue
    from coverage_app.services.vocabulary import current_wording

    from .material import cases

    by, chance = get_user_model().objects.create(username="bench"), random.Random(3)
    facts = dict(Fact.objects.values_list("code", "pk"))
    values = {(fact, code): pk for pk, fact, code in FactValue.objects.values_list("pk", "fact__code", "code")}
    made = cases(current_wording().vocabulary, CASES, seed=1)
    for first in range(0, CASES, 10_000):
        some = made[first : first + 10_000]
        stored = Case.objects.bulk_create(
            Case(
                reference=f"b-{first + n}",
                document=draft.document,
                date_of_service=draft.in_force + dt.timedelta(days=chance.randrange(700)),
                status="completed" if chance.random() < 0.25 else "draft",
                created_by=by,
                updated_by=by,
            )
            for n in range(len(some))
        )
        rows = [
            (case.pk, facts[fact], *stored_answer(values, fact, answer), by.pk)
            for case, given in zip(stored, some, strict=True)
            for fact, answer in given.items()
        ]
        with connection.cursor() as cursor:  # a million rows: ten times as quick as through the models
            cursor.executemany(ANSWER.format(table=Answer._meta.db_table), rows)


def stored_answer(values: dict[tuple[str, str], int], fact: str, answer: Any) -> tuple[int | None, str | None]:
    """The value's number, or the number that was answered."""
    value = values.get((fact, str(answer)))
    return value, None if value else str(answer)


if __name__ == "__main__":
    sys.exit(main())
