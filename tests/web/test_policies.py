"""The policies pages and the supposed case: whole, verbatim, and clear about what does not fit."""

import datetime as dt
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coverage_app.models import Case, Document, Edition, GuidelineRow, Provision, Remark
from coverage_app.services.life import publish_edition, withdraw_edition
from coverage_app.web.presenters.policy import state_on

pytestmark = pytest.mark.django_db
DOCUMENTS = ("abs", "bcbsma", "cpt-77424", "fep", "mayo-iort", "nccn", "nia")
CASE = {"payer": "fep", "site": "rectum", "t_stage": "t3", "margin": "close", "recurrence": "local"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.get(username="coordinator"))
    return client


def shown(response: object) -> str:
    """The page as text, entities and white space resolved."""
    return " ".join(unescape(response.content.decode()).split())  # type: ignore[attr-defined]


def new_edition(code: str, in_force: dt.date, status: str = "draft") -> Edition:
    """Another edition of a document, with one provision; published and withdrawn as asked."""
    edition = Edition.objects.create(document=Document.objects.get(code=code), in_force=in_force)
    Provision.objects.create(
        edition=edition, code="X1", criteria="always", effect="not_addressed", quote="A new sentence.", locator="Policy"
    )
    if status != "draft":
        edition = publish_edition(edition=edition, by=None, second_person=False)
    return withdraw_edition(edition=edition, by=None, reason="For a test.") if status == "withdrawn" else edition


# The documents


@pytest.mark.parametrize("username", ["coordinator", "reviewer", "editor"])
def test_everybody_signed_in_may_read_every_document(client: Client, username: str) -> None:
    client.force_login(User.objects.get(username=username))
    index = shown(client.get(reverse("policies")))
    for code in DOCUMENTS:
        assert reverse("policy", args=[code]) in index
        assert client.get(reverse("policy", args=[code])).status_code == 200


@pytest.mark.parametrize("name", ["policies", "suppose"])
def test_without_a_login_nothing_is_shown(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("code", DOCUMENTS)
def test_every_quote_of_the_edition_stands_on_its_page_verbatim(desk: Client, code: str) -> None:
    page = shown(desk.get(reverse("policy", args=[code])))
    edition = Edition.objects.get(document__code=code)
    quotes = [
        part.quote for model in (Provision, GuidelineRow, Remark) for part in model.objects.filter(edition=edition)
    ]
    assert [quote for quote in quotes if " ".join(quote.split()) not in page] == []


@pytest.mark.parametrize("code", ["bcbsma", "fep", "nia"])
def test_provisions_stand_in_their_order_with_criteria_text(desk: Client, code: str) -> None:
    page = shown(desk.get(reverse("policy", args=[code])))
    provisions = Provision.objects.filter(edition__document__code=code)
    assert re.findall(r'<span class="pid">(\w+)</span>', page) == [provision.code for provision in provisions]
    assert all(p.criteria in page for p in provisions if p.criteria != "always")


def test_criteria_are_taken_apart_without_a_case(desk: Client) -> None:
    page = shown(desk.get("/policies/fep/"))
    assert "Margin basis: Frozen section or Final pathology" in page
    assert "Every case that the provisions above do not decide" in page
    assert "Not documented" not in page


def read(page: str) -> str:
    """What can be read of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_condition_says_whose_it_is(desk: Client) -> None:
    page = read(shown(desk.get("/policies/fep/")))
    for words in (
        "Cancer site: Rectum The policy's criterion, read narrower by us: “Rectal cancer”",
        "T category: T4, T4a or T4b The policy's criterion: “T4 lesions”",
        "Margin basis: Frozen section or Final pathology Our condition, not stated as a criterion",
    ):
        assert words in page


def test_a_reading_says_that_it_is_one_and_why_the_text_settles_nothing(desk: Client) -> None:
    page = shown(desk.get("/policies/nia/"))
    reading, asked = (page.partition(f'<li id="{code}">')[2].partition("<li id=")[0] for code in ("N6r", "N5"))
    assert "Why the text does not settle the case" in reading
    assert "The text does not say whether recurrent disease includes distant disease." in reading
    assert "These conditions are our reading as a whole, not criteria that the policy states." in reading
    assert "The policy itself asks for the review." in asked
    assert "our reading as a whole" not in asked


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "fep",
            [
                "FDA product codes: JAD, LHN",
                "There is no national coverage determination",
                "Xofigo",
                '<strong>December 2012</strong> <span class="fine">Statement changed</span>',
            ],
        ),
        ("bcbsma", ["DDY7CZZ", "Medicare PPO Blue", "Not required", "taken from"]),
        ("nia", ["A single fraction is allowed", "Only the month or year is stated", "Last reviewed"]),
        (
            "nccn",
            ["Version 1.2023 · category 3", "Never the sole support of an appeal", "Otherwise: conditions not met"],
        ),
        ("cpt-77424", ["BETOS", "I4B", "77425"]),
    ],
)
def test_the_page_holds_what_else_the_document_says(desk: Client, code: str, words: list[str]) -> None:
    page = shown(desk.get(reverse("policy", args=[code]))).lower()
    assert [word for word in words if word.lower() not in page] == []


def test_an_edition_has_an_address_of_its_own(desk: Client) -> None:
    assert desk.get("/policies/fep/2023-10-01/").status_code == 200


@pytest.mark.parametrize(
    "path", ["nope/", "fep/2023-10-02/", "fep/2023-13-01/", "fep/today/", "nope/2023-10-01/", "fep/20231001/"]
)
def test_an_address_of_nothing_on_file_is_not_found(desk: Client, path: str) -> None:
    response = desk.get(f"/policies/{path}")
    assert response.status_code == 404
    assert "There is no such page" in shown(response)


def test_drafts_are_for_the_admin(desk: Client) -> None:
    new_edition("fep", dt.date(2025, 1, 1))
    assert desk.get("/policies/fep/2025-01-01/").status_code == 404
    assert "A new sentence." not in shown(desk.get("/policies/fep/"))
    assert "1 Jan 2025" not in shown(desk.get("/policies/"))


def test_the_newest_edition_is_shown_and_the_older_stays_readable(desk: Client) -> None:
    new_edition("fep", dt.date(2025, 1, 1), "published")
    assert "A new sentence." in shown(desk.get("/policies/fep/"))
    older = shown(desk.get("/policies/fep/2023-10-01/"))
    assert "In force until 1 Jan 2025" in older
    assert "/policies/fep/map/?dos=2023-10-01" in older


def test_a_withdrawn_edition_is_shown_as_withdrawn(desk: Client) -> None:
    new_edition("fep", dt.date(2025, 1, 1), "withdrawn")
    page = shown(desk.get("/policies/fep/2025-01-01/"))
    assert "This edition was withdrawn" in page
    assert "/policies/fep/map/" not in page
    assert "A new sentence." not in shown(desk.get("/policies/fep/"))


def test_an_edition_to_come_leaves_the_map_to_the_one_of_today(desk: Client) -> None:
    first = timezone.localdate() + dt.timedelta(days=30)
    new_edition("fep", first, "published")
    page = shown(desk.get("/policies/fep/"))
    assert "not in force yet" in page
    assert "No edition of this document decides today" not in page
    assert f"/policies/fep/map/?dos={first.isoformat()}" in page
    page = shown(desk.get("/policies/fep/map/?site=rectum"))
    assert "in force from 1 Oct 2023" in page
    assert "decides today" not in page
    assert "dos=" not in page


def test_an_older_edition_that_is_in_force_needs_no_day_for_its_map(desk: Client) -> None:
    new_edition("fep", timezone.localdate() + dt.timedelta(days=30), "published")
    assert 'href="/policies/fep/map/"' in shown(desk.get("/policies/fep/2023-10-01/"))


def test_after_a_withdrawal_pages_and_map_say_that_no_edition_decides_today(desk: Client) -> None:
    new_edition("fep", dt.date(2025, 1, 1), "withdrawn")
    for path in ("/policies/fep/", "/policies/fep/2023-10-01/", "/policies/fep/2025-01-01/", "/policies/fep/map/"):
        assert "No edition of this document decides today" in shown(desk.get(path)), path
    drawn = shown(desk.get("/policies/fep/map/"))
    assert "was withdrawn" in drawn
    assert "dos=2023-10-01&site=rectum" in drawn
    assert "decides today" not in shown(desk.get("/policies/fep/map/?dos=2024-06-01"))


def test_a_map_of_an_edition_to_come_alone_says_that_it_does_not_decide_today(desk: Client) -> None:
    first = timezone.localdate() + dt.timedelta(days=30)
    document = Document.objects.create(code="new", kind="payer_policy", short_name="New", title="N", publisher="P")
    new_edition(document.code, first, "published")
    page = shown(desk.get("/policies/new/map/"))
    assert "not in force yet" in page
    assert "No edition of this document decides today" in page
    assert f"dos={first.isoformat()}&site=rectum" in page


def test_an_edition_ends_where_the_next_begins_withdrawn_or_not() -> None:
    old, new = Edition(in_force=dt.date(2023, 1, 1)), Edition(in_force=dt.date(2024, 1, 1), status="withdrawn")
    assert state_on(old, [old, new], dt.date(2024, 1, 1))["code"] == "replaced"
    assert state_on(old, [old, new], dt.date(2023, 12, 31))["code"] == "in_force"
    assert state_on(old, [old, new], dt.date(2022, 12, 31))["code"] == "to_come"


# The supposed case


def test_a_supposed_case_gets_its_verdict_and_nothing_is_stored(desk: Client) -> None:
    page = shown(desk.get("/suppose/", CASE | {"margin_basis": "frozen", "technique": "electron", "dos": "2026-12-04"}))
    assert "Rectum, local recurrence, T3" in page
    assert "Criteria met" in page
    assert "only supposed: nothing of it is stored" in page
    assert not Case.objects.exists()


def test_it_can_become_a_case_with_the_same_answers(desk: Client) -> None:
    page = shown(desk.get("/suppose/", CASE))
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page))
    assert {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"} == CASE
    assert f'action="{reverse("new_case")}"' in page


def test_who_may_not_add_cases_is_not_offered_it(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert "Start a case" not in shown(client.get("/suppose/", CASE))


def test_an_empty_parameter_is_not_documented(desk: Client) -> None:
    page = shown(desk.get("/suppose/", CASE | {"margin": "", "technique": " "}))
    assert "More documentation needed" in page
    assert 'name="margin"' not in page


def test_a_day_before_the_first_edition_has_no_verdict(desk: Client) -> None:
    page = shown(desk.get("/suppose/", CASE | {"dos": "2023-09-30"}))
    assert "No policy on file for this date" in page
    assert "On the coverage map" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("site=rectum", "No payer is named"),
        ("payer=fpe", "Did you mean fep?"),
        ("payer=nccn", 'Unknown payer "nccn"'),
        ("payer=fep&site=rectom", "Did you mean rectum?"),
        ("payer=fep&sight=rectum", "Did you mean site?"),
        ("payer=nia&site=soft_tissue_sarcoma", "is a group of answers. Did you mean sarcoma_extremity"),
        ("payer=fep&t_stage=tx", 'Unknown value "tx" of t_stage'),
        ("payer=fep&t_stage=T4", "Did you mean t4?"),
        ("payer=fep&age=-1", "out of range"),
        ("payer=fep&age=2000", "out of range"),
        ("payer=fep&age=49.5", "falls between the steps"),
        ("payer=fep&dos=2023-02-30", "is not a date"),
        ("payer=fep&dos=20231001", "is not a date"),
        ("payer=fep&dos=0001-01-01", "lies outside"),
        ("payer=fep&site=rectum&site=colon", "given more than once"),
        ("payer=fep&site=%00%1b", "Unknown value"),
        ("payer=%00", "Unknown payer"),
        ("payer=fep&site=" + "x" * 3000, "xxx…"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told(desk: Client, query: str, said: str) -> None:
    response = desk.get(f"/suppose/?{query}")
    assert response.status_code == 400
    assert said in shown(response)


def test_all_that_does_not_fit_is_told_at_once(desk: Client) -> None:
    page = shown(desk.get("/suppose/?payer=fep&site=moon&dos=never&margin=thin"))
    assert page.count("<li>Unknown value") == 2
    assert "is not a date" in page


@pytest.mark.parametrize(
    "path", ["/policies/", "/policies/fep/", "/policies/fep/2023-10-01/", "/policies/fep/map/", "/suppose/"]
)
def test_the_pages_are_only_for_reading(desk: Client, path: str) -> None:
    assert desk.post(path).status_code == 405
