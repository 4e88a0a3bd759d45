"""How long an editor waits: for the audit of an edition, and for what a change of it changes.

Both are computed anew in every round, from criteria that are read but not compiled. The reference is compiling the
same edition in the same round, which has to be done before it decides anything.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from coverage_app.rules.audit import audit
from coverage_app.rules.difference import compare
from coverage_app.rules.edition import Edition

from .material import Policies

ROUNDS = 15
AUDIT_LIMIT = 0.050  # seconds
DIFFERENCE_LIMIT = 0.100


def changed(nia: Edition) -> Edition:
    """NIA as a next edition might be: from forty-five years on, lung cancer for review, N7r gone."""
    rows = [
        (p.id, str(p.criteria).replace("age >= 50", "age >= 45"), p.effect) for p in nia.provisions if p.id != "N7r"
    ]
    return Edition.read(
        "nia", nia.vocabulary, [("N0", "site is lung and margin is positive", "physician_review"), *rows]
    )


def run() -> bool:
    """Print the lines, and whether all keep their limits."""
    times = [_round() for _ in range(ROUNDS)]
    print(f"{ROUNDS} rounds, each edition new in each, median of the rounds; ratio to compiling NIA")
    _report("compiling NIA", times, "compile")
    kept = [_report("audit of NIA", times, "audit", AUDIT_LIMIT)]
    kept += [_report("audit of a changed NIA, with NIA before it", times, "succession")]
    kept += [_report("difference: NIA and a changed NIA", times, "difference", DIFFERENCE_LIMIT)]
    return all(kept)


def _round() -> dict[str, float]:
    nia = Policies.read().payers["nia"]
    after = changed(nia)
    return {
        "compile": _seconds(lambda: nia.diagram),
        "audit": _seconds(lambda: audit(nia)),
        "succession": _seconds(lambda: audit(after, nia)),
        "difference": _seconds(lambda: compare(nia, after)),
    }


def _seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def _report(what: str, times: list[dict[str, float]], key: str, limit: float | None = None) -> bool:
    found = median(row[key] for row in times)
    ratio = median(row[key] / row["compile"] for row in times)
    kept = limit is None or found <= limit
    bound = "" if limit is None else f"   at most {limit * 1000:.0f} ms: {'kept' if kept else 'MISSED'}"
    print(f"{what:<44} {found * 1000:8.1f} ms   ratio {ratio:6.1f} (first round {times[0][key] * 1000:6.1f} ms){bound}")
    return kept
