"""What the database itself refuses, asked past every model and service: published editions, frozen records, codes."""

from typing import Any

import pytest
from django.db import connection, models

from coverage_app.models import (
    AuditEvent,
    AuthorizationRule,
    Edition,
    EditionUse,
    Fact,
    FactValue,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.services.cases import complete_case
from tests.services.making import MET, edition_of, import_small, make_case, person, refused, run_sql

PARTS = (Provision, GuidelineRow, GuidelineStatement, AuthorizationRule, ListedCode, Remark, EditionUse)
PART = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
CANNOT = "A part of a published edition cannot change"
COLUMNS = {
    "in_force": "2031-01-01",
    "in_force_basis": "month",
    "in_force_note": "another",
    "last_reviewed": "2031-01",
    "original": "2031-01",
    "vocabulary": "[]",
    "edited_at": "2031-01-01 00:00:00+00:00",
    "edited_by_id": 1,
    "published_at": "2031-01-01 00:00:00+00:00",
    "published_by_id": None,
}


def one(part: type[models.Model]) -> Any:
    """A part of that kind of a published edition, with a neighbor behind it to be moved."""
    owner = "row__edition" if part is GuidelineStatement else "edition"
    return part._default_manager.filter(**{f"{owner}__status": "published"}).order_by("pk").first()


def a_draft() -> Edition:
    return Edition.objects.create(document=edition_of("fep").document, in_force="2030-01-01")


@PART
def test_no_column_of_a_part_of_a_published_edition_can_change(part: type[models.Model]) -> None:
    row, table = one(part), part._meta.db_table
    for field in part._meta.local_concrete_fields:
        with refused(CANNOT):
            run_sql(f"UPDATE {table} SET {field.column} = {field.column} WHERE id = %s", row.pk)


@PART
def test_a_part_of_a_published_edition_cannot_be_removed(part: type[models.Model]) -> None:
    with refused(CANNOT):
        run_sql(f"DELETE FROM {part._meta.db_table} WHERE id = %s", one(part).pk)
    assert one(part)


@PART
def test_nothing_can_be_put_into_a_published_edition(part: type[models.Model]) -> None:
    copy = one(part)
    copy.pk = None
    with refused(CANNOT):
        part._default_manager.bulk_create([copy])


@PART
@pytest.mark.parametrize("how", [{"ignore_conflicts": True}, {"update_conflicts": True}], ids=["ignore", "update"])
def test_no_way_of_inserting_gets_around_the_guard(part: type[models.Model], how: dict[str, bool]) -> None:
    row = one(part)
    fields = [field.name for field in part._meta.local_concrete_fields if not field.primary_key]
    more = {"unique_fields": ["id"], "update_fields": fields} if "update_conflicts" in how else {}
    with refused(CANNOT):
        part._default_manager.bulk_create([row], **how, **more)  # type: ignore[arg-type]


def test_a_frozen_record_cannot_be_replaced_by_another_of_its_id() -> None:
    table, keys = AuditEvent._meta.db_table, "id, at, by_id, by_name, action, subject, subject_id, detail"
    event = AuditEvent.objects.earliest("pk")
    select = f"SELECT id, at, by_id, 'somebody else', action, subject, subject_id, detail FROM {table} WHERE id = %s"
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} ({keys}) {select}"
    else:
        statement = f"INSERT INTO {table} ({keys}) {select} ON CONFLICT (id) DO UPDATE SET by_name = EXCLUDED.by_name"
    with refused("An audit event never changes"):
        run_sql(statement, event.pk)


@pytest.mark.parametrize("part", [p for p in PARTS if p is not GuidelineStatement], ids=lambda part: part.__name__)
def test_a_part_cannot_be_moved_out_of_a_published_edition(part: type[models.Model]) -> None:
    with refused(CANNOT):
        part._default_manager.filter(pk=one(part).pk).update(edition_id=a_draft().pk)


def test_a_part_of_a_draft_cannot_be_moved_into_a_published_edition() -> None:
    published, draft = edition_of("fep"), a_draft()
    part = Provision.objects.create(edition=draft, code="X", criteria="always", effect="investigational", quote="q")
    with refused(CANNOT):
        Provision.objects.filter(pk=part.pk).update(edition=published)


def test_a_statement_of_a_draft_cannot_be_moved_under_a_published_row() -> None:
    row = GuidelineRow.objects.create(edition=a_draft(), code="x", title="x", version="1", category="x", sites=[])
    statement = GuidelineStatement.objects.create(row=row, criteria="always", stance="supports")
    with refused(CANNOT):
        GuidelineStatement.objects.filter(pk=statement.pk).update(row_id=one(GuidelineRow).pk)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_published_edition_keeps_every_column(column: str) -> None:
    edition = import_small()
    with refused("only its status can change"):
        run_sql(f"UPDATE {Edition._meta.db_table} SET {column} = %s WHERE id = %s", COLUMNS[column], edition.pk)


def test_a_published_edition_keeps_its_document() -> None:
    with refused("only its status can change"):
        Edition.objects.filter(pk=edition_of("fep").pk).update(document=edition_of("nia").document)


def test_the_guard_of_editions_knows_every_column_there_is() -> None:
    columns = {field.column for field in Edition._meta.local_concrete_fields}
    assert columns == {*COLUMNS, "id", "document_id", "status", "started_from_id"}


@pytest.mark.parametrize("status", ["published", "withdrawn", "in_review"])
def test_what_a_standing_edition_was_started_from_can_be_forgotten_and_nothing_else(status: str) -> None:
    source, edition = a_draft(), a_draft()
    frozen = {"vocabulary": [], "published_at": "2031-01-01 00:00:00+00:00"} if status != "in_review" else {}
    standing = Edition.objects.filter(pk=edition.pk)
    standing.update(status=status, started_from=source, **frozen)
    with refused("only its status can change|stands still"):
        standing.update(started_from=edition_of("nia"))
    source.delete()
    assert standing.get().started_from is None
    with refused("only its status can change|stands still"):
        standing.update(started_from=edition_of("nia"))


def test_a_published_edition_can_be_withdrawn_and_nothing_else() -> None:
    edition = Edition.objects.filter(pk=edition_of("fep").pk)
    with refused("only its status can change"):
        edition.update(status="draft")
    assert edition.update(status="withdrawn") == 1
    for status in ("published", "draft"):
        with refused("only its status can change"):
            edition.update(status=status)


def test_an_edition_cannot_be_withdrawn_and_changed_in_one_step() -> None:
    with refused("only its status can change"):
        Edition.objects.filter(pk=edition_of("fep").pk).update(status="withdrawn", in_force_note="another")


def test_an_edition_in_review_stands_still_but_for_the_day_that_its_publisher_states() -> None:
    edition = Edition.objects.filter(pk=a_draft().pk)
    edition.update(status="in_review")
    for column in ("in_force", "in_force_basis", "in_force_note", "original"):
        with refused("An edition in review stands still"):
            edition.update(**{column: COLUMNS[column]})
    frozen = {"status": "published", "vocabulary": [], "published_at": "2031-01-01 00:00:00+00:00"}
    with refused("An edition in review stands still"):
        edition.update(original="2031-01", **frozen)
    assert edition.update(in_force="2031-01-01", **frozen) == 1


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_an_edition_that_was_ever_published_cannot_be_removed(status: str) -> None:
    edition = edition_of("bcbsma")
    Edition.objects.filter(pk=edition.pk).update(status=status)
    with refused("A published edition cannot be removed"):
        run_sql(f"DELETE FROM {Edition._meta.db_table} WHERE id = %s", edition.pk)


def test_a_withdrawn_edition_keeps_its_parts() -> None:
    edition = edition_of("nia")
    Edition.objects.filter(pk=edition.pk).update(status="withdrawn")
    with refused(CANNOT):
        Provision.objects.filter(edition=edition).update(quote="another")


def test_a_draft_may_change_in_every_way() -> None:
    draft = a_draft()
    Provision.objects.create(edition=draft, code="X", criteria="always", effect="investigational", quote="q")
    assert Provision.objects.filter(edition=draft).update(quote="another") == 1
    assert Edition.objects.filter(pk=draft.pk).update(in_force="2030-02-01") == 1
    draft.delete()
    assert not Edition.objects.filter(pk=draft.pk).exists()


def test_two_published_editions_of_a_document_cannot_start_on_one_day() -> None:
    first = edition_of("fep")
    second = Edition(document=first.document, in_force=first.in_force, status="published")
    second.vocabulary, second.published_at = first.vocabulary, first.published_at
    with refused("one_published_edition_a_start|A published edition is not replaced"):  # on SQLite a guard is first
        Edition.objects.bulk_create([second])
    Edition.objects.filter(pk=first.pk).update(status="withdrawn")
    Edition.objects.bulk_create([second])


def test_an_edition_is_not_published_without_its_vocabulary() -> None:
    draft = a_draft()
    with refused("published_edition_is_frozen"):
        Edition.objects.filter(pk=draft.pk).update(status="published")


@pytest.mark.parametrize("change", ["verdict = 'criteria_met'", "report = '{}'", "number = 9", "checksum = 'x'"])
def test_an_assessment_never_changes(change: str) -> None:
    case = make_case("fep", {**MET, "margin": "negative"})
    assessment = complete_case(case=case, version=case.version, by=person("coordinator"))
    with refused("An assessment never changes"):
        run_sql(f"UPDATE coverage_app_assessment SET {change} WHERE id = %s", assessment.pk)
    with refused("An assessment never changes"):
        run_sql("DELETE FROM coverage_app_assessment WHERE id = %s", assessment.pk)


def test_an_audit_event_never_changes() -> None:
    event = AuditEvent.objects.earliest("pk")
    with refused("An audit event never changes"):
        AuditEvent.objects.filter(pk=event.pk).update(by_name="somebody else")
    with refused("An audit event never changes"):
        AuditEvent.objects.filter(pk=event.pk).delete()


@pytest.mark.parametrize("change", [{"code": "border"}, {"kind": "number"}])
def test_a_fact_keeps_its_code_and_kind(change: dict[str, str]) -> None:
    with refused("A code never changes"):
        Fact.objects.filter(code="margin").update(**change)


def test_a_value_keeps_its_code_and_its_fact() -> None:
    close = FactValue.objects.filter(fact__code="margin", code="close")
    with refused("A code never changes"):
        close.update(code="near")
    with refused("A code never changes"):
        close.update(fact=Fact.objects.get(code="site"))
    assert close.update(label="Near", help="another", position=7) == 1
