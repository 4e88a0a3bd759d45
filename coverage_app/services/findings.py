"""The audit of an edition beside what its editors have accepted, and the quotes that are still unexplained."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coverage_app.models import Acceptance, Edition
from coverage_app.rules.audit import Finding, audit
from coverage_app.rules.edition import Edition as Rules

from .acceptances import AcceptanceFault, accept, take_back
from .edition_rules import edition_before, rules_of
from .sources import NO_SOURCE, QUOTE, QuoteCheck, check_quotes, newest_source, without_source

__all__ = [
    "AcceptanceFault",
    "Found",
    "accept",
    "audit_of",
    "audit_rules",
    "edition_before",
    "take_back",
    "unexplained_quotes",
]

CLOSING = "-"
"""The id of the provision that closes a guideline's row where no statement of its own does."""


@dataclass(frozen=True)
class Found:
    """A finding, and its acceptance where there is one. ``row``: the guideline's row it was found in."""

    finding: Finding
    acceptance: Acceptance | None = None
    row: str = ""

    @property
    def key(self) -> str:
        """What an acceptance of it is kept under."""
        return f"{self.row}:{self.finding.key}" if self.row else self.finding.key


def audit_of(edition: Edition) -> list[Found]:
    """The findings on an edition, against the one before it. Raises CriteriaError or EditionError."""
    before = edition_before(edition)
    earlier = rules_of(before) if before else {}
    acceptances = list(edition.acceptances.select_related("by"))
    return [
        found
        for row, rules in rules_of(edition).items()
        for found in audit_rules(rules, earlier.get(row), acceptances, row=row)
    ]


def audit_rules(
    rules: Rules, previous: Rules | None = None, acceptances: Iterable[Acceptance] = (), *, row: str = ""
) -> list[Found]:
    """The findings on rules as they stand, saved or not; the same rules are audited once a process.

    Raises EditionError when they are too complex to be exact about.
    """
    accepted = {acceptance.key: acceptance for acceptance in acceptances}
    marked = []
    for finding in _audited(_ByContent(rules), _ByContent(previous) if previous else None):
        if finding.kind == "never_decides" and finding.provisions[0] == CLOSING:
            continue  # it is nobody's text: every case being spoken of is what a row should come to
        found = Found(finding, None, row)
        marked.append(Found(finding, accepted.get(found.key), row))
    return marked


class _ByContent:
    """Rules that are equal when they read the same, so that they can be a key of the store below."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        lines = [(provision.id, str(provision.criteria), provision.effect) for provision in rules.provisions]
        content = json.dumps([rules.code, lines, rules.vocabulary.to_data()], default=str)
        self.digest = hashlib.sha256(content.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=64)
def _audited(rules: _ByContent, previous: _ByContent | None) -> tuple[Finding, ...]:
    return audit(rules.rules, previous.rules if previous else None)


def unexplained_quotes(edition: Edition) -> list[QuoteCheck]:
    """The quotes that do not stand in the source text and that no editor has explained; see ``sentence`` of each.

    Without a source text: one that stands for all of them, until an editor says why there is none. An edition
    that quotes nothing needs none.
    """
    source = newest_source(edition)
    checks = check_quotes(edition, source)
    accepted = set(edition.acceptances.filter(kind__in=(QUOTE, NO_SOURCE)).values_list("key", flat=True))
    if checks and source is None:
        whole = without_source(checks)
        return [] if whole.key in accepted else [whole]
    return [check for check in checks if not check.found and check.key not in accepted]
