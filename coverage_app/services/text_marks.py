"""Two texts word by word: which words stand in one of them only."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 1_000
"""Longer texts, in words, are compared as a whole: the work grows with the product of their lengths."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool


Pieces = tuple[Piece, ...]


def marked(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces, which put together give them again. Bounded: see ``MOST``."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) > MOST:
        blocks = [("replace", 0, len(middle_old), 0, len(middle_new))]
    else:
        blocks = list(SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes())
    first, second = [_piece(old[:head], False)], [_piece(new[:head], False)]
    for kind, a, b, c, d in blocks:
        first.append(_piece(middle_old[a:b], kind != "equal"))
        second.append(_piece(middle_new[c:d], kind != "equal"))
    first.append(_piece(old[len(old) - tail :], False))
    second.append(_piece(new[len(new) - tail :], False))
    return tuple(p for p in first if p.text), tuple(p for p in second if p.text)


def _alike(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    shorter = min(len(old), len(new))
    return next((n for n in range(shorter) if old[n] != new[n]), shorter)


def _piece(words: list[str], differs: bool) -> Piece:
    return Piece("".join(words), differs)
