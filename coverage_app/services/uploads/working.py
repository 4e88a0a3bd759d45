"""The background job of an upload: checking its rows, and storing them."""

import logging

from django_tasks import task

from coverage_app.models import Upload
from coverage_app.services import jobs

from .checking import Checking
from .storing import Storing

logger = logging.getLogger(__name__)

UNFORESEEN = (
    "It stopped on a fault that nobody foresaw ({kind}). What was stored before stands; the log has the details."
)


@task()
def run_upload(pk: int) -> None:
    """The background task: carries the upload's present step out, from its checkpoint on."""
    carry_out(pk)


def carry_out(pk: int) -> None:
    """Carry the upload's present step out, here and now."""
    jobs.carry_out(kind=Upload, pk=pk, work=Work(), task=run_upload)


class Work:
    """One worker's work on one step of an upload."""

    def __init__(self) -> None:
        self._step: Checking | Storing | None = None

    def __call__(self, run: Upload) -> bool:
        """The next piece; False once there is none."""
        try:
            if self._step is None:
                self._step = Checking() if run.step == Upload.Step.CHECK else Storing()
            return self._step(run)
        except (jobs.LostRun, jobs.JobFault):
            raise
        except Exception as error:
            logger.exception("%s failed", run)
            raise jobs.JobFault(UNFORESEEN.format(kind=type(error).__name__)) from error
