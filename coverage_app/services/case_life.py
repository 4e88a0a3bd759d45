"""What becomes of a completed case: a reviewer agrees, overrides or sends it back; a closed one is amended."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coverage_app.models import Assessment, Case, CaseReview

from .audit import record
from .cases import (
    FIELDS,
    Change,
    ClosedCase,
    StaleCase,
    answers_of,
    create_case,
    locked_case,
    note_standing,
    save_case,
    standing_of,
)
from .decisions import review_of, sent_back
from .desk_verdicts import desk_verdict
from .payer_outcome import note_outcome
from .report.tags import VERDICTS

__all__ = [
    "OVERRIDES",
    "ClosedCase",
    "ReviewFault",
    "StaleCase",
    "agree",
    "amend_case",
    "assign",
    "copy_case",
    "desk_verdict",
    "override",
    "reviewers",
    "send_back",
    "sent_back",
]

OVERRIDES = tuple(code for code in VERDICTS if code not in ("undetermined", "no_edition"))
"""The verdicts that a reviewer can give: each is one that a policy can say."""
COMMENT_LIMIT = CaseReview._meta.get_field("comment").max_length or 0
WHY_LIMIT = Case._meta.get_field("amendment").max_length or 0
AT_ONCE = dt.timedelta(seconds=5)
NOT_CARRIED = ("label",)

Decision, Status = CaseReview.Decision, Case.Status


class ReviewFault(Exception):
    """What keeps a step in the life of a case from being taken, in a sentence."""


# A reviewer's decision


def agree(*, case: Case, version: int, by: AbstractBaseUser, comment: str = "") -> CaseReview:
    """Close the case: the reviewer ``by`` reads it as its assessment does. Raises as ``_decide`` does."""
    return _decide(case=case, version=version, by=by, decision=Decision.AGREED, comment=comment)


def override(*, case: Case, version: int, by: AbstractBaseUser, verdict: str, reason: str, comment: str) -> CaseReview:
    """Close the case with the reviewer's own ``verdict``, beside the assessment's, which stays as it is.

    ``reason`` is a code of ``CaseReview.Reason``. Raises as ``_decide`` does, and ``ReviewFault`` where verdict,
    reason or comment is missing or not one.
    """
    if verdict not in OVERRIDES:
        raise ReviewFault("Choose the verdict that you give.")
    if reason not in CaseReview.Reason.values:
        raise ReviewFault("Choose the reason why you override.")
    if not comment.strip():
        raise ReviewFault("Say in the comment why: it is read beside the verdict.")
    return _decide(
        case=case, version=version, by=by, decision=Decision.OVERRIDDEN, verdict=verdict, reason=reason, comment=comment
    )


def send_back(*, case: Case, version: int, by: AbstractBaseUser, question: str) -> CaseReview:
    """Make the case a draft again, with a question that stands on it until it is completed again.

    Raises as ``_decide`` does, and ``ReviewFault`` without a question.
    """
    if not question.strip():
        raise ReviewFault("Ask what you need to know: a case is sent back with a question.")
    return _decide(case=case, version=version, by=by, decision=Decision.SENT_BACK, comment=question)


@transaction.atomic
def _decide(
    *,
    case: Case,
    version: int,
    by: AbstractBaseUser,
    decision: CaseReview.Decision,
    comment: str,
    verdict: str = "",
    reason: str = "",
) -> CaseReview:
    """Write the decision down and move the case on. The same said twice is written down once.

    Raises ``StaleCase`` when the case is no longer what the reviewer saw (somebody else decided, or changed it),
    ``ReviewFault`` when it waits for no review, or when ``by`` has completed it.
    """
    case = locked_case(case)
    assessment = case.assessments.select_related("review").order_by("-number").first()
    said = {"decision": decision, "verdict": verdict, "reason": reason, "comment": comment.strip(), "by_id": by.pk}
    last = review_of(assessment) if assessment else None
    if last and case.version == version + 1 and all(getattr(last, name) == said[name] for name in said):
        return last  # a form sent twice
    if case.version != version:
        raise StaleCase(case)
    if case.status != Status.COMPLETED or assessment is None:
        raise ReviewFault(f"{case} does not wait for review.")
    _check(assessment, by, comment.strip(), verdict)
    review = CaseReview.objects.create(
        assessment=assessment, completed_by_id=assessment.completed_by_id, at=timezone.now(), **said
    )
    note_outcome(case=case)  # an override can differ from what the payer decided
    if decision == Decision.SENT_BACK:
        _reopen(case, by)
    else:
        _step(case, Status.CLOSED, by)
    detail = {"assessment": assessment.number, "verdict": verdict or assessment.verdict, "reason": reason}
    record(by=by, action=decision.label.lower(), subject=case, detail=detail)
    return review


def _check(assessment: Assessment, by: AbstractBaseUser, comment: str, verdict: str) -> None:
    if assessment.completed_by_id == by.pk:
        raise ReviewFault("You completed this case: another reviewer has to look at it.")
    if verdict and verdict == assessment.verdict:
        raise ReviewFault("That is the assessment's own verdict: agree, or choose another one.")
    if len(comment) > COMMENT_LIMIT:
        raise ReviewFault(f"There are {len(comment)} characters; at most {COMMENT_LIMIT} are kept.")


def _step(case: Case, status: Case.Status, by: AbstractBaseUser) -> None:
    """The case goes on to ``status``, in which nobody waits for a review."""
    case.status, case.review_due = status, None
    case.version += 1
    case.updated_by_id = by.pk
    case.save()


def _reopen(case: Case, by: AbstractBaseUser) -> None:
    """A draft again: its verdict is the one of now, whatever edition has come into force since."""
    note_standing(case, standing_of(case))
    _step(case, Status.DRAFT, by)


# Who reviews


def reviewers() -> QuerySet[User]:
    """Everybody who can decide on a case, by name."""
    may = get_user_model().objects.with_perm("coverage_app.add_casereview")
    return may.order_by("last_name", "first_name", "username")


@transaction.atomic
def assign(*, case: Case, reviewer: User | None, by: AbstractBaseUser) -> Case:
    """Give a waiting case to ``reviewer``, or with None to nobody in particular.

    Raises ``ReviewFault`` when it does not wait, has been given to somebody else since ``case`` was read, or
    ``reviewer`` cannot decide on it.
    """
    seen, case = case.reviewer_id, locked_case(case)
    if case.status != Status.COMPLETED:
        raise ReviewFault(f"{case} does not wait for review.")
    wanted = reviewer.pk if reviewer else None
    if case.reviewer_id == wanted:
        return case
    if case.reviewer_id != seen:
        holder = (case.reviewer.get_full_name() or case.reviewer.get_username()) if case.reviewer else "nobody"
        raise ReviewFault(f"{case} was given to {holder} meanwhile.")
    if reviewer and not reviewers().filter(pk=reviewer.pk).exists():
        raise ReviewFault(f"{reviewer.get_full_name() or reviewer.get_username()} is no reviewer.")
    if reviewer and case.assessments.latest("number").completed_by_id == reviewer.pk:
        raise ReviewFault("Nobody reviews a case that they completed themselves.")
    case.reviewer = reviewer
    case.save(update_fields=["reviewer"])  # nothing that is read on the case has changed: no new version
    record(by=by, action="assign", subject=case, detail={"reviewer": reviewer.get_username() if reviewer else ""})
    return case


# Going on with a closed case


@transaction.atomic
def amend_case(*, case: Case, version: int, by: AbstractBaseUser, why: str) -> Case:
    """Open a closed case again, as a draft with the reason; its assessments and decisions stay.

    Raises ``StaleCase`` when the case is no longer what the user saw, ``ReviewFault`` when it is not closed, or
    without a reason.
    """
    case, why = locked_case(case), " ".join(why.split())
    if case.version != version:
        raise StaleCase(case)
    if case.status != Status.CLOSED:
        raise ReviewFault(f"{case} is not closed: it can be changed as it is.")
    if not why:
        raise ReviewFault("Say why the case is amended: it stands with the next assessment.")
    if len(why) > WHY_LIMIT:
        raise ReviewFault(f"There are {len(why)} characters; at most {WHY_LIMIT} are kept.")
    case.amendment = why
    _reopen(case, by)
    record(by=by, action="amend", subject=case, detail={"why": why})
    return case


@transaction.atomic
def copy_case(*, case: Case, by: AbstractBaseUser) -> Case:
    """A new case with the same fields and answers, but without the label and the evidence: those are of one patient.

    Asked twice at once (a double click), it is the same copy, as long as nobody has changed it.
    """
    source = locked_case(case)
    made = source.copies.filter(created_by_id=by.pk, created_at__gte=timezone.now() - AT_ONCE, version__lte=2)
    if copy := made.first():
        return copy
    copy = create_case(by=by)
    copy.copied_from = source
    copy.save(update_fields=["copied_from"])
    record(by=by, action="copy", subject=copy, detail={"from": source.reference})
    fields = {name: getattr(source, name) for name in FIELDS if name not in NOT_CARRIED}
    return save_case(case=copy, version=copy.version, change=Change(fields, answers_of(source)), by=by)
