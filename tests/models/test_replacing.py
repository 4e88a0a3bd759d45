"""SQLite's OR REPLACE on a plain connection asks no guard against deleting: what never changes stays all the same."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from coverage_app.models import (
    Acceptance,
    Answer,
    Assessment,
    AuditEvent,
    AuthorizationRule,
    Case,
    CaseReview,
    Edition,
    EditionReview,
    EditionState,
    EditionUse,
    Fact,
    FactValue,
    GoldenCase,
    GuidelineRow,
    GuidelineStatement,
    LetterTemplate,
    ListedCode,
    PayerStep,
    Provision,
    Remark,
    SourceText,
)
from coverage_app.models.guards import guards
from coverage_app.services.cases import complete_case
from coverage_app.services.reviews import record_review
from coverage_app.services.states import keep_state
from tests.services.at_payers import step
from tests.services.editions_made import copy_of
from tests.services.making import DAY, MET, edition_of, make_case, person
from tests.services.notes import note
from tests.services.reviewing import agreed, now

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]  # PostgreSQL has no such statement

PARTS = (Provision, GuidelineRow, AuthorizationRule, ListedCode, Remark, EditionUse, GoldenCase, Acceptance)
RECORDS = (Assessment, AuditEvent, EditionState, EditionReview, CaseReview, LetterTemplate, PayerStep, SourceText)


@pytest.fixture
def closed() -> Case:
    """A closed case with all that stands beside it, and beside the editions it rests on."""
    case = note(make_case("fep", MET), "margin")
    complete_case(case=case, version=case.version, by=person("coordinator"))
    agreed(now(case))
    step(now(case), "submitted 1")
    edition, editor = edition_of("fep"), person("editor")
    keep_state(edition=edition)
    record_review(edition=edition, by=editor, on=timezone.localdate())
    edition.acceptances.create(kind="quote", key="k", reason="On paper.", by=editor)
    edition.sources.create(name="fep.pdf", media_type="application/pdf", size=1, text="Rectal cancer")
    LetterTemplate.objects.create(kind="appeal", name="ours.docx", content=b"x", checksum="x", by=editor)
    return now(case)


@pytest.fixture
def open_case() -> Case:
    return note(make_case("fep", MET), "margin")


@pytest.fixture
def plain(closed: Case, open_case: Case) -> Iterator[sqlite3.Connection]:
    """The database as any tool opens it, without a pragma of ours."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as opened:
        assert opened.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        yield opened


def table(model: type[models.Model]) -> str:
    return model._meta.db_table


def of_published(model: type[models.Model]) -> Any:
    owner = "row__edition" if model is GuidelineStatement else "edition"
    found = model._default_manager.filter(**{f"{owner}__status": "published"}).order_by("pk").first()
    assert found, model
    return found


def put_over(
    plain: sqlite3.Connection, row: models.Model, said: Mapping[str, object], *, leave_out: Iterable[str] = ()
) -> None:
    """Write the row once more over itself, with other columns ``said``."""
    columns = [field.column for field in row._meta.local_concrete_fields if field.column not in leave_out]
    named = [f'"{column}"' for column in columns]  # one of them is "on"
    values = ["?" if column in said else name for column, name in zip(columns, named, strict=True)]
    given = [said[column] for column in columns if column in said]
    into = f"INSERT OR REPLACE INTO {table(type(row))} ({', '.join(named)})"
    plain.execute(f"{into} SELECT {', '.join(values)} FROM {table(type(row))} WHERE id = ?", (*given, row.pk))


def replaced(
    plain: sqlite3.Connection, rows: Iterable[tuple[models.Model, dict[str, object]]], **more: Any
) -> list[str]:
    """Of which models a row could be written over."""
    found = []
    for row, said in rows:
        try:
            put_over(plain, row, said, **more)
        except sqlite3.IntegrityError:
            continue
        found.append(type(row).__name__)
    return found


def test_no_row_that_never_changes_is_replaced_by_another_of_its_id(
    plain: sqlite3.Connection, closed: Case, open_case: Case
) -> None:
    edition, draft, row = edition_of("fep"), copy_of("fep", DAY), copy_of("abs", DAY).guidelinerows.earliest("pk")
    rows: list[tuple[models.Model, dict[str, object]]] = [
        (of_published(part), {"edition_id": draft.pk}) for part in PARTS
    ]
    rows += [(of_published(GuidelineStatement), {"row_id": row.pk}), (edition, {"status": "draft"})]
    rows += [(record._default_manager.latest("pk"), {}) for record in RECORDS]
    rows += [(closed, {"status": "draft", "title": "Another"})]
    elsewhere = {"case_id": open_case.pk, "fact_id": Fact.objects.get(code="age").pk}
    rows += [(closed.answers.earliest("pk"), {**elsewhere, "value_id": None, "number": 62})]
    rows += [(closed.evidence.get(), {**elsewhere})]
    rows += [(Fact.objects.get(code="margin"), {"code": "rim"}), (FactValue.objects.earliest("pk"), {"code": "rim"})]
    assert replaced(plain, rows) == []


def test_no_row_that_never_changes_is_replaced_by_another_of_its_own_name(
    plain: sqlite3.Connection, closed: Case
) -> None:
    edition = edition_of("fep")
    case = {"status": "draft", "title": "Another"}
    rows: list[tuple[models.Model, dict[str, object]]] = [(edition, {"original": "2031-01"}), (closed, {**case})]
    named = (Assessment, CaseReview, EditionState)
    rows += [(model._default_manager.latest("pk"), {}) for model in named]
    rows += [(of_published(GoldenCase), {"verdict": "criteria_met"}), (of_published(Acceptance), {"reason": "None."})]
    rows += [
        (Fact.objects.get(code="margin"), {"kind": "choice"}),
        (FactValue.objects.earliest("pk"), {"label": "Rim"}),
    ]
    assert replaced(plain, rows, leave_out=["id"]) == []


def test_no_row_that_may_change_takes_the_place_of_one_that_may_not(
    plain: sqlite3.Connection, closed: Case, open_case: Case
) -> None:
    edition, draft, abs_draft = edition_of("fep"), copy_of("fep", DAY), copy_of("abs", DAY)
    statement = GuidelineStatement.objects.filter(row__edition=abs_draft).earliest("pk")
    same_start = (
        f"in_force = '{edition.in_force}', status = 'published', vocabulary = '[]', published_at = '2031-01-01'"
    )
    moves: list[tuple[models.Model, str]] = [
        (draft, f"id = {edition.pk}"),
        (draft, same_start),
        (draft.provisions.earliest("pk"), f"id = {edition.provisions.earliest('pk').pk}"),
        (draft.goldencases.earliest("pk"), f"id = {of_published(GoldenCase).pk}"),
        (statement, f"id = {of_published(GuidelineStatement).pk}"),
        (open_case, f"id = {closed.pk}"),
        (open_case, f"reference = '{closed.reference}'"),
        (open_case.answers.earliest("pk"), f"id = {closed.answers.earliest('pk').pk}"),
        (Fact.objects.get(code="age"), f"id = {Fact.objects.get(code='margin').pk}"),
    ]
    through = []
    for row, said in moves:
        try:
            plain.execute(f"UPDATE OR REPLACE {table(type(row))} SET {said} WHERE id = ?", (row.pk,))
        except sqlite3.IntegrityError:
            continue
        through.append((type(row).__name__, said))
    assert through == []


def test_what_may_change_is_still_replaced(plain: sqlite3.Connection, open_case: Case) -> None:
    draft = copy_of("fep", DAY)
    answer, provision = open_case.answers.earliest("pk"), draft.provisions.earliest("pk")
    rows: list[tuple[models.Model, dict[str, object]]] = [
        (open_case, {"title": "Another"}), (answer, {}), (provision, {"quote": "Another."}), (draft, {"original": "2031-01"})
    ]  # fmt: skip
    assert replaced(plain, rows) == ["Case", "Answer", "Provision", "Edition"]
    assert Answer.objects.get(pk=answer.pk).value_id == answer.value_id
    assert Edition.objects.get(pk=draft.pk).original == "2031-01"


def test_every_table_with_a_guard_against_changes_has_one_against_replacing() -> None:
    names = [(guard.table, guard.rule) for guard in guards()]
    changing = {guard.table for guard in guards() if guard.operation in ("UPDATE", "DELETE")}
    assert {table for table, rule in names if rule == "_again"} == changing
