"""Criteria as people read them: each leaf in words, with the case's answer and its state."""

from typing import Any

from coverage_app.rules.criteria import All, Always, Leaf, Not, Tree
from coverage_app.rules.criteria import Any as AnyOf
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
    order = [value["code"] for value in wording.facts.get(leaf.fact, {"values": []})["values"]]
    covered = sorted(leaf.covered, key=lambda code: order.index(code) if code in order else len(order))
    denied = "not " if leaf.operator in ("is not", "not in") else ""
    return f"{label}: {denied}{listed([wording.answer(leaf.fact, code) for code in covered])}"


def node(tree: Tree, wording: Wording) -> dict[str, Any]:
    """A criteria tree with its states, as data for the page."""
    expression = tree.expression
    kind, text, answer, fact = "all", "All of these", "", ""
    if isinstance(expression, Leaf):
        kind, fact = "leaf", expression.fact
        text, answer = leaf_words(expression, wording), wording.answer(fact, tree.answer)
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
        "children": [node(child, wording) for child in tree.children],
    }
