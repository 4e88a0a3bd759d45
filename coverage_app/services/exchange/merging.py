"""A file's edition against one on file: whether they say the same, and what the file has beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coverage_app.models import Acceptance, Edition, GoldenCase, GuidelineRow, SourceText
from coverage_app.services.audit import By, record

from .contents import ACCEPTANCE, EDITION, GOLDEN, stamp
from .levels import Level, Read, exported

BESIDE = ("status", "golden", "accepted", "sources")
"""What stands beside the text of an edition: it can be added to one that is published."""


def identical(read: Read, editions: Sequence[Edition]) -> Edition | None:
    """The edition with the same text; of several, the one with the same status and the least to add."""
    text = {key: value for key, value in read.data().items() if key not in BESIDE}
    same = [edition for edition in editions if exported(EDITION, edition, BESIDE) == text]
    status = read.data()["status"]
    return min(same, key=lambda each: (each.status != status, Merge.of(read, each).any), default=None)


@dataclass(frozen=True)
class Merge:
    """What stands in a file beside an edition's text and not on file (new), or otherwise there (other)."""

    golden: list[Read]
    accepted: list[Read]
    sources: list[Read]
    other: list[str]

    @classmethod
    def of(cls, read: Read, edition: Edition) -> "Merge":
        golden, changed = _beyond(GOLDEN, "name", read.below["golden"], edition.goldencases.all())
        rows = set(GuidelineRow.objects.filter(edition=edition).values_list("code", flat=True))
        held = _held(edition)
        new = [item.data() | {"read": item} for item in golden]
        golden = [item["read"] for item in new if item["name"] not in held and item.get("row", "") in {"", *rows}]
        accepted, reasons = _beyond(ACCEPTANCE, "key", read.below["accepted"], edition.acceptances.all())
        sources = [] if edition.sources.exists() else read.below["sources"]
        return cls(golden, accepted, sources, [*changed, *reasons])

    @property
    def adds(self) -> bool:
        """Whether there is something to add."""
        return bool(self.golden or self.accepted or self.sources)

    @property
    def any(self) -> bool:
        """Whether the file says more than what is on file, or something else; source texts aside."""
        return bool(self.golden or self.accepted or self.other)

    def words(self) -> str:
        """What was done, for the one who imports."""
        parts = [
            f"{len(items)} {one if len(items) == 1 else many} added"
            for items, one, many in (
                (self.golden, "golden case", "golden cases"),
                (self.accepted, "accepted finding", "accepted findings"),
                (self.sources, "source text", "source texts"),
            )
            if items
        ]
        if self.other:
            left = ", ".join(f"“{name}”" for name in self.other[:3]) + (" and more" if len(self.other) > 3 else "")
            parts.append(f"{left} left as on file")
        return "; ".join(parts) or "skipped"


def _beyond(level: Level, key: str, items: list[Read], rows: Any) -> tuple[list[Read], list[str]]:
    """Those of ``items`` that are new by ``key``, and the keys of those that are on file with other words."""
    known = {getattr(row, key): exported(level, row) for row in rows}
    new = [item for item in items if getattr(item.row, key) not in known]
    changed = [item for item in items if known.get(getattr(item.row, key), item.data()) != item.data()]
    return new, [str(getattr(item.row, key)) for item in changed]


def _held(edition: Edition) -> set[str]:
    """The names of the golden cases that hold for an edition from earlier ones on file."""
    earlier = GoldenCase.objects.filter(edition__document=edition.document_id, edition__in_force__lte=edition.in_force)
    return set(earlier.filter(edition__status__in=Edition.ON_FILE).values_list("name", flat=True))


def merge(read: Read, edition: Edition, by: By) -> Merge:
    """Add to ``edition`` what the file has beside its text; what is on file otherwise stays."""
    found = Merge.of(read, edition)
    after = edition.goldencases.count()
    for n, item in enumerate(found.golden, 1):
        assert isinstance(item.row, GoldenCase)  # for the type checker
        item.row.position = after + n
    for model, items in ((GoldenCase, found.golden), (Acceptance, found.accepted), (SourceText, found.sources)):
        for item in items:
            item.row.edition = edition  # type: ignore[attr-defined]
            stamp(item.row, by)
        model._default_manager.bulk_create(item.row for item in items)  # type: ignore[misc]
    if found.adds:
        added = {"golden": len(found.golden), "accepted": len(found.accepted), "sources": len(found.sources)}
        record(by=by, action="import beside the text", subject=edition, detail=added)
    return found
