"""The placeholders that a letter's template may hold, and nothing else: names, lists with their parts, conditions.

Jinja can call, import and reach into objects; a letter needs none of it. So each tag is read against a grammar of a few
lines first, which tells a person the paragraph, and what Jinja makes of the whole is then held against the same list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

PLAIN = {
    "reference": "The case's reference, such as 2026-0017",
    "payer": "Who issues the policy",
    "policy": "The policy's short name",
    "policy_title": "The policy's title",
    "edition": "Since when the edition is in force",
    "indication": "The disease in a few words",
    "diagnosis": "The diagnosis code with its words",
    "procedure": "Intraoperative radiotherapy, with the technique where it is documented",
    "cpt": "The CPT code",
    "date_of_service": "The date of service",
    "setting": "Inpatient or outpatient",
    "product": "The payer's product",
    "position": "What the policy says of the case, in the words that its verdict allows",
    "request": "What the letter asks for, in the words that its verdict allows",
    "denial": "What is appealed: the decision, or the decision on an earlier appeal",
    "denial_date": "The day of the payer's denial",
    "denial_reason": "The reason that the payer gave",
    "denial_reference": "The payer's own number",
    "provenance": "Case, assessment, date and edition in one line",
    "assessment": "The number of the assessment",
    "assessed_on": "The day of the assessment",
    "checksum": "The checksum of the assessment",
}
LISTS = {
    "quotes": ("The policy's deciding sentences", {"text": "the sentence", "section": "its section"}),
    "criteria": (
        "The policy's criteria that are met on what is documented, in its words; else empty",
        {"text": "the criterion", "answer": "the case's answer", "rests_on": "the document it rests on"},
    ),
    "findings": (
        "What else is documented of the case",
        {"label": "the question", "answer": "the case's answer", "rests_on": "the document it rests on"},
    ),
    "support": (
        "The NCCN and ABS recommendations that name the use as an option",
        {
            "source": "society, version and category",
            "title": "the row",
            "quote": "its words",
            "note": "on the category",
        },
    ),
    "enclosures": ("The documents that answers rest on", {}),
}
KNOWN = {*PLAIN, *LISTS}

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_COUNTERPART = {"{{": "}}", "{%": "%}", "{#": "#}"}
_VALUE = re.compile(rf"\{{\{{\s*({NAME})(?:\.({NAME}))?\s*\}}\}}")
_FOR = re.compile(rf"\{{%(?:p|tr)?\s+for\s+({NAME})\s+in\s+({NAME})\s*%\}}")
_IF = re.compile(rf"\{{%(?:p|tr)?\s+if\s+(?:not\s+)?({NAME})(?:\.({NAME}))?\s*%\}}")
_ELSE = re.compile(r"\{%(?:p|tr)?\s+else\s*%\}")
_END = re.compile(r"\{%(?:p|tr)?\s+end(for|if)\s*%\}")
_ALLOWED_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
                  nodes.Not)  # fmt: skip
_WHOLE = re.compile(r"\{%(p|tr)\s")
MOST_TAGS = 300
STATED = "{{ provenance }} Checksum {{ checksum }}"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a template: ``place`` says where it stands.

    ``row`` is what the whole table row says that it stands in, None outside of tables. ``beside`` and ``row_beside``
    tell that there is more than text in the paragraph, or in the row: a picture, a field, a break.
    """

    place: str
    text: str
    beside: bool = False
    row: str | None = None
    row_beside: bool = False


class _Reader:
    """Reads the tags of one part in order, and knows which list's item stands for what."""

    def __init__(self) -> None:
        self.open: list[tuple[str, str, Paragraph]] = []  # "for" or "if", the item's name, where
        self.items: dict[str, str] = {}
        self.always: set[str] = set()  # what is shown outside of any “for” and “if”

    def fault(self, tag: str, paragraph: Paragraph) -> str:
        """What is wrong with a tag; "" for nothing."""
        if found := _VALUE.fullmatch(tag):
            self.always |= set() if self.open else {found.group(1)}
            return self._named(*found.groups(), shown=True)
        if found := _IF.fullmatch(tag):
            self.open.append(("if", "", paragraph))
            return self._named(*found.groups(), shown=False)
        if found := _FOR.fullmatch(tag):
            return self._begins(found.group(1), found.group(2), paragraph)
        if _ELSE.fullmatch(tag):
            return "" if self.open and self.open[-1][0] == "if" else "has no “if” before it."
        if found := _END.fullmatch(tag):
            return self._ends(found.group(1))
        return f"is not one of the placeholders that a letter takes{_hint(tag)}."

    def _named(self, name: str, part: str | None, *, shown: bool) -> str:
        if name in self.items:
            parts = LISTS[self.items[name]][1]
            if part is None:
                return "" if not (parts and shown) else f"is a whole line of {self.items[name]}: name a part of it."
            return "" if part in parts else f"names “{part}”, which {self.items[name]} does not have."
        if name not in KNOWN:
            return f"names “{name}”, which is not a placeholder."
        if part is not None:
            return f"names “{part}”, but {name} has no parts here."
        return "is a list: repeat it with “for”, and show its parts." if shown and name in LISTS else ""

    def _begins(self, item: str, of: str, paragraph: Paragraph) -> str:
        self.open.append(("for", item, paragraph))
        if of not in LISTS:
            return f"repeats “{of}”, which is not a list."
        if self.items:
            return "stands inside another “for”."
        if item in KNOWN or item == "loop":
            return f"calls its line “{item}”, which means something else already."
        self.items[item] = of
        return ""

    def _ends(self, what: str) -> str:
        if not self.open or self.open[-1][0] != what:
            return f"ends a “{what}” that was not begun, or not last."
        self.items.pop(self.open.pop()[1], None)
        return ""


def _astray(tag: str, paragraph: Paragraph) -> str:
    """Whether a tag whose paragraph or row goes with it stands there alone: docxtpl loses what is beside it."""
    whole = _WHOLE.match(tag)
    if whole is None:
        return ""
    if whole.group(1) == "p":
        alone = paragraph.text.strip() == tag and not paragraph.beside
        return "" if alone else "takes its whole paragraph with it: put it in a paragraph of its own."
    if paragraph.row is None:
        return "stands in no table: write it without “tr”, or in a table row of its own."
    alone = paragraph.row.strip() == tag and not paragraph.row_beside
    return "" if alone else "takes its whole table row with it: put it in a row of its own."


def _hint(tag: str) -> str:
    inside = tag.strip("{}%# \n")
    if "(" in inside:
        return ": nothing can be called"
    if "|" in inside:
        return ": no filters are taken"
    word = re.match(rf"(?:p|tr|tc|r)?\s*({NAME})", inside)
    if word and word.group(1) in ("include", "import", "from", "extends", "macro", "set", "block", "call", "filter"):
        return f": “{word.group(1)}” is not taken"
    return ""


def tags_in(text: str) -> tuple[list[str], str]:
    """The tags of a text in order, and the first brace that has no counterpart ("" if each has one)."""
    found: list[str] = []
    begun: re.Match[str] | None = None
    for brace in _BRACES.finditer(text):
        if begun is None and brace.group() in _COUNTERPART:
            begun = brace
        elif begun is not None and brace.group() == _COUNTERPART[begun.group()]:
            found.append(text[begun.start() : brace.end()])
            begun = None
        else:
            return found, (begun or brace).group()
    return found, begun.group() if begun else ""


def beginnings(text: str) -> int:
    """How many tags begin in a text."""
    return sum(text.count(brace) for brace in _COUNTERPART)


def faults_in(paragraphs: list[Paragraph], always: set[str] | None = None) -> Iterator[str]:
    """What is wrong with the placeholders of one part of a template, each with its paragraph.

    To ``always`` are added the names that are shown whatever the case: outside of any “for” and “if”.
    """
    reader, number = _Reader(), 0
    for paragraph in paragraphs:
        found, broken = tags_in(paragraph.text)
        if broken:
            yield f"{paragraph.place}: “{broken}” has no counterpart in “{_short(paragraph.text)}”."
        for tag in found:
            number += 1
            if number > MOST_TAGS:
                yield f"{paragraph.place}: more than {MOST_TAGS} placeholders are not taken."
                return
            for fault in filter(None, (_astray(tag, paragraph), reader.fault(tag, paragraph))):
                yield f"{paragraph.place}: {_short(tag)} {fault}"
    for what, _, paragraph in reader.open:
        yield f"{paragraph.place}: the “{what}” that begins here has no end."
    if always is not None:
        always |= reader.always


def unstated(always: set[str]) -> Iterator[str]:
    """What a letter with these placeholders would not state of its edition, its date and its checksum."""
    missing = [] if "checksum" in always else ["checksum"]
    if "provenance" not in always:
        dated = [name for name in ("edition", "assessed_on") if name not in always]
        missing += dated if len(dated) == 1 else ["provenance"] if dated else []
    if missing:
        names = " and ".join(f"{{{{ {name} }}}}" for name in missing)
        yield (
            f"The letter does not always show {names}: each letter states edition, date and checksum, outside of any"
            f" “if” and “for”. Put a line such as “{STATED}” in its footer."
        )


def faults_of_tree(environment: ImmutableSandboxedEnvironment, text: str, place: str) -> Iterator[str]:
    """What Jinja would do that is not on the list, in the text exactly as it would get it."""
    try:
        tree = environment.parse(text)
    except TemplateSyntaxError as error:
        yield f"{place}: {error.message}"
        return
    for name in sorted(meta.find_undeclared_variables(tree) - KNOWN):
        yield f"{place}: “{_short(name)}” is not a placeholder."
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED_NODES):
            yield f"{place}: a placeholder that does more than show, repeat or choose ({type(node).__name__})."
        elif isinstance(node, nodes.Getattr) and not _is_part(node):
            yield f"{place}: a placeholder reaches for “{_short(node.attr)}”."


def _is_part(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and any(node.attr in parts for _, parts in LISTS.values())


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"
