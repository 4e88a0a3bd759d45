"""The life of an edition: draft, in review, published, superseded or withdrawn, and every step written down."""

import datetime as dt

import pytest
from django.utils import timezone

from coverage_app.models import Document, Edition, EditionState
from coverage_app.services import exchange
from coverage_app.services.cases import complete_case
from coverage_app.services.editions import put_in_force
from coverage_app.services.findings import accept
from coverage_app.services.golden import set_golden
from coverage_app.services.library import NoEditionInForce, edition_in_force
from coverage_app.services.life import (
    EditionFault,
    decided_cases,
    discard_draft,
    note_edit,
    restore,
    send_back,
    standing_on,
    start_draft,
    submit_for_review,
    withdraw_edition,
)
from coverage_app.services.states import discarded, states_of
from tests.services.lives import BREAST, LATER, actions, edited, events, in_review, published, second_edition
from tests.services.making import edition_of, import_small, make_case, payer, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Edition:
    return second_edition()


# A new edition


def test_a_new_edition_is_a_copy_of_the_one_in_force() -> None:
    first = import_small()
    draft = start_draft(document=first.document, by=person("editor"), why="The payer wrote.")
    assert (draft.status, draft.in_force, draft.started_from) == ("draft", timezone.localdate(), first)
    assert list(draft.provisions.values_list("code", "criteria")) == list(
        first.provisions.values_list("code", "criteria")
    )
    assert (draft.edited_by, actions(draft), events(draft)) == (person("editor"), ["start"], ["start"])
    assert states_of(draft.pk).get().why == "The payer wrote."


def test_without_one_in_force_it_is_a_copy_of_the_newest_on_file_and_else_empty() -> None:
    first = import_small()
    withdraw_edition(edition=first, by=person("editor"), reason="Wrong.")
    assert start_draft(document=first.document, by=None).started_from == first
    document = Document.objects.create(code="bare", kind="payer_policy", short_name="B", title="B", publisher="B")
    empty = start_draft(document=document, by=None)
    assert (empty.started_from, empty.provisions.count()) == (None, 0)


def accepted(edition: Edition) -> Edition:
    """The edition with a finding that the editor lets stand."""
    accept(edition=edition, kind="conflict", key="0a1b2c", reason="Meant so.", by=person("editor"))
    return edition


def test_golden_cases_are_inherited_not_copied_and_accepted_findings_are_copied() -> None:
    first = accepted(import_small())
    set_golden(edition=first, by=None, name="Plain", answers=BREAST, verdict="criteria_met", why="Said so.")
    draft = start_draft(document=first.document, by=person("editor"))
    assert not draft.goldencases.exists()
    assert list(draft.acceptances.values_list("key", "reason")) == list(first.acceptances.values_list("key", "reason"))


def test_who_accepted_a_finding_first_is_credited_with_it_in_copies_too() -> None:
    first = accepted(import_small())
    (was,) = first.acceptances.all()
    copied = start_draft(document=first.document, by=person("editor2"))
    (carried,) = copied.acceptances.all()
    assert (carried.by, carried.at) == (was.by, was.at) != (person("editor2"), None)
    state = states_of(copied.pk).first()
    (restored,) = restore(state=state, by=person("editor2")).acceptances.all()
    assert (restored.by, restored.at) == (was.by, was.at)


def test_what_was_said_of_the_old_day_is_not_said_of_the_new_one() -> None:
    first = edition_of("nia")
    draft = start_draft(document=first.document, by=None)
    assert (draft.in_force_basis, draft.in_force_note) == ("stated", "")


def test_a_copy_of_every_edition_on_file_says_the_same() -> None:
    for document in Document.objects.all():
        first = document.editions.get()
        draft = start_draft(document=document, by=None, in_force=first.in_force)
        dates = ("in_force_basis", "in_force_note")
        lines = [
            [line for line in exchange.content_of(edition).splitlines() if not line.startswith(dates)]
            for edition in (first, draft)
        ]
        assert lines[0][: lines[0].index("golden:")] if "golden:" in lines[0] else lines[0] == lines[1]


# Editing


def test_an_edit_names_the_last_editor_and_leaves_a_state(draft: Edition) -> None:
    edited(draft, by="editor2", why="A misprint.")
    assert draft.edited_by == person("editor2")
    state = states_of(draft.pk).first()
    assert (state.action, state.by_name, state.why) == ("edit", "editor2", "A misprint.")
    assert state.content == exchange.content_of(draft)


def test_a_save_that_changes_nothing_leaves_no_state_and_no_editor(draft: Edition) -> None:
    before = actions(draft)
    assert note_edit(edition=draft, by=person("editor2")) is None
    draft.refresh_from_db()
    assert (actions(draft), draft.edited_by) == (before, person("editor"))


# Review


def test_review_stops_the_clock_and_a_reason_sends_it_back(draft: Edition) -> None:
    submit_for_review(edition=draft, by=person("editor"), why="Ready.")
    with pytest.raises(EditionFault, match="is in review, not a draft"):
        submit_for_review(edition=draft, by=person("editor"))
    with pytest.raises(EditionFault, match="Say what is to be mended"):
        send_back(edition=draft, by=person("editor2"), why=" ")
    assert send_back(edition=draft, by=person("editor2"), why="N4 is misread.").status == "draft"
    assert actions(draft)[:2] == ["send back", "submit"]
    with pytest.raises(EditionFault, match="is draft, not in review"):
        send_back(edition=draft, by=person("editor2"), why="Again.")


def test_what_does_not_read_is_not_reviewed(draft: Edition) -> None:
    edited(draft, criteria="site is brest")
    with pytest.raises(EditionFault, match=r"Provision S1: .*did you mean breast\?"):
        submit_for_review(edition=draft, by=person("editor"))
    assert Edition.objects.get(pk=draft.pk).status == "draft"


# Withdrawal


def test_the_days_of_a_withdrawn_edition_have_none_and_its_cases_are_listed(draft: Edition) -> None:
    in_review(draft)
    edition = published(draft)
    done, still_open, earlier = (
        make_case("small", BREAST, date_of_service=day) for day in (LATER, LATER, dt.date(2025, 2, 1))
    )
    complete_case(case=done, version=done.version, by=person("coordinator"))
    assert set(decided_cases(edition)) == {done, still_open}
    edition = withdraw_edition(edition=edition, by=person("editor"), reason=" Misread. ")
    assert (actions(edition)[0], states_of(edition.pk).first().why) == ("withdraw", "Misread.")
    assert set(decided_cases(edition)) == {done, still_open}
    assert standing_on(edition, LATER) == "withdrawn"
    assert edition_in_force(edition.document, earlier.date_of_service)
    with pytest.raises(NoEditionInForce):
        edition_in_force(edition.document, LATER)


def test_an_edition_without_states_is_written_down_before_its_first_step() -> None:
    edition = Edition.objects.create(document=payer("fep"), in_force=dt.date(2020, 1, 1))
    edition.provisions.create(code="A", criteria="always", effect="investigational", quote="q", locator="l")
    edition = put_in_force(edition=edition, by=None)
    before = exchange.content_of(edition)
    withdraw_edition(edition=edition, by=person("editor"), reason="Wrong.")
    assert actions(edition) == ["withdraw", "on file"]
    assert states_of(edition.pk).last().content == before


# States


def test_any_state_is_restored_as_a_new_draft(draft: Edition) -> None:
    state = states_of(draft.pk).first()
    edited(draft, criteria="site is rectum")
    again = restore(state=state, by=person("editor2"), why="It was right.")
    assert again.pk != draft.pk
    assert exchange.content_of(again) == state.content
    assert (again.started_from, again.edited_by, actions(again)) == (draft, person("editor2"), ["restore"])


def test_a_discarded_draft_can_be_restored(draft: Edition) -> None:
    content, document, number = exchange.content_of(draft), draft.document, draft.pk
    discard_draft(edition=draft, by=person("editor"), why="Not needed.")
    assert not Edition.objects.filter(pk=number).exists()
    (last,) = discarded(document)
    assert (last.edition_number, last.action, last.why) == (number, "discard", "Not needed.")
    assert exchange.content_of(restore(state=last, by=None)) == content


def test_only_a_draft_is_discarded(draft: Edition) -> None:
    in_review(draft)
    with pytest.raises(EditionFault, match="is in review, not a draft"):
        discard_draft(edition=draft, by=person("editor"))


def test_a_state_that_no_longer_reads_is_not_restored(draft: Edition) -> None:
    assert why_not(draft, "in_force: 2030-01-01\nx: 1\n").startswith(
        "It does not read, so there is no copy. Unknown key 'x'; known here: in_force"
    )


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ("site is is breast", "It does not read, so there is no copy. Provision S1, criteria: line 1, column 9: "),
        ("(site is breast", "It does not read, so there is no copy. Provision S1, criteria: line 1, column 16: "),
        (
            "site is brest",
            "It does not read with the facts of today, so there is no copy. Provision S1, criteria: "
            'line 1, column 9: unknown value "brest" of site; did you mean breast?',
        ),
    ],
)
def test_what_is_wrong_with_its_criteria_is_said(draft: Edition, criteria: str, said: str) -> None:
    whole = exchange.content_of(draft)
    was = draft.provisions.get(code="S1").criteria
    assert was in whole
    assert why_not(draft, whole.replace(was, criteria)).startswith(said)


def why_not(draft: Edition, content: str) -> str:
    """What is said when that content is to be restored."""
    state = EditionState(document=payer("small"), edition_number=draft.pk, number=99, content=content)
    with pytest.raises(EditionFault) as fault:
        restore(state=state, by=None)
    return str(fault.value)


def test_a_step_on_a_draft_that_is_gone_is_told(draft: Edition) -> None:
    gone = Edition.objects.get(pk=draft.pk)
    discard_draft(edition=draft, by=person("editor"))
    with pytest.raises(EditionFault, match="was discarded meanwhile"):
        submit_for_review(edition=gone, by=person("editor"))
