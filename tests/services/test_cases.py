"""Making, saving, completing and reopening cases."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from coverage_app.models import Answer, Assessment, AuditEvent, Case, Document, Fact, FactValue
from coverage_app.services.cases import (
    Change,
    NotComplete,
    StaleCase,
    answers_of,
    checksum,
    complete_case,
    create_case,
    facts_of,
    save_case,
    standing_of,
)
from coverage_app.services.life import withdraw_edition
from coverage_app.services.report import build_report
from tests.services.making import DAY, MET, answers, edition_of, import_small, make_case, payer, person


def save(
    case: Case,
    given: dict[str, Any] | None = None,
    *,
    version: int | None = None,
    by: str = "coordinator",
    **fields: Any,
) -> Case:
    """Save answers and fields as somebody who saw ``version`` (else: the case as it is)."""
    checked = {
        fact: None if answer is None else answers({fact: answer})[fact] for fact, answer in (given or {}).items()
    }
    change = Change(fields, checked)
    return save_case(case=case, version=case.version if version is None else version, change=change, by=person(by))


def complete(case: Case) -> Assessment:
    return complete_case(case=case, version=Case.objects.get(pk=case.pk).version, by=person("coordinator"))


def events() -> int:
    return AuditEvent.objects.count()


# Making and saving


def test_a_new_case_is_an_empty_draft_with_a_reference_of_the_year() -> None:
    case = create_case(by=person("coordinator"))
    assert case.reference == f"{timezone.localdate():%Y}-{case.pk:04d}"
    assert (case.status, case.version, case.verdict, case.created_by) == ("draft", 1, "", person("coordinator"))
    assert create_case(by=person("coordinator")).reference > case.reference


def test_a_case_keeps_its_answers_its_fields_and_who_gave_them() -> None:
    case = make_case("nia", {**MET, "age": "62"}, diagnosis_code="C20", setting="inpatient", label="Room 4")
    case = Case.objects.get(pk=case.pk)
    assert answers_of(case) == {**MET, "age": Decimal(62)}
    assert facts_of(case).date_of_service == DAY
    assert (case.verdict, case.possible, case.missing) == ("criteria_met", ["criteria_met"], [])
    assert (case.title, case.site.code) == ("Rectum, T4", "rectum")
    assert set(case.answers.values_list("answered_by__username", flat=True)) == {"coordinator"}


def test_a_save_says_what_changed_from_what_to_what() -> None:
    case = save(make_case("fep", {"margin": "close"}), {"margin": "positive", "site": "rectum"}, setting="inpatient")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject, event.subject_id, event.by_name) == (
        "save",
        "case",
        str(case.pk),
        "coordinator",
    )
    assert event.detail == {"setting": ["", "inpatient"], "margin": ["close", "positive"], "site": ["", "rectum"]}


def test_saving_nothing_new_writes_nothing() -> None:
    case = make_case("fep", {**MET, "age": "62"})
    before = (events(), case.version, Case.objects.get(pk=case.pk).updated_at)
    case = save(case, {**MET, "age": "62", "intent": None}, by="editor", date_of_service=DAY)
    assert (events(), case.version, case.updated_at) == before


def test_an_answer_is_taken_back_and_a_number_changed() -> None:
    case = save(make_case("nia", {"margin": "close", "age": "49"}), {"margin": None, "age": "50"})
    assert answers_of(case) == {"age": Decimal(50)}


def test_changing_an_earlier_answer_keeps_all_later_ones() -> None:
    case = save(make_case("nia", {"site": "breast", "nodes": "clinically_negative"}), {"site": "kidney"})
    assert answers_of(case)["nodes"] == "clinically_negative"
    assert "nodes" not in standing_of(case).counted
    assert standing_of(save(case, {"site": "breast"})).counted["nodes"] == "clinically_negative"


def test_a_case_without_a_payer_has_no_verdict_yet() -> None:
    case = make_case(None, MET)
    assert (case.verdict, case.possible, case.missing) == ("", [], [])


@pytest.mark.parametrize("fields", [{"setting": "at home"}, {"label": "x" * 81}, {"diagnosis_code": "x" * 11}])
def test_what_does_not_fit_is_refused_whole(fields: dict[str, str]) -> None:
    case = make_case("fep", {"margin": "close"})
    with pytest.raises(ValidationError):
        save(case, {"margin": "positive"}, **fields)
    assert answers_of(Case.objects.get(pk=case.pk)) == {"margin": "close"}


# Two people


def test_a_stale_save_is_told_and_writes_nothing() -> None:
    case = make_case("fep", {"margin": "close"})
    save(case, {"margin": "positive"}, by="editor")
    before = events()
    with pytest.raises(StaleCase) as stale:
        save(case, {"margin": "negative", "site": "rectum"}, version=case.version)
    assert stale.value.case.updated_by == person("editor")
    assert answers_of(Case.objects.get(pk=case.pk)) == {"margin": "positive"}
    assert events() == before


def test_a_stale_save_of_what_is_saved_already_is_no_conflict() -> None:
    case = make_case("fep", {"margin": "close"})
    save(case, {"margin": "positive"}, by="editor")
    assert save(case, {"margin": "positive"}, version=case.version).version == case.version + 1


def test_saving_over_the_newer_version_is_possible_once_it_was_seen() -> None:
    case = make_case("fep", {"margin": "close"})
    newer = save(case, {"margin": "positive"}, by="editor")
    assert answers_of(save(case, {"margin": "negative"}, version=newer.version)) == {"margin": "negative"}


# Completing


def test_completing_freezes_the_report_with_its_checksum() -> None:
    case = make_case("fep", MET)
    assessment = complete(case)
    case.refresh_from_db()
    assert (case.status, assessment.number, assessment.verdict) == ("completed", 1, "criteria_met")
    assert assessment.edition == edition_of("fep")
    assert assessment.report == build_report(standing_of(case))
    assert assessment.checksum == checksum(assessment.report)
    assert len(assessment.checksum) == 64
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.detail) == ("complete", {"assessment": 1, "verdict": "criteria_met"})


def test_completing_again_what_is_unchanged_makes_no_second_assessment() -> None:
    case = make_case("fep", MET)
    assert complete(case) == complete(case)
    assert Assessment.objects.filter(case=case).count() == 1


def test_a_case_is_not_completed_without_a_payer() -> None:
    with pytest.raises(NotComplete, match="payer"):
        complete(make_case(None, MET))


def test_a_case_that_changed_since_it_was_seen_is_not_completed() -> None:
    case = make_case("fep", MET)
    save(case, {"margin": "close"})
    with pytest.raises(StaleCase):
        complete_case(case=case, version=case.version, by=person("coordinator"))
    assert not Assessment.objects.filter(case=case).exists()


@pytest.mark.parametrize("given", [{}, {"site": "rectum"}])
def test_a_case_with_answers_missing_can_be_completed_as_it_stands(given: dict[str, str]) -> None:
    assert complete(make_case("nia", given)).verdict == "undetermined"


def test_a_case_without_an_edition_can_be_completed() -> None:
    assessment = complete(make_case("fep", MET, date_of_service=dt.date(2020, 1, 1)))
    assert (assessment.verdict, assessment.edition) == ("no_edition", None)


def test_a_changed_answer_reopens_the_case_and_makes_a_new_assessment_beside_the_old() -> None:
    case = make_case("fep", MET)
    first = complete(case)
    case = save(Case.objects.get(pk=case.pk), {"margin": "negative"})
    assert case.status == "draft"
    second = complete(case)
    assert [(a.number, a.verdict) for a in case.assessments.order_by("number")] == [
        (1, "criteria_met"),
        (2, "investigational"),
    ]
    assert Assessment.objects.get(pk=first.pk).report == first.report
    assert second.number == 2


def test_saving_nothing_new_leaves_a_completed_case_completed() -> None:
    case = make_case("fep", MET)
    complete(case)
    assert save(Case.objects.get(pk=case.pk), {"margin": MET["margin"]}).status == "completed"


# What was frozen reads as it did


def rename_everything() -> None:
    """An editor gives every fact, value and document other words."""
    for fact in Fact.objects.all():
        Fact.objects.filter(pk=fact.pk).update(label=f"{fact} (new)", question="Another question?", help="Another help")
    FactValue.objects.update(label="Another label", help="Another help", position=1, diagnosis_codes=[])
    Document.objects.update(short_name="Another", title="Another", publisher="Another", note="Another")


def test_an_assessment_reads_exactly_as_it_did_whatever_is_edited_since() -> None:
    assessment = complete(make_case("fep", MET, diagnosis_code="C50.911"))
    before, sum_before = assessment.report, assessment.checksum
    rename_everything()
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    after = Assessment.objects.get(pk=assessment.pk)
    assert after.report == before
    assert after.checksum == checksum(after.report) == sum_before
    assert complete(after.case) == after
    questions = {line["fact"]: line for line in after.report["questions"]}
    assert questions["margin"]["question"] == "What is the margin status?"
    assert questions["margin"]["answer"] == "Positive"


def test_a_later_assessment_reads_by_the_words_and_editions_of_its_own_time() -> None:
    case = make_case("fep", MET)
    complete(case)
    rename_everything()
    withdraw_edition(edition=edition_of("fep"), by=person("editor"), reason="It was wrong.")
    second = complete(save(Case.objects.get(pk=case.pk), {"intent": "boost"}))
    assert second.verdict == "no_edition"
    assert second.report["questions"][0]["label"] == "Cancer site (new)"


def test_a_new_edition_changes_no_assessment_and_each_draft_that_it_covers() -> None:
    import_small()
    given = {"site": "breast", "margin": "close"}
    done = make_case("small", given, date_of_service=dt.date(2025, 6, 1))
    assessment = complete(done)
    withdraw_edition(edition=edition_of("small"), by=None, reason="It was wrong.")
    assert Assessment.objects.get(pk=assessment.pk).verdict == "criteria_met"
    assert standing_of(done).code == "no_edition"


def test_the_checksum_is_that_of_the_stored_report_in_any_order() -> None:
    assert checksum({"b": 1, "a": "é"}) == checksum({"a": "é", "b": 1})
    assert checksum({"a": 1}) != checksum({"a": "1"})


def test_nobody_who_has_worked_on_a_case_can_be_removed() -> None:
    make_case("fep", MET)
    with pytest.raises(Exception, match="protected"):
        person("coordinator").delete()


def test_a_payer_with_cases_cannot_be_removed_and_answers_go_with_their_case() -> None:
    case = make_case("fep", MET)
    with pytest.raises(Exception, match="protected"):
        payer("fep").delete()
    case.delete()
    assert not Answer.objects.filter(case_id=case.pk).exists()
