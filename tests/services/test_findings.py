"""The audit of an edition beside what was accepted, in plain words, and what a real edition's audit finds."""

from time import perf_counter

import pytest

from coverage_app.models import AuditEvent, Edition
from coverage_app.rules.edition import Edition as Rules
from coverage_app.services.edition_rules import edition_before, rules_of, wording_of
from coverage_app.services.finding_words import FindingWords, Spoken, in_words
from coverage_app.services.findings import AcceptanceFault, accept, audit_of, audit_rules, take_back
from coverage_app.services.states import states_of
from tests.services.lives import LATER, second_edition
from tests.services.making import edition_of, import_small, person

pytestmark = pytest.mark.django_db


def words_of(edition: Edition) -> list[FindingWords]:
    before = edition_before(edition)
    earlier = rules_of(before) if before else {}
    quotes = {("", provision.code): provision.quote for provision in edition.provisions.all()}
    spoken = Spoken(wording_of(edition), rules_of(edition), quotes, earlier, "the edition before")
    return in_words(audit_of(edition), spoken)


def added(edition: Edition, code: str, criteria: str, effect: str = "physician_review") -> Edition:
    """The draft with one more provision before its last."""
    edition.provisions.filter(criteria="always").update(position=90)
    edition.provisions.create(
        code=code,
        position=80,
        criteria=criteria,
        effect=effect,
        quote="A new sentence, said in the policy.",
        locator="P",
    )
    return edition


@pytest.fixture
def small() -> Edition:
    return import_small(draft="published")


# In words


def test_an_edition_without_findings_has_none(small: Edition) -> None:
    assert audit_of(small) == []


def test_a_conflict_says_who_wins_with_the_smallest_case_and_the_order(small: Edition) -> None:
    (conflict,) = words_of(added(small, "R", "site is breast and margin in (close, positive)"))
    assert conflict.heading == "S1 and R both hold for some cases"
    assert conflict.sentences == (
        "S1 stands first and decides them: Criteria met under this policy, not Physician review needed.",
    )
    assert conflict.example == (("Cancer site", "Breast"), ("Margin", "Close"))
    assert [(party.id, party.role) for party in conflict.parties] == [
        ("S1", "stands first, decides"),
        ("R", "comes too late"),
    ]
    assert conflict.parties[1].quote == "A new sentence, said in the policy."
    assert [(box.id, box.state) for box in conflict.strip] == [("S1", "first"), ("R", "late"), ("S2", "")]


def test_a_provision_that_can_never_decide_names_what_takes_its_cases(small: Edition) -> None:
    (never,) = words_of(added(small, "R", "site is breast and margin is close", "criteria_met"))
    assert never.heading == "R can never decide"
    assert never.sentences == ("S1 stands before it and decides every case that meets it.",)


def test_criteria_that_contradict_one_another_are_said_so(small: Edition) -> None:
    (never,) = words_of(added(small, "R", "site is breast and site is colon"))
    assert never.sentences == ("Its criteria contradict one another: no case meets them.",)
    assert (never.example, never.strip) == ((), ())


def test_an_idle_condition_is_named_in_words(small: Edition) -> None:
    small.provisions.filter(code="S1").update(criteria="site is breast and site in (breast, colon) and margin is close")
    found = words_of(small)
    assert "In S1, “Cancer site: Colon or Breast” makes no difference" in [one.heading for one in found]


def test_a_question_that_never_matters_is_named(small: Edition) -> None:
    (idle,) = [
        one
        for one in words_of(added(small, "R", "histology is invasive", "investigational"))
        if one.kind == "idle_fact"
    ]
    assert idle.heading == "Histology: no answer to it matters"


def test_cases_left_to_the_closing_provision_name_the_earlier_one() -> None:
    draft = second_edition()
    draft.provisions.filter(code="S1").update(criteria="site is breast and margin is negative")
    (fell,) = words_of(draft)
    assert fell.heading == "Cases of S1 are left to S2, which takes all that remains"
    assert fell.example == (("Cancer site", "Breast"), ("Margin", "Close"))
    assert [party.role for party in fell.parties] == ["in the edition before", "takes what remains"]


# Accepting


def test_an_accepted_finding_carries_its_reason_and_who(small: Edition) -> None:
    added(small, "R", "site is breast and margin in (close, positive)")
    (found,) = audit_of(small)
    accept(edition=small, kind=found.finding.kind, key=found.key, reason=" Meant so. ", by=person("editor"))
    (again,) = audit_of(small)
    assert again.acceptance
    assert (again.acceptance.reason, again.acceptance.by) == ("Meant so.", person("editor"))
    assert AuditEvent.objects.filter(action="accept finding").count() == 1
    assert states_of(small.pk).first().why == "Meant so."  # type: ignore[union-attr]


def test_a_changed_provision_has_to_be_accepted_anew(small: Edition) -> None:
    added(small, "R", "site is breast and margin in (close, positive)")
    (found,) = audit_of(small)
    accept(edition=small, kind=found.finding.kind, key=found.key, reason="Meant so.", by=person("editor"))
    small.provisions.filter(code="R").update(criteria="site is breast and margin in (close, indeterminate)")
    assert [one.acceptance for one in audit_of(small)] == [None]


def test_what_was_accepted_holds_for_the_next_edition() -> None:
    draft = added(second_edition(), "R", "site is breast and margin in (close, positive)")
    (found,) = audit_of(draft)
    accept(edition=draft, kind=found.finding.kind, key=found.key, reason="Meant so.", by=person("editor"))
    assert draft.in_force == LATER
    draft.provisions.filter(code="S2").update(note="Read anew.")
    assert [bool(one.acceptance) for one in audit_of(draft)] == [True]


@pytest.mark.parametrize(("kind", "reason"), [("conflict", "  "), ("conflict", "ok"), ("hunch", "Meant so.")])
def test_without_a_reason_or_a_kind_nothing_is_accepted(small: Edition, kind: str, reason: str) -> None:
    with pytest.raises(AcceptanceFault):
        accept(edition=small, kind=kind, key="k", reason=reason, by=person("editor"))
    assert not small.acceptances.exists()


def test_a_draft_can_take_it_back_or_give_another_reason(small: Edition) -> None:
    for reason, by in (("First.", "editor"), ("Second.", "editor2")):
        accept(edition=small, kind="conflict", key="k", reason=reason, by=person(by))
    assert small.acceptances.get().by == person("editor2")
    take_back(edition=small, key="k", by=person("editor"))
    take_back(edition=small, key="k", by=person("editor"))
    assert not small.acceptances.exists()


def test_a_published_edition_keeps_what_was_accepted() -> None:
    edition = import_small()
    accept(edition=edition, kind="conflict", key="k", reason="Meant so.", by=person("editor"))
    with pytest.raises(AcceptanceFault, match="what was accepted in it stays"):
        take_back(edition=edition, key="k", by=person("editor"))
    with pytest.raises(AcceptanceFault, match="accepted already"):
        accept(edition=edition, kind="conflict", key="k", reason="Another.", by=person("editor"))


# Real editions


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_every_finding_on_an_edition_on_file_is_accepted_with_a_reason(code: str) -> None:
    assert [found.finding for found in audit_of(edition_of(code)) if not found.acceptance] == []


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_no_acceptance_on_file_speaks_of_something_that_is_not_found(code: str) -> None:
    edition = edition_of(code)
    assert set(edition.acceptances.values_list("key", flat=True)) == {found.key for found in audit_of(edition)}


def test_the_same_rules_are_audited_once() -> None:
    rules: Rules = rules_of(edition_of("nia"))[""]
    audit_rules(rules)
    start = perf_counter()
    audit_rules(rules)
    assert perf_counter() - start < 0.05
