"""What the database holds of cases and answers: an answer is one value of its own fact, or one number."""

from decimal import Decimal
from typing import Any

import pytest

from coverage_app.models import Answer, Case, Fact, FactValue
from tests.services.making import make_case, person, refused


@pytest.fixture
def case() -> Case:
    return make_case("fep", {"margin": "close", "age": 62})


def value(fact: str, code: str) -> FactValue:
    return FactValue.objects.get(fact__code=fact, code=code)


def new(case: Case, fact: str, **given: Any) -> Answer:
    return Answer(case=case, fact=Fact.objects.get(code=fact), answered_by=person("coordinator"), **given)


def test_a_value_of_another_fact_is_no_answer(case: Case) -> None:
    with refused("The value is not one of this fact's"):
        Answer.objects.bulk_create([new(case, "technique", value=value("margin", "close"))])


def test_an_answer_cannot_be_changed_into_a_value_of_another_fact(case: Case) -> None:
    answer = Answer.objects.filter(case=case, fact__code="margin")
    with refused("The value is not one of this fact's"):
        answer.update(value=value("site", "rectum"))
    with refused("The value is not one of this fact's"):
        answer.update(fact=Fact.objects.get(code="site"))
    assert answer.update(value=value("margin", "positive")) == 1


def test_an_answer_is_a_value_or_a_number_never_both_and_never_neither(case: Case) -> None:
    with refused("answer_is_a_value_or_a_number"):
        Answer.objects.bulk_create([new(case, "site")])
    with refused("answer_is_a_value_or_a_number"):
        Answer.objects.filter(case=case, fact__code="margin").update(number=Decimal(1))


def test_a_fact_is_answered_once_in_a_case(case: Case) -> None:
    with refused("one_answer_a_fact|UNIQUE constraint failed: .*case_id, .*fact_id"):
        Answer.objects.bulk_create([new(case, "margin", value=value("margin", "positive"))])


def test_a_completed_case_has_a_payer() -> None:
    case = make_case(None, {"site": "breast"})
    with refused("completed_case_has_a_payer"):
        Case.objects.filter(pk=case.pk).update(status="completed")


@pytest.mark.parametrize("change", [{"status": "open"}, {"setting": "home"}])
def test_a_case_has_a_known_status_and_setting(case: Case, change: dict[str, str]) -> None:
    with refused("_known"):
        Case.objects.filter(pk=case.pk).update(**change)


def test_two_cases_never_share_a_reference(case: Case) -> None:
    other = make_case("fep", {})
    with refused("unique|UNIQUE"):
        Case.objects.filter(pk=other.pk).update(reference=case.reference)


@pytest.mark.parametrize("change", [{"step": None}, {"step": 0}, {"greatest": 0}, {"greatest": None}, {"least": None}])
def test_a_number_has_a_range_and_a_step(change: dict[str, Any]) -> None:
    with refused("fact_number_has_range"):
        Fact.objects.filter(code="age").update(**change)


def test_a_choice_has_no_range() -> None:
    with refused("fact_number_has_range"):
        Fact.objects.filter(code="margin").update(least=1)
