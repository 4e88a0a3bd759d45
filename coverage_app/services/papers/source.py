"""What a paper is written from: the newest frozen assessment, its review, and what the payer did."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import timezone

from coverage_app.models import Assessment, Case, CaseReview, PayerStep
from coverage_app.services.cases import checksum
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import day

from .faults import NoAssessment, PaperFault
from .lapse import Lapse, lapse_of
from .text import clean, clean_all, iso_day, rests_on

DENIED = (PayerStep.Kind.DENIED, PayerStep.Kind.APPEAL_LOST)
DECIDED = (*DENIED, PayerStep.Kind.APPROVED, PayerStep.Kind.APPEAL_WON)


@dataclass(frozen=True)
class Source:
    """A case's newest assessment with its review, and the steps that are not struck, in order.

    ``steps`` are those at the assessment's own payer; ``elsewhere`` those at others, each with its policy's name.
    ``lapse`` says that the assessment's edition no longer decides on the case's day; None where it does, and of a case
    that is open again.
    """

    case: Case
    assessment: Assessment
    review: CaseReview | None
    steps: tuple[PayerStep, ...]
    elsewhere: tuple[tuple[PayerStep, str], ...] = ()
    lapse: Lapse | None = None

    @cached_property
    def report(self) -> dict[str, Any]:
        """The frozen report, its texts fit for paper."""
        report: dict[str, Any] = clean_all(self.assessment.report)
        return report

    @cached_property
    def questions(self) -> dict[str, dict[str, Any]]:
        """By fact: the questions that are answered, whether or not the answer counts for the verdict."""
        return {q["fact"]: q for q in self.report["questions"] if q["answer"]}

    @property
    def override(self) -> CaseReview | None:
        """The review, where it gives the case another verdict than the assessment's."""
        if self.review and self.review.decision == CaseReview.Decision.OVERRIDDEN:
            return self.review
        return None

    @property
    def sent_back(self) -> bool:
        """Whether the reviewer sent this assessment back."""
        return self.review is not None and self.review.decision == CaseReview.Decision.SENT_BACK

    @property
    def open_again(self) -> bool:
        """Whether the case is worked on since: its answers need not be those of the assessment any more."""
        return self.case.status == Case.Status.DRAFT

    @property
    def decision(self) -> PayerStep | None:
        """The last decision of the assessment's own payer."""
        return next((step for step in reversed(self.steps) if step.kind in DECIDED), None)

    @property
    def denial(self) -> PayerStep | None:
        """The payer's last decision, if it is a denial."""
        return self.decision if self.decision and self.decision.kind in DENIED else None

    @property
    def denial_elsewhere(self) -> tuple[PayerStep, str] | None:
        """The last decision of another payer with the name of its policy, if it is a denial."""
        last = next((pair for pair in reversed(self.elsewhere) if pair[0].kind in DECIDED), None)
        return last if last and last[0].kind in DENIED else None

    def rests_on(self, fact: str, *, note: bool = False) -> str:
        """On which document the answer to ``fact`` rests, in words; "" for none."""
        return rests_on(self.questions.get(fact, {}).get("rests_on"), note=note)

    @property
    def resting_on_nothing(self) -> int:
        """How many of the answers have no document noted."""
        return sum(1 for question in self.questions.values() if not question.get("rests_on"))

    @property
    def policy(self) -> str:
        """``FEP 8.01.08``."""
        return str((self.report["document"] or {}).get("short_name", ""))

    @property
    def edition(self) -> str:
        """``in force since 1 Oct 2023``; "" without an edition."""
        edition = self.report["edition"]
        return f"in force since {iso_day(edition['in_force'])}" if edition else ""

    @property
    def completed(self) -> str:
        """The day of the assessment."""
        return day(timezone.localtime(self.assessment.completed_at).date())

    @property
    def provenance(self) -> str:
        """Case, assessment, date and edition, as every paper states them beside the checksum."""
        edition = f"{self.policy}, {self.edition or 'no edition on file'}"
        return f"Case {self.case.reference}, assessment {self.assessment.number} of {self.completed}. {edition}."

    @property
    def deciding(self) -> list[dict[str, Any]]:
        """The provisions that decide, in order."""
        return [provision for provision in self.report["provisions"] if provision["decides"]]


def source_of(case: Case) -> Source:
    """What papers of this case are written from, in at most three queries. Raises NoAssessment, PaperFault."""
    found = case.assessments.select_related("review__by", "completed_by").order_by("-number").first()
    if found is None:
        raise NoAssessment(
            f"Case {case.reference} was never completed. A paper is written from a completed case: complete it first."
        )
    if checksum(found.report) != found.checksum:
        raise PaperFault(f"Assessment {found.number} does not match its checksum: no paper is written from it.")
    own, elsewhere = _steps(case, found)
    lapse = None if case.status == Case.Status.DRAFT else lapse_of(case, found)
    return Source(case, found, getattr(found, "review", None), own, elsewhere, lapse)


def _steps(case: Case, newest: Assessment) -> tuple[tuple[PayerStep, ...], tuple[tuple[PayerStep, str], ...]]:
    """The steps at the payer of the newest assessment, and those at others, by what each step's assessment says."""
    payer = (newest.report["document"] or {}).get("code")
    document = KeyTransform("document", "assessment__report")
    steps = PayerStep.objects.filter(assessment__case=case, struck_at=None).order_by("happened_on", "pk")
    own, elsewhere = [], []
    for step in steps.annotate(
        payer=KeyTextTransform("code", document), policy=KeyTextTransform("short_name", document)
    ):
        if step.payer == payer:
            own.append(step)
        else:
            elsewhere.append((step, clean(step.policy)))
    return tuple(own), tuple(elsewhere)


def verdict_label(code: str) -> str:
    """A verdict's code in words."""
    return VERDICTS[code]["label"] if code in VERDICTS else code
