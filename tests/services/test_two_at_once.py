"""Two people at once, in two threads with a connection each: nobody's work is lost, and nothing is done twice."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from coverage_app.models import Assessment, Case, DiagnosisCode, Edition
from coverage_app.services.cases import Change, StaleCase, answers_of, complete_case, create_case, save_case
from coverage_app.services.life import EditionFault, note_edit, publish_edition, send_back, submit_for_review
from coverage_app.services.states import states_of
from tests.services.lives import in_review, second_edition
from tests.services.making import MET, answers, import_small, make_case, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """What each piece of work gives, or raises, when all begin together."""
    begin, found = Barrier(len(work)), [None] * len(work)

    def run(place: int) -> None:
        begin.wait(10)
        try:
            found[place] = work[place]()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def third() -> User:
    """One more policy editor."""
    user, _ = User.objects.get_or_create(username="third", defaults={"is_staff": True})
    return user


def saving(case: Case, given: dict[str, str]) -> Callable[[], Any]:
    change = Change({}, answers(given))
    by = person("coordinator")
    return lambda: save_case(case=case, version=case.version, change=change, by=by)


def test_of_two_saves_at_once_one_is_told_and_the_other_stands_whole() -> None:
    case = make_case("fep", {"site": "rectum"})
    first, second = {"margin": "close", "t_stage": "t4"}, {"margin": "positive", "t_stage": "t3"}
    found = at_once(saving(case, first), saving(case, second))
    assert sorted(type(result) for result in found if isinstance(result, Exception)) == [StaleCase]
    winner = first if isinstance(found[1], StaleCase) else second
    assert answers_of(Case.objects.get(pk=case.pk)) == {"site": "rectum", **winner}
    assert Case.objects.get(pk=case.pk).version == case.version + 1


def test_two_who_save_the_same_are_both_content() -> None:
    case = make_case("fep", {"site": "rectum"})
    found = at_once(saving(case, {"margin": "close"}), saving(case, {"margin": "close"}))
    assert [type(result) for result in found] == [Case, Case]
    assert Case.objects.get(pk=case.pk).version == case.version + 1


def test_a_case_completed_twice_at_once_has_one_assessment() -> None:
    case, by = make_case("fep", MET), person("coordinator")
    found = at_once(*[lambda: complete_case(case=case, version=case.version, by=by)] * 2)
    assert [type(result) for result in found] == [Assessment, Assessment]
    assert [a.number for a in Assessment.objects.filter(case=case)] == [1]


def test_of_saving_and_completing_at_once_one_is_told() -> None:
    case, by = make_case("fep", MET), person("coordinator")
    saved, completed = at_once(
        saving(case, {"margin": "negative"}), lambda: complete_case(case=case, version=case.version, by=by)
    )
    stored = Case.objects.get(pk=case.pk)
    if isinstance(saved, StaleCase):
        assert (completed.report["verdict"]["code"], stored.status, stored.verdict) == (
            "criteria_met",
            "completed",
            "criteria_met",
        )
    else:
        assert isinstance(completed, StaleCase)
        assert (stored.status, stored.verdict) == ("draft", "investigational")


def test_cases_begun_at_once_have_references_of_their_own() -> None:
    by = person("coordinator")
    found = at_once(*[lambda: create_case(by=by)] * 4)
    assert len({case.reference for case in found}) == 4


def test_of_two_drafts_of_one_day_published_at_once_one_is_told() -> None:
    first = import_small(draft="published")
    second = Edition.objects.create(document=first.document, in_force=first.in_force)
    second.provisions.create(code="S1", criteria="always", effect="investigational", quote="q", locator="l")
    found = at_once(
        *[lambda e=edition: publish_edition(edition=e, by=None, second_person=False) for edition in (first, second)]
    )  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in found) == ["Edition", "EditionFault"]
    assert isinstance(next(result for result in found if isinstance(result, Exception)), EditionFault)
    assert Edition.objects.filter(document=first.document, status="published").count() == 1


def test_an_edition_published_twice_at_once_is_published_once_and_the_second_is_told() -> None:
    draft = in_review(second_edition())
    found = at_once(*[lambda by=by: publish_edition(edition=draft, by=by) for by in (person("editor2"), third())])
    (told,) = [result for result in found if isinstance(result, Exception)]
    assert isinstance(told, EditionFault)
    assert "is published" in str(told)
    assert list(states_of(draft.pk).values_list("action", flat=True)).count("publish") == 1


def test_of_publishing_and_sending_back_at_once_one_is_told() -> None:
    draft = in_review(second_edition())
    by = person("editor2")
    found = at_once(
        lambda: publish_edition(edition=draft, by=by), lambda: send_back(edition=draft, by=third(), why="Wait.")
    )
    assert [type(result).__name__ for result in found].count("EditionFault") == 1
    stands = Edition.objects.get(pk=draft.pk).status
    assert stands == ("draft" if isinstance(found[0], EditionFault) else "published")


def test_of_editing_and_submitting_at_once_no_state_is_lost() -> None:
    draft = second_edition()
    draft.provisions.filter(code="S1").update(note="Other.")
    found = at_once(
        lambda: note_edit(edition=draft, by=person("editor2")),
        lambda: submit_for_review(edition=draft, by=person("editor")),
    )
    assert not [result for result in found if isinstance(result, Exception)]
    numbers = list(states_of(draft.pk).values_list("number", flat=True))
    assert numbers == list(range(len(numbers), 0, -1))


def test_what_a_committed_test_leaves_behind_is_put_back() -> None:
    assert not Case.objects.exists()
    assert DiagnosisCode.objects.count() > 70_000
    assert Edition.objects.filter(status="published").count() == Edition.objects.count()
