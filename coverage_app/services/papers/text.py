"""Text that people typed, made fit for paper; dates and documents in words."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from coverage_app.services.report.words import day

INSTEAD = "□"
INSTEAD_NOTE = "□ stands for a character that is not in the fonts of this paper."
RECORDED = "As recorded by us"
NOTHING = "Nothing on file"
NO_CATEGORY = {"NA": "no category given"}

# What the fonts of the summary hold (Inter as cut in fonts/, and the typst package's own), found by trying; anything
# else keeps a PDF/UA document from being written. No combining marks: those that matter are composed beforehand.
_HELD = (
    "\x20-\x7e\xa0-\xac\xae-\u024f"  # Latin
    "\u0391-\u03a1\u03a3-\u03ce\u0400-\u0482\u048a-\u04ff"  # Greek, Cyrillic
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0660-\u0669\u06f0-\u06f9"  # Hebrew, Arabic
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u2052\u20a0-\u20bf\u2100-\u211e\u2190-\u22ff\u2500-\u25ff"
)
_NOT_HELD = re.compile(f"[^{_HELD}]+")
# Formatting characters can turn the text that follows around, or hide some; the joiners stay for the scripts that need
# them. Halves of characters and non-characters are not text at all: XML refuses them.
_HIDDEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")


def clean(text: object) -> str:
    """One line of text without control characters, composed (NFC)."""
    shown = _HIDDEN.sub("", str(text if text is not None else ""))
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", shown)).strip()


def _clean_lines(text: str) -> str:
    """The same with its lines and its outer white space kept: policy text is quoted as it stands."""
    return unicodedata.normalize("NFC", _CONTROL_IN_LINES.sub(" ", _HIDDEN.sub("", text.replace("\r\n", "\n"))))


def clean_all(data: Any) -> Any:
    """The same data with no control characters in any text of it; lines and quotes stay as they are."""
    if isinstance(data, str):
        return _clean_lines(data)
    if isinstance(data, Mapping):
        return {key: clean_all(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [clean_all(item) for item in data]
    return data


def held(text: str) -> str:
    """The text with a box for each stretch of characters that the summary's fonts do not hold."""
    return _NOT_HELD.sub(lambda found: INSTEAD if found.group().strip("\u200c\u200d\ufe0f\ufe0e") else "", text)


def iso_day(text: str | None) -> str:
    """``1 Oct 2023`` for ``2023-10-01``; text that is no date stands as it is."""
    try:
        return day(dt.date.fromisoformat(text or ""))
    except ValueError:
        return text or ""


def row_source(row: Mapping[str, Any]) -> str:
    """Whose recommendation a row is, in which version: ``NCCN, version 3.2023, category 2A``."""
    society, version, category = row["society"], row["version"], row["category"]
    if category[:1].isdigit():
        category = f"category {category}"
    if version:
        society = f"{re.sub(r' [0-9]{4}$', '', society)}, version {version}"
    return ", ".join(filter(None, [society, NO_CATEGORY.get(category, category)]))


def cited_as(row: Mapping[str, Any]) -> str:
    """Return a row's source with the place that it is quoted from: ``NCCN, …, as summarized in …, Table 2``."""
    place = str(row["locator"])
    return ", ".join(filter(None, [row_source(row), place[:1].lower() + place[1:]]))


def rests_on(rests: Mapping[str, Any] | None, *, note: bool = False) -> str:
    """A document of the chart in a line, ``Pathology report, 3 Mar 2024, page 2``; "" for none.

    The note is the desk's own: it stands in papers that stay in the house.
    """
    if not rests:
        return ""
    place = clean(rests.get("place"))
    where = f"page {place}" if place.isdecimal() else place
    parts = [rests.get("document"), iso_day(rests.get("dated")), where, rests.get("note") if note else ""]
    return ", ".join(clean(part) for part in parts if part)
