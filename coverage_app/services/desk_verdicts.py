"""The verdict that the desk stands by: the reviewer's where there is an override, else the assessment's own."""

from coverage_app.models import Assessment, CaseReview

OVERRIDDEN = CaseReview.Decision.OVERRIDDEN


def desk_verdict(assessment: Assessment) -> str:
    """The code of the verdict of one assessment. One query unless the review was fetched with it."""
    review: CaseReview | None = getattr(assessment, "review", None)
    return review.verdict if review and review.decision == OVERRIDDEN else assessment.verdict
