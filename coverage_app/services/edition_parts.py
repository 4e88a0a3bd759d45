"""All that an edition says, as lists of named parts with labelled texts: to be held against another edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from coverage_app.models import Edition, GuidelineRow, Provision, Remark
from coverage_app.rules.criteria import CriteriaError, parse

from .golden import golden_cases
from .report.tags import STANCES, VERDICTS
from .report.words import day, month
from .vocabulary import Wording

SECTIONS = (
    ("edition", "The edition"),
    ("provisions", "Provisions"),
    ("rows", "Recommendations"),
    ("authorization", "Authorization"),
    ("codes", "Listed codes"),
    ("remarks", "Remarks"),
    ("golden", "Golden cases"),
)


@dataclass(frozen=True)
class Line:
    """One thing that a part says. ``code``: criteria."""

    label: str
    text: str
    code: bool = False


@dataclass(frozen=True)
class Item:
    """One part: the ``key`` that it is known by from edition to edition, its name, what it says."""

    key: tuple[str, ...]
    name: str
    lines: tuple[Line, ...]


def parts_of(edition: Edition, wording: Wording) -> dict[str, list[Item]]:
    """The parts of an edition by the codes of ``SECTIONS``; ``wording`` is the vocabulary of now, for a draft."""
    if edition.vocabulary is not None:
        wording = Wording({fact["code"]: fact for fact in edition.vocabulary})
    return {
        "edition": [_edition(edition)],
        "provisions": [_provision(provision, wording) for provision in edition.provisions.all()],
        "rows": [_row(row, wording) for row in edition.guidelinerows.prefetch_related("statements")],
        "authorization": [
            _item((rule.product, rule.setting), f"{rule.product or 'All products'}, {rule.setting}",
                  Line("Rule", rule.get_rule_display()), Line("Quote", rule.quote), Line("Section", rule.locator))
            for rule in edition.authorizationrules.all()
        ],
        "codes": [
            _item((code.system, code.code), f"{code.get_system_display()} {code.code}",
                  Line("What it is", code.description), Line("Shown for the sites", _sites(code.sites, wording)))
            for code in edition.listedcodes.all()
        ],
        "remarks": [_remark(remark, wording) for remark in edition.remarks.all()],
        "golden": list(_golden(edition, wording)),
    }  # fmt: skip


def _item(key: tuple[str, ...], name: str, *lines: Line) -> Item:
    return Item(key, name, lines)


def _edition(edition: Edition) -> Item:
    return _item(
        (),
        "Dates",
        Line("In force from", day(edition.in_force)),
        Line("How that is known", edition.get_in_force_basis_display()),
        Line("Note on it", edition.in_force_note),
        Line("Last reviewed by its publisher", month(edition.last_reviewed) if edition.last_reviewed else ""),
        Line("Original", month(edition.original) if edition.original else ""),
    )


def _provision(provision: Provision, wording: Wording) -> Item:
    return _item(
        (provision.code,),
        provision.code,
        Line("Quote", provision.quote),
        Line("Section", provision.locator),
        Line("Criteria", canonical(provision.criteria, wording), code=True),
        Line("Conditions of ours", "\n".join(canonical(leaf, wording) for leaf in provision.ours), code=True),
        Line("Conditions read narrower", _words(provision.narrowed, wording), code=True),
        Line("Conditions as stated", _words(provision.stated, wording), code=True),
        Line("Effect", VERDICTS[provision.effect]["label"]),
        Line("Review asked for by the policy", "Yes" if provision.asked_by_policy else ""),
        Line("Reasons for review", "\n".join(_reason(reason, wording) for reason in provision.reasons), code=True),
        Line("Note", provision.note),
    )


def _words(entries: list[dict[str, str]], wording: Wording) -> str:
    return "\n".join(f"{canonical(entry['leaf'], wording)} => {entry['policy_words']}" for entry in entries)


def _reason(reason: dict[str, str], wording: Wording) -> str:
    return f"{canonical(reason['criteria'], wording)} => {reason['text']}"


def _row(row: GuidelineRow, wording: Wording) -> Item:
    statements = [
        f"{canonical(statement.criteria, wording)} → {STANCES[statement.stance]['label']}"
        + (f" ({statement.note})" if statement.note else "")
        for statement in row.statements.all()
    ]
    return _item(
        (row.code,),
        f"{row.code}: {row.title}",
        Line("Title", row.title),
        Line("Version", row.version),
        Line("Category", row.category),
        Line("Sites", _sites(row.sites, wording)),
        Line("Quote", row.quote),
        Line("Section", row.locator),
        Line("Citation", row.citation),
        Line("Note", row.note),
        Line("Statements, in order", "\n".join(statements), code=True),
    )


def _remark(remark: Remark, wording: Wording) -> Item:
    effects = [VERDICTS[effect]["label"] if effect in VERDICTS else effect for effect in remark.effects]
    kind = remark.get_kind_display()
    return _item(
        (remark.kind, remark.title),
        f"{kind}: {remark.title}" if remark.title else kind,
        Line("Quote", remark.quote),
        Line("Text", remark.text),
        Line("Section", remark.locator),
        Line("Month", month(remark.dated) if remark.dated else ""),
        Line("Policy statement", remark.get_statement_display() if remark.statement else ""),
        Line("Shown for the sites", _sites(remark.sites, wording)),
        Line("Shown with the verdicts", ", ".join(effects)),
        Line("Shown when", canonical(remark.criteria, wording), code=True),
    )


def _golden(edition: Edition, wording: Wording) -> Iterable[Item]:
    for case in golden_cases(edition):
        tags = STANCES if case.row else VERDICTS
        expected = tags[case.verdict]["label"] if case.verdict in tags else case.verdict
        yield _item(
            (case.name,),
            case.name,
            Line("Row", case.row),
            Line("Answers", answers_in_words(case.answers, wording)),
            Line("Expected", expected),
            Line("Why", case.why),
        )


def answers_in_words(answers: dict[str, object], wording: Wording) -> str:
    """``Cancer site: Rectum; T category: T4``, in the order of the questions."""
    order = [*(fact for fact in wording.facts if fact in answers), *(f for f in answers if f not in wording.facts)]
    return "; ".join(f"{wording.label(fact)}: {_answer(fact, answers[fact], wording)}" for fact in order)


def _answer(fact: str, answer: object, wording: Wording) -> str:
    """A number is stored as text; it is shown with its unit."""
    number = fact in wording.facts and wording.facts[fact]["kind"] == "number" and not isinstance(answer, Decimal)
    return wording.answer(fact, Decimal(str(answer)) if number else answer)


def canonical(criteria: str, wording: Wording) -> str:
    """The criteria in their one spelling, so that only what they say can differ; as typed where they do not read."""
    if not criteria:
        return ""
    try:
        return str(parse(criteria, wording.vocabulary))
    except CriteriaError:
        return criteria


def _sites(sites: list[str], wording: Wording) -> str:
    return ", ".join(wording.answer("site", site) for site in sites)
