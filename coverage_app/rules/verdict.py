"""What an edition says of a case: exact, whichever answers are absent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coverage_app.rules.edition import Edition
from coverage_app.rules.expression import Tree
from coverage_app.rules.store import Node
from coverage_app.rules.vocabulary import Answer, Answers, Vocabulary

UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an edition says of a case.

    ``possible``: the effects that it can still reach over every way of filling the absent answers in, sorted.
    ``effect``: the one that is left, or ``undetermined``.
    ``missing``: the absent facts that alone can lead to another effect in some complete filling, sorted.
    ``provisions``: the ids of those that decide in at least one filling, in the edition's order.
    """

    effect: str
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    provisions: tuple[str, ...]


def assess(edition: Edition, answers: Answers) -> Verdict:
    """The verdict of an edition; answers to facts that it does not ask for are passed over.

    An answer that its vocabulary does not have meets no ``is`` and no ``in``. Raises EditionError when the edition
    is too complex.
    """
    node = edition.diagram.locate(answers)
    verdict: Verdict | None = node.note
    if verdict is None:
        verdict = node.note = _conclude(edition, node)
    return verdict


def effect_of(edition: Edition, answers: Answers) -> str:
    """The effect alone, or ``undetermined``."""
    return assess(edition, answers).effect


def reasons(edition: Edition, answers: Answers, provisions: Iterable[str] | None = None) -> dict[str, Tree]:
    """Provision id to its criteria under these answers, leaf by leaf; of all, or of the provisions named."""
    if provisions is None:
        return {provision.id: provision.reason(answers) for provision in edition.provisions}
    return {identity: edition.by_id[identity].reason(answers) for identity in provisions}


def relevant_facts(
    vocabulary: Vocabulary, core: Sequence[str], editions: Sequence[Edition], answers: Answers
) -> dict[str, frozenset[int]]:
    """Return the facts to ask for, in vocabulary order, given the payer's edition and the rows of the site.

    A fact is relevant when it is core, or when it can still change what one of the editions says, given the answers
    to the earlier relevant facts and everything else taken as absent. Each comes with the places in ``editions`` of
    those that it can change; a core fact may change none.
    """
    given: dict[str, Answer] = {}
    missing = [assess(edition, given).missing for edition in editions]
    relevant: dict[str, frozenset[int]] = {}
    for fact in vocabulary:
        code = fact.code
        changed = frozenset(index for index, facts in enumerate(missing) if code in facts)
        if code not in core and not changed:
            continue
        relevant[code] = changed
        answer = answers.get(code)
        if answer is None:
            continue
        given[code] = answer
        for index, edition in enumerate(editions):
            if code in edition.facts:
                missing[index] = assess(edition, given).missing
    return relevant


def _conclude(edition: Edition, node: Node) -> Verdict:
    diagram = edition.diagram
    marks = diagram.marks(node)
    deciding = [provision for index, provision in enumerate(edition.provisions) if index in marks]
    possible = tuple(sorted({provision.effect for provision in deciding}))
    missing = tuple(sorted(diagram.asked(diagram.by_effect(node))))
    effect = possible[0] if len(possible) == 1 else UNDETERMINED
    return Verdict(effect, possible, missing, tuple(provision.id for provision in deciding))
