"""What each paper of a case will say, and what is to be mended before it makes sense."""

from collections.abc import Iterator
from dataclasses import dataclass

from coverage_app.models import Case
from coverage_app.services.report.words import listed

from . import letter
from .faults import NoLetter
from .papers import KINDS
from .source import Source, source_of


@dataclass(frozen=True)
class Prospect:
    """One paper: what it says in a line, what speaks against sending it yet, and why there is none (``refused``).

    What holds of all three papers is said by ``cautions``.
    """

    kind: str
    title: str
    form: str
    line: str
    cautions: tuple[str, ...]
    refused: str = ""


def prospects(case: Case) -> tuple[Source, list[Prospect]]:
    """The three papers of a case, in order, and the assessment they are written from. Raises as ``source_of`` does."""
    source = source_of(case)
    return source, [_prospect(source, kind) for kind in KINDS]


def _prospect(source: Source, kind: str) -> Prospect:
    title = KINDS[kind]
    if kind == "summary":
        line = "Verdict, the policy's words, criteria, answers and what they rest on, NCCN and ABS, codes, checksum."
        return Prospect(kind, title, "PDF", line, ())
    try:
        letter.check_sense(source, kind)
    except NoLetter as reason:
        return Prospect(kind, title, "Word", "", (), str(reason))
    return Prospect(kind, title, "Word", letter.line(source, kind), tuple(_of_letters(source, kind)))


def _of_letters(source: Source, kind: str) -> Iterator[str]:
    if kind == letter.APPEAL and source.denial is None:
        yield "No denial is recorded: its date, reason and reference stay to be filled in."
    if left_open := letter.open_facts(source):
        yield f"Not documented, and left open in the letter: {listed(left_open, 'and')}."
    if not letter.supporting(source):
        yield "No NCCN or ABS recommendation on file names this use as an option: the letter cites none."
    if against := [r for r in source.report["rows"] if r["stance"]["code"] == "advises_against"]:
        yield f"{against[0]['society']} advises against this use. The letter does not name it; the payer may."
    if source.override is not None:
        yield "The reviewer's verdict is another than the assessment's, so the letter states neither."
