"""The text of a file as data, and the line of it that a fault speaks of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from coverage_app.services import yaml_form

from .levels import ImportFault

_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[]+)")


def data_of(text: str) -> Any:
    """The data of a file; raises ``ImportFault`` with line and column."""
    try:
        return yaml_form.load(text)
    except yaml.YAMLError as error:
        raise ImportFault(f"Not readable as YAML: {error}") from error


@contextmanager
def with_line(text: str, root: str = "") -> Iterator[None]:
    """A fault raised inside comes out with the line of ``text`` that its place is on.

    ``root`` is the first word of places that stands for the file itself.
    """
    try:
        yield
    except ImportFault as fault:
        if not fault.where or fault.line:
            raise
        steps = [int(place) if place else key for place, key in _STEP.findall(fault.where)]
        line = yaml_form.line_of(text, steps[1:] if steps[:1] == [root] else steps)
        raise ImportFault(fault.said, fault.where, line) from fault
