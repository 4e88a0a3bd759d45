"""What the benchmarks work on: the policies of `fixtures/`, read without a database, and made-up cases."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from coverage_app.rules.edition import Edition
from coverage_app.rules.vocabulary import Answer, Fact, Vocabulary

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAYERS = ("bcbsma", "fep", "nia")
GUIDELINES = ("abs", "nccn")
Case = dict[str, Answer]


def _document(code: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FIXTURES / f"{code}.yaml").read_text(encoding="utf-8"))
    return data


def _vocabulary() -> Vocabulary:
    facts = _document("vocabulary")["facts"]
    for value in (value for fact in facts for value in fact.get("values", [])):
        value["parent"] = value.get("broader")
    return Vocabulary.from_data(facts)


@dataclass(frozen=True)
class Policies:
    """The newest editions: of each payer, and of each guideline row by site. Nothing is compiled yet."""

    vocabulary: Vocabulary
    payers: dict[str, Edition]
    rows: dict[str, list[Edition]]

    @classmethod
    def read(cls) -> "Policies":
        vocabulary = _vocabulary()
        payers = {}
        for code in PAYERS:
            provisions = _document(code)["editions"][-1]["provisions"]
            payers[code] = Edition.read(code, vocabulary, [(p["id"], p["criteria"], p["effect"]) for p in provisions])
        rows: dict[str, list[Edition]] = {}
        for row in (row for code in GUIDELINES for row in _document(code)["editions"][-1]["rows"]):
            edition = Edition.read(row["id"], vocabulary, _statements(row))
            for site in sorted(frozenset().union(*map(vocabulary["site"].covered, row["sites"]))):
                rows.setdefault(site, []).append(edition)
        return cls(vocabulary, payers, rows)


def _statements(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    lines = [(str(number), s["criteria"], s["stance"]) for number, s in enumerate(row["statements"], 1)]
    return lines if lines[-1][1] == "always" else [*lines, ("-", "always", "conditions_not_met")]


def cases(vocabulary: Vocabulary, number: int, seed: int, *, complete: bool = False) -> list[Case]:
    """Made-up cases, the same for a seed: a third rectal, the others from all sites; a third to all facts answered."""
    chance = random.Random(seed)
    return [dict(_answers(vocabulary, chance, 1 if complete else chance.uniform(1 / 3, 1))) for _ in range(number)]


def _answers(vocabulary: Vocabulary, chance: random.Random, answered: float) -> Iterator[tuple[str, Answer]]:
    for fact in vocabulary:
        if fact.code == "site" and chance.random() < 1 / 3:
            yield fact.code, "rectum"
        elif fact.code == "site" or chance.random() < answered:
            yield fact.code, _answer(fact, chance)


def _answer(fact: Fact, chance: random.Random) -> Answer:
    if fact.kind != "number":
        return chance.choice(fact.domain)
    least, greatest, step = fact.limits
    return Decimal(least + step * chance.randint(0, int((greatest - least) / step)))
