"""What reviewers have decided of cases, found again."""

from django.db.models import Exists, OuterRef, QuerySet

from coverage_app.models import Assessment, Case, CaseReview


def review_of(assessment: Assessment) -> CaseReview | None:
    """The decision on an assessment, if there is one. No query where ``review`` was selected with it."""
    return getattr(assessment, "review", None)


def newest() -> QuerySet[CaseReview]:
    """The decisions on the newest assessment of each case."""
    newer = Assessment.objects.filter(case=OuterRef("assessment__case"), number__gt=OuterRef("assessment__number"))
    return CaseReview.objects.filter(~Exists(newer))


def sent_back() -> QuerySet[CaseReview]:
    """The questions that wait for an answer: of drafts whose newest assessment was sent back."""
    return newest().filter(decision=CaseReview.Decision.SENT_BACK, assessment__case__status=Case.Status.DRAFT)
