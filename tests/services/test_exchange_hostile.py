"""Files that mean harm: each is refused in bounded time, with a sentence, and nothing changes."""

import time

import pytest

from coverage_app.services import yaml_form
from coverage_app.services.exchange import ImportFault, import_text
from tests.services.making import SMALL
from tests.services.test_exchange import everything

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
DEEP = "editions: " + "{a: " * 4000
BLOCK = "".join(" " * n + "-\n" for n in range(3000))

HOSTILE = {
    "aliases that stand for endless lists": (LAUGHS, "line 2, column 10: aliases"),
    "a list that holds itself": ("facts: &a [*a]", "aliases"),
    "merged keys": (SMALL + "<<: {title: Again}\n", "<< is not taken in"),
    "braces without end": (DEEP, "over 30 levels deep"),
    "lists inside lists without end": (BLOCK, "levels deep"),
    "a million values": ("facts: [" + "1, " * 1_000_000 + "1]", "more than 100000 values"),
    "eleven million characters": ("title: " + "x" * 11_000_000, "at most 10000000 are read"),
    "a number of 10,000 digits": (SMALL + "number: " + "9" * 10_000, "YAML"),
    "a tag that runs code": (SMALL.replace("A small plan", "!!python/object/apply:os.system [id]"), "YAML"),
    "a zero character": (SMALL.replace("A small plan", '"A\\0"'), "document.publisher: holds characters"),
    "half a character": (SMALL.replace("A small plan", '"A\\ud800"'), "invalid Unicode character"),
    "a zero character in a site": (
        SMALL + '  remarks:\n  - {kind: fda, text: x, sites: ["\\0"]}\n',
        "remarks[0].sites",
    ),
    "a zero character in the policy's words": (
        SMALL.replace(
            "    effect: criteria_met", '    stated:\n    - {leaf: x, policy_words: "\\0"}\n    effect: criteria_met'
        ),
        "provisions[0].stated[0]: holds characters that no text has",
    ),
    "thousands of reasons where none belongs": (
        SMALL.replace(
            "    effect: inv", "    reasons:\n" + "    - {criteria: x, text: y}\n" * 3000 + "    effect: inv"
        ),
        "provisions[1].reasons: Only a provision that gives physician review",
    ),
    "a zero character in a golden answer": (
        SMALL + '  golden:\n  - {name: x, verdict: criteria_met, answers: {site: "\\0"}}\n',
        "golden[0].answers.site: unknown value",
    ),
    "a list for a key": (SMALL + "[a, b]: c\n", "YAML"),
    "an endless name of a key": (SMALL + f"? {'k' * 900}\n: 1\n", "unknown key 'kkk"),
    "more provisions than any policy has": (
        SMALL[: SMALL.index("  - id")] + "  - {}\n" * 25_000,
        "editions[0].provisions: 25000 items",
    ),
    "values nested where text is due": (SMALL.replace("title: Intra", "title: [[[[[[[[x]]]]]]]] #"), "document.title"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_changes_nothing(name: str) -> None:
    text, said = HOSTILE[name]
    before, start = everything(), time.monotonic()
    with pytest.raises(ImportFault) as fault:
        import_text(text=text, by=None)
    assert time.monotonic() - start < 30
    assert said in str(fault.value)
    assert len(str(fault.value)) < 600
    assert "\n" not in str(fault.value)
    assert everything() == before


@pytest.mark.parametrize(
    ("path", "line"),
    [((), 1), (("editions", 0, "provisions", 1, "quote"), 19), (("editions", 0, "nothing"), 7), (("editions", 7), 6)],
)
def test_a_place_in_a_file_has_a_line(path: tuple[str | int, ...], line: int) -> None:
    assert yaml_form.line_of(SMALL, path) == line


def test_what_does_not_read_has_no_lines() -> None:
    assert yaml_form.line_of("a: [", ("a",)) is None
    assert yaml_form.line_of("", ("a",)) is None
