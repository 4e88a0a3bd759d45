"""The fields of a Word document: what each would do, read by its own code wherever it begins and ends.

A field is begun, separated from its result and ended by marks that may lie in several paragraphs, and holds others. So
a part is read through in order. What stands inside an element that is not Word's own (an alternative for older readers,
an extension) is read by itself: Word may pass it over, and the words left would join to another code.
"""

from collections.abc import Iterator, Mapping
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME"}
CODE = ("instrText", "delInstrText")
OF_FIELDS = ("fldChar", "fldSimple", *CODE)
TEXT = (f"{W}t", f"{W}delText")  # between a field's begin and its result it is code too
TRACKED = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
NESTED = "\ufffc"  # stands in a code for what another field puts there


class _Reading:
    """The codes of one stretch of a part; ``open`` holds the fields that have begun, each until its end."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.open: list[list[str] | None] = []  # the pieces of its code; None once its result has begun

    def mark(self, kind: str) -> None:
        if kind == "end":
            self._coded()
            del self.open[-1:]
        elif kind == "separate":
            self._coded()
        else:
            self.add(NESTED)
            self.open.append([])

    def _coded(self) -> None:
        """The innermost field's code is read to its end."""
        if self.open and self.open[-1] is not None:
            self.codes.append("".join(self.open[-1]))
            self.open[-1] = None

    def add(self, text: str) -> bool:
        """Whether the innermost field took the text as a piece of its code."""
        if not self.open or self.open[-1] is None:
            return False
        self.open[-1].append(text)
        return True

    def all(self) -> list[str]:
        """Every code, also of fields that do not end."""
        return [*self.codes, *("".join(pieces) for pieces in self.open if pieces is not None)]


class _Around(dict[Any, tuple[Any, bool]]):
    """Of an element: the innermost one around its content that is not Word's own, and if a tracked change is around."""

    def __missing__(self, element: Any) -> tuple[Any, bool]:
        realm, tracked = self[element.getparent()]  # as deep as lxml reads: 256
        self[element] = (realm if element.tag.startswith(W) else element, tracked or element.tag in TRACKED)
        return self[element]


def field_faults(parts: Mapping[str, Any]) -> list[str]:
    """Fields that fetch something, run something, or are not written as Word writes them, each with its part."""
    return [f"{name}: {fault}" for name, root in parts.items() for fault in _faults(root)]


def _faults(root: Any) -> Iterator[str]:
    readings: dict[Any, _Reading] = {}
    around = _Around({None: (None, False)})
    for node in root.iter(*(f"{{*}}{name}" for name in OF_FIELDS), *TEXT):
        kind = node.tag.rpartition("}")[2]
        if not node.tag.startswith(W):
            yield f"a field ({kind}) in a form that Word does not write is not taken. Put text in its place."
            continue
        realm, tracked = around[node.getparent()]
        if tracked and node.tag not in TEXT:
            yield "a field stands in a tracked change: accept or reject the change."
        _read(readings.setdefault(realm, _Reading()), kind, node)
    for reading in readings.values():
        for code in reading.all():
            if _word(code) not in FIELDS:
                yield f"the field {_named(code)} is not taken. Put text in its place."


def _read(reading: _Reading, kind: str, node: Any) -> None:
    if kind == "fldChar":
        reading.mark(node.get(f"{W}fldCharType", ""))
    elif kind == "fldSimple":
        reading.add(NESTED)
        reading.codes.append(node.get(f"{W}instr", ""))
    else:
        text = "".join(node.xpath("text()"))  # what follows a comment in it too
        if not reading.add(text) and kind in CODE and text.strip():
            reading.codes.append(text)  # code that belongs to no field yet


def _word(code: str) -> str:
    return (code.split() or [""])[0].upper()


def _named(code: str) -> str:
    return _word(code).replace(NESTED, "")[:30] or "without a name"
