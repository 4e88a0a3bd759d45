"""The YAML form of documents: one fixed look, so that exporting what was imported gives the same bytes."""

import hashlib
from collections.abc import Sequence
from typing import Any

import yaml
from yaml.composer import Composer

FLOW_KEYS = frozenset({"sites", "effects", "diagnosis_codes", "answers"})
"""What stands under these keys is written on one line."""
LITERAL_KEYS = frozenset({"text"})
"""Text of several lines under these keys is written as it reads, line by line."""

LENGTH_LIMIT = 10_000_000
NODES_LIMIT = 100_000
DEPTH_LIMIT = 30


class _FlowList(list[Any]):
    """A list written on one line."""


class _FlowDict(dict[str, Any]):
    """Keys and values written on one line."""


class _Literal(str):
    """Text written line by line."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _FlowList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)
_Dumper.add_representer(
    _FlowDict, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    _Literal, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|")
)


def _styled(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return (_FlowDict if key in FLOW_KEYS else dict)((name, _styled(value, name)) for name, value in data.items())
    if isinstance(data, list):
        return (_FlowList if key in FLOW_KEYS else list)(_styled(item) for item in data)
    if key in LITERAL_KEYS and isinstance(data, str) and "\n" in data:
        return _Literal(data)
    return data


def dump(data: dict[str, Any]) -> str:
    """The text of ``data``: keys in their order, nothing wrapped, lists of codes on one line."""
    return yaml.dump(
        _styled(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=False
    )


def checksum(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class _Loader(Composer, yaml.CSafeLoader):  # parsed in C, but composed here, node by node
    """Refuses what plain YAML loading lets pass: a repeated key, of which the last one would win; aliases, with which
    a small file stands for an endless one; more nodes, or deeper ones, than any document has.
    """

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)
        self.nodes = self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        mark: Any = self.peek_event().start_mark  # type: ignore[union-attr]  # the stream's end is asked for before
        self.nodes += 1
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not taken in: write it out", mark)
        if self.nodes > NODES_LIMIT or self.depth > DEPTH_LIMIT:
            limit = f"more than {NODES_LIMIT} values" if self.nodes > NODES_LIMIT else f"over {DEPTH_LIMIT} levels deep"
            raise yaml.composer.ComposerError(None, None, limit, mark)
        self.depth += 1
        try:
            node: yaml.Node | None = super().compose_node(parent, index)
        finally:
            self.depth -= 1
        return node


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            raise yaml.constructor.ConstructorError(None, None, "<< is not taken in: write it out", key.start_mark)
        name = loader.construct_object(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {name} stands twice", key.start_mark)
        seen.add(name)
    return loader.construct_mapping(node, deep=True)


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, f"{node.value}: {error}", node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def load(text: str) -> Any:
    """The data of ``text``; raises ``yaml.YAMLError``, whose text is one line with line and column."""
    if len(text) > LENGTH_LIMIT:
        raise yaml.YAMLError(f"{len(text)} characters; at most {LENGTH_LIMIT} are read")
    try:
        return yaml.load(text, Loader=_Loader)  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        raise yaml.YAMLError(_one_line(error)) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        # characters that no YAML holds; a number, a key or a depth that PyYAML trips over
        raise yaml.YAMLError(" ".join(str(error).split())[:300]) from error


def _one_line(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(str(part)[:200] for part in (error.context, error.problem) if part)
    return " ".join((f"line {mark.line + 1}, column {mark.column + 1}: {said}" if mark else said).split())


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line of ``text``, from 1, on which the value at ``path`` stands, or the innermost above it that is there.

    ``path`` holds keys, and the places in lists. None when ``text`` does not read.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    if node is None:
        return None
    line = node.start_mark.line + 1
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        node, line = below
    return line


def _below(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None
