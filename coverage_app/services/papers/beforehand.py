"""What people are told with a paper, before it is sent."""

from collections.abc import Iterator

from coverage_app.services.report.words import count

from .source import Source


def cautions(source: Source) -> Iterator[str]:
    """What is to be mended before any of the papers is sent."""
    if source.lapse:
        yield source.lapse.says
    if nothing := source.resting_on_nothing:
        yield f"No document is noted for {count(nothing, 'answer')}."
    if said := contradictory(source):
        yield said


def contradictory(source: Source) -> str:
    """That answers contradict each other; blank where none do."""
    contradictions = source.report["contradictions"]
    if not contradictions:
        return ""
    return f"{count(len(contradictions), 'contradiction')} between answers: look at the verdict page first."


def of_before(source: Source) -> str:
    """That what was assessed may not hold any more; blank for a case that stands as it was assessed.

    The case may say something else by now, or another text decide on it.
    """
    this = f"This says what assessment {source.assessment.number} says"
    if source.open_again:
        return f"The case is open again since. {this}; the answers may have changed."
    return f"{source.lapse.says} {this}." if source.lapse else ""
