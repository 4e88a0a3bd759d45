"""What is wrong with a text of criteria: where, in plain words, with the name that was probably meant."""

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from coverage_app.rules.vocabulary import nearest, shown

_WORDS = {"_AND": "and", "_OR": "or", "NOT": "not", "IS": "is", "IN": "in", "ALWAYS": "always"}


class CriteriaError(ValueError):
    """Criteria that cannot be read. Lines and columns count from 1; ``hint`` is the nearest known name, or None;
    ``provision`` the id of the provision, where an edition was read."""

    def __init__(self, message: str, line: int, column: int, hint: str | None = None) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint
        self.provision: str | None = None
        super().__init__(message, line, column, hint)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: {self.message}"
        return f"{place}; did you mean {self.hint}?" if self.hint else place


def at(token: Token, message: str, hint: str | None = None) -> CriteriaError:
    """The error at the place of a token."""
    return CriteriaError(message, token.line or 1, token.column or 1, hint)


def of_character(error: UnexpectedCharacters) -> CriteriaError:
    """A character that no word, number or sign of the language begins with."""
    return CriteriaError(f"unexpected character {shown(error.char)}", error.line, error.column)


def of_token(error: UnexpectedToken, text: str) -> CriteriaError:
    """A word or sign in a place where it cannot stand; also the end of the text, met too early."""
    token, expected = error.token, set(error.accepts or error.expected)
    previous = _previous(error)
    if previous is not None and "COMPARISON" in expected and _is_keyword(previous):
        return at(previous, f"{shown(previous)} is no fact", previous.lower())
    if token.type == "$END":
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        return CriteriaError(_at_the_end(text, expected), line, column)
    if token.type == "ALWAYS" or previous == "always":
        return at(token, '"always" stands alone: nothing before it, nothing after it')
    hint = nearest(token, [_WORDS[name] for name in expected if name in _WORDS])
    return at(token, f"unexpected {shown(token)}: {_wanted(expected)}", None if hint == token else hint)


def _previous(error: UnexpectedToken) -> Token | None:
    """The token before the one that does not fit, as long as it has not become part of a condition."""
    stack = error.interactive_parser.parser_state.value_stack if error.interactive_parser else []
    return stack[-1] if stack and isinstance(stack[-1], Token) else None


def _is_keyword(token: Token) -> bool:
    return token.lower() in _WORDS.values()


def _at_the_end(text: str, expected: set[str]) -> str:
    if not text.strip():
        return "the criteria are empty: write a condition, or always"
    if expected == {"RPAR"}:
        return 'the text ends early: a ")" is missing'
    return f"the text ends early: {_wanted(expected)}"


def _wanted(expected: set[str]) -> str:
    if "COMPARISON" in expected:
        return "after a fact comes is, is not, in, not in, or >= > <= < ="
    if "LPAR" in expected and "NAME" not in expected:
        return 'after in comes a list of values in parentheses: "("'
    if "NAME" in expected and ("LPAR" in expected):
        return "a condition is due: a fact, not, or a parenthesis"
    if "NAME" in expected or "NUMBER" in expected:
        return "a value is due"
    if "COMMA" in expected:
        return 'after a value comes "," or ")"'
    if "RPAR" in expected:
        return 'after a condition comes and, or, or ")"'
    return "after a condition comes and, or, or the end"
