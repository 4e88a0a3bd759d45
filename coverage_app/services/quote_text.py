"""Finding a quote in the text of a document: the same words and punctuation, however its lines were broken.

What a page's layout brings in does not count: white space, hyphens that a line end made, bullets before a line,
footnote numbers set high, ligatures. All else has to stand there as it is quoted, typographic quotation marks too,
and what the quote sets apart never stands inside a word of the text.
"""

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

LEFT_OUT = "[...]"
TRIES = 1000  # places that are looked at for one part of a quote
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_HYPHENS = frozenset("-\u2010\u2011")
_HIGH = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_BULLETS = frozenset("-–—•▪◦●■*·‣\uf0b7\uf0a7")
_LOOSE = _HYPHENS | _HIGH | _BULLETS  # left out to find a place; looked at again there
_WORD = re.compile(r"\S+")
_USUAL = 200  # a word that stands so often says nothing of where a quote belongs


@dataclass(frozen=True)
class Folded:
    """A text without white space. ``places`` says where in the text each of ``letters`` stands.

    ``optional``: those that layout may have brought in. ``bare`` holds the letters without ``_LOOSE`` ones, and
    ``index`` where each of these stands in ``letters``.
    """

    text: str
    letters: str
    places: "array[int]"
    optional: frozenset[int]
    bare: str
    index: "array[int]"

    def is_apart(self, at: int) -> bool:
        """Whether white space stands before the letter ``at`` and after another one."""
        return at > 0 and any(self.text[n].isspace() for n in range(self.places[at - 1] + 1, self.places[at]))


@dataclass(frozen=True)
class Nearest:
    """The passage of a text that is most like a quote: pieces (words, whether they differ), of both."""

    quote: tuple[tuple[str, bool], ...]
    passage: tuple[tuple[str, bool], ...]


@lru_cache(maxsize=4)
def _folded_whole(text: str) -> Folded:
    return folded(unified(text))


def folded(text: str) -> Folded:
    """The text made ready for finding quotes in it."""
    letters: list[str] = []
    places = array("I")
    optional: set[int] = set()
    line_is_new = True
    for place, character in enumerate(text):
        if character.isspace():
            line_is_new = line_is_new or character in "\n\r\f\v\u2028\u2029"
            continue
        if character in _UNSEEN:
            continue
        if _is_layout(text, place, line_is_new):
            optional.add(len(letters))
        line_is_new = line_is_new and character in _BULLETS
        for letter in _LIGATURES.get(character, "-" if character in _HYPHENS else character):
            letters.append(letter)
            places.append(place)
    kept = array("I", (n for n, letter in enumerate(letters) if letter not in _LOOSE))
    bare = "".join(letters[n] for n in kept)
    return Folded(text, "".join(letters), places, frozenset(optional), bare, kept)


def _is_layout(text: str, place: int, line_is_new: bool) -> bool:
    character, after = text[place], text[place + 1 : place + 40]
    if character in _HIGH or (character == "*" and "*" in (text[place - 1 : place], after[:1])):
        return True  # footnotes, and **words** of a text that was marked up
    if line_is_new and character in _BULLETS and (after[:1].isspace() or after[:1] in _BULLETS):
        return True
    return character in _HYPHENS and re.match(r"[ \t]*[\r\n]", after) is not None


def find_quote(quote: str, text: str) -> list[tuple[int, int]]:
    """Where the quote stands in the text: from and to of each of its parts, in order; empty when it does not."""
    whole = _folded_whole(text)
    found: list[tuple[int, int]] = []
    start = 0
    for part in parts_of(quote):
        place = _find(folded(part), whole, start)
        if place is None:
            return []
        first, start = place
        found.append((whole.places[first], whole.places[start - 1] + 1))
    return found


def parts_of(quote: str) -> list[str]:
    """The parts of a quote, between which something was left out."""
    return [part.strip() for part in unified(quote).split(LEFT_OUT) if part.strip()]


def unified(text: str) -> str:
    """The text with each accented letter as one character."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _find(part: Folded, whole: Folded, start: int) -> tuple[int, int] | None:
    """From and to among the letters of the whole, not before ``start``."""
    if not part.bare:
        return None
    lead = part.index[0]
    at = -1
    for _ in range(TRIES):
        at = whole.bare.find(part.bare, at + 1)
        if at < 0:
            return None
        if whole.index[at] < start:
            continue
        for first in {whole.index[at] - lead, whole.index[at]}:
            if first >= start and (end := _agrees(part, whole, first)) is not None:
                return first, end
    return None


def _agrees(part: Folded, whole: Folded, first: int) -> int | None:
    """Where the part ends when it stands at ``first``, whole words and all; None when it does not."""
    at = first
    apart = False
    for n, letter in enumerate(part.letters):
        apart = apart or (part.is_apart(n) and not _breaks_a_word(part, n - 1))
        while at < len(whole.letters) and whole.letters[at] != letter and at in whole.optional:
            at += 1
        if at < len(whole.letters) and whole.letters[at] == letter:
            if apart and at > first and _is_inside_a_word(whole, at):
                return None
            apart = False
            at += 1
        elif n not in part.optional or letter in _HIGH:
            return None
    return at if _is_edge(whole, first) and _is_edge(whole, at) else None


def _is_edge(whole: Folded, at: int) -> bool:
    """Whether no word runs on across the place before the letter ``at``."""
    if at <= 0 or at >= len(whole.letters):
        return True
    if _breaks_a_word(whole, at - 1) or _breaks_a_word(whole, at):
        return False
    apart = whole.places[at] - whole.places[at - 1] > 1
    return apart or at in whole.optional or not (whole.letters[at - 1].isalnum() and whole.letters[at].isalnum())


def _is_inside_a_word(whole: Folded, at: int) -> bool:
    """Whether the letter ``at`` goes on with a word: no white space, hyphen, punctuation or layout stands before it."""
    if at in whole.optional or at - 1 in whole.optional or whole.is_apart(at):
        return False
    return whole.letters[at - 1].isalnum() and whole.letters[at].isalnum()


def _breaks_a_word(whole: Folded, at: int) -> bool:
    """Whether the letter is a hyphen that the end of a line put into a word."""
    return (
        whole.letters[at] == "-"
        and at in whole.optional
        and at > 0
        and whole.letters[at - 1].isalnum()
        and whole.places[at] - whole.places[at - 1] == 1
    )


def nearest(quote: str, text: str) -> Nearest | None:
    """The passage most like the first part of the quote that does not stand in the text; None when nothing is."""
    missing = next((part for part in parts_of(quote) if not find_quote(part, text)), quote)
    wanted = missing.split()
    words, where = _words(text)
    votes: Counter[int] = Counter()
    for place, word in enumerate(wanted):
        if len(found := where.get(_core(word), ())) <= _USUAL:
            votes.update(n - place for n in found)
    if not votes:
        return None
    start = max(votes, key=lambda place: (_near(votes, place), -place))
    if _near(votes, start) < min(3, len(wanted)):
        return None
    slack = 4 + len(wanted) // 4
    low = max(0, start - slack)
    return _compared(wanted, words[low : start + len(wanted) + slack])


def _near(votes: Counter[int], start: int) -> int:
    return sum(votes[start + shift] for shift in range(-3, 4))


@lru_cache(maxsize=4)
def _words(text: str) -> tuple[list[str], dict[str, list[int]]]:
    words = _WORD.findall(text)
    where: dict[str, list[int]] = {}
    for n, word in enumerate(words):
        where.setdefault(_core(word), []).append(n)
    return words, where


def _core(word: str) -> str:
    return word.strip(".,;:()[]“”\"'’*").lower()


def _compared(wanted: Sequence[str], words: Sequence[str]) -> Nearest:
    blocks = [b for b in SequenceMatcher(None, wanted, words, autojunk=False).get_matching_blocks() if b.size]
    if not blocks:
        return Nearest(((" ".join(wanted), True),), ((" ".join(words), True),))
    first, last = blocks[0], blocks[-1]
    low = max(0, first.b - first.a)  # as many words before and after as the quote has there
    high = min(len(words), last.b + last.size + len(wanted) - last.a - last.size)
    quote = _pieces(wanted, {n for b in blocks for n in range(b.a, b.a + b.size)}, 0, len(wanted))
    passage = _pieces(words, {n for b in blocks for n in range(b.b, b.b + b.size)}, low, high)
    return Nearest(quote, passage)


def _pieces(words: Sequence[str], same: Iterable[int], low: int, high: int) -> tuple[tuple[str, bool], ...]:
    same = frozenset(same)
    pieces: list[tuple[list[str], bool]] = []
    for n in range(low, high):
        differs = n not in same
        if not pieces or pieces[-1][1] is not differs:
            pieces.append(([], differs))
        pieces[-1][0].append(words[n])
    return tuple((" ".join(run), differs) for run, differs in pieces)
