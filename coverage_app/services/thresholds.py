"""The numbers that editions compare a fact with, and what of them another range or step would take away."""

from collections.abc import Iterator
from decimal import Decimal

from coverage_app.models import Edition, EditionUse, Fact
from coverage_app.rules.criteria import CriteriaError, Leaf, parse
from coverage_app.rules.fact import AnswerError, plain
from coverage_app.rules.fact import Fact as RuleFact

from .edition_rules import wording_of
from .editions import criteria_of


def passed_by(*, fact: Fact, least: Decimal, greatest: Decimal, step: Decimal) -> Iterator[tuple[str, str]]:
    """What keeps a number from this range: which of ``least greatest step`` is at fault, and why in a sentence.

    Every edition counts that compares the fact, from draft to withdrawn. A number that it compares with has to stay
    an answer, and the comparison has to go both ways still. What the range on file lacks already is passed over, so
    that it can always be widened. Two queries, and some for each of these editions.
    """
    on_file = Fact.objects.get(pk=fact.pk)  # a form may have changed ``fact`` already
    before = _of(on_file, on_file.least, on_file.greatest, on_file.step)
    after = _of(on_file, least, greatest, step)
    if after == before:
        return
    uses = EditionUse.objects.filter(fact=on_file).values("edition")
    editions = Edition.objects.filter(pk__in=uses).select_related("document")
    for edition in editions.order_by("document__code", "in_force", "pk"):
        named = f"{edition} ({edition.get_status_display().lower()})"
        whys = [(leaf, _why(leaf, before, after)) for leaf in _comparisons(edition, fact.code)]
        yield from dict.fromkeys((_end(leaf, after), f"{named} {why}") for leaf, why in whys if why)


def _of(fact: Fact, least: Decimal | None, greatest: Decimal | None, step: Decimal | None) -> RuleFact:
    return RuleFact(fact.code, "number", unit=fact.unit, least=least, greatest=greatest, step=step)


def _comparisons(edition: Edition, fact: str) -> list[Leaf]:
    """Where an edition's criteria compare a fact, by the number; criteria of a draft that do not read have none."""
    vocabulary = wording_of(edition).vocabulary
    found: list[Leaf] = []
    for _, criteria in criteria_of(edition):
        try:
            found += (leaf for leaf in parse(criteria, vocabulary).leaves if leaf.fact == fact)
        except CriteriaError:
            continue
    return sorted(found, key=lambda leaf: (_number(leaf), leaf.operator))


def _number(leaf: Leaf) -> Decimal:
    """What a leaf compares with: of a number, one Decimal."""
    return Decimal(leaf.values[0])


def _why(leaf: Leaf, before: RuleFact, after: RuleFact) -> str:
    """What an edition would lose of one comparison, to be said after its name; blank when nothing."""
    number = plain(_number(leaf))
    if _admits(before, leaf) and not _admits(after, leaf):
        return f"compares it with {number}, which would be no answer any more: keep it in the range and on the steps."
    lost = _outcomes(leaf, before) - _outcomes(leaf, after)
    if not lost:
        return ""
    fewer = "no answer would meet it any more" if True in lost else "every answer would meet it"
    return f"has “{leaf}”, and {fewer}: keep answers on either side of {number}."


def _admits(fact: RuleFact, leaf: Leaf) -> bool:
    try:
        fact.check(_number(leaf))
    except AnswerError:
        return False
    return True


def _outcomes(leaf: Leaf, fact: RuleFact) -> set[bool]:
    """Whether there are answers that meet a comparison, and answers that do not: the ends and the number tell."""
    tried = {fact.limits[0], _top(fact)} | ({_number(leaf)} if _admits(fact, leaf) else set())
    return {leaf.holds(answer) for answer in tried}


def _top(fact: RuleFact) -> Decimal:
    """The greatest answer: the last step need not end at the greatest number."""
    least, greatest, step = fact.limits
    return least + (greatest - least) // step * step


def _end(leaf: Leaf, fact: RuleFact) -> str:
    """Where a form is to say that a range does not fit a comparison."""
    number, (least, greatest, _) = _number(leaf), fact.limits
    if number <= least:
        return "least"
    return "greatest" if number > greatest or number == _top(fact) else "step"
