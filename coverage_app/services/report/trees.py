"""Criteria as people read them: each leaf in words, with the case's answer and its state."""

from collections.abc import Iterator, Sequence
from typing import Any

from coverage_app.rules.criteria import All, Always, Leaf, Not, Tree
from coverage_app.rules.criteria import Any as AnyOf
from coverage_app.services.criterion_sources import CriterionSource
from coverage_app.services.vocabulary import Wording

from .tags import STATES
from .words import listed

COMPARED = {
    ">=": "{} or more",
    ">": "more than {}",
    "<=": "at most {}",
    "<": "under {}",
    "=": "exactly {}",
}


def leaf_words(leaf: Leaf, wording: Wording) -> str:
    """``Margin: Positive or Close``; ``T category: T4, T4a or T4b``; ``Age: 50 years or more``."""
    label = wording.label(leaf.fact)
    if leaf.operator in COMPARED:
        return f"{label}: {COMPARED[leaf.operator].format(wording.answer(leaf.fact, leaf.values[0]))}"
    values = wording.facts.get(leaf.fact, {"values": []})["values"]
    groups = [str(value) for value in leaf.values if (wording.value(leaf.fact, str(value)) or {}).get("group")]
    spelled = leaf.covered - wording.covered(leaf.fact, groups)
    order = [value["code"] for value in values]
    covered = sorted(spelled, key=lambda code: order.index(code) if code in order else len(order))
    denied = "not " if leaf.operator in ("is not", "not in") else ""
    return f"{label}: {denied}{listed([wording.answer(leaf.fact, code) for code in (*groups, *covered)])}"


WHOSE = {
    "policy": "The policy's criterion",
    "narrowed": "The policy's criterion, read narrower by us",
    "ours": "Our condition, not stated as a criterion",
}


def node(tree: Tree, wording: Wording, sources: Sequence[CriterionSource] = ()) -> dict[str, Any]:
    """Return a criteria tree with its states, as data for the page.

    ``sources``: whose criterion each leaf is, from left to right; leaves beyond them are left unmarked.
    """
    return _node(tree, wording, iter(sources))


def _node(tree: Tree, wording: Wording, sources: Iterator[CriterionSource]) -> dict[str, Any]:
    expression = tree.expression
    whose, said = "", ""
    kind, text, answer, fact = "all", "All of these", "", ""
    if isinstance(expression, Leaf):
        kind, fact = "leaf", expression.fact
        text, answer = leaf_words(expression, wording), wording.answer(fact, tree.answer)
        if source := next(sources, None):
            whose, said = source.whose, source.policy_words
    elif isinstance(expression, AnyOf):
        kind, text = "any", "One of these"
    elif isinstance(expression, Not):
        kind, text = "not", "Not this"
    elif isinstance(expression, Always):
        kind, text = "always", "Every case that the provisions above do not decide"
    else:
        assert isinstance(expression, All)  # for the type checker
    return {
        "kind": kind,
        "state": STATES[tree.truth.value],
        "text": text,
        "answer": answer,
        "fact": fact,
        "whose": whose,
        "whose_words": WHOSE.get(whose, ""),
        "policy_words": said,
        "children": [_node(child, wording, sources) for child in tree.children],
    }
