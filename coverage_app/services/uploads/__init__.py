"""Worklists uploaded as a file: checked row by row, then stored as cases, in the background."""

from . import results
from .columns import OF_AN_EXPORT, Columns, Described
from .limits import Limits, limits
from .receiving import (
    StoredBefore,
    UploadFault,
    cancel,
    has_faults,
    is_ready,
    receive,
    resume,
    same_file,
    store,
)
from .working import carry_out, run_upload

__all__ = [
    "OF_AN_EXPORT",
    "Columns",
    "Described",
    "Limits",
    "StoredBefore",
    "UploadFault",
    "cancel",
    "carry_out",
    "has_faults",
    "is_ready",
    "limits",
    "receive",
    "results",
    "resume",
    "run_upload",
    "same_file",
    "store",
]
