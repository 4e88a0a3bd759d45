"""What changed from one state of an edition to the next, part by part, in words that a page can show."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from .text_marks import Pieces, marked

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NOUNS = {
    "provisions": ("Provision", ("id",)),
    "rows": ("Row", ("id",)),
    "authorization": ("Authorization rule", ("product", "setting")),
    "codes": ("Listed code", ("system", "code")),
    "remarks": ("Remark", ("kind", "title")),
    "golden": ("Golden case", ("name",)),
    "accepted": ("Accepted finding:", ("reason",)),
}
"""How a list of the file is called, and which keys tell its items apart."""
CHECKSUMS = ("accepted", "key")
"""A field that says nothing to people."""

PLACE = re.compile(r"\.(\w+)(?:\[(\d+)\])?")
"""A step down in a place that a fault names: a key, and which of its items."""

Place = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """One field of a part: its text before and after, the differing words marked."""

    field: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True)
class Change:
    """One part that was added, removed, changed or moved."""

    place: str
    what: str
    lines: tuple[Line, ...]


@lru_cache(maxsize=128)
def _parts(content: str) -> Mapping[Place, Mapping[str, str]]:
    """The parts of an edition by section and name, each with its fields as text."""
    data = yaml.load(content, Loader=LOADER) or {}  # a SafeLoader
    found: dict[Place, dict[str, str]] = {("", "Edition"): {}}
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            noun, names = NOUNS.get(key, (_words(key), ()))
            for n, item in enumerate(value, 1):
                label = " ".join(str(item[name]) for name in names if name in item) or str(n)
                place = (key, f"{noun} {label}")
                if place in found:
                    place = (key, f"{noun} {label} ({n})")
                found[place] = dict(_fields({name: one for name, one in item.items() if (key, name) != CHECKSUMS}))
        else:
            found["", "Edition"][_words(key)] = _text(value)
    return found


def called(content: str, where: str) -> str:
    """How people call a place in a content: ``edition.provisions[0].criteria`` is Provision A, criteria."""
    data = yaml.load(content, Loader=LOADER) if where else None  # a SafeLoader
    words = []
    for key, number in PLACE.findall(where):
        items = data.get(key) if isinstance(data, dict) else None
        data = items[int(number)] if number and isinstance(items, list) else items
        if number:
            noun, names = NOUNS.get(key, (_words(key).removesuffix("s"), ()))
            label = " ".join(str(data[name]) for name in names if isinstance(data, dict) and name in data)
            words.append(f"{noun} {label or int(number) + 1}")
        else:
            words.append(_words(key).lower() if words else _words(key))
    return ", ".join(words)


def _fields(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for n, below in enumerate(value, 1):
                for name, text in _fields(below):
                    yield f"{_words(key)} {n}, {name.lower()}", text
        else:
            yield _words(key), _text(value)


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    return str(value)


def changes(before: str, after: str) -> list[Change]:
    """What tells two contents of an edition apart; empty when they say the same."""
    old, new = _parts(before), _parts(after)
    found = []
    for place in [*new, *(place for place in old if place not in new)]:
        lines = tuple(_lines(old.get(place, {}), new.get(place, {})))
        what = "added" if place not in old else "removed" if place not in new else "changed"
        if lines:
            found.append(Change(place[1], what, lines))
    return found + list(_moves(list(old), list(new)))


def summary(before: str, after: str) -> list[Change]:
    """What an edition changes in the text of the one before it.

    Without the day that every edition changes, and without what is inherited (golden cases) or kept beside the text.
    """
    kept = ("Golden case", "Accepted finding")
    found = [change for change in changes(before, after) if not change.place.startswith(kept)]
    return [change for change in found if change.place != "Edition" or any("orce" not in x.field for x in change.lines)]


def _lines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Line]:
    for field in [*new, *(field for field in old if field not in new)]:
        before, after = old.get(field, ""), new.get(field, "")
        if before != after:
            yield Line(field, *marked(before, after))


def _moves(old: list[Place], new: list[Place]) -> Iterator[Change]:
    """Sections whose parts stand in another order, without those that were added or removed."""
    for section in dict.fromkeys(section for section, _ in new):
        before = [name for key, name in old if key == section and (key, name) in new]
        after = [name for key, name in new if key == section and (key, name) in old]
        if before != after:
            noun = NOUNS.get(section, (section, ()))[0]
            short = [", ".join(name.removeprefix(noun).strip() for name in names) for names in (before, after)]
            yield Change(f"{noun}s", "moved", (Line("Order", *marked(*short)),))
