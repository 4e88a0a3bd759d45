"""The golden cases of a file: whether their answers, rows and verdicts exist."""

from collections.abc import Mapping, Sequence

from coverage_app.models import Document, GoldenCase
from coverage_app.rules.vocabulary import AnswerError, UnknownFact, Vocabulary, nearest, plain
from coverage_app.services.expected import STANCES, VERDICTS

from .levels import ImportFault, Read, found


def check_golden(cases: list[Read], kind: str, rows: list[str], vocabulary: Vocabulary, where: str) -> None:
    """Bring the answers into the form in which they are stored.

    Raises ``ImportFault`` at the first case that an edition of this ``kind`` with these ``rows`` cannot be run on.
    """
    for n, read in enumerate(cases):
        case, here = read.row, f"{where}[{n}]"
        assert isinstance(case, GoldenCase)  # for the type checker
        case.answers = _checked(case.answers, vocabulary, f"{here}.answers")
        if case.retired:
            continue
        if kind == Document.Kind.GUIDELINE:
            _one_of("row", case.row, rows, f"{here}.row")
            _one_of("stance", case.verdict, STANCES, f"{here}.verdict")
        elif kind == Document.Kind.PAYER_POLICY:
            if case.row:
                raise ImportFault("a payer policy has no rows.", f"{here}.row")
            _one_of("verdict", case.verdict, VERDICTS, f"{here}.verdict")
        else:
            raise ImportFault("this document decides nothing: it has no golden cases.", here)


def _checked(answers: Mapping[str, object], vocabulary: Vocabulary, where: str) -> dict[str, str]:
    """The answers as they are stored: codes, and numbers as text."""
    stored: dict[str, str] = {}
    for code, answer in answers.items():
        here = f"{where}.{code[:40]}"
        if answer is None or isinstance(answer, bool | list | dict):
            raise ImportFault(f"expected a value or a number, {found(answer)}; put yes and no in quotes.", here)
        try:
            (checked,) = vocabulary.check({code: answer}).values()
        except (UnknownFact, AnswerError) as error:
            raise ImportFault(f"{error}.".replace("?.", "?"), here) from error
        stored[code] = checked if isinstance(checked, str) else plain(checked)
    return stored


def _one_of(what: str, name: str, known: Sequence[str], where: str) -> None:
    if name not in known:
        hint = nearest(name, known)
        meant = f"did you mean {hint}?" if hint else f"known: {', '.join(known) or 'none'}."
        raise ImportFault(f"unknown {what} {name[:40]!r}; {meant}" if name else f"a {what} is due; {meant}", where)
