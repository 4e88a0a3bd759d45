"""Writing one paper of a case."""

from dataclasses import dataclass

from coverage_app.models import Case

from .beforehand import contradictory, of_before
from .faults import PaperFault, TemplateFault
from .letter import letter_data
from .letter_templates import template_in_use
from .rendering import render
from .source import Source, source_of
from .summary import summary_pdf

KINDS = {"summary": "Case summary", "necessity": "Letter of medical necessity", "appeal": "Appeal letter"}
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Paper:
    """A finished paper. ``name`` is a file's, of the case's reference and the kind alone: it tells nothing else.

    ``warning`` is what people are told with it, blank where all is well: of a summary, that what was assessed may not
    hold any more; of a letter, that answers contradict each other, which the summary says itself and a letter does not.
    """

    name: str
    content_type: str
    content: bytes
    warning: str = ""


def paper(*, case: Case, kind: str) -> Paper:
    """One paper of ``case``, from its newest frozen assessment: summary, necessity or appeal.

    Raises NoAssessment for a case that was never completed, NoLetter where the letter would make no sense,
    TemplateFault where the organization's template cannot be filled in, PaperFault for anything else.
    """
    if kind not in KINDS:
        raise PaperFault(f"There is no paper {kind[:40]!r}: choose summary, necessity or appeal.")
    source = source_of(case)
    if kind == "summary":
        return Paper(f"{case.reference}-summary.pdf", PDF, summary_pdf(source), of_before(source))
    return Paper(f"{case.reference}-{kind}.docx", DOCX, _letter(source, kind), contradictory(source))


def _letter(source: Source, kind: str) -> bytes:
    values = letter_data(source, kind)
    template = template_in_use(kind)
    try:
        return render(template.content, values)
    except TemplateFault as fault:
        raise TemplateFault(f"The template “{template.name}” cannot be used.", *fault.faults) from fault
