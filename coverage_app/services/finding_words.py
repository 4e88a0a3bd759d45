"""Findings of the audit in the words of the field, for people who know policies and do not program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from coverage_app.models import Acceptance
from coverage_app.rules.audit import Finding
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.expression import Always, Expression

from .findings import Found
from .report.tags import STANCES, VERDICTS, Tag
from .report.trees import leaf_words
from .report.words import listed
from .vocabulary import Wording

SHOWN = 100
"""Findings that a page spells out; an edition with more has one fault that makes them all."""

KINDS = {
    "never_decides": "Can never decide",
    "idle_leaf": "Condition without effect",
    "conflict": "Two that both hold",
    "fell_to_always": "Left to the closing provision",
    "idle_fact": "Question without effect",
}
"""Each kind of finding in words."""
_QUOTE = 90  # characters of a quote's beginning
_STRIP = 40  # provisions that a picture has room for


@dataclass(frozen=True)
class Party:
    """A provision that a finding speaks of: what it is, its effect, how its quote begins, its criteria."""

    id: str
    effect: Tag
    role: str
    quote: str
    criteria: str


@dataclass(frozen=True)
class Box:
    """One provision in the picture of an edition's order; ``state``: first, late, or nothing."""

    id: str
    x: int
    state: str


@dataclass(frozen=True)
class FindingWords:
    """One finding, ready to be shown."""

    key: str
    kind: str
    said: str
    heading: str
    sentences: tuple[str, ...]
    parties: tuple[Party, ...] = ()
    example: tuple[tuple[str, str], ...] = ()
    example_said: str = ""
    strip: tuple[Box, ...] = ()
    row: str = ""
    acceptance: Acceptance | None = None

    @property
    def width(self) -> int:
        """Of the picture, in its own units."""
        return 28 * len(self.strip) + 4


@dataclass(frozen=True)
class Spoken:
    """What the words of findings are taken from.

    ``rules`` and ``earlier`` (of the edition before) by row, under the empty text for a payer's policy; ``quotes``
    by row and provision. ``since`` names the edition before.
    """

    wording: Wording
    rules: Mapping[str, Rules]
    quotes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    earlier: Mapping[str, Rules] = field(default_factory=dict)
    since: str = "the edition before"


def in_words(found: Iterable[Found], spoken: Spoken) -> list[FindingWords]:
    """The findings to show, open ones first, at most ``SHOWN``."""
    ordered = sorted(found, key=lambda one: one.acceptance is not None)
    return [_Words(one, spoken).all() for one in islice(ordered, SHOWN)]


class _Words:
    """The words of one finding."""

    def __init__(self, found: Found, spoken: Spoken) -> None:
        self.found, self.finding, self.spoken = found, found.finding, spoken
        self.rules = spoken.rules[found.row]
        self.tags = STANCES if found.row else VERDICTS

    def all(self) -> FindingWords:
        finding = self.finding
        heading, sentences, roles, example = getattr(self, f"_{finding.kind}")(finding)
        case = tuple((self.spoken.wording.label(f), self._answer(f, a)) for f, a in (finding.example or {}).items())
        parties = [self._party(identity, roles.get(identity, "")) for identity in finding.provisions]
        if finding.earlier:
            parties.insert(0, self._earlier(finding.earlier))
        return FindingWords(
            key=self.found.key,
            kind=finding.kind,
            said=KINDS[finding.kind],
            heading=f"{heading[:1].upper()}{heading[1:]}" if self.found.row else heading,  # a provision's id stays
            sentences=tuple(sentences),
            parties=tuple(parties),
            example=case,
            example_said=example if case else "",
            strip=self._strip(roles),
            row=self.found.row,
            acceptance=self.found.acceptance,
        )

    # One for each kind: a heading, sentences, what part each provision plays, what the example shows

    def _never_decides(self, finding: Finding) -> tuple[str, list[str], dict[str, str], str]:
        idle, *takers = finding.provisions
        heading = f"{self._name(idle)} can never decide"
        if not takers:
            return heading, ["Its criteria contradict one another: no case meets them."], {idle: "never decides"}, ""
        names = listed([self._name(taker) for taker in takers], "and")
        verb = "decides" if len(takers) == 1 else "decide"
        said = f"{names} {'stands' if len(takers) == 1 else 'stand'} before it and {verb} every case that meets it."
        roles = {idle: "never decides"} | dict.fromkeys(takers, "takes its cases")
        return heading, [said], roles, f"The smallest case that meets {self._name(idle)}, and is decided before it:"

    def _idle_leaf(self, finding: Finding) -> tuple[str, list[str], dict[str, str], str]:
        (identity,) = finding.provisions
        leaf = self.rules.by_id[identity].criteria.leaves[finding.leaf_index or 0]
        why = {
            True: "Wherever it would be looked at, it holds already.",
            False: "Wherever it would be looked at, it cannot hold.",
            None: "What stands beside it has settled the matter before it is looked at.",
        }[finding.constant]
        said = f"Without it, the same {'statement' if self.found.row else 'provision'} would decide each case."
        heading = f"In {self._name(identity)}, “{leaf_words(leaf, self.spoken.wording)}” makes no difference"
        return heading, [why, said], {identity: "holds the condition"}, ""

    def _conflict(self, finding: Finding) -> tuple[str, list[str], dict[str, str], str]:
        first, second = finding.provisions
        wins, loses = (self._tag(effect)["label"] for effect in finding.effects)
        heading = f"{self._name(first)} and {self._name(second)} both hold for some cases"
        said = f"{self._name(first)} stands first and decides them: {wins}, not {loses}."
        roles = {first: "stands first, decides", second: "comes too late"}
        return heading, [said], roles, "The smallest case in which both hold:"

    def _fell_to_always(self, finding: Finding) -> tuple[str, list[str], dict[str, str], str]:
        before, now = (self._tag(effect)["label"] for effect in finding.effects)
        (closing,) = finding.provisions
        heading = f"Cases of {finding.earlier} are left to {self._name(closing)}, which takes all that remains"
        said = f"{finding.earlier} of {self.spoken.since} decided them: {before}."
        now_said = f"Now no provision speaks of them but the closing one: {now}."
        roles = {closing: "takes what remains"}
        return heading, [said, now_said], roles, "The smallest case of this kind:"

    def _idle_fact(self, finding: Finding) -> tuple[str, list[str], dict[str, str], str]:
        label = self.spoken.wording.label(finding.fact or "")
        names = listed([self._name(identity) for identity in finding.provisions], "and")
        verb = "names" if len(finding.provisions) == 1 else "name"
        said = [f"{names} {verb} it, yet no answer to it ever leads to another verdict.", "It is never asked."]
        return f"{label}: no answer to it matters", said, dict.fromkeys(finding.provisions, "names it"), ""

    # The parts

    def _name(self, identity: str) -> str:
        if not self.found.row:
            return identity
        return "the row's end" if identity == "-" else f"statement {identity}"

    def _tag(self, effect: str) -> Tag:
        return self.tags.get(effect) or Tag(code=effect, label=effect, tone="quiet", icon="quiet")

    def _answer(self, fact: str, answer: object) -> str:
        return self.spoken.wording.answer(fact, answer)

    def _party(self, identity: str, role: str) -> Party:
        rule = self.rules.by_id[identity]
        quote = self.spoken.quotes.get((self.found.row, identity), "")
        name = self._name(identity)
        return Party(name[:1].upper() + name[1:], self._tag(rule.effect), role, _beginning(quote), _said(rule.criteria))

    def _earlier(self, identity: str) -> Party:
        role = f"in {self.spoken.since}"
        rules = self.spoken.earlier.get(self.found.row)
        if rules is None or identity not in rules.by_id:
            return Party(identity, self._tag(self.finding.effects[0]), role, "", "")
        rule = rules.by_id[identity]
        return Party(identity, self._tag(rule.effect), role, "", _said(rule.criteria))

    def _strip(self, roles: Mapping[str, str]) -> tuple[Box, ...]:
        """The order of the provisions with those that matter; nothing where order is not the point."""
        provisions = self.rules.provisions
        if self.finding.kind not in ("conflict", "never_decides") or len(provisions) > _STRIP or len(roles) < 2:
            return ()
        late = {self.finding.provisions[-1] if self.finding.kind == "conflict" else self.finding.provisions[0]}
        states = {identity: "late" if identity in late else "first" for identity in roles}
        return tuple(Box(rule.id, 28 * n + 16, states.get(rule.id, "")) for n, rule in enumerate(provisions))


def _said(criteria: Expression) -> str:
    return "" if isinstance(criteria, Always) else str(criteria)[:2000]


def _beginning(quote: str) -> str:
    words = quote.split()
    text = " ".join(words)
    return text if len(text) <= _QUOTE else text[:_QUOTE].rpartition(" ")[0] + " …"
