"""The picture of a difference in verdicts: bands from what a verdict was to what it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coverage_app.services.report.tags import STANCES, VERDICTS

from .numbers import about

WIDTH = 640
BARS = (190, 440)  # where the bars before and after begin
BAR = 10  # their width
_HEIGHT = 200  # of all bands together; of a single one half as much
_THINNEST = 3
_LABEL = 72  # room for three lines beside a bar
_GAP = 16
_LINES = {
    "physician_review": ("Physician", "review"),
    "governed_elsewhere": ("Other policy", "first"),
    "not_addressed": ("Not", "addressed"),
    "advises_against": ("Advises", "against"),
    "conditions_not_met": ("Conditions", "not met"),
    "undetermined": ("More docu-", "mentation"),
    "no_edition": ("No edition", "on file"),
}
ORDER = tuple(dict.fromkeys([*VERDICTS, *STANCES]))


@dataclass
class _Bar:
    """One verdict on one side; ``filled`` is how far bands have been put on it, from the top."""

    effect: str
    cases: int
    height: float
    top: float = 0
    filled: float = 0

    @property
    def room(self) -> float:
        return max(self.height, _LABEL)


def flow(pairs: Mapping[tuple[str, str], int]) -> dict[str, Any] | None:
    """Bars and bands for the pairs of different effects; None when there are none."""
    changed = {pair: cases for pair, cases in pairs.items() if pair[0] != pair[1] and cases}
    if not changed:
        return None
    total = sum(changed.values())
    full = _HEIGHT if len(changed) > 1 else _HEIGHT // 2
    thick = {pair: max(_THINNEST, full * cases // total) for pair, cases in changed.items()}
    sides = [_bars(changed, thick, side) for side in (0, 1)]
    height = max(_stacked(list(side.values())) for side in sides)
    for side in sides:
        _centered(list(side.values()), height)
    bands = [
        _band(sides[0][pair[0]], sides[1][pair[1]], thick[pair])
        for pair in sorted(changed, key=lambda pair: (ORDER.index(pair[0]), ORDER.index(pair[1])))
    ]
    left, right = ([_shown(bar, BARS[side]) for bar in sides[side].values()] for side in (0, 1))
    return {"width": WIDTH, "height": round(height), "bar": BAR, "bands": bands, "left": left, "right": right}


def _bars(changed: Mapping[tuple[str, str], int], thick: Mapping[tuple[str, str], float], side: int) -> dict[str, _Bar]:
    effects = sorted({pair[side] for pair in changed}, key=ORDER.index)
    return {
        effect: _Bar(
            effect,
            sum(cases for pair, cases in changed.items() if pair[side] == effect),
            sum(width for pair, width in thick.items() if pair[side] == effect),
        )
        for effect in effects
    }


def _stacked(bars: Sequence[_Bar]) -> float:
    return sum(bar.room for bar in bars) + _GAP * (len(bars) - 1)


def _centered(bars: Sequence[_Bar], height: float) -> None:
    """Give each bar its place from the top."""
    at = (height - _stacked(bars)) / 2
    for bar in bars:
        bar.top = at + (bar.room - bar.height) / 2
        at += bar.room + _GAP


def _band(old: _Bar, new: _Bar, thick: float) -> dict[str, Any]:
    start, end, middle = BARS[0] + BAR, BARS[1], (BARS[0] + BAR + BARS[1]) / 2
    a, b = old.top + old.filled, new.top + new.filled
    old.filled += thick
    new.filled += thick
    path = (
        f"M{start} {a:.1f}C{middle} {a:.1f} {middle} {b:.1f} {end} {b:.1f}v{thick}"
        f"C{middle} {b + thick:.1f} {middle} {a + thick:.1f} {start} {a + thick:.1f}z"
    )
    return {"path": path, "effect": new.effect}


def _shown(bar: _Bar, x: int) -> dict[str, Any]:
    tag = VERDICTS.get(bar.effect) or STANCES[bar.effect]
    lines = [*_LINES.get(bar.effect, (tag["label"],)), about(bar.cases)]
    return {
        "effect": bar.effect,
        "x": x,
        "y": round(bar.top, 1),
        "height": round(bar.height, 1),
        "middle": round(bar.top + bar.height / 2, 1),
        "first": f"{0.35 - 0.6 * (len(lines) - 1):.2f}em",
        "lines": lines,
    }
