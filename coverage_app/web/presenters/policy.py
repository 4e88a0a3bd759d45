"""A document's edition for the page: provisions or rows in order, codes, authorization, remarks by kind."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from coverage_app.models import AuthorizationRule, Edition, Remark
from coverage_app.rules.criteria import evaluate
from coverage_app.rules.verdict import reasons
from coverage_app.services.criterion_sources import is_reading
from coverage_app.services.library import Reading, Row
from coverage_app.services.report.guidelines import CATEGORY_3
from coverage_app.services.report.policy import remark_data
from coverage_app.services.report.tags import STANCES, VERDICTS, Tag
from coverage_app.services.report.trees import node
from coverage_app.services.report.words import day
from coverage_app.services.vocabulary import Wording

KIND = Remark.Kind
ASIDE = (
    KIND.OPENING, KIND.PRODUCTS, KIND.BENEFIT, KIND.FREQUENCY, KIND.DOCUMENTS, KIND.RELATED_POLICY, KIND.MEDICARE,
    KIND.FDA, KIND.CONTEXT, KIND.DISCLAIMER, KIND.BACKGROUND,
)  # fmt: skip


def state_on(edition: Edition, siblings: Iterable[Edition], on: dt.date) -> Tag:
    """Whether an edition is in force on a day; ``siblings`` are its document's editions, drafts left out."""
    if edition.status == Edition.Status.WITHDRAWN:
        return Tag(code="withdrawn", label="Withdrawn: used for no date", tone="review", icon="warn")
    if edition.in_force > on:
        return Tag(code="to_come", label=f"In force from {day(edition.in_force)}", tone="open", icon="date")
    later = [other.in_force for other in siblings if edition.in_force < other.in_force <= on]
    if later:
        return Tag(code="replaced", label=f"In force until {day(min(later))}", tone="quiet", icon="date")
    return Tag(code="in_force", label="In force today", tone="met", icon="met")


def page(reading: Reading) -> dict[str, Any]:
    """All that the page of one edition shows of its text."""
    return {
        "provisions": _provisions(reading),
        "passages": _of_kind(reading, KIND.EXCERPT),
        "rows": [_row(row, reading.wording) for row in reading.rows],
        "authorization": [_rule(rule) for rule in reading.authorization],
        "codes": _codes(reading),
        "code_rules": _of_kind(reading, KIND.CODE_RULE),
        "readings": _of_kind(reading, KIND.READING),
        "asides": [remark for kind in ASIDE for remark in _of_kind(reading, kind)],
        "indicators": _of_kind(reading, KIND.INDICATOR),
        "evidence": _of_kind(reading, KIND.EVIDENCE),
        "history": _of_kind(reading, KIND.HISTORY),
        "misprints": _of_kind(reading, KIND.MISPRINT),
    }


def contents(parts: dict[str, Any]) -> list[tuple[str, str]]:
    """The headings of the page that have something under them: anchor and words."""
    headings = (
        ("provisions", "Provisions, in order"),
        ("rows", "Recommendations"),
        ("readings", "How it is read"),
        ("authorization", "Authorization"),
        ("codes", "Codes"),
        ("indicators", "Billing indicators"),
        ("asides", "What else it says"),
        ("evidence", "Evidence by site"),
        ("history", "History"),
        ("misprints", "Misprints"),
    )
    found = {**parts, "codes": parts["codes"] or parts["code_rules"]}
    return [(anchor, words) for anchor, words in headings if found[anchor]]


def _provisions(reading: Reading) -> list[dict[str, Any]]:
    trees = reasons(reading.rules, {}) if reading.rules else {}
    return [
        {
            "id": provision.code,
            "locator": provision.locator,
            "quote": provision.quote,
            "effect": VERDICTS[provision.effect],
            "note": provision.note,
            "criteria": provision.criteria,
            "reading": is_reading(provision),
            "reasons": provision.reasons,
            "asked_by_policy": provision.asked_by_policy,
            "tree": node(trees[provision.code], reading.wording, reading.sources[provision.code]),
        }
        for provision in reading.provisions
    ]


def _row(row: Row, wording: Wording) -> dict[str, Any]:
    trees = reasons(row.rules, {})
    return {
        "id": row.row.code,
        "title": row.row.title,
        "version": row.row.version,
        "category": row.row.category,
        "disputed": row.row.category.startswith("3"),
        "category_note": CATEGORY_3 if row.row.category.startswith("3") and "ategory 3" not in row.row.note else "",
        "sites": [wording.answer("site", site) for site in row.row.sites],
        "quote": row.row.quote,
        "locator": row.row.locator,
        "citation": row.row.citation,
        "note": row.row.note,
        "statements": [
            {
                "stance": STANCES[statement.stance],
                "note": statement.note,
                "criteria": statement.criteria,
                "tree": node(trees[str(number)], wording),
            }
            for number, statement in enumerate(row.statements, 1)
        ],
        "closes": row.statement(row.rules.provisions[-1].id) is None,
    }


def _rule(rule: AuthorizationRule) -> dict[str, str]:
    return {
        "product": rule.product or "All products",
        "setting": rule.get_setting_display(),
        "rule": rule.get_rule_display(),
        "quote": rule.quote,
        "locator": rule.locator,
    }


def _codes(reading: Reading) -> list[dict[str, str]]:
    return [
        {"system": code.get_system_display(), "code": code.code, "description": code.description}
        for code in reading.codes
    ]


def _of_kind(reading: Reading, kind: Remark.Kind) -> list[dict[str, Any]]:
    """Remarks of one kind, each with what it is shown for: sites, verdicts, criteria."""
    return [
        {
            **remark_data(remark),
            "statement_words": remark.get_statement_display() if remark.statement else "",
            "sites": [reading.wording.answer("site", site) for site in remark.sites],
            "effects": [VERDICTS[effect] for effect in remark.effects],
            "tree": node(evaluate(criteria, {}), reading.wording) if criteria else None,
        }
        for remark, criteria in reading.remarks
        if remark.kind == kind
    ]


def shelf(editions: Sequence[Edition], on: dt.date) -> list[dict[str, Any]]:
    """A document's editions as a list shows them, newest first, each with its state on a day."""
    return [{"edition": edition, "state": state_on(edition, editions, on)} for edition in editions]
