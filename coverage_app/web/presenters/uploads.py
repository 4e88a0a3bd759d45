"""What the pages of uploads show: where one stands, its faults line by line, and its verdicts as a picture."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coverage_app.models import Upload, UploadRow
from coverage_app.services.report.tags import NO_PAYER, VERDICTS, Tag
from coverage_app.services.uploads import is_ready
from coverage_app.services.uploads.results import Tally

BAR = 96  # width of a bar in the picture
NO_SITE = "Not documented yet"
NOT_CHOSEN = "No payer yet"
ORDER = (*VERDICTS, "")


def state_of(upload: Upload) -> str:
    """Where it stands: "open", "stopped", "failed", "faulty", "ready" or "stored"."""
    if upload.is_open:
        return "open"
    if upload.status in (Upload.Status.CANCELLED, Upload.Status.FAILED):
        return "stopped" if upload.status == Upload.Status.CANCELLED else "failed"
    if upload.step == Upload.Step.STORE:
        return "stored"
    return "ready" if is_ready(upload) else "faulty"


def words_of(upload: Upload) -> tuple[str, str, str]:
    """The same for the list: in words, with their tone and icon."""
    checking = upload.step == Upload.Step.CHECK
    cases = f"{upload.rows:,} case{'' if upload.rows == 1 else 's'}"
    return {
        "open": ("Being checked" if checking else f"Being stored: {upload.done:,} of {cases}", "open", "open"),
        "stopped": ("Check stopped" if checking else f"Stopped: {upload.done:,} of {cases} stored", "review", "warn"),
        "failed": ("Check failed" if checking else f"Failed: {upload.done:,} of {cases} stored", "invest", "warn"),
        "faulty": ("Faults, nothing stored", "invest", "invest"),
        "ready": (f"Checked: {cases} to store", "open", "elsewhere"),
        "stored": (f"{cases[0].upper()}{cases[1:]} stored", "met", "met"),
    }[state_of(upload)]


@dataclass(frozen=True)
class FaultLine:
    """One fault, in text; blank is what is not known."""

    line: str
    column: str
    message: str
    hint: str


def whole_faults(upload: Upload) -> list[FaultLine]:
    """What is wrong with the file as a whole."""
    found = [each for each in upload.faults if "message" in each]
    return [_fault(f"{each['line']:,}" if each.get("line") else "", each) for each in found]


def notes(upload: Upload) -> list[str]:
    """What is to be told of the file although nothing is wrong with it."""
    return [each["note"] for each in upload.faults if "note" in each]


def fault_lines(rows: Iterable[UploadRow]) -> list[FaultLine]:
    """The faults of some rows."""
    return [_fault(f"{row.line:,}", each) for row in rows for each in row.faults]


def _fault(line: str, data: dict[str, str]) -> FaultLine:
    return FaultLine(line, data.get("column", ""), data["message"], data.get("hint", ""))


@dataclass
class Segment:
    """A part of a bar: one verdict's share."""

    tag: Tag
    cases: int
    x: float = 0
    width: float = 0


@dataclass
class Cell:
    """One payer at one site: its cases, and the bar of their verdicts."""

    payer: str
    cases: int
    bar: list[Segment]

    @property
    def words(self) -> str:
        return ", ".join(f"{each.cases:,} {each.tag['label']}" for each in self.bar)


@dataclass(frozen=True)
class Picture:
    """Verdicts by payer (``heads``) and site (``lines``: site, all its cases, a cell for each payer); ``legend``: all
    cases of each verdict."""

    heads: list[str]
    lines: list[tuple[str, int, list[Cell]]]
    legend: list[Segment]
    cases: int
    width: int = BAR


def picture(tallies: Iterable[Tally]) -> Picture | None:
    """The picture of some tallies; None where there are none. Most cases first."""
    cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in ("payer", "site", "verdict")}
    for tally in tallies:
        payer, site = tally.payer or NOT_CHOSEN, tally.site or NO_SITE
        cells[site, payer][tally.verdict] += tally.cases
        for kind, name in (("payer", payer), ("site", site), ("verdict", tally.verdict)):
            by[kind][name] += tally.cases
    if not cells:
        return None
    heads = sorted(by["payer"], key=lambda name: (name == NOT_CHOSEN, name))
    sites = sorted(by["site"], key=lambda name: (-by["site"][name], name))
    return Picture(
        heads=heads,
        lines=[
            (site, by["site"][site], [_cell(payer, cells.get((site, payer), {})) for payer in heads]) for site in sites
        ],
        legend=_segments(by["verdict"]),
        cases=sum(by["verdict"].values()),
    )


def _cell(payer: str, verdicts: dict[str, int]) -> Cell:
    total = sum(verdicts.values())
    bar, x = _segments(verdicts), 0.0
    for segment in bar:
        segment.x, segment.width = round(x, 2), round(BAR * segment.cases / total, 2)
        x += BAR * segment.cases / total
    return Cell(payer, total, bar)


def _segments(verdicts: dict[str, int]) -> list[Segment]:
    known = sorted(verdicts, key=ORDER.index)
    return [Segment(VERDICTS.get(verdict, NO_PAYER), verdicts[verdict]) for verdict in known]


def result_lines(rows: Iterable[UploadRow]) -> list[dict[str, Any]]:
    """Stored rows for the table, each with its case and its verdict's chip."""
    return [{"line": row.line, "case": row.case, "verdict": VERDICTS.get(_verdict(row), NO_PAYER)} for row in rows]


def _verdict(row: UploadRow) -> str:
    return row.case.verdict if row.case else ""
