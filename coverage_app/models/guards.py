"""What the database itself refuses: triggers, the same rules on SQLite and PostgreSQL.

SQLite needs some more for its OR REPLACE, which PostgreSQL does not know.

They are dropped before migrations run and made again after them (see ``apps.py``): SQLite loses a table's
triggers when a migration remakes the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .audit import AuditEvent
from .cases import Answer, Assessment, Case
from .documents import Edition, EditionUse
from .evidence import Evidence
from .guidelines import GuidelineRow, GuidelineStatement
from .letters import LetterTemplate
from .payer_steps import PayerStep
from .provisions import AuthorizationRule, ListedCode, Provision, Remark
from .reviewing import CaseReview
from .vocabulary import Fact, FactValue
from .workbench import Acceptance, EditionReview, EditionState, GoldenCase, SourceText

CASE = Case._meta.db_table
EDITION = Edition._meta.db_table
ROW = GuidelineRow._meta.db_table
VALUE = FactValue._meta.db_table
DAY = ("in_force", "in_force_basis", "in_force_note")
"""The day of an edition and how it is known: whoever publishes it can still say another."""


@dataclass(frozen=True)
class Guard:
    """Refuse ``operation`` on ``table`` while ``condition`` holds, with ``message``.

    ``condition`` speaks of ``OLD`` and ``NEW`` and may hold a subquery; ``{differs}`` is the database's
    null-safe inequality. ``vendor``: the one database that needs it; blank: both do.
    """

    table: str
    operation: str
    condition: str
    message: str
    rule: str = ""  # tells two guards of one table and operation apart
    vendor: str = ""

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.operation.lower()}{self.rule}"


def _columns(model: type[models.Model], *leave_out: str) -> list[str]:
    return [
        field.column for field in model._meta.local_concrete_fields if field.column and field.column not in leave_out
    ]


def _differing(model: type[models.Model], *leave_out: str) -> str:
    return " OR ".join(f"OLD.{c} {{differs}} NEW.{c}" for c in _columns(model, *leave_out))


def _not_draft(edition_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM {EDITION} e WHERE e.id = {edition_id} AND e.status <> 'draft' {{lock}})"


def _closed(case_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM {CASE} c WHERE c.id = {case_id} AND c.status = 'closed')"


def _article(model: type[models.Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name}"


def _edition_of_row(row: str) -> str:
    return f"(SELECT r.edition_id FROM {ROW} r WHERE r.id = {row}.row_id)"


def _keys(model: type[models.Model]) -> Iterator[str]:
    """When a row ``held`` and ``NEW`` cannot both stand, a condition for each id and each unique constraint."""
    columns = {field.name: field.column for field in model._meta.local_concrete_fields}
    for field in model._meta.local_concrete_fields:
        if field.unique:
            yield f"held.{field.column} = NEW.{field.column}"
    for unique in model._meta.constraints:
        if isinstance(unique, models.UniqueConstraint):
            only: Any = unique.condition.children if unique.condition else ()  # each says: this column is this word
            same = [f"held.{columns[name]} = NEW.{columns[name]}" for name in unique.fields]
            yield " AND ".join([*same, *(f"held.{c} = '{word}' AND NEW.{c} = '{word}'" for c, word in only)])


def _not_replaced(model: type[models.Model], kept: str, message: str) -> Iterator[Guard]:
    """Refuse ``INSERT OR REPLACE`` and ``UPDATE OR REPLACE`` over a row ``held`` of which ``kept`` is true.

    SQLite removes the row that stands in the way, and asks the guards against deleting only on a connection that
    says so (recursive_triggers: the settings do, other programs do not). PostgreSQL knows no such statement.
    Where no id is given, ``NEW.id`` is no row's, and nothing is held.
    """
    table = model._meta.db_table
    for operation, other in (("INSERT", ""), ("UPDATE", " AND held.id <> OLD.id")):
        found = (f"EXISTS (SELECT 1 FROM {table} held WHERE {key}{other} AND {kept})" for key in _keys(model))
        yield Guard(table, operation, " OR ".join(found), message, "_again", "sqlite")


def guards() -> Iterator[Guard]:
    """Every rule that the database keeps by itself."""
    # a draft that another edition was started from can be discarded: that it was one is then forgotten
    origin = "(NEW.started_from_id IS NOT NULL AND OLD.started_from_id {differs} NEW.started_from_id)"
    changed = f"{_differing(Edition, 'status', 'started_from_id')} OR {origin}"
    yield Guard(
        EDITION,
        "UPDATE",
        "OLD.status IN ('published', 'withdrawn') "
        f"AND (({changed}) OR (NEW.status <> OLD.status AND NEW.status <> 'withdrawn'))",
        "Of a published edition only its status can change.",
    )
    content = _differing(Edition, "status", "vocabulary", "published_at", "published_by_id", "started_from_id", *DAY)
    content = f"{content} OR {origin}"
    day = " OR ".join(f"OLD.{c} {{differs}} NEW.{c}" for c in DAY)
    yield Guard(
        EDITION,
        "UPDATE",
        "OLD.status = 'in_review' "
        f"AND (({content}) OR NEW.status = 'withdrawn' OR (({day}) AND NEW.status <> 'published'))",
        "An edition in review stands still: it is sent back to be a draft again, or published.",
        "_in_review",
    )
    yield Guard(EDITION, "DELETE", "OLD.status <> 'draft'", "A published edition cannot be removed.")
    yield from _not_replaced(Edition, "held.status <> 'draft'", "A published edition is not replaced by another.")
    message = "A part of a published edition cannot change."
    parts: tuple[type[models.Model], ...] = (Provision, GuidelineRow, AuthorizationRule, ListedCode, Remark, EditionUse)
    for part in parts:
        table = part._meta.db_table
        yield Guard(table, "INSERT", _not_draft("NEW.edition_id"), message)
        yield Guard(table, "UPDATE", f"{_not_draft('OLD.edition_id')} OR {_not_draft('NEW.edition_id')}", message)
        yield Guard(table, "DELETE", _not_draft("OLD.edition_id"), message)
        yield from _not_replaced(part, _not_draft("held.edition_id"), message)
    table = GuidelineStatement._meta.db_table
    old, new = _not_draft(_edition_of_row("OLD")), _not_draft(_edition_of_row("NEW"))
    yield Guard(table, "INSERT", new, message)
    yield Guard(table, "UPDATE", f"{old} OR {new}", message)
    yield Guard(table, "DELETE", old, message)
    yield from _not_replaced(GuidelineStatement, _not_draft(_edition_of_row("held")), message)
    for kept in (GoldenCase, Acceptance):
        table = kept._meta.db_table  # one more can be added to any edition: it is no part of what the payer says
        yield Guard(table, "UPDATE", f"{_not_draft('OLD.edition_id')} OR {_not_draft('NEW.edition_id')}", message)
        yield Guard(table, "DELETE", _not_draft("OLD.edition_id"), message)
        yield from _not_replaced(kept, _not_draft("held.edition_id"), message)
    yield Guard(SourceText._meta.db_table, "UPDATE", "1 = 1", "A source text never changes.")
    yield Guard(SourceText._meta.db_table, "DELETE", _not_draft("OLD.edition_id"), message)
    yield from _not_replaced(SourceText, "1 = 1", "A source text never changes.")
    for record in (Assessment, AuditEvent, EditionState, EditionReview, CaseReview, LetterTemplate):
        for operation in ("UPDATE", "DELETE"):
            yield Guard(record._meta.db_table, operation, "1 = 1", f"{_article(record)} never changes.")
        yield from _not_replaced(record, "1 = 1", f"{_article(record)} never changes.")
    step = PayerStep._meta.db_table
    said = _differing(PayerStep, "struck_at", "struck_by_id", "struck_why")
    yield Guard(step, "UPDATE", f"({said}) OR OLD.struck_at IS NOT NULL", "A step at the payer is only ever struck.")
    yield Guard(step, "DELETE", "1 = 1", "A step at the payer is struck, not removed.")
    yield from _not_replaced(PayerStep, "1 = 1", "A step at the payer is struck, not removed.")
    message = "A closed case is amended before it changes."
    for answered in (Answer, Evidence):
        table = answered._meta.db_table
        yield Guard(table, "INSERT", _closed("NEW.case_id"), message, "_closed")
        yield Guard(table, "UPDATE", f"{_closed('OLD.case_id')} OR {_closed('NEW.case_id')}", message, "_closed")
        yield Guard(table, "DELETE", _closed("OLD.case_id"), message, "_closed")
        yield from _not_replaced(answered, _closed("held.case_id"), message)
    altered = _differing(
        Case, "status", "version", "amendment", "outcome", "differs", "updated_at", "updated_by_id", "reviewer_id",
        "review_due", "verdict", "possible", "missing", "noted_until", "title", "site_id",
    )  # fmt: skip
    reopened = "NEW.status = 'completed' OR (NEW.status = 'draft' AND NEW.amendment = '')"
    yield Guard(CASE, "UPDATE", f"OLD.status = 'closed' AND ({altered} OR {reopened})", message, "_closed")
    yield from _not_replaced(Case, "held.status = 'closed'", message)
    coded: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
        (Fact, ("code", "kind")),
        (FactValue, ("code", "fact_id")),
    )
    message = "A code never changes: it stands in files and stored cases."
    for coded_model, fixed in coded:
        recoded = " OR ".join(f"OLD.{c} {{differs}} NEW.{c}" for c in fixed)
        yield Guard(coded_model._meta.db_table, "UPDATE", recoded, message)
        yield from _not_replaced(coded_model, "1 = 1", message)
    alien = f"NOT EXISTS (SELECT 1 FROM {VALUE} b WHERE b.id = NEW.broader_id AND b.fact_id = NEW.fact_id)"
    for operation in ("INSERT", "UPDATE"):
        yield Guard(
            VALUE,
            operation,
            f"NEW.broader_id IS NOT NULL AND (NEW.broader_id = NEW.id OR {alien})",
            "The broader value is not another one of this fact's.",
            "_broader",
        )
    own = f"SELECT 1 FROM {VALUE} v WHERE v.id = NEW.value_id AND v.fact_id = NEW.fact_id"
    foreign = f"NEW.value_id IS NOT NULL AND NOT EXISTS ({own})"
    for operation in ("INSERT", "UPDATE"):
        yield Guard(Answer._meta.db_table, operation, foreign, "The value is not one of this fact's.")


def _sqlite(guard: Guard) -> str:
    condition = guard.condition.format(differs="IS NOT", lock="")
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message.replace(chr(39), chr(39) * 2)}'); END"
    )


def _postgresql(guard: Guard) -> str:
    # FOR SHARE: a part written while its edition is being published waits for that, and is then refused.
    condition = guard.condition.format(differs="IS DISTINCT FROM", lock="FOR SHARE OF e")
    message = guard.message.replace("'", "''")
    row = "OLD" if guard.operation == "DELETE" else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger AS $guard$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $guard$ LANGUAGE plpgsql; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
    )


def _of(vendor: str) -> Iterator[Guard]:
    """The guards that a database needs."""
    return (guard for guard in guards() if guard.vendor in ("", vendor))


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the guards off, so that a migration can remake the tables they stand on."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in _of(connection.vendor):
            if guard.table not in tables:
                continue
            on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard on, whose table is there; safe to repeat."""
    drop(connection)
    tables = set(connection.introspection.table_names())
    write = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for guard in _of(connection.vendor):
            if guard.table in tables:
                cursor.execute(write(guard))
