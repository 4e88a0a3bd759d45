"""How gunicorn serves the desk: `gunicorn --config python:config.serving`. It keeps a worker for background jobs too.

gunicorn restarts its own processes; the hooks below do the same for `manage.py worker`, and stop it with the server.
Killed itself, the server leaves nothing behind: all its processes end once their parent is gone.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

workers = 2
threads = 4
loglevel = "warning"
control_socket_disable = True

WORKER = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py"), "worker"]
STEADY = 10.0  # seconds that a worker has to live for the next one to be started at once
PATIENCE = 30.0  # the longest pause between two starts
FAREWELL = 10.0  # seconds for a worker to leave its job at a checkpoint


class JobWorker:
    """The process that carries out background jobs: started again whenever it ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def keep(self, log: Any) -> None:
        """Start it, wait for its end, start it again; the pause grows while it keeps ending at once."""
        pause = 0.5
        while process := self._start():
            began = time.monotonic()
            process.wait()
            pause = 1.0 if time.monotonic() - began > STEADY else min(pause * 2, PATIENCE)
            if self._closing.wait(pause):
                return
            log.warning("The worker for background jobs had ended; another is started.")

    def _start(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._closing.is_set():
                return None
            command = [*WORKER, "--parent", str(os.getpid())]
            # With close_fds Python forks, and waits on a pipe for the new program to begin; gunicorn's own workers,
            # forked at that moment, would hold that pipe open for good. Without, the process is spawned.
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)
            return self._process

    def close(self) -> None:
        """Ask it to end, and see that it does."""
        with self._lock:
            self._closing.set()
            process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()


_worker = JobWorker()


def when_ready(server: Any) -> None:
    """The port is ours, and not the worker's: start it."""
    for listener in server.LISTENERS:
        listener.sock.set_inheritable(False)
    threading.Thread(target=_worker.keep, args=[server.log], daemon=True).start()


def on_exit(server: Any) -> None:
    """The server has stopped: so does the worker."""
    _worker.close()
