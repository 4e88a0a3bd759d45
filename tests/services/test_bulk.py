"""Many cases at once are given what each is given singly."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from coverage_app.models import Case, Edition, FactValue
from coverage_app.rules.vocabulary import Vocabulary
from coverage_app.services import bulk, library
from coverage_app.services.bulk import Assessor, Turn
from coverage_app.services.cases import standing_of
from coverage_app.services.editions import put_in_force
from coverage_app.services.vocabulary import current_wording
from tests.services.impacts import SOON, draft_of
from tests.services.making import DAY, MET, import_small, make_case, payer
from tests.support.examples import examples

pytestmark = pytest.mark.django_db

DAYS = (None, dt.date(2019, 1, 1), SOON, DAY, dt.date(2031, 9, 9))
CRITERIA = (
    "site is breast",
    "site is not rectum and margin is not positive",
    "site is rectum and t_stage is t4",
    "margin in (positive, close) and margin_basis is final",
    "not (recurrence is primary) or age >= 62",
    "technique is not electron and (intent is boost or age < 50)",
)
EFFECTS = ("criteria_met", "investigational", "physician_review")


@st.composite
def some_answers(draw: st.DrawFn, vocabulary: Vocabulary) -> dict[str, Any]:
    """Some facts answered; now and then with a value that is younger than the editions on file."""
    given: dict[str, Any] = {}
    for fact in vocabulary:
        if draw(st.booleans()):
            continue
        given[fact.code] = draw(st.sampled_from(fact.domain or ("12", "49", "50", "62", "90")))
    return given


@st.composite
def some_provisions(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    lines = draw(st.lists(st.tuples(st.sampled_from(CRITERIA), st.sampled_from(EFFECTS)), max_size=3))
    return [
        *[(f"S{n}", criteria, effect) for n, (criteria, effect) in enumerate(lines, 1)],
        ("Z", "always", draw(st.sampled_from(EFFECTS))),
    ]


def at_once(turn: Turn) -> dict[int, list[str]]:
    """Before and after of each case that the turn is about."""
    cases = turn.cases(timezone.localdate())
    rules = [library.read(each).rules if each else None for each in (turn.before, turn.after)]
    assessor = Assessor(current_wording(), *rules)
    keys = assessor.keys(cases)
    return {pk: assessor.effects(pk, keys.get(pk, ())) for pk in cases.values_list("pk", flat=True)}


def singly() -> dict[int, str]:
    return {case.pk: standing_of(case).code for case in Case.objects.select_related("document")}


@examples(15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_at_once_and_singly_are_the_same_before_and_after_publication(data: st.DataObject) -> None:
    with transaction.atomic():
        site = FactValue.objects.get(fact__code="site", code="rectum").fact
        FactValue.objects.create(fact=site, code="later_value", position=99, label="Later")
        vocabulary = current_wording().vocabulary
        for _ in range(data.draw(st.integers(1, 4))):
            given, day = data.draw(some_answers(vocabulary)), data.draw(st.sampled_from(DAYS))
            make_case(data.draw(st.sampled_from(("nia", "nia", "fep"))), given, date_of_service=day)
        draft = draft_of("nia", *data.draw(some_provisions()), in_force=data.draw(st.sampled_from(DAYS[1:])))
        before, together = singly(), at_once(bulk.publication(draft))
        put_in_force(edition=draft, by=None)
        after = singly()
        for pk in before:
            assert together.get(pk, [before[pk], before[pk]]) == [before[pk], after[pk]]
            case = Case.objects.get(pk=pk)
            assert (case.verdict, tuple(case.missing)) == (after[pk], noted_missing(case))
        transaction.set_rollback(True)
    library.forget()


def noted_missing(case: Case) -> tuple[str, ...]:
    verdict = standing_of(case).verdict
    return verdict.missing if verdict else ()


def test_an_answer_that_an_edition_does_not_know_is_weighed_as_for_one_case() -> None:
    """NIA asks for the site whatever it is; a value of a fact that it has no use for would not count."""
    old = import_small()
    FactValue.objects.create(
        fact=FactValue.objects.get(fact__code="margin", code="close").fact, code="later", position=99, label="Later"
    )
    case = make_case("small", {"site": "breast", "margin": "later"}, date_of_service=dt.date(2025, 5, 5))
    assessor = Assessor(current_wording(), library.read(old).rules)
    key = assessor.keys(Case.objects.filter(pk=case.pk))[case.pk]
    assert assessor.effects(case.pk, key) == [standing_of(case).code]


def test_answers_that_no_rule_tells_apart_are_assessed_once() -> None:
    old = import_small()
    for age, margin in ((30, "negative"), (31, "close"), (32, "close")):
        make_case("small", {"site": "breast", "margin": margin, "age": str(age)})
    assessor = Assessor(current_wording(), library.read(old).rules)
    assert len(set(assessor.keys(Case.objects.all()).values())) == 1


def test_a_thousand_cases_are_read_with_the_queries_of_one() -> None:
    draft = draft_of("fep")
    counts = []
    for number in (1, 12):
        for _ in range(number):
            make_case("fep", MET)
        with CaptureQueriesContext(connection) as queries:
            at_once(bulk.publication(draft))
        counts.append(len(queries))
        library.forget()
    assert counts[0] == counts[1]


# Which edition decides when


@pytest.mark.parametrize(
    ("on_file", "day", "found"),
    [
        ([], 5, None),
        ([(1, "published")], 0, None),
        ([(1, "published")], 1, 1),
        ([(1, "published"), (4, "published")], 3, 1),
        ([(1, "published"), (4, "published")], 4, 4),
        ([(1, "published"), (4, "withdrawn")], 5, None),
        ([(1, "published"), (4, "withdrawn"), (6, "published")], 6, 6),
        ([(1, "published"), (4, "draft")], 5, 1),
    ],
)
def test_the_edition_that_decides_is_that_of_the_library(
    on_file: list[tuple[int, str]], day: int, found: int | None
) -> None:
    document, first = payer("fep"), dt.date(2040, 1, 1)
    Edition.objects.filter(document=document, in_force__gte=first).delete()
    fresh = type(document).objects.create(code="fresh", kind="payer_policy", short_name="F", title="F", publisher="F")
    for start, status in on_file:
        frozen = {} if status == "draft" else {"vocabulary": [], "published_at": timezone.now()}
        Edition.objects.create(document=fresh, in_force=first + dt.timedelta(start), status=status, **frozen)
    wanted = first + dt.timedelta(day)
    edition = bulk.deciding(bulk.starts(fresh), wanted)
    assert (edition.in_force if edition else None) == (None if found is None else first + dt.timedelta(found))
    try:
        assert library.edition_in_force(fresh, wanted) == edition
    except library.NoEditionInForce:
        assert edition is None


def test_a_publication_is_about_the_days_until_the_next_start_on_file() -> None:
    draft = draft_of("nia", in_force=dt.date(2020, 1, 1))
    turn = bulk.publication(draft)
    following = draft.document.editions.on_file().order_by("in_force").first()
    assert following is not None
    assert (turn.first, turn.until, turn.before) == (draft.in_force, following.in_force, None)
    assert [turn.covers(day) for day in (draft.in_force, following.in_force)] == [True, False]
