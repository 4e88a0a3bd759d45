"""Many rows at once into a table, past the models: what saving each would write, many times as quick."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Max

Cell = Callable[[Any], Any]


def reserve(model: type[models.Model], number: int) -> range | list[int]:
    """The next ``number`` primary keys of ``model``, which nobody else gets. Inside a transaction that writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', number])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        given = cursor.fetchone()
    last: int = max(given[0] if given else 0, model._default_manager.aggregate(last=Max("pk"))["last"] or 0)
    return range(last + 1, last + 1 + number)


class Table:
    """Rows of ``model`` that have the values of ``like``, an instance that was never saved, in all fields but those
    ``given`` by name with each row. A key is the database's own unless it is given."""

    def __init__(self, like: models.Model, *given: str) -> None:
        meta = like._meta
        known = {field.name: field for field in meta.local_concrete_fields}
        fields = [known[name] for name in given]
        rest = [field for field in known.values() if field not in fields and not field.primary_key]
        self._cells = [_cell(field) for field in fields]
        self._same = tuple(_cell(field)(field.pre_save(like, add=True)) for field in rest)
        quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in [*fields, *rest])
        self._columns = f"{connection.ops.quote_name(meta.db_table)} ({quoted})"
        self._width = len(fields) + len(rest)

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        """Insert the rows: the values of the fields given, in their order."""
        cells, same = self._cells, self._same
        # All before the first is sent: during a COPY the connection answers no query that making a row may need.
        ready = [(*(cell(value) for cell, value in zip(cells, row, strict=True)), *same) for row in rows]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._columns} FROM STDIN") as copy:
                    for row in ready:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * self._width)
                cursor.executemany(f"INSERT INTO {self._columns} VALUES ({places})", ready)


def _cell(field: models.Field[Any, Any]) -> Cell:
    """How a value of the field is written. Most are written as they are."""
    if isinstance(field, models.DateField | models.DecimalField):

        @cache
        def prepared(value: Any) -> Any:
            return field.get_db_prep_save(value, connection)

        return prepared
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
