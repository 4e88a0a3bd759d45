"""`manage.py assess` as the tests call it: a file's text in, what it writes out."""

import json
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

Assess = Callable[..., list[dict[str, Any]]]
Refused = Callable[..., list[str]]


@pytest.fixture
def case_file(db: None, tmp_path: Path) -> Callable[[str | bytes, str], str]:
    """`case_file(text, name)` is the path of a new file; the full database is there."""

    def write(text: str | bytes, name: str) -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.fixture
def deaf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """A standard output that nobody listens to any more."""

    class Deaf(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with open(tmp_path / "stdout", "w") as out:  # whose number leads nowhere afterwards
        monkeypatch.setattr(sys, "stdout", out)
        yield Deaf()


@pytest.fixture
def assess(case_file: Callable[[str | bytes, str], str]) -> Assess:
    """`assess(text, "--payer", "nia", name="cases.csv")` is what is written, object by object, without a fault."""

    def run(text: str | bytes, *arguments: str, name: str = "cases.csv") -> list[dict[str, Any]]:
        out, err = StringIO(), StringIO()
        call_command("assess", case_file(text, name), *arguments, stdout=out, stderr=err)
        assert err.getvalue() == ""
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return run


@pytest.fixture
def refused(case_file: Callable[[str | bytes, str], str]) -> Refused:
    """`refused(text)` is the lines of standard error, with exit status 2 and nothing on standard output."""

    def run(text: str | bytes, *arguments: str, name: str = "cases.csv") -> list[str]:
        out, err = StringIO(), StringIO()
        with pytest.raises(SystemExit) as exit_:
            call_command("assess", case_file(text, name), *arguments, stdout=out, stderr=err)
        assert exit_.value.code == 2
        assert out.getvalue() == ""
        return err.getvalue().splitlines()

    return run
