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
    """A second database on the server, from which the first is made anew."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.name = connection.settings_dict["NAME"]
        self.copy = f"{self.name}_snapshot"
        self._run(f'DROP DATABASE IF EXISTS "{self.copy}"', f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.name}"')

    def _run(self, *statements: str) -> None:
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def restore(self) -> None:
        self._run(
            f'DROP DATABASE "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.copy}" STRATEGY FILE_COPY',  # the quickest without fsync
        )

    def discard(self) -> None:
        self._run(f'DROP DATABASE "{self.copy}"')


def snapshot(connection: BaseDatabaseWrapper) -> Snapshot:
    """The database of `connection` as it is now."""
    return PostgresSnapshot(connection) if connection.vendor == "postgresql" else SqliteSnapshot(connection)
