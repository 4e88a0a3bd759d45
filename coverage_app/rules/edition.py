"""An edition: the ordered provisions of one document, as they are read from one day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from coverage_app.rules.criteria import Always, CriteriaError, Expression, Tree, evaluate, parse
from coverage_app.rules.diagram import Diagram
from coverage_app.rules.store import LEVELS_LIMIT, NODE_LIMIT, TooComplex
from coverage_app.rules.vocabulary import Answer, Answers, Vocabulary

_KEPT = 1000  # reason trees that a provision remembers before it forgets them all


class EditionError(ValueError):
    """Provisions that do not make an edition, or make one too complex to be exact about."""


@dataclass(frozen=True)
class Provision:
    """One rule: where its criteria are met, and no earlier provision's are, its effect holds.

    The effect is a verdict code, or for a row of a guideline a stance.
    """

    id: str
    criteria: Expression
    effect: str

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        return tuple(self.criteria.facts)

    @cached_property
    def _trees(self) -> dict[tuple[Answer | None, ...], Tree]:
        return {}

    def reason(self, answers: Answers) -> Tree:
        """Its criteria under these answers, leaf by leaf."""
        key = tuple(map(answers.get, self._facts))
        found = self._trees.get(key)
        if found is None:
            if len(self._trees) >= _KEPT:
                self._trees.clear()
            found = self._trees[key] = evaluate(self.criteria, answers)
        return found


@dataclass(frozen=True)
class Edition:
    """Provisions in order over the vocabulary that was frozen with them; the first one that is met decides.

    Also a row of a guideline: its statements, closed by an ``always`` with ``conditions_not_met`` where the last
    statement is not ``always`` itself. Raises EditionError when ids repeat, when there is no provision or when the
    last one is not ``always``.
    """

    code: str
    vocabulary: Vocabulary
    provisions: tuple[Provision, ...]

    def __post_init__(self) -> None:
        if not self.provisions:
            raise EditionError(f"{self.code} has no provisions")
        seen: set[str] = set()
        for provision in self.provisions:
            if provision.id in seen:
                raise EditionError(f"{self.code}: two provisions have the id {provision.id}")
            seen.add(provision.id)
        if not isinstance(self.provisions[-1].criteria, Always):
            raise EditionError(f"{self.code}: the last provision must be always, so that each case is answered")

    @classmethod
    def read(cls, code: str, vocabulary: Vocabulary, provisions: Iterable[tuple[str, str, str]]) -> "Edition":
        """The edition of (id, criteria, effect). Raises CriteriaError, whose ``provision`` is the id; EditionError."""
        made = []
        for identity, text, effect in provisions:
            try:
                made.append(Provision(identity, parse(text, vocabulary), effect))
            except CriteriaError as error:
                error.provision = identity
                raise
        return cls(code, vocabulary, tuple(made))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that its criteria use, in vocabulary order."""
        used: frozenset[str] = frozenset().union(*(provision.criteria.facts for provision in self.provisions))
        return tuple(fact.code for fact in self.vocabulary if fact.code in used)

    @cached_property
    def by_id(self) -> dict[str, Provision]:
        """Its provisions by id."""
        return {provision.id: provision for provision in self.provisions}

    @cached_property
    def diagram(self) -> Diagram:
        """The edition compiled, once. Raises EditionError when that takes more than the limits of ``store``."""
        criteria = [provision.criteria for provision in self.provisions]
        try:
            return Diagram(self.vocabulary, criteria, [provision.effect for provision in self.provisions])
        except TooComplex as error:
            limits = f"at most {LEVELS_LIMIT} facts and {NODE_LIMIT} combinations to tell apart"
            raise EditionError(f"{self.code} is too complex to be decided exactly: {limits}") from error
