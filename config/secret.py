"""The secret that signs sessions and forms, where the environment names none."""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def secret_key(path: Path) -> str:
    """The key kept in the file `path`; made, readable by its owner alone, where there is none yet.

    Several processes may start at once: the file appears whole or not at all, and the first one stays.
    Raises ImproperlyConfigured where the file can be neither read nor made, or is empty.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"No secret key: {path.name} can be neither read nor made ({error.strerror}). Set SECRET_KEY."
        ) from error
    if not key:
        raise ImproperlyConfigured(f"{path.name} is empty: remove it, and a new key is made, or set SECRET_KEY.")
    return key


def _make(path: Path) -> None:
    """Write a new key beside `path`, then link it there unless another process was first."""
    handle, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 600 from the start
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(get_random_secret_key() + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
