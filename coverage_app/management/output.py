"""Where commands write: a file, whole or not at all, or standard output, as long as somebody listens."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol


class Flushed(Protocol):
    """What holds back a part of what is written to it."""

    def flush(self) -> None: ...


@contextmanager
def replaced(name: str) -> Iterator[IO[str]]:
    """The file under another name beside it, which takes its place at the end; on any fault it is as it was.

    It may be read by whom the file before could be read; a link stays a link, and a device is written to as it is.
    Raises OSError.
    """
    out = Path(os.path.realpath(name))
    if out.exists() and not out.is_file():
        with open(out, "w", encoding="utf-8", newline="") as device:
            yield device
        return
    part = out.with_name(f".{secrets.token_hex(8)}.part")
    mode = out.stat().st_mode & 0o777 if out.exists() else None
    try:
        with open(part, "x", encoding="utf-8", newline="", opener=_opener(0o666 if mode is None else mode)) as target:
            yield target
        if mode is not None:
            part.chmod(mode)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _opener(mode: int) -> Callable[[str, int], int]:
    return lambda path, flags: os.open(path, flags, mode)


@contextmanager
def while_heard(stream: Flushed) -> Iterator[None]:
    """Writing to standard output, here ``stream``, ends without a fault once nobody reads it any more."""
    try:
        yield
        stream.flush()
    except BrokenPipeError:  # whoever read the output has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
