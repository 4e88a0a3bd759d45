"""The worker's own command, slowed down: `python -m tests.services.slow_worker SECONDS_A_PIECE CASES_A_PIECE`.

What is slowed down is working out an impact, and storing an upload.

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
    from coverage_app.services.uploads import storing, working

    class Slow(impact._Work):
        def __call__(self, run: impact.ImpactRun) -> bool:
            time.sleep(pause)
            return super().__call__(run)

    class SlowStoring(storing.Storing):
        def __call__(self, run: storing.Upload) -> bool:
            time.sleep(pause)
            return super().__call__(run)

    impact._Work = Slow  # type: ignore[misc]
    impact.PIECE = piece or impact.PIECE
    working.Storing = SlowStoring  # type: ignore[misc]
    storing.PIECE = piece or storing.PIECE
    call_command("worker", parent=os.getppid())


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
