"""The Insight page: what it says, to whom, and what it makes of bad input."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.payer_steps import steps_of
from tests.services.at_payers import NOT_MET, completed, step, steps, twin
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db
NOT_MET_BY_NIA = {**NOT_MET, "intent": "sole", "prior_rt": "none"}
"""The same with the answers that NIA's sentence on boosts asks for too."""


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


@pytest.fixture(scope="module")
def decided(once_for_all: None) -> list[Case]:
    """FEP denies two that meet its criteria and approves four; NIA approves one that reads investigational."""
    first = completed()
    fep = [first, *(twin(first, number)[0] for number in range(5))]
    for case, said in zip(fep, ("denied 4 criteria", "denied 6 criteria", *["approved 10"] * 4), strict=True):
        steps(case, "submitted 0", said)
    nia = steps(completed("nia", NOT_MET_BY_NIA), "submitted 0", "denied 2 coding", "appealed 3", "appeal_won 30")
    return [*fep, nia]


def page(client: Client, **query: str) -> str:
    return shown(client.get(reverse("insight"), query))


def table(client: Client, name: str, **query: str) -> list[list[str]]:
    response = client.get(reverse("insight_rows", args=[name]), query)
    assert response["Content-Type"].startswith("text/csv")
    assert f'filename="insight-{name}.csv"' in response["Content-Disposition"]
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]


def row(text: str, of: str, label: str) -> list[str]:
    """The cells of a table's row."""
    cells = text[text.index(f"<summary>Table: {of}") :]
    found = re.search(rf'<th scope="row">{label}.*?</tr>', cells)
    assert found, label
    return re.findall(r"<td[^>]*>([^<]*)</td>", found[0])


def test_agreement_stands_in_bars_words_and_a_table(desk: Client, decided: list[Case]) -> None:
    text = page(desk)
    assert "4 of 6 as read, 67%" in text
    assert row(text, "by payer", "FEP 8.01.08") == ["4", "2", "0", "67%"]
    assert row(text, "by site", "Rectum") == ["4", "3", "0", "57%"]
    assert row(text, "by provision", "FEP 8.01.08, F1") == ["4", "2", "67%"]


def test_small_numbers_are_said_to_be_small_and_have_no_percentage(desk: Client, decided: list[Case]) -> None:
    text = page(desk, payer="nia")
    assert "0 of 1 as read, too few for a share" in text
    assert "1 of 1 won, too few for a share" in text
    assert row(text, "by payer", "NIA_CG_226")[-1] == "too few"
    assert "%" not in re.sub(r'="[^"]*"', "", text)


def test_times_denials_and_appeals_stand_in_words_too(desk: Client, decided: list[Case]) -> None:
    text = page(desk)
    assert "median 10, half of them 7 to 10, all 4 to 10" in text
    assert row(text, "denials by reason", "Coding") == ["1", "1", "too few"]
    assert "From the first submission that waits for a decision" in text
    assert "Each denied request counts once, with its last denial before any appeal" in text
    assert row(text, "appeals by payer", "NIA_CG_226") == ["1", "0", "0", "too few"]


def test_a_provision_read_differently_leads_to_its_words_and_editors_to_the_workbench(
    desk: Client, decided: list[Case]
) -> None:
    text = page(desk)
    part = text[text.index("differently-heading") :]
    assert 'href="/policies/fep/2023-10-01/#F1"' in part
    assert "Rectal cancer with positive or close margins" in part
    assert "<strong>2 of 6</strong> compared decisions otherwise, 33%" in part
    assert "Denied as “The policy's criteria are not met”: 2" in part
    assert "/admin/" not in part
    assert re.search(r'href="/admin/coverage_app/edition/\d+/change/"', page(signed_in("editor")))


def test_the_choice_narrows_the_page_and_the_downloads(desk: Client, decided: list[Case]) -> None:
    text = page(desk, payer="fep", since="2024-03-06", until="2024-03-31")
    assert row(text, "by payer", "FEP 8.01.08") == ["4", "1", "0", "80%"]
    assert "insight/decisions.csv?payer=fep&since=2024-03-06&until=2024-03-31" in text
    assert len(table(desk, "decisions", payer="fep", since="2024-03-06")) == 1 + 5
    assert "No decision in this choice" in page(desk, since="2030-01-01")


def test_the_rows_behind_the_tables_are_downloaded(desk: Client, decided: list[Case]) -> None:
    head, *rows = table(desk, "decisions")
    assert head[:5] == ["Case", "Payer", "Site", "Edition in force from", "Provision"]
    first = decided[0].reference
    told = next(row for row in rows if row[0] == first)
    assert told[1:] == [
        "FEP 8.01.08", "Rectum", "2023-10-01", "F1", "Criteria met under this policy", "assessment",
        "Denied", "The policy's criteria are not met", "2024-03-05", "differs",
    ]  # fmt: skip
    assert [len(table(desk, name)) for name in ("times", "denials", "appeals")] == [8, 4, 2]


def test_a_cell_that_would_be_a_formula_is_made_harmless(desk: Client, decided: list[Case]) -> None:
    Case.objects.filter(pk=decided[0].pk).update(reference="=1+1")
    assert "'=1+1" in [row[0] for row in table(desk, "times")]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"payer": "nobody"}, "nobody is not one of the available choices"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "2024-03-02", "until": "2024-03-01"}, "The last day lies before the first."),
        ({"since": "0001-01-01"}, "between 1990 and 2100"),
        ({"payer": "<script>alert(1)</script>"}, "not one of the available choices"),
    ],
)
def test_bad_input_is_told_and_nothing_is_shown(desk: Client, query: dict[str, str], words: str) -> None:
    for address in (reverse("insight"), reverse("insight_rows", args=["times"])):
        response = desk.get(address, query)
        assert response.status_code == 400
        assert words in shown(response)
    assert b"<script>alert" not in response.content


def test_more_cases_ask_no_more_of_the_database(desk: Client, decided: list[Case]) -> None:
    page(desk)
    with CaptureQueriesContext(connection) as few:
        page(desk)
    another = completed("nia", NOT_MET_BY_NIA)
    step(another, "submitted 0")
    step(another, "approved 3")
    assert len(steps_of(another)) == 2
    with CaptureQueriesContext(connection) as many:
        page(desk)
    assert len(many) == len(few)
