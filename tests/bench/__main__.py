"""Prints the benchmarks; exit status 1 when one is missed.

Every measurement of ours has cases of its own, so that nothing is measured that was answered before; the first
round also compiles the editions. What counts is the median, over the rounds, of the ratio to zen-engine's time in
the same round.

zen-engine is measured as a decision made by `create_decision` and evaluated without a trace. It answers far quicker
when it loads the table itself and is asked by key; that is printed too, and limits nothing.

What editors wait for has limits in milliseconds: see ``editing``.
"""

import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from zen import ZenEngine

from coverage_app.rules.edition import Edition
from coverage_app.rules.verdict import assess, effect_of, reasons

from . import editing
from .material import Case, Policies, cases
from .table import decision_table

CASES = 2000  # in a round
ROUNDS = 9
FULL_LIMIT = 1.0  # of one evaluation by zen-engine
ALONE_LIMIT = 0.1


def full(policies: Policies, case: Case) -> None:
    """One full assessment: every payer and every row of the site, each with its reasons and missing facts."""
    for edition in policies.payers.values():
        reasons(edition, case, assess(edition, case).provisions)
    for row in policies.rows.get(str(case["site"]), ()):
        reasons(row, case, assess(row, case).provisions)


def seconds(call: Callable[[Any], object], over: Iterable[Any]) -> float:
    """How long one call took on average, in seconds."""
    items = list(over)
    start = perf_counter()
    for item in items:
        call(item)
    return (perf_counter() - start) / len(items)


def check_same(policies: Policies, zen: Any) -> None:
    """On complete answers the table says what the edition says; raises when the bench compares unlike things."""
    fep = policies.payers["fep"]
    for case in cases(policies.vocabulary, 5000, seed=0, complete=True):
        said, ours = zen.evaluate(context(fep, case))["result"]["effect"], effect_of(fep, case)
        if said != ours:
            raise SystemExit(f"zen-engine says {said}, the edition {ours}, of {case}")


def context(fep: Edition, case: Case) -> dict[str, str]:
    """A case as zen-engine takes it: what FEP asks for, and nothing else to convert."""
    return {fact: str(case[fact]) for fact in fep.facts if fact in case}


def run(policies: Policies, zen: Any, by_key: Any) -> list[dict[str, float]]:
    """One row of times a round: zen-engine in both ways, the full assessment, and each payer's verdict alone."""
    times = []
    fep = policies.payers["fep"]
    for number in range(ROUNDS):
        some, *others = (cases(policies.vocabulary, CASES, seed=10 * number + n) for n in range(1, 5))
        contexts = [context(fep, case) for case in some]
        row = {"zen": seconds(zen.evaluate, contexts)}
        row["full"] = seconds(partial(full, policies), some)
        for (code, edition), other in zip(policies.payers.items(), others, strict=True):
            row[code] = seconds(partial(effect_of, edition), other)
        row["by key"] = seconds(partial(by_key.evaluate, "fep"), contexts)
        times.append(row)
    return times


def report(what: str, times: list[dict[str, float]], key: str, limit: float | None = None) -> bool:
    """Print one line, and whether it keeps the limit."""
    ratios = [row[key] / row["zen"] for row in times]
    found = median(ratios)
    kept = limit is None or found <= limit
    bound = "" if limit is None else f"   at most {limit:.1f}: {'kept' if kept else 'MISSED'}"
    micro = median(row[key] for row in times) * 1e6
    print(f"{what:<44} {micro:8.1f} µs   ratio {found:6.3f} (first round {ratios[0]:6.3f}){bound}")
    return kept


def main() -> int:
    policies = Policies.read()
    table = decision_table(policies.payers["fep"])
    zen = ZenEngine().create_decision(table)
    by_key = ZenEngine({"loader": {"type": "static", "content": {"fep": json.loads(table)}}})
    start = perf_counter()
    editions = [*policies.payers.values(), *{row.code: row for rows in policies.rows.values() for row in rows}.values()]
    for edition in editions:
        edition.diagram.locate({})
    print(f"{len(editions)} editions and rows compiled in {(perf_counter() - start) * 1000:.0f} ms")
    check_same(policies, zen)
    policies = Policies.read()  # so that the first round starts with nothing remembered
    times = run(policies, zen, by_key)
    print(f"{ROUNDS} rounds of {CASES} cases each, median of the rounds; ratio to zen-engine on FEP, untraced")
    report("zen-engine, FEP as a decision table", times, "zen")
    report("zen-engine, the same asked by key", times, "by key")
    kept = [report("full assessment: 3 payers, rows, reasons", times, "full", FULL_LIMIT)]
    kept += [report(f"verdict of {code} alone", times, code, ALONE_LIMIT) for code in policies.payers]
    kept += [editing.run()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
