"""Findings and differences in words, for people at a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def answers_in_words(answers: Mapping[str, Any]) -> str:
    """``site rectum, t_stage t4``; nothing at all is any case."""
    return ", ".join(f"{fact} {answer}" for fact, answer in answers.items()) or "any case"


def _takes(provisions: Sequence[str]) -> str:
    return f"{', '.join(provisions)} {'takes' if len(provisions) == 1 else 'take'} its cases"


def finding_in_words(finding: Mapping[str, Any]) -> str:
    """One finding in a line, as ``edition_reports.findings_data`` gives it."""
    first, *others = finding["provisions"]
    effects = finding.get("effects", ["", ""])
    said = {
        "never_decides": lambda: f"{first} can never decide: " + (_takes(others) if others else "it is never met"),
        "idle_leaf": lambda: f"{first}: “{finding['leaf']}” makes no difference",
        "conflict": lambda: (
            f"{first} ({effects[0]}) and {others[0]} ({effects[1]}) both hold in some cases; {first} stands first"
        ),
        "fell_to_always": lambda: (
            f"{first} now takes cases that {finding['earlier']} of the edition before decided"
            f" ({effects[0]} → {effects[1]})"
        ),
        "idle_fact": lambda: f"{finding['fact']} is asked by {', '.join(finding['provisions'])} and never matters",
    }[finding["kind"]]()
    row = f"{finding['row']}: " if "row" in finding else ""
    example = f" Example: {answers_in_words(finding['example'])}." if finding["example"] else ""
    accepted = f" Accepted: {finding['accepted']}" if "accepted" in finding else ""
    return f"{finding['kind']}: {row}{said}.{example}{accepted}"


def difference_in_words(before: str, after: str, found: Mapping[str, Any]) -> Iterator[str]:
    """A difference line by line, as ``edition_reports.difference_data`` gives it."""
    for change in found["changes"]:
        row = f"{change['row']}: " if "row" in change else ""
        cases = f"{change['cases']:,} {'case' if change['cases'] == 1 else 'cases'}"
        example = answers_in_words(change["example"])
        yield f"{row}{change['site'] or 'any site'}: {change['from']} → {change['to']}: {cases}. Example: {example}."
    for row in found.get("rows_of_one", []):
        yield f"{row}: only one of the two has this row."
    changed = sum(change["cases"] for change in found["changes"])
    yield f"{before} → {after}: {changed:,} of {found['total']:,} complete cases change."
