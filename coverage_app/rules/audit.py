"""The audit: what in an edition can never decide, makes no difference, or depends on the order of its provisions.

Exact: each finding is read off the diagrams of all complete cases, none is a guess from the text.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import Literal, get_args

from coverage_app.rules.care import effect_regions, idle_leaves, layered, overlaps, regions_of
from coverage_app.rules.common import common_vocabulary
from coverage_app.rules.conditions import Conditions
from coverage_app.rules.edition import Edition, EditionError, Provision
from coverage_app.rules.example import Examples
from coverage_app.rules.expression import Always
from coverage_app.rules.store import LEVELS_LIMIT, NO, NODE_LIMIT, Node, TooComplex
from coverage_app.rules.vocabulary import Answer

Kind = Literal["never_decides", "idle_leaf", "conflict", "fell_to_always", "idle_fact"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FINDINGS_LIMIT = 20_000


@dataclass(frozen=True)
class Finding:
    """One thing to look at, by ``kind``. ``provisions`` are ids, ``example`` the fewest answers that show it.

    - ``never_decides``: the first provision decides no complete case; the others, in order, are those that take its
      cases. None are named, and there is no example, when its criteria can never hold.
    - ``idle_leaf``: the leaf at ``leaf_index`` of the provision's criteria makes no difference to which provision
      decides; ``constant`` could stand for it (None: true and false both could). Each leaf is judged with all the
      others in place: two idle leaves need not be idle without each other. No example.
    - ``conflict``: the two provisions, earlier and later, have different ``effects``, and in some complete case that
      the earlier one (``winner``) decides, the criteria of both hold: their order matters. Cases that a third
      provision takes before both do not count, nor does ``always``, which overlaps with everything.
    - ``fell_to_always``: complete cases that the provision ``earlier`` of the previous edition decided and that are
      now left to the closing ``always``; ``effects`` are the previous one and the one now, which may be the same.
    - ``idle_fact``: the criteria of the provisions name ``fact``, but no answer to it ever changes the effect. No
      example.

    ``criteria`` are digests of the canonical texts of the provisions, in order, and of ``earlier``.
    """

    kind: Kind
    provisions: tuple[str, ...]
    example: dict[str, Answer] | None = None
    fact: str | None = None
    leaf: str = ""
    leaf_index: int | None = None
    constant: bool | None = None
    winner: str = ""
    earlier: str = ""
    effects: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """The same for the same finding in a later edition, as long as what it speaks of is unchanged.

        Provisions may be added, removed and moved around it. The place of the leaf counts within criteria that are
        themselves part of the key; it tells equal leaves apart.
        """
        leaf = [self.leaf, self.leaf_index]
        parts = [self.kind, self.provisions, self.criteria, leaf, self.fact, self.earlier, self.effects]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


_Found = tuple[Finding, Node]  # with the region that an example is taken from; NO: none


def audit(edition: Edition, previous: Edition | None = None) -> tuple[Finding, ...]:
    """The findings, by the first provision that each names, then in the order of ``Finding``'s kinds.

    ``previous`` is the edition that this one replaces: with it, ``fell_to_always`` is looked for. Its vocabulary may
    be another: see ``common_vocabulary``. Raises EditionError when an edition is too complex to be audited exactly,
    or when there are more than ``FINDINGS_LIMIT`` findings.
    """
    try:
        findings = _listed(_Audit(edition))
        if previous is not None:
            findings += _listed(_Succession(edition, previous))
    except TooComplex as error:
        limits = f"at most {LEVELS_LIMIT} facts and {NODE_LIMIT} combinations to tell apart"
        raise EditionError(f"{edition.code} is too complex to be audited exactly: {limits}") from error
    order = {provision.id: index for index, provision in enumerate(edition.provisions)}
    return tuple(sorted(findings, key=lambda found: (order[found.provisions[0]], KINDS.index(found.kind))))


class _Audit:
    """One edition by itself."""

    def __init__(self, edition: Edition) -> None:
        self.provisions = edition.provisions
        self.conditions = Conditions(edition.vocabulary, [provision.criteria for provision in edition.provisions])
        self.regions = regions_of(self.conditions, edition.provisions)
        self._digests = {provision.id: _digest(provision) for provision in edition.provisions}

    def findings(self) -> Iterator[_Found]:
        yield from self._never_decides()
        yield from self._idle_leaves()
        yield from self._conflicts()
        yield from self._idle_facts()

    def _never_decides(self) -> Iterator[_Found]:
        layers = layered(self.conditions.store, "or", self.regions.decided)
        for provision, met, decided in zip(self.provisions, self.regions.met, self.regions.decided, strict=True):
            if decided is NO:
                takers = [self.provisions[n] for n in sorted(overlaps(self.conditions.store, layers, met))]
                yield self._finding("never_decides", [provision, *takers]), met

    def _idle_leaves(self) -> Iterator[_Found]:
        for provision, reached, decided in zip(
            self.provisions, self.regions.reached, self.regions.decided, strict=True
        ):
            if decided is NO:
                continue
            for idle in idle_leaves(self.conditions, provision.criteria, reached):
                finding = self._finding("idle_leaf", [provision])
                yield replace(finding, leaf=str(idle.leaf), leaf_index=idle.index, constant=idle.constant), NO

    def _conflicts(self) -> Iterator[_Found]:
        stated = [n for n, provision in enumerate(self.provisions) if not isinstance(provision.criteria, Always)]
        if not stated:
            return
        layers = layered(self.conditions.store, "or", [self.regions.met[n] for n in stated])
        for first in stated:
            winner = self.provisions[first]
            shared = overlaps(self.conditions.store, layers, self.regions.decided[first])
            for place, region in sorted(shared.items(), key=itemgetter(0)):
                later = self.provisions[stated[place]]
                if later.effect != winner.effect:
                    finding = self._finding("conflict", [winner, later])
                    yield replace(finding, winner=winner.id, effects=(winner.effect, later.effect)), region

    def _idle_facts(self) -> Iterator[_Found]:
        turning = 0
        for node in effect_regions(self.conditions, self.provisions, self.regions).values():
            turning |= node.support
        for level, fact in enumerate(self.conditions.facts):
            if not turning >> level & 1:
                naming = [provision for provision in self.provisions if fact in provision.criteria.facts]
                yield replace(self._finding("idle_fact", naming), fact=fact), NO

    def _finding(self, kind: Kind, provisions: list[Provision]) -> Finding:
        ids = tuple(provision.id for provision in provisions)
        return Finding(kind, ids, criteria=tuple(self._digests[identity] for identity in ids))


class _Succession:
    """An edition and the one that it replaces, over one vocabulary."""

    def __init__(self, edition: Edition, previous: Edition) -> None:
        self.provisions, self.before = edition.provisions, previous.provisions
        criteria = [provision.criteria for provision in (*self.provisions, *self.before)]
        self.conditions = Conditions(common_vocabulary(previous, edition), criteria)

    def findings(self) -> Iterator[_Found]:
        """Nothing but ``fell_to_always``."""
        closing = self.provisions[-1]
        left = regions_of(self.conditions, self.provisions).decided[-1]
        decided = regions_of(self.conditions, self.before).decided
        for earlier, node in zip(self.before[:-1], decided, strict=False):
            region = self.conditions.store.combine("and", left, node)
            if region is not NO:
                effects = (earlier.effect, closing.effect)
                digests = (_digest(closing), _digest(earlier))
                finding = Finding(
                    "fell_to_always", (closing.id,), earlier=earlier.id, effects=effects, criteria=digests
                )
                yield finding, region


def _digest(provision: Provision) -> str:
    return hashlib.sha256(str(provision.criteria).encode()).hexdigest()


def _listed(auditor: _Audit | _Succession) -> list[Finding]:
    """The findings with their examples: once all are known, so that a long search for examples loses none."""
    known = list(islice(auditor.findings(), FINDINGS_LIMIT + 1))
    if len(known) > FINDINGS_LIMIT:
        raise EditionError(f"more than {FINDINGS_LIMIT} findings: too many to list")
    examples = Examples(auditor.conditions)
    return [
        finding if region is NO else replace(finding, example=examples.smallest(region)) for finding, region in known
    ]
