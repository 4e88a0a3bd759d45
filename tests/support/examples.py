"""How many examples hypothesis tries."""

import os
from typing import Any

from hypothesis import settings

AGAIN = os.environ.get("DATABASE_URL", "").startswith("postgres")
"""Whether this is the run on PostgreSQL, which follows the one on SQLite."""


def examples(count: int, **options: Any) -> settings:
    """``count`` examples in the run on SQLite; in the one that follows a tenth: rules are no matter of the database."""
    return settings(max_examples=max(5, count // 10) if AGAIN else count, deadline=None, **options)
