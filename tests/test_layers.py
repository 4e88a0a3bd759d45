"""The one direction of imports: rules <- models <- services <- web, admin, commands."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = "coverage_app"

# room: the rooms of the app that it may import (itself always)
ROOMS: dict[str, set[str]] = {
    "rules": set(),
    "models": {"rules"},
    "services": {"models", "rules"},
    "web": {"services", "models", "rules"},
    "admin": {"services", "models", "rules"},
    "management": {"services", "models", "rules"},
    "templatetags": {"web", "services", "models", "rules"},
    "migrations": {"models", "rules"},
    "apps": {"models"},
}


def imported(source: str, module: str) -> Iterator[str]:
    """Every module that `source`, the text of the module `module`, imports; inside functions too."""
    package = module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in {"import_module", "__import__"}:
                yield str(node.args[0].value)


def faults(source: str, module: str) -> list[str]:
    """What is wrong with the imports of `module`, whose text is `source`."""
    return [said for name in imported(source, module) if (said := _fault(module, name))]


def _fault(module: str, name: str) -> str | None:
    room, (top, *below) = module.split(".")[1], name.split(".")
    if top in {"tests", "config"}:
        return f"{module} imports {name}: the app knows neither its tests nor its settings' file"
    if top == APP and below and below[0] not in ROOMS[room] | {room}:
        return f"{module} imports {name}: {room} may not import {below[0]}"
    if room == "rules" and top != APP and not _allowed_in_rules(module, top):
        return f"{module} imports {name}: the rules know the standard library and lark alone"
    return None


def _allowed_in_rules(module: str, top: str) -> bool:
    return top in sys.stdlib_module_names or top == "lark" or (top == "numpy" and module.endswith(".batch"))


def modules() -> Iterator[tuple[str, str]]:
    """Each module of the app by its dotted name, with its text."""
    for path in sorted((ROOT / APP).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if name != f"{APP}.__init__":
            yield name, path.read_text(encoding="utf-8")


def test_imports_go_one_way_only() -> None:
    assert [fault for name, source in modules() for fault in faults(source, name)] == []


def test_every_room_is_known() -> None:
    assert {name.split(".")[1] for name, _ in modules()} <= set(ROOMS)


def test_the_diagnosis_codes_are_read_in_one_place() -> None:
    users = [
        name
        for name, source in modules()
        if any(module.split(".")[0] == "simple_icd_10_cm" for module in imported(source, name))
    ]
    assert len(users) <= 1, users


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("coverage_app.rules.verdict", "from django.db import models"),
        ("coverage_app.rules.verdict", "def f():\n    from coverage_app.models import Case"),
        ("coverage_app.rules.verdict", "from ..models import Case"),
        ("coverage_app.rules.verdict", "import numpy"),
        ("coverage_app.rules.verdict", "import importlib\nimportlib.import_module('django.db')"),
        ("coverage_app.models.cases", "from coverage_app import services"),
        ("coverage_app.services.cases", "import coverage_app.web.urls"),
        ("coverage_app.services.cases", "from django.conf import settings\nfrom config import settings"),
        ("coverage_app.web.urls", "from coverage_app.admin import documents"),
        ("coverage_app.management.commands.assess", "from coverage_app.web import forms"),
    ],
)
def test_it_sees_an_import_in_the_wrong_direction(module: str, source: str) -> None:
    assert len(faults(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "coverage_app.rules.verdict",
            "from decimal import Decimal\nfrom lark import Lark\nfrom . import truth",
        ),
        ("coverage_app.rules.batch", "import numpy as np"),
        ("coverage_app.models.__init__", "from .cases import Case"),
        (
            "coverage_app.services.cases",
            "from coverage_app.models import Case\nfrom ..rules.verdict import assess",
        ),
    ],
)
def test_it_lets_the_right_direction_pass(module: str, source: str) -> None:
    assert faults(source, module) == []
