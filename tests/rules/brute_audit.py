"""Audit, difference and smallest examples by brute force: every complete case is judged, none is a diagram's."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations, product

from coverage_app.rules.criteria import All, Always, Any, Expression, Leaf, Not
from coverage_app.rules.edition import Edition
from coverage_app.rules.vocabulary import Answer, Vocabulary

from . import brute

Case = dict[str, Answer]
Inside = Callable[[Mapping[str, Answer]], bool]


def only(vocabulary: Vocabulary, facts: Collection[str]) -> Vocabulary:
    return Vocabulary(tuple(fact for fact in vocabulary if fact.code in facts))


def complete(edition: Edition) -> list[Case]:
    """Every complete case, as far as the edition asks."""
    return list(brute.fillings(only(edition.vocabulary, edition.facts), {}))


def smallest(vocabulary: Vocabulary, inside: Inside, include: Collection[str] = ()) -> Case | None:
    """Straight from the definition: fewest facts, then facts in order, then values in order."""
    codes = [fact.code for fact in vocabulary]
    for size in range(len(codes) + 1):
        for chosen in combinations(codes, size):
            if not set(include) <= set(chosen):
                continue
            for values in product(*(brute.grid(vocabulary[code]) for code in chosen)):
                answers = dict(zip(chosen, values, strict=True))
                if all(inside(case) for case in brute.fillings(vocabulary, answers, complete=True)):
                    return answers
    return None


def holds(edition: Edition, index: int, case: Mapping[str, Answer]) -> bool:
    return brute.holds(edition.provisions[index].criteria, case, edition.vocabulary)


def effect(edition: Edition, case: Mapping[str, Answer]) -> str:
    return edition.provisions[brute.decider(edition, case)].effect


def never_decides(edition: Edition) -> dict[tuple[str, ...], Case | None]:
    """Provisions (the idle one, then who takes its cases) to the example."""
    cases = complete(edition)
    deciders = [brute.decider(edition, case) for case in cases]
    found: dict[tuple[str, ...], Case | None] = {}
    for index, provision in enumerate(edition.provisions):
        if index not in deciders:
            takers = sorted({d for d, case in zip(deciders, cases, strict=True) if holds(edition, index, case)})
            key = (provision.id, *(edition.provisions[taker].id for taker in takers))
            inside = partial(holds, edition, index)
            found[key] = smallest(only(edition.vocabulary, edition.facts), inside)
    return found


def _with_constants(expression: Expression) -> Iterator[tuple[Expression, Expression]]:
    """For each leaf from left to right: the expression with true in its place, and with false."""
    if isinstance(expression, Leaf):
        yield All(()), Any(())
    elif isinstance(expression, Not):
        for true, false in _with_constants(expression.part):
            yield Not(true), Not(false)
    elif isinstance(expression, All | Any):
        for place, part in enumerate(expression.parts):
            before, after = expression.parts[:place], expression.parts[place + 1 :]
            for true, false in _with_constants(part):
                yield (
                    replace(expression, parts=(*before, true, *after)),
                    replace(expression, parts=(*before, false, *after)),
                )


def idle_leaves(edition: Edition) -> dict[tuple[str, int], bool | None]:
    """(provision, place of the leaf) to the constant that could stand for it; None: either."""
    cases = complete(edition)
    deciders = [brute.decider(edition, case) for case in cases]
    found: dict[tuple[str, int], bool | None] = {}
    for index, provision in enumerate(edition.provisions):
        if index not in deciders:
            continue
        reached = [case for case, decides in zip(cases, deciders, strict=True) if decides >= index]
        decided = [holds(edition, index, case) for case in reached]
        for place, constants in enumerate(_with_constants(provision.criteria)):
            true, false = ([brute.holds(c, case, edition.vocabulary) for case in reached] == decided for c in constants)
            if true or false:
                found[provision.id, place] = None if true and false else true
    return found


def conflicts(edition: Edition) -> dict[tuple[str, str], Case | None]:
    found: dict[tuple[str, str], Case | None] = {}
    for (one, first), (other, second) in combinations(enumerate(edition.provisions), 2):
        if first.effect == second.effect or isinstance(first.criteria, Always) or isinstance(second.criteria, Always):
            continue

        def inside(case: Mapping[str, Answer], one: int = one, other: int = other) -> bool:
            return brute.decider(edition, case) == one and holds(edition, other, case)

        example = smallest(only(edition.vocabulary, edition.facts), inside)
        if example is not None:
            found[first.id, second.id] = example
    return found


def idle_facts(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Facts that the criteria name and that never change the effect, with the provisions that name them."""
    asked = only(edition.vocabulary, edition.facts)
    turning = brute.missing(Edition(edition.code, asked, edition.provisions), {})
    return {
        fact: tuple(provision.id for provision in edition.provisions if fact in provision.criteria.facts)
        for fact in edition.facts
        if fact not in turning
    }


def fell_to_always(edition: Edition, previous: Edition, common: Vocabulary) -> dict[str, Case | None]:
    found: dict[str, Case | None] = {}
    for index, earlier in enumerate(previous.provisions[:-1]):

        def inside(case: Mapping[str, Answer], index: int = index) -> bool:
            closing = len(edition.provisions) - 1
            return brute.decider(previous, case) == index and brute.decider(edition, case) == closing

        example = smallest(common, inside)
        if example is not None:
            found[earlier.id] = example
    return found
