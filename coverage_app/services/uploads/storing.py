"""Storing a worklist's rows as cases, as ``cases.create_case`` would make each."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from coverage_app.models import Answer, AuditEvent, Case, Fact, FactValue, Upload, UploadRow
from coverage_app.rules.vocabulary import Answer as RuleAnswer
from coverage_app.services import jobs
from coverage_app.services.audit import record
from coverage_app.services.case_checks import CellFault
from coverage_app.services.cases import Change
from coverage_app.services.holding import hold_editions
from coverage_app.services.standing import CaseFacts

from .columns import Columns
from .inserting import Table, reserve
from .standings import Noter

PIECE = 1000  # rows between two checkpoints: about half a second
ROW = UploadRow._meta.db_table
CASE_FIELDS = (
    "id", "version", "reference", "label", "document", "product", "setting", "date_of_service", "diagnosis_code",
    "cpt_code", "verdict", "possible", "missing", "noted_until", "title", "site",
)  # fmt: skip

Made = tuple[int, int, Change]  # the row's number, its case's, and what it says


class Storing:
    """One worker's work on storing an upload: what it has read of the vocabulary serves all pieces."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._noter = Noter(self._columns.wording)
        self._facts = {code: (pk, kind) for pk, code, kind in Fact.objects.values_list("pk", "code", "kind")}
        values = FactValue.objects.values_list("pk", "fact__code", "code")
        self._values = {(fact, code): pk for pk, fact, code in values}

    def __call__(self, run: Upload) -> bool:
        """The next piece; False once there is none. Raises JobFault where a row is no longer read as it was."""
        waiting = run.all_rows.filter(line__gt=run.checkpoint).order_by("line")
        rows = list(waiting.values_list("pk", "line", "cells")[:PIECE])
        if not rows:
            return _finish(run)
        changes = [(pk, self._change(line, cells)) for pk, line, cells in rows]
        with jobs.piece(run, checkpoint=rows[-1][1], done=run.done + len(rows)):
            self._store(changes, run)
        return True

    def _change(self, line: int, texts: Mapping[str, str]) -> Change:
        columns, name = self._columns.columns, ""
        try:
            found: dict[str, Any] = {}
            for name, text in texts.items():
                found[name] = columns[name].read(text)
        except (CellFault, KeyError) as fault:
            said = fault if isinstance(fault, CellFault) else "there is no such column any more"
            raise jobs.JobFault(
                f"Line {line}, column {name}: {said}. It was known when the file was checked; upload the file anew."
            ) from fault
        return self._columns.change(found)

    def _store(self, changes: Sequence[tuple[int, Change]], run: Upload) -> None:
        hold_editions(*{change.fields["document"].pk for _, change in changes if change.fields["document"]})
        self._noter.look(timezone.localdate())
        made = [(row, case, change) for (row, change), case in zip(changes, reserve(Case, len(changes)), strict=True)]
        by = run.asked_by_id
        if by is None:
            raise jobs.JobFault("Nobody has said whose cases these are.")
        like = Case(status=Case.Status.DRAFT, created_by_id=by, updated_by_id=by)
        Table(like, *CASE_FIELDS).insert(self._cases(made))
        Table(Answer(answered_by_id=by), "case", "fact", "value", "number").insert(self._answers(made))
        name = run.asked_by.get_username() if run.asked_by else "setup"
        event = AuditEvent(by_id=by, by_name=name, subject=Case._meta.model_name or "")
        Table(event, "action", "subject_id", "detail").insert(_events(made))
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {ROW} SET case_id = %s WHERE id = %s", [(case, row) for row, case, _ in made])

    def _cases(self, made: Sequence[Made]) -> Iterator[tuple[Any, ...]]:
        year = f"{timezone.localdate():%Y}"
        for _, pk, change in made:
            of = change.fields
            facts = CaseFacts(change.answers, of["document"], date_of_service=of["date_of_service"])  # type: ignore[arg-type]  # a file answers or leaves out
            noted = self._noter.of(facts)
            yield (
                pk,
                2 if differing(change) else 1,
                f"{year}-{pk:04d}",
                of["label"],
                of["document"].pk if of["document"] else None,
                of["product"],
                of["setting"],
                of["date_of_service"],
                of["diagnosis_code"],
                of["cpt_code"],
                noted.verdict,
                list(noted.possible),
                list(noted.missing),
                noted.noted_until,
                noted.title,
                noted.site,
            )

    def _answers(self, made: Sequence[Made]) -> Iterator[tuple[int, int, int | None, RuleAnswer | None]]:
        for _, pk, change in made:
            for fact, answer in change.answers.items():
                number, kind = self._facts[fact]
                if kind == Fact.Kind.NUMBER:
                    yield pk, number, None, answer
                else:
                    yield pk, number, self._values[fact, str(answer)], None


def differing(change: Change) -> dict[str, list[str]]:
    """What a new case's first change alters: name → [before, after], as text, as ``cases.save_case`` records it."""
    said = {name: _text(value) for name, value in {**change.fields, **change.answers}.items()}
    return {name: ["", text] for name, text in said.items() if text}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def _events(made: Sequence[Made]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for _, pk, change in made:
        yield "create", str(pk), {}
        if detail := differing(change):
            yield "save", str(pk), detail


def _finish(run: Upload) -> bool:
    with jobs.piece(run, checkpoint=run.checkpoint, done=run.done):
        ended = Upload.objects.filter(pk=run.pk, stored_at__isnull=True).update(stored_at=timezone.now())
        if ended:
            record(by=run.asked_by, action="stored", subject=run, detail={"cases": run.done})
    return False
