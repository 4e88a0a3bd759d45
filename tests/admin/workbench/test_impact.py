"""The impact of a draft, as a policy editor sees it."""

import csv
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case, Edition, ImpactRun
from coverage_app.services.editions import put_in_force
from coverage_app.services.impact import start_run
from tests.services.impacts import draft_of, newest, run_of
from tests.services.making import MET, make_case, person
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(db: None) -> Edition:
    return draft_of("fep")


def at(name: str, edition: Edition) -> str:
    return reverse(f"admin:coverage_app_edition_{name}", args=[edition.pk])


def page(client: Client, edition: Edition, **query: Any) -> str:
    return shown(client.get(at("impact", edition), query))


def test_before_a_run_the_page_says_what_would_be_looked_at(editor: Client, new: Edition) -> None:
    make_case("fep", MET)
    text = page(editor, new)
    assert "1 stored case to look at. No case is changed by it." in text
    assert "it decides the cases of FEP 8.01.08 from 10 Feb 2024 on" in text


def test_a_start_leads_to_the_progress_and_is_polled(editor: Client, new: Edition) -> None:
    response = editor.post(at("impact_start", new), follow=True)
    text = shown(response)
    assert "Waiting for a worker" in text
    assert f'hx-get="{at("impact_progress", new)}"' in text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text


def test_the_second_editor_is_told_and_sees_the_run(editor: Client, second: Client, new: Edition) -> None:
    editor.post(at("impact_start", new))
    text = shown(second.post(at("impact_start", new), follow=True))
    assert "Edda Novak has started a run already." in text
    assert ImpactRun.objects.count() == 1


def test_the_progress_says_how_far_the_run_is(editor: Client, new: Edition) -> None:
    run, _ = start_run(edition=new, by=person("editor"))
    ImpactRun.objects.update(status="running", done=300, total=1200)
    text = shown(editor.get(at("impact_progress", new), headers=HTMX))
    assert '<progress id="impact-bar" value="300" max="1200">' in text
    assert "<html" not in text
    assert run.is_open


def test_a_run_that_nobody_takes_up_is_explained(editor: Client, new: Edition) -> None:
    start_run(edition=new, by=person("editor"))
    ImpactRun.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    assert "the worker may not be running" in shown(editor.get(at("impact_progress", new), headers=HTMX))


def test_the_last_progress_brings_the_result_in_its_place(editor: Client, new: Edition) -> None:
    make_case("fep", MET)
    run_of(new)
    response = editor.get(at("impact_progress", new), headers=HTMX)
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#impact", "outerHTML")
    assert "Done: 1 of 1 cases would get another verdict." in shown(response)


def test_the_result_counts_lists_and_draws(editor: Client, new: Edition) -> None:
    cases = [make_case("fep", MET), make_case("fep", {"site": "breast", "margin": "negative"}), make_case("fep", {})]
    complete(cases[0])
    run_of(new)
    text = page(editor, new)
    assert "2</strong> of 3 stored cases get another verdict: 1 open, 1 completed. 1 stays the same." in text
    assert '<svg viewBox="0 0 640' in text
    assert all(case.reference in text for case in cases[:2])
    assert cases[2].reference not in text


def test_one_kind_of_change_is_listed_alone(editor: Client, new: Edition) -> None:
    met, breast = make_case("fep", MET), make_case("fep", {"site": "breast", "margin": "negative"})
    run_of(new)
    text = page(editor, new, **{"from": "criteria_met", "to": "investigational"})
    assert met.reference in text
    assert breast.reference not in text
    assert breast.reference in page(editor, new, **{"from": "criteria_met", "to": "nonsense"})


def test_who_may_not_read_cases_finds_no_link_to_them(editor: Client, new: Edition) -> None:
    case = make_case("fep", MET)
    run_of(new)
    address = reverse("case", args=[case.reference])
    assert address not in page(editor, new)
    assert editor.get(address).status_code == 403


def test_the_list_has_pages_and_costs_as_many_queries_for_sixty_as_for_one(editor: Client, new: Edition) -> None:
    counts = []
    for number in (1, 59):
        for _ in range(number):
            make_case("fep", MET)
        run_of(new)
        page(editor, new)
        with CaptureQueriesContext(connection) as queries:
            text = page(editor, new)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "page=2#cases-heading" in text
    assert Case.objects.order_by("pk")[0].reference in page(editor, new, page=2)


def test_an_edited_draft_marks_the_result_out_of_date(editor: Client, new: Edition) -> None:
    run_of(new)
    assert "Out of date." not in page(editor, new)
    new.provisions.filter(code="S1").update(criteria="site is colon")
    text = page(editor, new)
    assert "Out of date." in text
    assert "Run again</button>" in text


def test_a_failed_run_says_why(editor: Client, new: Edition) -> None:
    start_run(edition=new, by=person("editor"))
    ImpactRun.objects.update(status="failed", fault="It stopped.")
    assert "The last run failed. It stopped." in page(editor, new)


def test_a_run_is_stopped(editor: Client, new: Edition) -> None:
    editor.post(at("impact_start", new))
    assert "The last run was stopped." in shown(editor.post(at("impact_cancel", new), follow=True))
    assert newest(new).status == "cancelled"
    assert "it had ended" in shown(editor.post(at("impact_cancel", new), follow=True))


def test_a_draft_that_does_not_read_is_told_on_the_page(editor: Client, new: Edition) -> None:
    new.provisions.filter(code="S1").update(criteria="site is brest")
    assert "The draft does not read yet. Provision S1" in shown(editor.post(at("impact_start", new), follow=True))


def test_an_edition_on_file_shows_what_its_notices_say(editor: Client, new: Edition) -> None:
    make_case("fep", MET)
    put_in_force(edition=new, by=None)
    text = page(editor, new)
    assert "1</strong> stored case got another verdict when this edition was published." in text


def test_a_guideline_decides_no_stored_case(editor: Client) -> None:
    guideline = Edition.objects.get(document__code="abs")
    assert "only a payer’s policy does" in page(editor, guideline)


# The file


def test_the_file_holds_the_cases_that_change(editor: Client, new: Edition) -> None:
    case = make_case("fep", MET, product="=2+5")
    run_of(new)
    response = editor.get(at("impact_download", new))
    head, line = csv.reader("".join(part.decode() for part in response.streaming_content).splitlines())  # type: ignore[attr-defined]
    found = dict(zip(head, line, strict=True))
    assert (found["Case"], found["Verdict then"], found["Product"]) == (case.reference, "Investigational", "'=2+5")
    assert response["Content-Disposition"] == 'attachment; filename="impact-fep-2024-02-10.csv"'


def test_without_a_finished_run_there_is_no_file(editor: Client, new: Edition) -> None:
    start_run(edition=new, by=person("editor"))
    assert editor.get(at("impact_download", new)).status_code == 404


# Who may


@pytest.mark.parametrize("name", ["impact", "impact_progress", "impact_download"])
def test_reading_is_for_policy_editors(name: str, new: Edition) -> None:
    assert signed_in("coordinator").get(at(name, new)).status_code == 302


@pytest.mark.parametrize("name", ["impact_start", "impact_cancel"])
def test_a_step_needs_a_post_and_a_policy_editor(editor: Client, name: str, new: Edition) -> None:
    assert editor.get(at(name, new)).status_code == 405
    assert signed_in("coordinator").post(at(name, new)).status_code == 302
    assert not ImpactRun.objects.exists()
