"""The YAML form of documents: one fixed look, so that exporting what was imported gives the same bytes."""

from typing import Any

import yaml

FLOW_KEYS = frozenset({"sites", "effects", "diagnosis_codes"})


class _FlowList(list[Any]):
    """A list written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _FlowList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def _styled(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return {name: _styled(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return (_FlowList if key in FLOW_KEYS else list)(_styled(item) for item in data)
    return data


def dump(data: dict[str, Any]) -> str:
    """The text of ``data``: keys in their order, nothing wrapped, lists of codes on one line."""
    return yaml.dump(
        _styled(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=False
    )


class _Loader(yaml.SafeLoader):
    """Refuses a repeated key, which plain YAML loading lets the last one win."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
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
    """The data of ``text``; raises ``yaml.YAMLError`` with line and column."""
    try:
        return yaml.load(text, Loader=_Loader)  # a SafeLoader
    except (ValueError, TypeError, RecursionError) as error:  # a number, a key or a depth that PyYAML trips over
        raise yaml.YAMLError(str(error)) from error
