"""How large an uploaded worklist may be: what the settings say."""

from dataclasses import dataclass

from django.conf import settings

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """``rows`` and ``columns`` of a file, characters in a ``cell``, ``size`` in bytes, ``unpacked`` that of a workbook
    once unpacked, ``faults`` after which a check stops."""

    rows: int
    columns: int
    cell: int
    size: int
    unpacked: int
    faults: int

    @property
    def megabytes(self) -> int:
        return self.size // MEGABYTE


def limits() -> Limits:
    """The limits as they are set."""
    return Limits(
        rows=settings.UPLOAD_ROWS,
        columns=settings.UPLOAD_COLUMNS,
        cell=settings.UPLOAD_CELL,
        size=settings.UPLOAD_MEGABYTES * MEGABYTE,
        unpacked=settings.UPLOAD_UNPACKED_MEGABYTES * MEGABYTE,
        faults=settings.UPLOAD_FAULTS,
    )
