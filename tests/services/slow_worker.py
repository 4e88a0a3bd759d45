"""The worker's own command, slowed down: `python -m tests.services.slow_worker SECONDS_A_PIECE CASES_A_PIECE`.

So that a test can look at a run, or kill its worker, while it is on the way.
"""

import os
import sys
import time

import django
from django.core.management import call_command


def main(pause: float, piece: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from coverage_app.services import impact

    class Slow(impact._Work):
        def __call__(self, run: impact.ImpactRun) -> bool:
            time.sleep(pause)
            return super().__call__(run)

    impact._Work = Slow  # type: ignore[misc]
    impact.PIECE = piece or impact.PIECE
    call_command("worker", parent=os.getppid())


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
