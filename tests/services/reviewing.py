"""Cases on their way through review, for the tests."""

from typing import Any

from django.contrib.auth.models import Group, User

from coverage_app.models import Assessment, Case, CaseReview
from coverage_app.services.case_life import agree, amend_case, override, send_back
from coverage_app.services.cases import complete_case
from tests.services.making import MET, make_case, person


def now(case: Case) -> Case:
    """The case as it is stored."""
    return Case.objects.get(pk=case.pk)


def completed(code: str = "fep", given: dict[str, str] | None = None, *, by: str = "coordinator", **about: Any) -> Case:
    """A case that waits for review."""
    case = make_case(code, MET if given is None else given, **about)
    complete_case(case=case, version=case.version, by=person(by))
    return now(case)


def agreed(case: Case, *, by: str = "reviewer", comment: str = "") -> CaseReview:
    return agree(case=case, version=now(case).version, by=person(by), comment=comment)


def overridden(case: Case, *, verdict: str = "investigational", by: str = "reviewer") -> CaseReview:
    return override(
        case=case,
        version=now(case).version,
        by=person(by),
        verdict=verdict,
        reason="chart",
        comment="The margin is R2.",
    )


def sent(case: Case, question: str = "Is the margin final?") -> CaseReview:
    return send_back(case=case, version=now(case).version, by=person("reviewer"), question=question)


def closed(**about: Any) -> Case:
    case = completed(**about)
    agreed(case)
    return now(case)


def amended(case: Case, why: str = "Final pathology came in.") -> Case:
    return amend_case(case=case, version=now(case).version, by=person("coordinator"), why=why)


def newest(case: Case) -> Assessment:
    return case.assessments.latest("number")


def another_reviewer(username: str = "reviewer2", *, also: str = "") -> User:
    """One more reviewer; ``also`` names a second group."""
    user = User.objects.create_user(username, first_name="Ines", last_name="Dahl")
    user.groups.add(Group.objects.get(name="reviewer"), *Group.objects.filter(name=also))
    return user
