"""The editions in a file, read for the rules without being stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage_app.models import Acceptance, Document, Edition, GoldenCase, GuidelineRow, GuidelineStatement, Provision
from coverage_app.rules.edition import Edition as Rules
from coverage_app.services.library import row_rules
from coverage_app.services.vocabulary import Wording

from .contents import read_edition
from .documents import DOCUMENT
from .facts import wording_with
from .levels import ImportFault, Read, instance_of, items_of
from .reading import data_of, with_line

BYTES_LIMIT = 20_000_000


@dataclass(frozen=True)
class FileEdition:
    """One edition of a file, with the vocabulary that it is read against."""

    read: Read
    wording: Wording

    @property
    def row(self) -> Edition:
        """The edition, not stored."""
        assert isinstance(self.read.row, Edition)  # for the type checker
        return self.read.row

    @property
    def golden(self) -> list[GoldenCase]:
        return [item.row for item in self.read.below["golden"] if isinstance(item.row, GoldenCase)]

    @property
    def acceptances(self) -> list[Acceptance]:
        return [item.row for item in self.read.below["accepted"] if isinstance(item.row, Acceptance)]

    def rules(self) -> Mapping[str, Rules]:
        """Its rules: by row, or under the empty text. Raises EditionError when they make no edition."""
        found = {}
        provisions = [item.row for item in self.read.below["provisions"] if isinstance(item.row, Provision)]
        if provisions:
            lines = [(each.code, each.criteria, each.effect) for each in provisions]
            found[""] = Rules.read(self.row.document.code, self.wording.vocabulary, lines)
        for item in self.read.below["rows"]:
            assert isinstance(item.row, GuidelineRow)  # for the type checker
            statements = [each.row for each in item.below["statements"] if isinstance(each.row, GuidelineStatement)]
            found[item.row.code] = row_rules(item.row.code, statements, self.wording)
        return found


def text_of(name: str | Path) -> str:
    """The text of a file; raises ``ImportFault`` when it is not there, too large or not text."""
    try:
        with Path(name).open("rb") as file:
            content = file.read(BYTES_LIMIT + 1)
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # UnicodeDecodeError; a character that no name has
        raise ImportFault(f"not readable as UTF-8 text ({error}).") from error
    if len(content) > BYTES_LIMIT:
        raise ImportFault(f"larger than {BYTES_LIMIT // 1_000_000} MB, which no document is.")
    return text


def editions_in(text: str) -> list[FileEdition]:
    """The editions of a file, in its order; raises ``ImportFault``."""
    data = data_of(text)
    if not isinstance(data, dict):
        raise ImportFault("The file holds no document: it should begin with a key such as code: or facts:.")
    with with_line(text, "document"):
        wording = wording_with(items_of(data, "facts", ""))
        document = instance_of(DOCUMENT, {key: data[key] for key in data if key != "facts"}, "document")
        assert isinstance(document, Document)  # for the type checker
        items = items_of(data, "editions", "")
        return [
            FileEdition(read_edition(document, item, f"editions[{n}]", wording), wording)
            for n, item in enumerate(items)
        ]
