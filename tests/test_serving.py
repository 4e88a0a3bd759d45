"""`make run` keeps the web server and the worker for background jobs together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import psutil
import pytest

from tests.services.impacts import ROOT, environment, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.waits]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving() -> Iterator[tuple["subprocess.Popen[bytes]", Callable[[], psutil.Process | None]]]:
    """The server on the test's database, and what finds its worker."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "python:config.serving", "--bind", address,
    ]  # fmt: skip
    env = environment() | {"DEBUG": "1"}  # no static files are collected for a test
    with subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True) as server:
        family = psutil.Process(server.pid)

        def worker() -> psutil.Process | None:
            return next(filter(is_worker, family.children()), None)

        try:
            until(lambda: answers(address))
            yield server, worker
        finally:
            left = [family, *family.children(recursive=True)] if family.is_running() else []
            for process in left:
                process.kill()


def is_worker(process: psutil.Process) -> bool:
    try:
        return "worker" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


def answers(address: str) -> bool:
    try:
        with urlopen(f"http://{address}/sign-in/") as response:  # our own address
            return bool(response.status == 200)
    except OSError:
        return False


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_killed_worker_is_started_again_and_goes_with_the_server() -> None:
    with serving() as (server, worker):
        first = until(worker)
        assert not [each for each in first.net_connections("inet") if each.status == psutil.CONN_LISTEN]
        first.kill()
        second = until(lambda: (found := worker()) and found.pid != first.pid and found)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        assert gone(second)


def test_ctrl_c_for_all_at_once_leaves_nobody_behind() -> None:
    with serving() as (server, worker):
        family = [until(worker), *psutil.Process(server.pid).children(recursive=True)]
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(20) == 0
        until(lambda: all(map(gone, family)))


def test_a_killed_server_leaves_no_worker_behind() -> None:
    with serving() as (server, worker):
        family = [until(worker), *psutil.Process(server.pid).children(recursive=True)]
        server.kill()
        server.wait()
        until(lambda: all(map(gone, family)))
