"""The coverage maps: exact in every cell, readable without color, quick."""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coverage_app.models import Document, Fact, FactValue
from coverage_app.services import coverage_map as maps
from coverage_app.services import library
from coverage_app.services.library import Reading
from coverage_app.services.standing import CaseFacts, stand
from coverage_app.services.vocabulary import Wording, current_wording
from coverage_app.web.presenters import coverage_map as presenter

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 6, 1)
PAYERS = ("bcbsma", "fep", "nia")
MAP = "/policies/fep/map/"


@pytest.fixture
def wording() -> Wording:
    return current_wording()


def reading(payer: str) -> Reading:
    return library.read(library.edition_in_force(Document.objects.get(code=payer), DAY))


def drawn(payer: str, site: str, wording: Wording, **asked: str | None) -> dict[tuple[str, str, str], dict]:
    """The cells of a map by recurrence, T category and margin."""
    rules = reading(payer).rules
    assert rules
    held = presenter.held(rules, wording, site, asked)
    found = presenter.disease(rules, wording, payer, {"site": site, **held}, {}, None)
    cells = [cell for group in found["groups"] for row in group["rows"] for cell in row["cells"]]
    keys = [dict(parse_qsl(urlsplit(cell["url"]).query)) for cell in cells]
    return {(key["recurrence"], key["t_stage"], key["margin"]): cell for key, cell in zip(keys, cells, strict=True)}


def codes(cell: dict) -> list[str]:
    return [sign["code"] for sign in cell["signs"]]


# What the cells say


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        (("primary", "t4", "close"), "criteria_met"),
        (("primary", "t4b", "positive"), "criteria_met"),
        (("local", "t1", "close"), "criteria_met"),
        (("local", "t4", "negative"), "physician_review"),
        (("primary", "t4", "negative"), "investigational"),
        (("distant", "t4", "close"), "physician_review"),
        (("primary", "t4", "indeterminate"), "physician_review"),
        (("distant", "t3", "close"), "physician_review"),
        (("primary", "t3", "close"), "undetermined"),
    ],
)
def test_it_shows_the_rectal_sentence_of_fep(wording: Wording, cell: tuple[str, str, str], verdict: str) -> None:
    assert drawn("fep", "rectum", wording)[cell]["tag"]["code"] == verdict


def test_an_open_cell_shows_each_verdict_that_is_still_possible(wording: Wording) -> None:
    cell = drawn("fep", "rectum", wording)["primary", "t3", "close"]
    assert codes(cell) == ["physician_review", "investigational"]
    assert cell["words"].endswith("Possible: physician review needed or investigational")


def test_a_fact_set_to_not_documented_opens_the_cells_that_it_decides(wording: Wording) -> None:
    cells = drawn("fep", "rectum", wording, margin_basis=None)
    assert codes(cells["primary", "t4", "close"]) == ["criteria_met", "physician_review"]


def test_it_shows_the_one_cell_that_nia_covers_for_the_breast(wording: Wording) -> None:
    rest = {"intent": "sole", "age": "62", "histology": "invasive", "nodes": "clinically_negative", "prior_rt": "none"}
    answers = wording.vocabulary.check({**rest, "apbi_suitable": "yes"})
    met = [key for key, cell in drawn("nia", "breast", wording, **answers).items() if codes(cell) == ["criteria_met"]]
    assert met == [("primary", "t1", "negative")]


@pytest.mark.parametrize("payer", PAYERS)
@pytest.mark.parametrize("site", ["rectum", "colon", "breast", "cervix", "sarcoma_trunk", "brain_metastasis"])
def test_each_cell_is_the_verdict_of_the_case_that_it_opens(wording: Wording, payer: str, site: str) -> None:
    document = Document.objects.get(code=payer)
    for cell in list(drawn(payer, site, wording).values())[::7]:
        query = dict(parse_qsl(urlsplit(cell["url"]).query))
        assert query.pop("payer") == payer
        facts = CaseFacts(wording.vocabulary.check(query), document, date_of_service=DAY)
        assert stand(facts, wording).code == cell["tag"]["code"]


def test_a_site_without_t_categories_has_one_row(wording: Wording) -> None:
    assert {key[1] for key in drawn("fep", "high_grade_glioma", wording)} == {"not_applicable"}
    assert "not_applicable" not in {key[1] for key in drawn("fep", "rectum", wording)}


def test_the_form_asks_only_what_can_change_the_verdict(wording: Wording) -> None:
    fep, nia = reading("fep").rules, reading("nia").rules
    assert fep
    assert nia
    assert maps.questions(fep, wording, "rectum") == ("downstaged_from_t4", "margin_basis", "technique")
    assert "central_recurrence" in maps.questions(nia, wording, "cervix")
    assert maps.questions(fep, wording, "stomach") == ()


def test_the_overview_says_what_each_payer_can_say_of_a_site(wording: Wording) -> None:
    payers = [(document, library.read(edition) if edition else None) for document, edition in library.payers_on(DAY)]
    rows = {row["site"]: [codes(cell) for cell in row["cells"]] for row in presenter.overview(payers, wording)["rows"]}
    assert rows["rectum"] == [["criteria_met", "physician_review", "investigational"]] * 3
    assert rows["breast"][:2] == [["investigational", "governed_elsewhere"], ["investigational"]]
    assert rows["pancreas"][2] == ["physician_review"]
    assert rows["non_oncologic"] == [["not_addressed"], ["not_addressed"], ["investigational"]]


def test_the_overview_says_where_a_payer_has_no_edition(wording: Wording) -> None:
    document = Document.objects.get(code="fep")
    row = presenter.overview([(document, None)], wording)["rows"][0]
    assert codes(row["cells"][0]) == ["no_edition"]


# The page


def test_every_cell_is_said_in_words_and_no_two_alike(desk: Client) -> None:
    page = desk.get(MAP, {"site": "rectum"}).content.decode()
    said = re.findall(r'<span class="visually-hidden">([^<]+: [^<]+)</span></a></td>', page)
    assert len(said) == len(set(said)) == 8 * 4 * 4
    assert "Local recurrence, T3, margin close: Criteria met under this policy" in said


def test_it_states_what_it_supposes(desk: Client) -> None:
    page = desk.get(MAP, {"site": "rectum"}).content.decode()
    assert "Margin basis: <strong>Final pathology</strong>" in page
    assert "Technique: <strong>Electrons (IOERT)</strong>" in page


def test_without_a_site_it_begins_with_the_first(desk: Client) -> None:
    assert "Coverage map: Rectum" in desk.get(MAP).content.decode()


def test_the_cell_of_the_case_that_the_reader_came_from_is_outlined(desk: Client) -> None:
    page = desk.get(MAP, {"site": "rectum", "t_stage": "t3", "margin": "close", "recurrence": "local"}).content.decode()
    assert page.count('class="tone-met you"') == 1


def test_an_edition_of_another_day_is_drawn_for_that_day(desk: Client) -> None:
    page = unescape(desk.get(MAP, {"site": "rectum", "dos": "2024-06-01"}).content.decode())
    assert "/suppose/?payer=fep&dos=2024-06-01&site=rectum" in page
    assert desk.get(MAP, {"dos": "2020-01-01"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["site=moon", "margin_basis=guessed", "dos=2023-02-30", "sight=rectum", "site=a&site=b"]
)
def test_an_address_that_fits_nothing_is_told_so(desk: Client, query: str) -> None:
    response = desk.get(f"{MAP}?{query}")
    assert response.status_code == 400
    assert "Nothing was stored" in response.content.decode()


@pytest.mark.parametrize("code", ["nope", "nccn", "cpt-77424"])
def test_a_document_that_decides_nothing_has_no_map(desk: Client, code: str) -> None:
    assert desk.get(f"/policies/{code}/map/").status_code == 404


def test_drawing_asks_the_database_nothing(
    wording: Wording, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    rules = reading("nia").rules
    assert rules
    with django_assert_num_queries(0):
        presenter.disease(rules, wording, "nia", {"site": "rectum"}, {}, None)


def test_the_number_of_queries_does_not_grow_with_the_cells(
    desk: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    desk.get(MAP)  # the editions are read once
    with CaptureQueriesContext(connection) as few:
        desk.get(MAP, {"site": "high_grade_glioma"})
    for site in ("rectum", "other_cancer"):
        with django_assert_num_queries(len(few)):
            desk.get(MAP, {"site": site})
    assert len(few) <= 12


def test_the_overview_takes_as_many_queries_for_any_number_of_sites(
    desk: Client, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    desk.get("/policies/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/policies/")
    site = Fact.objects.get(code="site")
    FactValue.objects.bulk_create(
        FactValue(fact=site, code=f"site_{n}", label=f"Site {n}", position=900 + n) for n in range(20)
    )
    with django_assert_num_queries(len(few)):
        assert "Site 19" in desk.get("/policies/").content.decode()
