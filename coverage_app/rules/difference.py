"""What a change of edition changes: counted exactly over all complete cases, with smallest examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from coverage_app.rules.care import effect_regions, regions_of
from coverage_app.rules.common import common_vocabulary
from coverage_app.rules.conditions import Conditions
from coverage_app.rules.edition import Edition, EditionError
from coverage_app.rules.example import Examples
from coverage_app.rules.store import LEVELS_LIMIT, NO, NODE_LIMIT, Node, TooComplex
from coverage_app.rules.vocabulary import Answer, Vocabulary

SITE = "site"
CHANGES_LIMIT = 20_000


@dataclass(frozen=True)
class Change:
    """So many complete cases of one site that had one effect and now have another.

    ``site`` is None when neither edition asks for it. ``example``: the fewest answers, the site among them, under
    which both editions are settled with these two effects.
    """

    site: str | None
    before: str
    after: str
    cases: int
    example: dict[str, Answer]


@dataclass(frozen=True)
class Difference:
    """Two editions held against each other over all complete answers to ``facts``, those that either of them uses.

    Each value of a choice counts one, and each number of the grid: an age from 0 to 120 years counts 121. ``total``
    is the number of all these cases, and ``matrix`` how they fall: (effect before, effect after) to a number; pairs
    that do not occur are left out. ``changes`` are sorted by site and the two effects.
    """

    facts: tuple[str, ...]
    total: int
    matrix: dict[tuple[str, str], int]
    changes: tuple[Change, ...]

    @property
    def changed(self) -> int:
        """How many cases have another effect than before."""
        return sum(change.cases for change in self.changes)


def compare(before: Edition, after: Edition) -> Difference:
    """The difference between two editions, ``after`` being the newer one; exact.

    Their vocabularies may differ: see ``common_vocabulary``. Raises EditionError when the two are too complex to be
    compared exactly, when there are more than ``CHANGES_LIMIT`` changes, or when their facts do not fit together.
    """
    vocabulary = common_vocabulary(before, after)
    try:
        return _Comparison(vocabulary, before, after).difference()
    except TooComplex as error:
        limits = f"at most {LEVELS_LIMIT} facts and {NODE_LIMIT} combinations to tell apart"
        raise EditionError(
            f"{before.code} and {after.code} are too complex to be compared exactly: {limits}"
        ) from error


class _Comparison:
    """Both editions in one store. The site is asked first: what is left below it is counted and shown site by site."""

    def __init__(self, vocabulary: Vocabulary, before: Edition, after: Edition) -> None:
        self.vocabulary = vocabulary
        site_first = Vocabulary(tuple(sorted(vocabulary, key=lambda fact: fact.code != SITE)))
        criteria = [provision.criteria for edition in (before, after) for provision in edition.provisions]
        self.conditions = Conditions(site_first, criteria)
        self.by_site = SITE in vocabulary and vocabulary[SITE].kind != "number"
        self.pairs = dict(self._pairs(before, after))
        self.count = Count(self.conditions)
        self.examples = Examples(self.conditions)

    def difference(self) -> Difference:
        matrix = {pair: self.count.of(region) for pair, region in self.pairs.items()}
        different = [(before, after, region) for (before, after), region in self.pairs.items() if before != after]
        changes: list[Change] = []
        for before, after, region in different:
            changes.extend(self._sites(before, after, region) if self.by_site else self._whole(before, after, region))
            if len(changes) > CHANGES_LIMIT:
                raise EditionError(f"the two editions differ in more than {CHANGES_LIMIT} ways: too many to list")
        changes.sort(key=lambda change: (change.site or "", change.before, change.after))
        facts = tuple(fact.code for fact in self.vocabulary)
        return Difference(facts, self.count.total, matrix, tuple(changes))

    def _pairs(self, before: Edition, after: Edition) -> Iterator[tuple[tuple[str, str], Node]]:
        """The region of each pair of effects that occurs, sorted by effect."""
        store = self.conditions.store
        old, new = (sorted(self._effects(edition).items()) for edition in (before, after))
        for (effect, was), (now, becomes) in product(old, new):
            store.spend(1)
            region = store.combine("and", was, becomes)
            if region is not NO:
                yield (effect, now), region

    def _effects(self, edition: Edition) -> dict[str, Node]:
        return effect_regions(self.conditions, edition.provisions, regions_of(self.conditions, edition.provisions))

    def _whole(self, before: str, after: str, region: Node) -> Iterator[Change]:
        yield Change(None, before, after, self.count.of(region), self._example(region, {}))

    def _sites(self, before: str, after: str, region: Node) -> Iterator[Change]:
        """One change for each site that the region has cases of; sites of one cell differ in nothing else."""
        for index, cell in enumerate(self.conditions.cells[SITE].all):
            below = region if region.level else region.children[index]
            if below is NO:
                continue
            cases = self.count.of(below) // self.count.sizes[0]  # the site itself is answered
            example = self._example(below, {SITE: cell.values[0]})
            for site in cell.values:
                yield Change(site, before, after, cases, {**example, SITE: site})

    def _example(self, region: Node, given: Mapping[str, Answer]) -> dict[str, Answer]:
        found = {**given, **self.examples.smallest(region)}
        return {fact.code: found[fact.code] for fact in self.vocabulary if fact.code in found}


class Count:
    """Counts the complete cases of regions: one for each way of answering all the facts of the conditions."""

    def __init__(self, conditions: Conditions) -> None:
        self._cells = [conditions.cells[fact].sizes for fact in conditions.facts]
        self.sizes = [sum(sizes) for sizes in self._cells]
        self._from = [1]  # for each level, the number of answers to its fact and all those after it
        for size in reversed(self.sizes):
            self._from.insert(0, self._from[0] * size)
        self._known: dict[Node, int] = {}

    @property
    def total(self) -> int:
        """How many complete cases there are."""
        return self._from[0]

    def of(self, region: Node) -> int:
        """How many of them lie in the region."""
        return self.total // self._after(region) * self._below(region)

    def _after(self, node: Node) -> int:
        return self._from[node.level] if node.children else 1

    def _below(self, node: Node) -> int:
        """The ways of answering the facts from this node's on."""
        if not node.children:
            return int(node is not NO)
        found = self._known.get(node)
        if found is None:
            found, open_after = 0, self._from[node.level + 1]
            for size, child in zip(self._cells[node.level], node.children, strict=True):
                found += size * self._below(child) * (open_after // self._after(child))
            self._known[node] = found
        return found
