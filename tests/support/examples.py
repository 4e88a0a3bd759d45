"""How many examples hypothesis tries."""

import os
from typing import Any

from hypothesis import settings

THOROUGH = "THOROUGH" in os.environ
"""Whether this is `make prove`, which takes its time."""
AGAIN = os.environ.get("DATABASE_URL", "").startswith("postgres")
"""Whether this is the run on PostgreSQL, which follows the one on SQLite."""


def examples(count: int, **options: Any) -> settings:
    """``count`` examples; ten times as many in `make prove`; in the run on PostgreSQL, which is the second one of the
    same rules, a quarter.
    """
    times = 10 if THOROUGH else 0.25 if AGAIN else 1
    return settings(max_examples=max(5, int(count * times)), deadline=None, **options)
