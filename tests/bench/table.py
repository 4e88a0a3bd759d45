"""An edition as a decision table for zen-engine: one row for each way in which a provision's criteria can be met."""

import json
from itertools import product
from typing import Any

from coverage_app.rules.criteria import All, Always, Expression, Leaf
from coverage_app.rules.criteria import Any as AnyOf
from coverage_app.rules.edition import Edition
from coverage_app.rules.vocabulary import Vocabulary

Ways = list[dict[str, frozenset[str]]]


def ways(expression: Expression, vocabulary: Vocabulary) -> Ways:
    """The alternatives of criteria without `not (…)` and numbers, each the values that it allows for its facts."""
    if isinstance(expression, Always):
        return [{}]
    if isinstance(expression, Leaf) and expression.operator in ("is", "in"):
        return [{expression.fact: expression.covered}]
    if isinstance(expression, Leaf) and expression.operator in ("is not", "not in"):
        return [{expression.fact: frozenset(vocabulary[expression.fact].domain) - expression.covered}]
    if isinstance(expression, AnyOf):
        return [way for part in expression.parts for way in ways(part, vocabulary)]
    if isinstance(expression, All):
        chosen = product(*(ways(part, vocabulary) for part in expression.parts))
        return [way for way in map(_together, chosen) if all(way.values())]  # an empty cell would allow any value
    raise ValueError(f"a decision table of this bench cannot say: {expression}")


def _together(chosen: tuple[dict[str, frozenset[str]], ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for way in chosen:
        for fact, values in way.items():
            found[fact] = found.get(fact, values) & values
    return found


def decision_table(edition: Edition) -> str:
    """The edition in zen-engine's own format (JDM): hit policy first, an empty cell for any answer."""
    rules: list[dict[str, str]] = []
    for provision in edition.provisions:
        for way in ways(provision.criteria, edition.vocabulary):
            cells = {fact: ", ".join(f'"{value}"' for value in sorted(way.get(fact, ()))) for fact in edition.facts}
            rules.append({"_id": f"{provision.id}-{len(rules)}", **cells, "effect": f'"{provision.effect}"'})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in edition.facts],
        "outputs": [{"id": "effect", "name": "effect", "field": "effect"}],
        "rules": rules,
    }
    return json.dumps(_graph(content))


def _graph(content: dict[str, Any]) -> dict[str, Any]:
    nodes = [
        {"id": "case", "name": "case", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "verdict", "name": "verdict", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "case", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "verdict"},
    ]
    return {"nodes": nodes, "edges": edges}
