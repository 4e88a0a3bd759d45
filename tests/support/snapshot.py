"""A whole test database, kept aside and put back.

Django empties the database after a test that commits; but ours starts full (facts, policies, groups), and its
triggers refuse that published editions are deleted. So the database is put back as it was instead.
"""

import sqlite3
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper


class Snapshot(Protocol):
    """One database at one moment."""

    def restore(self) -> None:
        """Put the database back as it was at that moment."""

    def discard(self) -> None:
        """Free what the copy takes."""


class SqliteSnapshot:
    """A copy in memory, by SQLite's backup."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._open().backup(self.copy)

    def _open(self) -> Any:
        self.connection.ensure_connection()
        return self.connection.connection

    def restore(self) -> None:
        self.copy.backup(self._open())

    def discard(self) -> None:
        self.copy.close()


class PostgresSnapshot:
    """A copy of every table in a schema of its own, from which the tables that were written to are filled again.

    A row written since carries the number of a later transaction; one removed is missing from the count.
    """

    KEPT = "kept"
    TABLES = """SELECT c.relname, quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"""
    SEQUENCES = """SELECT quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
        FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {self.KEPT}")
            self.tables = self._all(cursor, self.TABLES)
            self.sequences = self._all(cursor, self.SEQUENCES)
            for _, table in self.tables:
                cursor.execute(f"CREATE TABLE {self.KEPT}.{table} AS TABLE public.{table}")
            self.rows = {table: self._all(cursor, f"SELECT count(*) FROM {table}")[0][0] for _, table in self.tables}
            cursor.execute("ANALYZE")
            self._note(cursor)

    @staticmethod
    def _all(cursor: Any, query: str) -> list[Any]:
        cursor.execute(query)
        return list(cursor.fetchall())

    def _note(self, cursor: Any) -> None:
        self.since = self._all(cursor, "SELECT pg_current_xact_id()::text::bigint")[0][0]

    def _written(self, cursor: Any) -> list[str]:
        looks = [
            f"SELECT '{table}' FROM {table} HAVING count(*) <> {self.rows[table]}"
            f" OR count(*) FILTER (WHERE xmin::text::bigint > {self.since}) > 0"
            for _, table in self.tables
        ]
        return [row[0] for row in self._all(cursor, " UNION ALL ".join(looks))]

    def restore(self) -> None:
        with self.connection.cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
            tables = self._written(cursor)
            fill = [f"DELETE FROM {t}; INSERT INTO {t} SELECT * FROM {self.KEPT}.{t}" for t in tables]
            wound = self._all(cursor, self.SEQUENCES)
            back = [
                f"SELECT setval('{name}', {value}, {called})"
                for now, (name, value, called) in zip(wound, self.sequences, strict=True)
                if now != (name, value, called)
            ]
            guards_off = (
                "SET LOCAL session_replication_role = replica"  # the triggers refuse to remove what is published
            )
            cursor.execute(f"BEGIN; {'; '.join([guards_off, *fill, *back])}; COMMIT")
            self._note(cursor)

    def discard(self) -> None:
        """Nothing: the copy goes with the database."""


def snapshot(connection: BaseDatabaseWrapper) -> Snapshot:
    """The database of `connection` as it is now."""
    return PostgresSnapshot(connection) if connection.vendor == "postgresql" else SqliteSnapshot(connection)
