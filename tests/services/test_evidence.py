"""The documents that answers rest on: noted for one answer, kept when it changes, frozen with the assessment."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from coverage_app.models import AuditEvent, Case, Evidence
from coverage_app.services.cases import Change, ClosedCase, StaleCase, answers_of, checksum, complete_case
from coverage_app.services.evidence import (
    EvidenceFault,
    Noted,
    carry_evidence,
    evidence_of,
    remove_evidence,
    save_page,
)
from tests.services.making import MET, answers, make_case, person, refused, report, run_sql
from tests.services.notes import READ_ON, answer, note

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def completed(case: Case) -> Any:
    fresh = Case.objects.get(pk=case.pk)
    return complete_case(case=fresh, version=fresh.version, by=person("coordinator"))


def question(found: dict[str, Any], fact: str) -> dict[str, Any]:
    return next(q for q in found["questions"] if q["fact"] == fact)


# Noting


def test_a_document_is_noted_for_the_present_answer_in_one_line() -> None:
    case = make_case("fep", MET)
    note(case, "margin", dated=READ_ON, place="3", note="  tumor at\n the ink ")
    found = evidence_of(case)["margin"]
    assert (found.answer, found.holds) == ("positive", True)
    assert found.line == "Pathology report, 1 Mar 2024, page 3: tumor at the ink"


def test_a_document_needs_neither_date_nor_page() -> None:
    case = make_case("fep", MET)
    note(case, "margin", "operative", place="Findings")
    assert evidence_of(case)["margin"].line == "Operative report, Findings"


def test_a_number_is_noted_as_it_is_said() -> None:
    case = make_case("nia", {"site": "breast", "age": "62"})
    note(case, "age", "consultation")
    assert evidence_of(case)["age"].answer == "62"
    assert not evidence_of(answer(case, age="63"))["age"].holds


@pytest.mark.parametrize(
    ("fact", "about", "words"),
    [
        ("margin", {"dated": TODAY + dt.timedelta(days=1)}, "still to come"),
        ("margin", {"dated": dt.date(224, 3, 1)}, "before 1990"),
        ("margin", {"place": "p" * 61}, "at most 60"),
        ("margin", {"note": "n" * 201}, "at most 200"),
        ("margin", {"note": "a\x00b"}, "Control characters"),
        ("margin", {"document": "rumor"}, "kinds of document"),
        ("margin", {"answer": "purple"}, "purple"),
        ("intent", {}, "not answered"),
        ("shoe_size", {}, "no question"),
    ],
)
def test_what_cannot_be_noted_is_told_and_nothing_is_stored(fact: str, about: dict[str, Any], words: str) -> None:
    case = make_case("fep", MET)
    with pytest.raises(EvidenceFault, match=words):
        note(case, fact, **about)
    assert not Evidence.objects.exists()


def test_today_and_the_longest_words_can_be_noted() -> None:
    case = make_case("fep", MET)
    note(case, "margin", dated=TODAY, place="p" * 60, note="n" * 200)
    assert evidence_of(case)["margin"].dated == TODAY


def test_noting_is_a_save_of_the_case_with_its_audit_event() -> None:
    case = make_case("fep", MET)
    saved = note(case, "margin")
    assert saved.version == case.version + 1
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.detail) == ("note evidence", {"margin": ["", "positive: Pathology report"]})


def test_noting_the_same_again_writes_nothing() -> None:
    case = note(make_case("fep", MET), "margin", place="3")
    events = AuditEvent.objects.count()
    assert note(case, "margin", place="3").version == case.version
    assert AuditEvent.objects.count() == events


# A changed answer


def test_a_changed_answer_lets_its_document_rest_and_changing_back_lets_it_count_again() -> None:
    case = note(make_case("fep", {**MET, "margin": "close"}), "margin")
    rested = evidence_of(answer(case, margin="positive"))["margin"]
    assert (rested.holds, rested.answer) == (False, "close")
    assert not evidence_of(answer(case, margin=None))["margin"].holds
    assert evidence_of(answer(case, margin="close"))["margin"].holds


def test_it_also_says_this_carries_the_document_over() -> None:
    case = answer(note(make_case("fep", {**MET, "margin": "close"}), "margin", place="3"), margin="positive")
    carry_evidence(case=case, fact="margin", by=person("coordinator"))
    found = evidence_of(case)["margin"]
    assert (found.holds, found.answer, found.place) == (True, "positive", "3")


def test_nothing_is_carried_over_to_no_answer_and_without_a_document_nothing_happens() -> None:
    by = person("coordinator")
    case = answer(note(make_case("fep", MET), "margin"), margin=None)
    with pytest.raises(EvidenceFault, match="not answered"):
        carry_evidence(case=case, fact="margin", by=by)
    assert carry_evidence(case=case, fact="site", by=by).version == case.version


def test_a_removed_document_is_gone_and_the_audit_event_remembers_it() -> None:
    case = note(make_case("fep", MET), "margin", place="3")
    remove_evidence(case=case, fact="margin", by=person("coordinator"))
    assert evidence_of(case) == {}
    assert AuditEvent.objects.latest("pk").detail == {"margin": ["positive: Pathology report, page 3", ""]}


# A page of answers and documents


def page(case: Case, given: dict[str, Any], noted: dict[str, Noted], **buttons: Any) -> Case:
    change = Change({}, answers(given))
    return save_page(case=case, version=case.version, change=change, noted=noted, by=person("coordinator"), **buttons)


def test_answers_and_documents_of_one_page_are_saved_together() -> None:
    case = make_case("fep", {"site": "rectum"})
    saved = page(case, {"margin": "close"}, {"site": Noted("rectum", "pathology", READ_ON)})
    assert answers_of(saved)["margin"] == "close"
    assert evidence_of(saved)["site"].dated == READ_ON
    assert Case.objects.get().version == saved.version


def test_a_document_typed_beside_the_earlier_answer_is_kept_for_that_answer() -> None:
    case = make_case("fep", {"margin": "close"})
    saved = page(case, {"margin": "positive"}, {"margin": Noted("close", "pathology")})
    assert not evidence_of(saved)["margin"].holds
    assert evidence_of(answer(saved, margin="close"))["margin"].holds


def test_empty_fields_remove_what_was_noted_for_this_answer_and_nothing_else() -> None:
    case = note(make_case("fep", {"margin": "close", "site": "rectum"}), "margin")
    rested = answer(case, margin="positive")
    assert "margin" in evidence_of(page(rested, {}, {"margin": Noted("positive")}))
    back = answer(case, margin="close")
    assert "margin" not in evidence_of(page(back, {}, {"margin": Noted("close")}))


def test_one_button_carries_over_also_to_an_answer_given_on_the_same_page() -> None:
    case = note(make_case("fep", {"margin": "close"}), "margin")
    saved = page(case, {"margin": "positive"}, {"margin": Noted("close", "pathology")}, carry="margin")
    assert evidence_of(saved)["margin"].holds
    assert "margin" not in evidence_of(page(saved, {}, {"margin": Noted("positive", "pathology")}, remove="margin"))


def test_a_document_from_an_old_page_is_refused_whole() -> None:
    case = make_case("fep", {"site": "rectum"})
    note(case, "site")
    with pytest.raises(StaleCase):
        page(case, {"margin": "close"}, {"site": Noted("rectum", "imaging")})
    assert "margin" not in answers_of(Case.objects.get())
    assert evidence_of(case)["site"].kind == "pathology"
    page(case, {}, {"site": Noted("rectum", "pathology")})  # what is stored already disturbs nobody


def test_a_version_that_is_old_is_refused_where_one_is_given() -> None:
    case = make_case("fep", MET)
    note(case, "site")
    with pytest.raises(StaleCase):
        note(case, "margin", version=case.version)


# Completed and closed


def test_a_document_noted_on_a_completed_case_makes_it_a_draft_and_its_assessment_stays() -> None:
    case = note(make_case("fep", MET), "margin")
    before = completed(case)
    assert note(case, "site").status == "draft"
    case.refresh_from_db()
    assert (case.status, case.review_due) == ("draft", None)
    assert question(before.report, "site")["rests_on"] is None
    assert question(completed(case).report, "site")["rests_on"]["document"] == "Pathology report"


def test_a_closed_case_is_amended_before_a_document_is_noted() -> None:
    case = note(make_case("fep", MET), "margin")
    completed(case)
    Case.objects.update(status="closed")
    for work in (lambda: note(case, "site"), lambda: remove_evidence(case=case, fact="margin", by=case.created_by)):
        with pytest.raises(ClosedCase):
            work()
    with pytest.raises(ClosedCase):
        page(Case.objects.get(), {}, {"site": Noted("rectum", "imaging")})
    with refused("amended before it changes"):
        run_sql("DELETE FROM coverage_app_evidence")


# The report


def test_the_report_says_what_each_answer_rests_on_and_what_on_nothing() -> None:
    case = note(make_case("fep", MET), "margin", dated=READ_ON, place="3")
    case = answer(note(case, "t_stage"), t_stage="t4a")
    found = completed(case).report
    assert question(found, "margin")["rests_on"] == {
        "document": "Pathology report",
        "dated": "2024-03-01",
        "place": "3",
        "note": "",
        "line": "Pathology report, 1 Mar 2024, page 3",
    }
    assert question(found, "t_stage")["rests_on"] is None
    assert question(found, "t_stage")["noted_for"] == {"answer": "T4", "line": "Pathology report"}
    assert found["case"]["rests"] == {"answers": 6, "on_a_document": 1}


def test_each_answered_criterion_of_the_deciding_provision_says_what_it_rests_on() -> None:
    found = completed(note(make_case("fep", MET), "margin", place="3")).report
    lines = {
        leaf["fact"]: leaf.get("rests")
        for provision in found["provisions"]
        if provision["decides"]
        for leaf in provision["tree"]["children"]
    }
    assert lines["margin"] == {"line": "Pathology report, page 3", "on_a_document": True}
    assert lines["technique"] == {"line": "No document noted", "on_a_document": False}
    assert not any("rests" in json.dumps(p) for p in found["provisions"] if not p["decides"])


def test_what_was_frozen_stays_when_the_document_goes() -> None:
    assessment = completed(note(make_case("fep", MET), "margin", place="3"))
    remove_evidence(case=assessment.case, fact="margin", by=person("coordinator"))
    assessment.refresh_from_db()
    assert question(assessment.report, "margin")["rests_on"]["place"] == "3"
    assert checksum(assessment.report) == assessment.checksum


def test_a_supposed_case_rests_on_nothing_and_is_not_reproached_for_it() -> None:
    found = report("fep", MET)
    assert found["case"]["rests"] is None
    assert "No document" not in json.dumps(found)
