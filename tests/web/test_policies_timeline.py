"""The policy page's line of time and reviews, and the map held against the edition before."""

import datetime as dt
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_app.models import Edition
from coverage_app.services import library
from coverage_app.services.reviews import record_review
from coverage_app.services.vocabulary import current_wording
from coverage_app.web.presenters import coverage_map as presenter
from coverage_app.web.presenters.timeline import timeline
from tests.services.editions_made import add, change, copy_of, document, published, withdrawn
from tests.services.making import edition_of, person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)
MAP = "/policies/fep/map/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.get(username="coordinator"))
    return client


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="editor"))
    return client


def shown(response: object) -> str:
    """The page as text, entities and white space resolved."""
    return " ".join(unescape(response.content.decode()).split())  # type: ignore[attr-defined]


def on(day: str, status: str = "published", pk: int = 0) -> Edition:
    return Edition(
        pk=pk or int(day.replace("-", "")), document=document("fep"), in_force=dt.date.fromisoformat(day), status=status
    )


def lines(*editions: Edition, drafts: tuple[Edition, ...] = ()) -> list[tuple[str, str, str]]:
    found = timeline(list(editions), list(drafts), None, TODAY)["lines"]
    return [(line["start"].isoformat(), line["state"], line["words"]) for line in found]


# The line


def test_each_edition_holds_until_the_day_before_the_next() -> None:
    assert lines(on("2023-10-01"), on("2025-01-01"), on("2027-01-01")) == [
        ("2027-01-01", "to_come", "from 1 Jan 2027 on"),
        ("2025-01-01", "in_force", "1 Jan 2025 to 31 Dec 2026"),
        ("2023-10-01", "replaced", "1 Oct 2023 to 31 Dec 2024"),
    ]


def test_a_withdrawn_edition_is_shown_with_its_gap() -> None:
    assert lines(on("2023-10-01"), on("2025-01-01", "withdrawn"), on("2026-01-01"))[1] == (
        "2025-01-01",
        "withdrawn",
        "no edition, 1 Jan 2025 to 31 Dec 2025",
    )


def test_one_that_was_replaced_on_its_own_day_left_no_gap_and_has_an_address() -> None:
    gone = on("2025-01-01", "withdrawn", pk=7)
    found = timeline([on("2025-01-01", pk=8), gone], [], None, TODAY)["lines"]
    assert found[1]["words"] == "replaced by another edition of 1 Jan 2025"
    assert found[1]["url"] == "/policies/fep/2025-01-01/?withdrawn=7"


def test_drafts_do_not_end_what_is_on_file() -> None:
    found = lines(on("2023-10-01"), drafts=(on("2027-01-01", "in_review"),))
    assert found == [
        ("2027-01-01", "in_review", "from 1 Jan 2027, once published"),
        ("2023-10-01", "in_force", "from 1 Oct 2023 on"),
    ]


@pytest.mark.parametrize("days", [("2023-10-01",), ("2023-10-01", "2023-10-02"), ("0001-01-01", "9999-12-31")])
def test_all_days_and_today_stand_on_the_line(days: tuple[str, ...]) -> None:
    found = timeline([on(day) for day in days], [], None, TODAY)
    places = [(line["left"], line["left"] + line["width"]) for line in found["lines"]]
    assert all(0 <= left < right <= 101 for left, right in places)
    assert 0 < found["today"] < 100
    assert len(found["years"]) <= 7
    assert all(0 <= year["at"] <= 100 for year in found["years"])


# On the page


def test_the_page_links_every_edition_and_marks_the_one_that_is_shown(desk: Client) -> None:
    published(copy_of("fep", dt.date(2025, 1, 1)))
    withdrawn(copy_of("fep", dt.date(2026, 1, 1)))
    page = shown(desk.get("/policies/fep/2023-10-01/"))
    spans = page[page.index('<ol class="spans">') : page.index("</ol>")]
    assert re.findall(r'href="([^"]+)"', spans) == [
        f"/policies/fep/{day}-01/" for day in ("2026-01", "2025-01", "2023-10")
    ]
    assert '<a href="/policies/fep/2023-10-01/" aria-current="page">' in spans


def test_a_withdrawn_edition_that_another_replaced_can_be_read(desk: Client) -> None:
    gone = withdrawn(copy_of("fep", dt.date(2025, 1, 1)))
    published(copy_of("fep", dt.date(2025, 1, 1)))
    assert "was withdrawn" not in shown(desk.get("/policies/fep/2025-01-01/"))
    page = shown(desk.get(f"/policies/fep/2025-01-01/?withdrawn={gone.pk}"))
    assert "This edition was withdrawn. Another of the same first day has taken its place" in page
    assert "no edition is on file" not in page


def test_drafts_are_on_the_line_for_editors_alone(desk: Client, editor: Client) -> None:
    draft = copy_of("fep", dt.date(2031, 5, 1))
    assert "1 May 2031" not in shown(desk.get("/policies/fep/"))
    assert f"/admin/coverage_app/edition/{draft.pk}/change/" in shown(editor.get("/policies/fep/"))


def test_an_edition_not_reviewed_for_twelve_months_is_marked(desk: Client) -> None:
    assert "Not reviewed for twelve months" in shown(desk.get("/policies/fep/"))
    record_review(edition=edition_of("fep"), by=person("editor"), on=timezone.localdate(), note="Same text.")
    page = shown(desk.get("/policies/fep/"))
    assert "Not reviewed for" not in page
    assert "Same text." in page
    assert person("editor").get_full_name() in page


def test_a_superseded_edition_is_not_asked_for(desk: Client) -> None:
    published(copy_of("fep", dt.date(2025, 1, 1)))
    page = shown(desk.get("/policies/fep/2023-10-01/"))
    assert "Not reviewed for" not in page
    assert "Due" not in page[page.index("reviewed-heading") :][:1500]


def test_the_button_is_for_editors(desk: Client, editor: Client) -> None:
    assert "Reviewed today" not in shown(desk.get("/policies/fep/"))
    assert "Reviewed today" in shown(editor.get("/policies/fep/"))


@pytest.mark.parametrize("who", ["coordinator", "editor"])
def test_the_page_takes_as_many_queries_for_any_number_of_editions(client: Client, who: str) -> None:
    client.force_login(person(who))
    published(copy_of("fep", dt.date(2024, 1, 1)))
    copy_of("fep", dt.date(2030, 1, 1))
    record_review(edition=edition_of_day("2023-10-01"), by=person("editor"), on=TODAY)
    client.get("/policies/fep/2023-10-01/")
    with CaptureQueriesContext(connection) as few:
        client.get("/policies/fep/2023-10-01/")
    for month in range(2, 8):
        published(copy_of("fep", dt.date(2024, month, 1)))
        copy_of("fep", dt.date(2030, month, 1))
        record_review(edition=edition_of_day("2023-10-01"), by=person("editor"), on=TODAY, note=f"{month}")
    library.forget()
    client.get("/policies/fep/2023-10-01/")
    with CaptureQueriesContext(connection) as many:
        client.get("/policies/fep/2023-10-01/")
    assert len(many) == len(few)


def edition_of_day(day: str) -> Edition:
    return Edition.objects.get(document__code="fep", in_force=day)


# The map against the edition before


@pytest.fixture
def successor() -> Edition:
    """An edition of FEP that covers an indeterminate margin too, from 2025 on."""
    draft = copy_of("fep", dt.date(2025, 1, 1))
    provision = draft.provisions.get(code="F1")
    old, new = "margin in (positive, close)", "margin in (positive, close, indeterminate)"
    assert old in provision.criteria
    stated = [{**one, "leaf": one["leaf"].replace(old, new)} for one in provision.stated]
    change(draft, "F1", criteria=provision.criteria.replace(old, new), stated=stated)
    return published(draft)


def test_cells_that_the_edition_before_decided_otherwise_say_what_they_were(desk: Client, successor: Edition) -> None:
    page = shown(desk.get(MAP, {"site": "rectum", "against": "previous"}))
    assert (
        "Primary tumor, T4, margin indeterminate: Criteria met under this policy (was: Physician review needed)" in page
    )
    assert "Primary tumor, T4, margin close: Criteria met under this policy</span>" in page
    assert "cells differ</strong> from the edition of 1 Oct 2023" in page


def test_every_mark_is_the_verdict_of_the_edition_before(successor: Edition) -> None:
    wording, old = current_wording(), library.read(edition_of_day("2023-10-01")).rules
    new = library.read(successor).rules
    assert old
    assert new
    held = {"site": "rectum", "technique": "electron"}
    both, before = (
        presenter.disease(rules, wording, "fep", held, {}, None, was) for rules, was in ((new, old), (old, None))
    )
    flat = [[c for g in drawn["groups"] for row in g["rows"] for c in row["cells"]] for drawn in (both, before)]
    for now, was in zip(*flat, strict=True):
        assert (now["was"] or now)["words"] == was["words"]
    assert both["changed"] == sum(bool(cell["was"]) for cell in flat[0]) > 0


def test_the_map_asks_also_what_only_the_edition_before_turned_on(desk: Client) -> None:
    draft = copy_of("fep", dt.date(2025, 1, 1))
    draft.provisions.exclude(criteria="always").delete()
    published(draft)
    assert 'name="technique"' not in shown(desk.get(MAP, {"site": "rectum"}))
    assert 'name="technique"' in shown(desk.get(MAP, {"site": "rectum", "against": "previous"}))


def test_the_switch_keeps_the_case_and_goes_back(desk: Client, successor: Edition) -> None:
    page = shown(desk.get(MAP, {"site": "rectum", "technique": "hdr"}))
    assert 'href="?site=rectum&technique=hdr&against=previous"' in page
    page = shown(desk.get(MAP, {"site": "rectum", "technique": "hdr", "against": "previous"}))
    assert 'href="?site=rectum&technique=hdr"' in page
    assert '<input type="hidden" name="against" value="previous">' in page


def test_without_an_edition_before_there_is_no_switch(desk: Client) -> None:
    assert "against=previous" not in shown(desk.get(MAP))
    assert "No earlier edition is on file" in shown(desk.get(MAP, {"against": "previous"}))


@pytest.mark.parametrize("query", ["against=next", "against=previous&against=previous"])
def test_an_unknown_comparison_is_told(desk: Client, query: str) -> None:
    response = desk.get(f"{MAP}?{query}")
    assert response.status_code == 400
    assert "against=previous" in shown(response)


def test_the_comparison_costs_no_query_a_cell(desk: Client, successor: Edition) -> None:
    desk.get(MAP, {"against": "previous"})
    with CaptureQueriesContext(connection) as few:
        desk.get(MAP, {"site": "high_grade_glioma", "against": "previous"})
    with CaptureQueriesContext(connection) as many:
        desk.get(MAP, {"site": "rectum", "against": "previous"})
    assert len(many) == len(few) <= 13


def test_a_new_provision_for_another_site_changes_no_cell_here(desk: Client) -> None:
    draft = copy_of("fep", dt.date(2025, 1, 1))
    add(draft, "F7", 1, "site is colon", "physician_review")
    published(draft)
    assert "No cell differs" in shown(desk.get(MAP, {"site": "rectum", "against": "previous"}))


def test_the_map_of_each_edition_is_its_own_also_beside_one_to_come(desk: Client, successor: Edition) -> None:
    published(copy_of("fep", timezone.localdate() + dt.timedelta(days=30)))
    page = shown(desk.get("/policies/fep/2025-01-01/"))
    address = re.search(r'href="(/policies/fep/map/[^"]*)">Coverage map', page)
    assert address
    assert "in force from 1 Jan 2025" in shown(desk.get(address[1]))
