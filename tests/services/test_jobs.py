"""Background jobs outlive their worker: killed, slow, stopped or cancelled, nothing is lost and nothing done twice."""

import os
import signal
from unittest.mock import patch

import pytest
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from coverage_app.models import Case, Edition, ImpactChange, ImpactRun
from coverage_app.services import impact, jobs
from coverage_app.services.impact import cancel_run, run_impact, start_run
from tests.services.impacts import draft_of, newest, until, worker
from tests.services.making import MET, make_cases, person
from tests.services.test_two_at_once import at_once

CASES = 40


@pytest.fixture
def draft(transactional_db: None) -> Edition:
    """A draft of FEP that changes the verdict of each of 40 stored cases."""
    make_cases(CASES, "fep", MET)
    return draft_of("fep", ("S1", "always", "investigational"))


def started(draft: Edition) -> ImpactRun:
    return start_run(edition=draft, by=person("editor"))[0]


def lose(run: ImpactRun) -> None:
    """The run's worker has not been heard of for long."""
    ImpactRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - 2 * jobs.LOST_AFTER)


def requeue() -> int:
    return jobs.requeue_lost(kind=ImpactRun, task=run_impact)


def half_way(run: ImpactRun) -> impact._Work:
    """A worker has taken the run up, and has done ten cases."""
    taken = jobs._take_up(ImpactRun, run.pk)
    assert taken is not None
    work = impact._Work()
    with patch.object(impact, "PIECE", 10):
        work(taken)
    work.run = taken  # type: ignore[attr-defined]
    return work


def assert_whole(draft: Edition) -> None:
    """The run is done, and each case was found once."""
    run = newest(draft)
    assert (run.status, run.done, run.fault) == ("done", CASES, "")
    assert sorted(run.changes.values_list("case_id", flat=True)) == sorted(Case.objects.values_list("pk", flat=True))


@pytest.mark.waits
def test_a_real_worker_killed_half_way_loses_and_doubles_nothing(draft: Edition) -> None:
    run = started(draft)
    with worker(slow=0.2, piece=3) as killed:
        until(lambda: ImpactChange.objects.count() >= 6)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    run.refresh_from_db()
    assert run.status == "running"
    assert run.done == run.changes.count() < CASES
    lose(run)
    with worker():
        until(lambda: newest(draft).status == "done")
    assert_whole(draft)
    assert newest(draft).attempts == 2
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


@pytest.mark.waits
def test_a_worker_asked_to_stop_leaves_its_job_at_a_checkpoint_in_line(draft: Edition) -> None:
    run = started(draft)
    with worker(slow=0.2, piece=3) as stopped:
        until(lambda: ImpactChange.objects.exists())
        stopped.terminate()
        assert stopped.wait(10) == 0
    run.refresh_from_db()
    assert (run.status, run.done) == ("waiting", run.changes.count())
    with worker():
        until(lambda: newest(draft).status == "done")
    assert_whole(draft)


def test_a_worker_that_was_only_slow_notices_that_it_lost_the_run(draft: Edition) -> None:
    run = started(draft)
    slow = half_way(run)
    lose(run)
    assert requeue() == 1
    run_impact.func(run.pk)
    with pytest.raises(jobs.LostRun):
        slow(slow.run)  # type: ignore[attr-defined]
    assert_whole(draft)


def test_a_run_whose_worker_is_alive_is_left_to_it(draft: Edition) -> None:
    half_way(started(draft))
    assert requeue() == 0
    assert newest(draft).status == "running"


def test_a_run_that_only_waits_for_a_worker_stays_in_line(draft: Edition) -> None:
    run = started(draft)
    lose(run)
    assert requeue() == 0
    assert DBTaskResult.objects.count() == 1


def test_a_run_whose_task_was_taken_by_a_worker_that_died_at_once_is_put_in_line_again(draft: Edition) -> None:
    run = started(draft)
    DBTaskResult.objects.update(status="RUNNING")
    lose(run)
    assert requeue() == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_two_who_look_for_lost_runs_at_once_put_one_in_line_once(draft: Edition) -> None:
    run = started(draft)
    half_way(run)
    lose(run)
    assert sorted(at_once(requeue, requeue)) == [0, 1]


def test_two_workers_with_one_run_at_once_do_it_once(draft: Edition) -> None:
    run = started(draft)
    at_once(lambda: run_impact.func(run.pk), lambda: run_impact.func(run.pk))
    assert_whole(draft)
    assert newest(draft).attempts == 1


def test_two_who_start_at_once_start_one_run(draft: Edition) -> None:
    editors = [person("editor"), person("editor2")]
    found = at_once(*[lambda by=by: start_run(edition=draft, by=by) for by in editors])  # type: ignore[misc]
    assert sorted(begun for _, begun in found) == [False, True]
    assert len({run.pk for run, _ in found}) == 1


def test_a_cancelled_run_is_noticed_at_the_next_checkpoint(draft: Edition) -> None:
    run = started(draft)
    work = half_way(run)
    cancel_run(run=run, by=person("editor"))
    with pytest.raises(jobs.LostRun):
        work(work.run)  # type: ignore[attr-defined]
    assert (newest(draft).status, ImpactChange.objects.count()) == ("cancelled", 0)


def test_a_run_that_was_cancelled_in_line_is_not_begun(draft: Edition) -> None:
    run = started(draft)
    cancel_run(run=run, by=person("editor"))
    run_impact.func(run.pk)
    assert newest(draft).attempts == 0


def test_a_run_that_kills_its_workers_is_given_up(draft: Edition) -> None:
    run = started(draft)
    half_way(run)
    lose(run)
    ImpactRun.objects.update(attempts=jobs.ATTEMPTS)
    assert requeue() == 0
    assert (newest(draft).status, newest(draft).fault) == ("failed", jobs.KILLER)


def test_a_fault_that_nobody_foresaw_ends_the_run_and_says_so(draft: Edition) -> None:
    run = started(draft)
    with patch.object(impact.bulk.Assessor, "effects", side_effect=ZeroDivisionError):
        run_impact.func(run.pk)
    run = newest(draft)
    assert (run.status, run.changes.count()) == ("failed", 0)
    assert "ZeroDivisionError" in run.fault


def test_a_draft_that_is_deleted_takes_its_run_with_it(draft: Edition) -> None:
    run = started(draft)
    work = half_way(run)
    draft.delete()
    with pytest.raises(jobs.LostRun):
        work(work.run)  # type: ignore[attr-defined]
    connections.close_all()
