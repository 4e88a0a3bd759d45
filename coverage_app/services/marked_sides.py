"""Two texts beside each other, the words that differ marked in runs that a reader can follow."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .text_marks import Piece, Pieces, marked

_LIKE = 0.25  # texts that share less than this are shown as one taken out and another put in


@dataclass(frozen=True)
class Marked:
    """The older and the newer text in pieces. ``whole``: both have words, and no two of them were matched."""

    before: Pieces
    after: Pieces

    @property
    def changed(self) -> bool:
        """Whether anything but white space differs."""
        return any(piece.differs for piece in (*self.before, *self.after))

    @property
    def whole(self) -> bool:
        pieces = (*self.before, *self.after)
        return bool(self.before and self.after) and all(piece.differs for piece in pieces)


def mark(before: str, after: str) -> Marked:
    """The words of two texts that differ. White space alone makes no difference."""
    if before.split() == after.split():
        return Marked(_pieces([(before, False)]), _pieces([(after, False)]))
    old, new = marked(before, after)
    kept = [piece.text for piece in old if not piece.differs]
    stays = [_is_worth_it(text) or n in (0, len(kept) - 1) for n, text in enumerate(kept)]
    together = sum(2 * len(text) for text, stay in zip(kept, stays, strict=True) if stay)
    if together < _LIKE * (len(before) + len(after)):
        stays = [False] * len(kept)
    return Marked(_pieces(_smoothed(old, stays)), _pieces(_smoothed(new, stays)))


def _is_worth_it(text: str) -> bool:
    """Whether a shared run is worth interrupting a changed one for: a comma, an "or" between two changes is not."""
    return any(len(word) > 2 for word in re.findall(r"\w+", text))


def _smoothed(pieces: Pieces, stays: list[bool]) -> Iterator[tuple[str, bool]]:
    shared = iter(stays)
    for piece in pieces:
        yield piece.text, piece.differs or not next(shared)


def _pieces(runs: Iterable[tuple[str, bool]]) -> Pieces:
    """Neighbors of one kind joined; the space around a change is not marked with it."""
    joined: list[list[str | bool]] = []
    for text, differs in runs:
        if joined and joined[-1][1] is differs:
            joined[-1][0] = f"{joined[-1][0]}{text}"
        else:
            joined.append([text, differs])
    return tuple(piece for text, differs in joined for piece in _bare(str(text), bool(differs)) if piece.text)


def _bare(text: str, differs: bool) -> tuple[Piece, ...]:
    bare = text.strip()
    if not differs or not bare:
        return (Piece(text, False),)
    start = text.index(bare)
    return Piece(text[:start], False), Piece(bare, True), Piece(text[start + len(bare) :], False)
