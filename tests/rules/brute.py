"""The same answers by brute force: every complete filling, judged by a second evaluator that knows no diagram."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from coverage_app.rules.criteria import All, Always, Any, Expression, Leaf, Not
from coverage_app.rules.edition import Edition
from coverage_app.rules.vocabulary import Answer, Fact, Vocabulary

Outcome = tuple[tuple[str, ...], tuple[str, ...]]


def grid(fact: Fact) -> list[Answer]:
    """Every complete answer to a fact."""
    if fact.kind != "number":
        return [value.code for value in fact.values if not value.group]
    least, greatest, step = fact.limits
    points: list[Answer] = []
    while least <= greatest:
        points.append(least)
        least += step
    return points


def narrower_or_same(fact: Fact, answer: str, named: str) -> bool:
    """Whether the answer is the value that is named, or stands somewhere below it."""
    at: str | None = answer
    parents = {value.code: value.parent for value in fact.values}
    while at is not None:
        if at == named:
            return True
        at = parents.get(at)
    return False


def holds(expression: Expression, case: Mapping[str, Answer], vocabulary: Vocabulary) -> bool:
    """Two-valued: whether complete answers meet the criteria."""
    match expression:
        case Always():
            return True
        case Not(part):
            return not holds(part, case, vocabulary)
        case All(parts):
            return all(holds(part, case, vocabulary) for part in parts)
        case Any(parts):
            return any(holds(part, case, vocabulary) for part in parts)
        case Leaf(fact, operator, values):
            answer = case[fact]
            if operator in ("is", "in", "is not", "not in"):
                named = any(narrower_or_same(vocabulary[fact], str(answer), str(value)) for value in values)
                return named != ("not" in operator)
            return _compares(Decimal(answer), operator, Decimal(values[0]))
    raise AssertionError(expression)


def _compares(answer: Decimal, operator: str, threshold: Decimal) -> bool:
    return (
        (operator == "=" and answer == threshold)
        or (operator in (">", ">=") and answer > threshold)
        or (operator in ("<", "<=") and answer < threshold)
        or (operator in (">=", "<=") and answer == threshold)
    )


def known(fact: Fact, answer: Answer) -> list[Answer]:
    """The complete answers that an answer can stand for: a broader one leaves open which narrower one it is."""
    if fact.kind == "number":
        return [answer]
    return [value for value in grid(fact) if narrower_or_same(fact, str(value), str(answer))] or [answer]


def fillings(
    vocabulary: Vocabulary, answers: Mapping[str, Answer], *, complete: bool = False
) -> Iterator[dict[str, Answer]]:
    """Every way of filling in what is absent, and what a broader answer leaves open unless answers are ``complete``."""
    given = (lambda fact, answer: [answer]) if complete else known
    domains = [given(fact, answers[fact.code]) if fact.code in answers else grid(fact) for fact in vocabulary]
    codes = [fact.code for fact in vocabulary]
    for combination in product(*domains):
        yield dict(zip(codes, combination, strict=True))


def decider(edition: Edition, case: Mapping[str, Answer]) -> int:
    """The index of the first provision that complete answers meet."""
    for index, provision in enumerate(edition.provisions):
        if holds(provision.criteria, case, edition.vocabulary):
            return index
    raise AssertionError("the last provision is always")


def outcome(edition: Edition, answers: Mapping[str, Answer]) -> Outcome:
    """Possible effects, sorted; deciding provisions, in order."""
    indexes = {decider(edition, case) for case in fillings(edition.vocabulary, answers)}
    deciding = [provision for index, provision in enumerate(edition.provisions) if index in indexes]
    return tuple(sorted({p.effect for p in deciding})), tuple(p.id for p in deciding)


def missing(edition: Edition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The absent facts in which two fillings with different effects differ alone, sorted."""
    effects = {
        tuple(case.items()): edition.provisions[decider(edition, case)].effect
        for case in fillings(edition.vocabulary, answers)
    }
    found = set()
    for fact in edition.vocabulary:
        seen: dict[tuple[tuple[str, Answer], ...], str] = {}
        for case, effect in effects.items():
            rest = tuple(item for item in case if item[0] != fact.code)
            if seen.setdefault(rest, effect) != effect:
                found.add(fact.code)
    return tuple(sorted(found))


def relevant(
    vocabulary: Vocabulary, core: Sequence[str], editions: Sequence[Edition], answers: Mapping[str, Answer]
) -> tuple[str, ...]:
    """The facts to ask for, one by one in order, straight from the definition."""
    found: list[str] = []
    for fact in vocabulary:
        given = {code: answers[code] for code in found if code in answers}
        if fact.code in core or any(fact.code in missing(edition, given) for edition in editions):
            found.append(fact.code)
    return tuple(found)


Changed = dict[tuple[tuple[str, Answer], ...], Outcome]


def turning(edition: Edition, answers: Mapping[str, Answer], size: int) -> Changed:
    """Changes of so many answers after which the one effect is no longer possible, each with its outcome."""
    possible, _ = outcome(edition, answers)
    if len(possible) > 1:
        return {}
    found: Changed = {}
    others = {f.code: [v for v in grid(f) if v != answers[f.code]] for f in edition.vocabulary if f.code in answers}
    facts = list(others)
    pairs = [(f, g) for i, f in enumerate(facts) for g in facts[i + 1 :]]
    for chosen in pairs if size == 2 else [(f,) for f in facts]:
        for values in product(*(others[f] for f in chosen)):
            changes = tuple(zip(chosen, values, strict=True))
            after = outcome(edition, {**answers, **dict(changes)})
            if possible[0] not in after[0]:
                found[changes] = after
    return found
