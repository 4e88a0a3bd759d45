"""Where an answer stands in the chart: asked for under it, saved as it is given, with htmx and without."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case, Evidence
from coverage_app.services.cases import answers_of
from coverage_app.services.evidence import evidence_of
from tests.services.making import MET, make_case, person
from tests.services.notes import READ_ON, answer, note
from tests.services.test_cases import complete, save
from tests.support.sessions import signed_in
from tests.web.asking import questions, send, shown

pytestmark = pytest.mark.django_db
ASKED = "Where this stands in the chart"


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def chart(fact: str, answer: str, *, on_page: str | None = None, **fields: str) -> dict[str, str]:
    """The fields under one question, as a page sends them that shows them for ``answer``."""
    given = {"kind": "", "dated": "", "place": "", "note": "", **fields, "answer": answer}
    given["shown"] = answer if on_page is None else on_page
    return {f"chart-{fact}-{name}": value for name, value in given.items()}


def line(case: Case, fact: str = "margin") -> str:
    return evidence_of(Case.objects.get(pk=case.pk))[fact].line


def slot(text: str, fact: str) -> str:
    """What the answer of the server puts under a question; blank where it leaves alone what is there."""
    _, found, rest = text.partition(f'id="slot-chart-{fact}" hx-swap-oob="true">')
    return rest.partition('id="slot-')[0] if found else ""


# Asking


def test_it_is_asked_for_answered_questions_alone(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", {"site": "rectum", "margin": "close"}))))
    assert text.count(ASKED) == 2
    assert 'name="chart-margin-kind"' in text
    assert 'name="chart-recurrence-kind"' not in text


def test_an_answer_brings_the_question_for_its_document_and_takes_it_away(desk: Client) -> None:
    case = make_case("fep", {"site": "rectum"})
    came = shown(send(desk, case, htmx=True, site="rectum", margin="close", **chart("site", "rectum")))
    assert ASKED in slot(came, "margin")
    assert slot(came, "site") == ""
    case.refresh_from_db()
    gone = shown(send(desk, case, htmx=True, site="rectum", margin="", **chart("margin", "close")))
    assert '<div class="chart-slot" id="slot-chart-margin" hx-swap-oob="true"></div>' in gone


def test_who_may_not_note_documents_is_not_asked(desk: Client) -> None:
    group = Group.objects.get(name="coordinator")
    group.permissions.remove(Permission.objects.get(codename="delete_evidence"))
    case = make_case("fep", {"site": "rectum"})
    assert ASKED not in shown(desk.get(questions(case)))
    assert send(desk, case, **chart("site", "rectum", kind="imaging"), remove="site").status_code == 302
    assert not Evidence.objects.exists()


# Saving


@pytest.mark.parametrize("htmx", [True, False])
def test_a_document_is_saved_with_the_page(desk: Client, htmx: bool) -> None:
    case = make_case("fep", {"margin": "close"})
    given = chart("margin", "close", kind="pathology", dated="2024-03-01", place="2", note="0.4 mm from ink")
    response = send(desk, case, htmx=htmx, margin="close", **given)
    assert response.status_code == (200 if htmx else 302)
    assert line(case) == "Pathology report, 1 Mar 2024, page 2: 0.4 mm from ink"
    if htmx:
        assert slot(shown(response), "margin") == ""  # the fields are left alone, only the line is new
        assert 'id="chart-line-margin" hx-swap-oob="true">Pathology report, 1 Mar 2024' in shown(response)
        assert f'value="{case.version + 1}"' in shown(response)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("dated", "words"),
    [
        ((timezone.localdate() + dt.timedelta(days=1)).isoformat(), "still to come"),
        ("0024-03-01", "before 1990"),
        ("next week", "valid date"),
    ],
)
def test_a_wrong_date_is_told_and_everything_else_is_saved(desk: Client, htmx: bool, dated: str, words: str) -> None:
    case = make_case("fep", {"margin": "close"})
    given = chart("margin", "close", kind="pathology", dated=dated, place="2")
    response = send(desk, case, htmx=htmx, margin="close", recurrence="local", **given)
    assert response.status_code == 422
    assert words in shown(response)
    assert line(case) == "Pathology report, page 2"
    assert answers_of(Case.objects.get())["recurrence"] == "local"
    if not htmx:
        assert f'value="{dated}"' in shown(response)


def test_a_wrong_date_leaves_the_date_on_file(desk: Client) -> None:
    case = note(make_case("fep", {"margin": "close"}), "margin", dated=READ_ON)
    given = chart("margin", "close", kind="pathology", dated="2999-01-01", place="2")
    assert send(desk, case, margin="close", **given).status_code == 422
    assert line(case) == "Pathology report, 1 Mar 2024, page 2"


@pytest.mark.parametrize("kind", ["", "rumor"])
def test_without_its_kind_a_document_stays_on_the_page_and_is_told(desk: Client, kind: str) -> None:
    case = make_case("fep", {"margin": "close"})
    response = send(desk, case, margin="close", **chart("margin", "close", kind=kind, note="0.4 mm"))
    assert response.status_code == 422
    assert 'value="0.4 mm"' in shown(response)
    assert '<details class="chart" open>' in shown(response)
    assert not Evidence.objects.exists()


def test_hostile_words_are_text_and_too_many_are_told(desk: Client) -> None:
    case = make_case("fep", {"margin": "close"})
    given = chart("margin", "close", kind="other", note="<script>alert(1)</script>", place="p" * 61)
    response = send(desk, case, margin="close", **given)
    assert response.status_code == 422
    assert "at most 60" in shown(response)
    assert "<script>alert" not in response.content.decode()
    assert "<script>alert" not in desk.get(reverse("case", args=[case.reference])).content.decode()


@pytest.mark.parametrize("answer", ["purple", "a\x00b", "x" * 5000])
def test_a_document_for_what_is_no_answer_is_left_out(desk: Client, answer: str) -> None:
    case = make_case("fep", {"margin": "close"})
    send(desk, case, margin="close", **chart("margin", answer, kind="pathology"))
    assert not Evidence.objects.exists()


# A changed answer


def test_a_changed_answer_shows_what_rests_and_one_button_carries_it_over(desk: Client) -> None:
    case = note(make_case("fep", {"margin": "close"}), "margin", place="2")
    page = chart("margin", "close", kind="pathology", place="2")
    text = slot(shown(send(desk, case, htmx=True, margin="positive", **page)), "margin")
    assert "Noted for “Close”:</strong> Pathology report, page 2." in text
    assert "It also says this" in text
    case.refresh_from_db()
    resting = chart("margin", "positive", on_page="positive rests")
    carried = shown(send(desk, case, htmx=True, margin="positive", carry="margin", **resting))
    assert 'value="positive"' in slot(carried, "margin")
    assert "Noted for" not in slot(carried, "margin")
    assert evidence_of(Case.objects.get())["margin"].holds


def test_without_a_script_the_buttons_lead_back_to_their_question(desk: Client) -> None:
    case = answer(note(make_case("fep", {"margin": "close"}), "margin"), margin="positive")
    response = send(desk, case, margin="positive", carry="margin", **chart("margin", "positive"))
    assert response.url == f"{questions(case)}#slot-margin"  # type: ignore[attr-defined]
    case.refresh_from_db()
    send(desk, case, margin="positive", remove="margin", **chart("margin", "positive", kind="pathology"))
    assert not Evidence.objects.exists()


def test_changing_back_shows_the_document_in_its_fields_again(desk: Client) -> None:
    case = answer(note(make_case("fep", {"margin": "close"}), "margin", place="2"), margin="positive")
    resting = chart("margin", "positive", on_page="positive rests")
    text = slot(shown(send(desk, case, htmx=True, margin="close", **resting)), "margin")
    assert 'name="chart-margin-place" value="2"' in text
    assert "Noted for" not in text


# Two people, and one who was signed out


@pytest.mark.parametrize("htmx", [True, False])
def test_a_document_noted_meanwhile_is_shown_beside_ones_own(desk: Client, htmx: bool) -> None:
    case = make_case("fep", {"margin": "close"})
    note(case, "margin", "imaging")
    response = send(desk, case, htmx=htmx, margin="close", **chart("margin", "close", kind="pathology", note="mine"))
    text = shown(response)
    assert response.status_code == 409
    assert "Margin: where it stands in the chart" in text
    assert "Imaging report</td>" in text
    assert "Pathology report: mine</td>" in text
    assert slot(text, "margin") == ""
    if not htmx:
        assert 'name="chart-margin-note" value="mine"' in text
    assert line(case) == "Imaging report"


def test_what_is_on_the_page_is_saved_over_the_others_when_chosen(desk: Client) -> None:
    case = make_case("fep", {"margin": "close"})
    newer = note(case, "margin", "imaging")
    send(desk, case, margin="close", over=newer.version, **chart("margin", "close", kind="pathology"))
    assert line(case) == "Pathology report"


def test_a_document_sent_after_the_session_had_ended_comes_back_on_the_page() -> None:
    browser, case = Client(), make_case("fep", {"margin": "close"})
    by = person("coordinator")
    send(browser, case, margin="close", by=by.pk, **chart("margin", "close", kind="pathology", note="kept"))
    browser.force_login(by)
    text = shown(browser.get(questions(case)))
    assert 'name="chart-margin-note" value="kept"' in text
    assert not Evidence.objects.exists()


# The verdict's page


def verdict(desk: Client, case: Case) -> str:
    return shown(desk.get(reverse("case", args=[case.reference])))


def test_the_verdict_says_which_answers_rest_on_what_and_which_on_nothing(desk: Client) -> None:
    case = note(make_case("fep", MET), "margin", dated=READ_ON, place="3")
    text = verdict(desk, case)
    assert text.count("Pathology report, 1 Mar 2024, page 3</span>") == 2
    assert "1 of 6 answers that count rests on a document of the chart." in text
    assert "5 answers rest on no document yet." in text
    assert text.count("No document noted</span>") == 11  # beside five answers and their six criteria


def test_an_assessment_of_the_time_before_documents_reads_without_them(desk: Client) -> None:
    case = make_case("fep", MET)
    complete(case)
    report = case.assessments.get().report
    for question in report["questions"]:
        del question["rests_on"], question["noted_for"]
    del report["case"]["rests"]
    before = {**report, "form": 1, "provisions": [_bare(p) for p in report["provisions"]]}
    text = _render(before, case)
    assert "The answers it rests on" in text
    assert "No document" not in text


def _bare(provision: dict[str, Any]) -> dict[str, Any]:
    for leaf in provision["tree"]["children"]:
        leaf.pop("rests", None)
        _bare({"tree": leaf})
    return provision


def _render(report: dict[str, Any], case: Case) -> str:
    return render_to_string("verdict/_report.html", {"report": report, "case": case})


# Work


def queries(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def test_a_document_more_costs_no_query_more(desk: Client) -> None:
    case = make_case("fep", MET)
    pages = [questions(case), reverse("case", args=[case.reference]), reverse("checklist", args=[case.reference])]
    for path in pages:
        desk.get(path)
    none = [queries(partial(desk.get, path)) for path in pages]
    for fact in MET:
        note(case, fact)
    assert [queries(partial(desk.get, path)) for path in pages] == none


def test_a_save_between_two_pages_is_not_lost(desk: Client) -> None:
    case = note(make_case("fep", {"margin": "close"}), "margin")
    save(Case.objects.get(), {"margin": "positive"}, by="editor")
    assert send(desk, case, htmx=True, margin="close", **chart("margin", "close", kind="imaging")).status_code == 409
    assert line(case) == "Pathology report"
