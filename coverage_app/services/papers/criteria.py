"""Criteria taken from a frozen report: as rows for the summary, and the leaves that a letter may rest on."""

from collections.abc import Iterator
from typing import Any

from .source import Source
from .text import NOTHING, RECORDED

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
LISTED_AS_CRITERIA = ("policy", "narrowed")


def rows(source: Source, node: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """A tree of criteria as lines, each with its depth, state, the case's answer and what that rests on."""
    leaf = node["kind"] == "leaf"
    own = not (depth == 0 and node["kind"] == "all")  # that all of them count is said in the heading
    if own:
        answer = node["answer"] if leaf else ""
        yield {
            "depth": max(depth - 1, 0),
            "leaf": leaf,
            "text": node["text"],
            "whose": _whose(node),
            "answer": answer,
            "state": node["state"]["code"],
            "label": node["state"]["label"],
            "rests_on": (source.rests_on(node["fact"], note=True) or NOTHING) if answer else "",
        }
    for child in node["children"]:
        yield from rows(source, child, depth + 1)


def _whose(node: dict[str, Any]) -> str:
    """Whose criterion a leaf is, with the policy's words; blank for parts that join others, and in older reports."""
    whose, words = node.get("whose_words", ""), node.get("policy_words", "")
    return f"{whose}: “{words}”" if whose and words else whose


def carrying(node: dict[str, Any], denied: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """The leaves that carry a tree that is met, each with whether its not being met is what counts.

    An alternative that is not met or not documented carries nothing, so nothing is said of it.
    """
    if node["state"]["code"] != (NOT_MET if denied else MET):
        return
    if node["kind"] == "leaf":
        yield node, denied
    for child in node["children"]:
        yield from carrying(child, denied != (node["kind"] == "not"))


def policy_criteria(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    """The policy's criteria that carry a verdict, by fact, each with the case's answer and the document that shows it.

    In the policy's words where they are on file, with our reading beside them where it is narrower. Our own conditions
    are no criteria of the policy.
    """
    seen = set()
    for provision in source.deciding:
        for leaf, denied in carrying(provision["tree"]):
            if leaf.get("whose") not in LISTED_AS_CRITERIA:  # a report of before does not say: nothing is claimed
                continue
            line = (f"Not so: {leaf['text']}" if denied else _in_policy_words(leaf), leaf["fact"])
            if line not in seen and leaf["fact"] in source.questions:
                seen.add(line)
                shown_by = source.rests_on(leaf["fact"]) or RECORDED
                yield leaf["fact"], {"text": line[0], "answer": leaf["answer"], "rests_on": shown_by}


def _in_policy_words(leaf: dict[str, Any]) -> str:
    if not leaf["policy_words"]:
        return str(leaf["text"])
    said = f"“{leaf['policy_words']}”"
    return f"{said} (read as {leaf['text']})" if leaf["whose"] == "narrowed" else said


def met(provision: dict[str, Any]) -> bool:
    """Whether a provision is met on what is documented."""
    return bool(provision["tree"]["state"]["code"] == MET)


def undocumented(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The leaves without an answer that leave a tree open."""
    if node["state"]["code"] != UNKNOWN:
        return
    if node["kind"] == "leaf":
        yield node
    for child in node["children"]:
        yield from undocumented(child)


def nearest(source: Source) -> list[dict[str, Any]]:
    """Where only the closing provision decides: those that were made for the case's site, and are not met."""
    if any(p["tree"]["kind"] != "always" for p in source.deciding):
        return []
    return [
        provision
        for provision in source.report["provisions"]
        if not provision["decides"] and provision["tree"]["kind"] != "always" and _for_the_site(provision["tree"])
    ]


def _for_the_site(tree: dict[str, Any]) -> bool:
    leaves = [tree] if tree["kind"] == "leaf" else tree["children"]
    return any(leaf["fact"] == "site" and leaf["state"]["code"] == MET for leaf in leaves)
