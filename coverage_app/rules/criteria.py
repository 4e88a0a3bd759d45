"""The criteria language: from text to an expression, or to an error that says where and what was meant.

margin in (positive, close) and (t_stage is t4 or recurrence in (local, regional)) and age >= 50
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from coverage_app.rules.criteria_error import CriteriaError, at, of_character, of_token
from coverage_app.rules.expression import (
    COMPARISONS,
    All,
    Always,
    Any,
    Expression,
    Leaf,
    Not,
    Operator,
    Tree,
    evaluate,
)
from coverage_app.rules.vocabulary import AnswerError, Fact, UnknownFact, Vocabulary, shown

__all__ = ["All", "Always", "Any", "CriteriaError", "Expression", "Leaf", "Not", "Tree", "evaluate", "parse"]

NESTING_LIMIT = 100  # parentheses inside one another; also and, or, not inside one another
TOO_DEEP = f"more than {NESTING_LIMIT} parentheses or joined conditions"
LENGTH_LIMIT = 400_000  # characters: some 10,000 conditions

_GRAMMAR = r"""
start: ALWAYS | disjunction
?disjunction: conjunction | conjunction (_OR conjunction)+ -> any_of
?conjunction: condition | condition (_AND condition)+ -> all_of
?condition: NOT condition -> negated
    | LPAR disjunction RPAR -> group
    | NAME IS word -> leaf
    | NAME IS NOT word -> leaf
    | NAME IN LPAR word (COMMA word)* RPAR -> leaf
    | NAME NOT IN LPAR word (COMMA word)* RPAR -> leaf
    | NAME COMPARISON word -> leaf
?word: NAME | NUMBER
ALWAYS: "always"
_AND: "and"
_OR: "or"
NOT: "not"
IS: "is"
IN: "in"
LPAR: "("
RPAR: ")"
COMMA: ","
COMPARISON: /[<>=!≤≥]+/
NUMBER: /-?[0-9][0-9.]*/
NAME: /[^\W0-9]\w*/
%ignore /[ \t\r\n]+/
"""
_MEANT = {"==": "=", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "!=": "is not", "<>": "is not"}


@dataclass(frozen=True, slots=True)
class _Part:
    """What was read, not yet held against the vocabulary.

    ``tokens`` are a condition's, without punctuation; ``joined`` and ``enclosed`` count how many and, or, not and how
    many parentheses lie inside one another.
    """

    join: type[Expression]
    start: Token
    parts: tuple["_Part", ...] = ()
    tokens: tuple[Token, ...] = ()
    joined: int = 0
    enclosed: int = 0

    def __post_init__(self) -> None:
        if self.joined > NESTING_LIMIT or self.enclosed > NESTING_LIMIT:
            raise at(self.start, f"{TOO_DEEP} inside one another")


class _Shape(Transformer[Token, _Part]):
    """Builds parts while the text is read, so that no depth of text makes deep calls."""

    def start(self, children: list[_Part | Token]) -> _Part:
        first = children[0]
        return first if isinstance(first, _Part) else _Part(Always, first)

    def any_of(self, children: list[_Part]) -> _Part:
        return _joined(Any, children[0].start, children)

    def all_of(self, children: list[_Part]) -> _Part:
        return _joined(All, children[0].start, children)

    def negated(self, children: list[_Part | Token]) -> _Part:
        opening, part = cast(tuple[Token, _Part], children)
        return _joined(Not, opening, [part])

    def group(self, children: list[_Part | Token]) -> _Part:
        opening, part, _ = cast(tuple[Token, _Part, Token], children)
        return replace(part, start=opening, enclosed=part.enclosed + 1)

    def leaf(self, children: list[Token]) -> _Part:
        tokens = [token for token in children if token.type not in ("LPAR", "RPAR", "COMMA")]
        return _Part(Leaf, tokens[0], (), tuple(tokens))


def _joined(join: type[Expression], start: Token, parts: list[_Part]) -> _Part:
    joined = max(part.joined for part in parts) + 1
    return _Part(join, start, tuple(parts), (), joined, max(part.enclosed for part in parts))


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Shape())


def parse(text: str, vocabulary: Vocabulary) -> Expression:
    """The expression that the text spells, its names taken from the vocabulary. Raises CriteriaError."""
    if len(text) > LENGTH_LIMIT:
        raise CriteriaError(f"longer than {LENGTH_LIMIT} characters", 1, LENGTH_LIMIT + 1)
    _refuse_depth(text)
    try:
        shape = cast(_Part, _PARSER.parse(text))
    except UnexpectedCharacters as error:
        raise of_character(error) from None
    except UnexpectedToken as error:
        raise of_token(error, text) from None
    return _named(shape, vocabulary)


def _refuse_depth(text: str) -> None:
    """Refuse hopelessly nested text before it is read; one more level than the limit may be a list of values."""
    depth = 0
    for parenthesis in re.finditer(r"[()]", text):
        depth += 1 if parenthesis.group() == "(" else -1
        if depth > NESTING_LIMIT + 1:
            line = text.count("\n", 0, parenthesis.start()) + 1
            column = parenthesis.start() - text.rfind("\n", 0, parenthesis.start())
            raise CriteriaError(f"{TOO_DEEP} inside one another", line, column)


def _named(shape: _Part, vocabulary: Vocabulary) -> Expression:
    """The same with facts and values looked up."""
    if shape.join is Always:
        return Always()
    if shape.join is Leaf:
        return _leaf(shape.tokens, vocabulary)
    parts = [_named(part, vocabulary) for part in shape.parts]
    if shape.join is Not:
        return Not(parts[0])
    return Any(tuple(parts)) if shape.join is Any else All(tuple(parts))


def _leaf(tokens: tuple[Token, ...], vocabulary: Vocabulary) -> Leaf:
    name, *rest = tokens
    try:
        fact = vocabulary[str(name)]
    except UnknownFact as error:
        raise at(name, error.message, error.hint) from None
    words = [token for token in rest if token.type in ("NAME", "NUMBER")]
    signs = [token for token in rest if token.type not in ("NAME", "NUMBER")]
    operator = cast(Operator, " ".join(signs))
    if signs[0].type == "COMPARISON":
        return _comparison(fact, signs[0], words[0])
    if fact.kind == "number":
        raise at(signs[0], f"{fact.code} is a number: compare it with >= > <= < or =, not {shown(operator)}")
    covered: frozenset[str] = frozenset()
    for word in words:
        try:
            covered |= fact.covered(str(word))
        except AnswerError as error:
            raise at(word, error.message, error.hint) from None
    return Leaf(fact.code, operator, tuple(map(str, words)), covered, fact.open_to(covered))


def _comparison(fact: Fact, sign: Token, word: Token) -> Leaf:
    if str(sign) not in COMPARISONS:
        raise at(sign, f"unknown comparison {shown(sign)}: write >= > <= < or =", _MEANT.get(str(sign)))
    if fact.kind != "number":
        raise at(sign, f"{fact.code} is not a number: write is, is not, in or not in, not {shown(sign)}")
    try:
        number = fact.check(str(word))
    except AnswerError as error:
        raise at(word, error.message) from None
    return Leaf(fact.code, cast(Operator, str(sign)), (cast(Decimal, number),))
