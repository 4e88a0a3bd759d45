"""Who works on a stored case is told when an edition gives it another verdict; nothing stored is overwritten."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from coverage_app.models import Answer, Assessment, AuditEvent, Case, Edition, PolicyNotice
from coverage_app.services.cases import standing_of
from coverage_app.services.editions import put_in_force, take_out_of_force
from coverage_app.services.flows import Flow
from coverage_app.services.notices import mark_seen, told, unseen
from coverage_app.services.noting import due, due_now, renote_due
from tests.services.impacts import LINES, draft_of
from tests.services.making import MET, import_small, make_case, person
from tests.services.test_cases import complete

pytestmark = pytest.mark.django_db

BREAST = {"site": "breast", "margin": "negative"}


def publish(draft: Edition) -> Edition:
    return put_in_force(edition=draft, by=None)


def withdraw(edition: Edition) -> Edition:
    return take_out_of_force(edition=edition, by=None, reason="An error.")


def notes() -> set[tuple[int, str, str]]:
    return set(PolicyNotice.objects.values_list("case_id", "before", "after"))


def test_publishing_tells_the_cases_that_get_another_verdict_and_no_other() -> None:
    met, breast = make_case("fep", MET), make_case("fep", BREAST)
    make_case("fep", {**BREAST, "margin": "positive"})
    make_case("nia", BREAST)
    publish(draft_of("fep"))
    assert notes() == {
        (met.pk, "criteria_met", "investigational"),
        (breast.pk, "investigational", "criteria_met"),
    }


def test_withdrawing_tells_the_cases_that_have_no_edition_any_more() -> None:
    edition = publish(draft_of("fep"))
    case = make_case("fep", BREAST)
    withdraw(edition)
    assert notes() == {(case.pk, "criteria_met", "no_edition")}


def test_the_worklist_s_note_of_an_open_case_follows() -> None:
    changed, same = make_case("fep", BREAST), make_case("fep", {"site": "rectum"})
    publish(draft_of("fep", ("S1", "site is breast and age >= 50", "criteria_met"), LINES[-1]))
    for case in (changed, same):
        case.refresh_from_db()
        verdict = standing_of(case).verdict
        assert verdict is not None
        assert (case.verdict, case.missing, case.possible) == (
            verdict.effect,
            list(verdict.missing),
            list(verdict.possible),
        )
    assert changed.verdict == "undetermined"


def test_of_a_completed_case_nothing_changes_and_its_people_are_told() -> None:
    case = make_case("fep", MET)
    complete(case)
    stored = [list(model.objects.order_by("pk").values()) for model in (Case, Answer, Assessment)]
    publish(draft_of("fep"))
    assert [list(model.objects.order_by("pk").values()) for model in (Case, Answer, Assessment)] == stored
    assert notes() == {(case.pk, "criteria_met", "investigational")}


def test_answers_versions_and_times_of_an_open_case_stay() -> None:
    case = make_case("fep", BREAST)
    kept = ("version", "updated_at", "updated_by_id", "status", "title", "site_id")
    before = Case.objects.values(*kept).get(pk=case.pk)
    publish(draft_of("fep"))
    assert Case.objects.values(*kept).get(pk=case.pk) == before


def test_an_undated_case_is_told_only_by_an_edition_that_is_in_force_today() -> None:
    case = make_case("fep", BREAST, date_of_service=None)
    later = timezone.localdate() + dt.timedelta(days=30)
    publish(draft_of("fep", in_force=later))
    assert notes() == set()
    case.refresh_from_db()
    assert case.noted_until == later


def test_what_was_told_is_counted_by_its_verdicts() -> None:
    make_case("fep", MET)
    complete(make_case("fep", MET))
    edition = publish(draft_of("fep"))
    assert told(edition) == [Flow("criteria_met", "investigational", open=1, completed=1)]


def test_who_works_on_a_case_sees_its_notice_until_they_set_it_aside_others_until_anybody_has() -> None:
    works, other, reviewer = person("coordinator"), User.objects.create_user("other"), person("reviewer")
    other.groups.add(Group.objects.get(name="coordinator"))
    make_case("fep", MET, by=works)
    publish(draft_of("fep"))
    notice = unseen(works).get()
    assert all(unseen(by).count() == 1 for by in (other, reviewer))
    mark_seen(notice=notice, by=other)
    assert [unseen(by).count() for by in (works, other, reviewer)] == [1, 0, 0]
    mark_seen(notice=notice, by=works)
    assert not unseen(works).exists()


def test_a_notice_is_seen_once_by_each() -> None:
    make_case("fep", MET)
    publish(draft_of("fep"))
    notice = PolicyNotice.objects.get()
    first, again = (mark_seen(notice=notice, by=person("coordinator")) for _ in range(2))
    assert first == again
    assert AuditEvent.objects.filter(action="see notice").count() == 1


# Cases that a new edition's day has made stale


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Two open cases noted before the day on which another edition came into force; it is that day."""
    import_small()
    cases = [make_case("small", given, date_of_service=None) for given in (BREAST, {"site": "breast"})]
    publish(draft_of("small", *LINES[1:], in_force=dt.date(2099, 1, 1)))
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2099, 1, 1))
    return cases


def test_what_is_due_is_given_without_writing(stale: list[Case]) -> None:
    before = list(Case.objects.order_by("pk").values())
    assert {pk: noted.verdict for pk, noted in due_now().items()} == dict.fromkeys(
        [case.pk for case in stale], "investigational"
    )
    assert list(Case.objects.order_by("pk").values()) == before


def test_what_is_due_is_noted_anew_once(stale: list[Case]) -> None:
    assert renote_due() == 2
    assert set(Case.objects.values_list("verdict", "noted_until")) == {("investigational", None)}
    assert (renote_due(), due().count()) == (0, 0)


def test_on_its_day_an_edition_published_before_tells_the_open_cases_without_a_date(stale: list[Case]) -> None:
    renote_due()
    told = {(stale[0].pk, "criteria_met", "investigational"), (stale[1].pk, "undetermined", "investigational")}
    assert notes() == told
    assert set(PolicyNotice.objects.values_list("edition__in_force", flat=True)) == {dt.date(2099, 1, 1)}
    renote_due()
    assert len(told) == PolicyNotice.objects.count()


def test_on_the_day_of_an_edition_withdrawn_before_it_they_are_told_that_there_is_none(stale: list[Case]) -> None:
    withdrawn = withdraw(Edition.objects.latest("in_force"))
    PolicyNotice.objects.all().delete()
    Case.objects.update(verdict="criteria_met", noted_until=dt.date(2099, 1, 1))
    renote_due()
    assert set(PolicyNotice.objects.values_list("after", "edition")) == {("no_edition", withdrawn.pk)}


def test_where_the_title_depends_on_what_is_asked_all_is_noted_singly(stale: list[Case]) -> None:
    type(stale[0].answers.get(fact__code="site").fact).objects.filter(code="t_stage").update(core=False)
    assert renote_due() == 2
    assert set(Case.objects.values_list("verdict", "noted_until")) == {("investigational", None)}
    assert notes() >= {(stale[0].pk, "criteria_met", "investigational")}
