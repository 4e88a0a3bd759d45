"""Says in plain words that a port cannot be had, before anything is started: `python -m config.port 8000`."""

import socket
import sys


def problem(port: str) -> str | None:
    """Why nothing can be served on 127.0.0.1 at `port`; None if it can."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return f"PORT={port} is not a port: give a number from 1 to 65535."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            return f"Port {port} cannot be used ({error.strerror}). Try another: make run PORT=8765"
    return None


if __name__ == "__main__":
    sys.exit(problem(sys.argv[1]))
