"""The vocabulary: the facts that criteria speak of, and the answers that each admits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coverage_app.rules.fact import (
    RESERVED,
    Answer,
    AnswerError,
    Answers,
    Fact,
    Kind,
    Value,
    VocabularyError,
    nearest,
    plain,
    shown,
)

__all__ = [
    "RESERVED",
    "Answer",
    "AnswerError",
    "Answers",
    "Fact",
    "Kind",
    "UnknownFact",
    "Value",
    "Vocabulary",
    "VocabularyError",
    "nearest",
    "plain",
    "shown",
]


class UnknownFact(LookupError):
    """No fact has this code. ``hint`` is the nearest code that there is, or None."""

    def __init__(self, code: str, hint: str | None) -> None:
        self.code = code
        self.hint = hint
        super().__init__(code, hint)

    @property
    def message(self) -> str:
        return f"unknown fact {shown(self.code)}"

    def __str__(self) -> str:
        return f"{self.message}; did you mean {self.hint}?" if self.hint else self.message


@dataclass(frozen=True)
class Vocabulary:
    """Facts in the order in which questions are asked. Raises VocabularyError when a code occurs twice."""

    facts: tuple[Fact, ...]

    def __post_init__(self) -> None:
        codes = [fact.code for fact in self.facts]
        for code in codes:
            if codes.count(code) > 1:
                raise VocabularyError(f"two facts have the code {code}")

    @cached_property
    def _by_code(self) -> dict[str, Fact]:
        return {fact.code: fact for fact in self.facts}

    def __getitem__(self, code: str) -> Fact:
        """The fact with this code; raises UnknownFact, with the nearest code as a hint."""
        fact = self._by_code.get(code)
        if fact is None:
            raise UnknownFact(str(code), nearest(str(code), self._by_code))
        return fact

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def check(self, raw: Mapping[str, object]) -> dict[str, Answer]:
        """The answers as the rules use them, in question order; None is "not documented" and is left out.

        Raises UnknownFact, or AnswerError for the first answer that its fact does not admit.
        """
        for code in raw:
            self[code]
        return {f.code: f.check(raw[f.code]) for f in self.facts if raw.get(f.code) is not None}

    def to_data(self) -> list[dict[str, Any]]:
        """JSON-able data, from which ``from_data`` makes an equal vocabulary."""
        return [fact.to_data() for fact in self.facts]

    @classmethod
    def from_data(cls, data: Sequence[Mapping[str, Any]]) -> "Vocabulary":
        """The vocabulary of such data; further keys are ignored. Raises VocabularyError."""
        return cls(tuple(Fact.from_data(item) for item in data))
