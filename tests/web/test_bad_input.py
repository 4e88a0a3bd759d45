"""What should never be sent: a clear answer with the right status, never a traceback, never a lost answer."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Case
from coverage_app.services.cases import answers_of
from tests.services.making import MET, answers, edition_of, make_case, payer
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, questions, send, send_text, shown

pytestmark = pytest.mark.django_db
CONTROL = "".join(map(chr, range(1, 32))) + "\x7f"


@pytest.fixture
def desk() -> Client:
    """A browser that shows what a visitor sees, also where the product breaks."""
    client = signed_in("coordinator")
    client.raise_request_exception = False
    return client


@pytest.fixture
def case() -> Case:
    return make_case("nia", {"site": "breast", "technique": "electron"}, label="Bed 4")


def stored() -> dict[str, Any]:
    return answers_of(Case.objects.get())


# A value that is none: the rest is saved


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("margin", "clsoe", "did you mean close?"),
        ("margin", "CLOSE", "unknown value"),
        ("margin", "rectum", "unknown value"),
        ("margin", "x" * 5000, "unknown value"),
        ("margin", "<script>alert(1)</script>", "unknown value"),
        ("age", "-1", "out of range; age is 0 to 120 years"),
        ("age", "2000", "out of range"),
        ("age", "62.5", "falls between the steps"),
        ("age", "sixty", "is not a plain number"),
        ("age", "NaN", "is not a plain number"),
        ("age", "1e3", "is not a plain number"),
        ("age", "９９", "is not a plain number"),
        ("age", "9" * 400, "is not a plain number"),
        ("age", CONTROL + "x", "is not a plain number"),
    ],
)
def test_an_answer_that_is_none_is_told_and_the_others_are_saved(
    desk: Client, case: Case, fact: str, value: str, said: str
) -> None:
    htmx = len(value) % 2 == 0  # with a script and without by turns: what is told is the same
    response = send(desk, case, htmx=htmx, nodes="clinically_negative", **{fact: value})
    assert response.status_code == 422
    assert said in shown(response)
    assert "<script>alert" not in response.content.decode()
    assert stored() == {"site": "breast", "technique": "electron", "nodes": "clinically_negative"}


def test_what_was_typed_wrong_stays_on_the_page_to_be_put_right(desk: Client, case: Case) -> None:
    response = send(desk, case, age="2000", site="breast", technique="electron")
    assert 'name="age" value="2000"' in shown(response)
    assert "Not saved; the other answers are." in shown(response)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("date_of_service", "2026-02-30", "Enter a valid date"),
        ("date_of_service", "30.2.2026", "Enter a valid date"),
        ("date_of_service", "1066-10-14", "between 1990 and 2100"),
        ("date_of_service", "9999-12-31", "between 1990 and 2100"),
        ("date_of_service", "0000-00-00", "Enter a valid date"),
        ("diagnosis_code", "C99.99", "C99.99 is not an ICD-10-CM code"),
        ("diagnosis_code", "C18", "is a category and cannot be billed"),
        ("diagnosis_code", "D48.1", "cannot be billed"),
        ("diagnosis_code", "'; DROP", "is not an ICD-10-CM code"),
        ("cpt_code", "774", "five characters"),
        ("setting", "at home", "Select a valid choice"),
        ("product", "Gold", "Select a valid choice"),
        ("label", "x" * 81, "at most 80 characters"),
        ("label", "two\nlines", "control characters"),
        ("label", CONTROL + "x", "control characters"),
        ("document", "999999", "Select a valid choice"),
        ("document", "fep", "Select a valid choice"),
    ],
)
def test_a_field_that_does_not_fit_is_told_and_the_rest_is_saved(
    desk: Client, case: Case, field: str, value: str, said: str
) -> None:
    htmx = len(value) % 2 == 0
    response = send(desk, case, htmx=htmx, margin="close", **{field: value})
    assert response.status_code == 422
    assert said in shown(response)
    assert stored()["margin"] == "close"
    now = Case.objects.get()
    assert (now.label, now.document, now.date_of_service) == ("Bed 4", payer("nia"), case.date_of_service)


def test_a_guideline_is_no_payer(desk: Client, case: Case) -> None:
    assert send(desk, case, document=str(payer("nccn").pk)).status_code == 422
    assert Case.objects.get().document == payer("nia")


@pytest.mark.parametrize("text", ["&label=a%00b", "&margin=close%00", "&age=6%002", "&diagnosis_code=C20%00"])
def test_a_null_character_is_told(desk: Client, case: Case, text: str) -> None:
    assert send_text(desk, case, text).status_code == 422
    assert (Case.objects.get().label, stored()) == ("Bed 4", {"site": "breast", "technique": "electron"})


def test_text_in_any_script_is_kept_as_it_was_typed(desk: Client, case: Case) -> None:
    label = "Łóżko 4 · 病床 🛏 <b>&amp;"
    assert send(desk, case, label=label).status_code == 302
    assert Case.objects.get().label == label
    page = desk.get(questions(case))
    assert "<b>" not in page.content.decode()
    assert label in shown(page)


# A request that is none


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "9" * 40, "٣", "1 OR 1"])
def test_a_page_without_its_version_is_refused_and_changes_nothing(desk: Client, case: Case, version: str) -> None:
    response = send(desk, case, version=version, margin="close")
    if version == "٣":  # a decimal digit of another script is a number all the same
        assert response.status_code in (400, 409)
    else:
        assert response.status_code == 400
    assert "margin" not in stored()


def test_a_missing_version_is_refused_when_completing(desk: Client, case: Case) -> None:
    for data in ({}, {"version": "x"}):
        assert desk.post(reverse("complete_case", args=[case.reference]), data).status_code == 400
    assert Case.objects.get().status == "draft"


def test_a_version_of_the_future_is_a_conflict(desk: Client, case: Case) -> None:
    assert send(desk, case, version=999, margin="close").status_code == 409


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_ten_megabytes_are_refused_before_they_are_read(desk: Client, case: Case, htmx: dict[str, str]) -> None:
    response = desk.post(questions(case), {"version": case.version, "label": "x" * 10_000_000}, headers=htmx)
    assert response.status_code == 413
    assert "every answer saved before is still there" in shown(response)
    assert Case.objects.get().label == "Bed 4"


def test_ten_megabytes_without_a_login_are_refused_too() -> None:
    assert Client().post("/sign-in/", {"username": "x" * 10_000_000}).status_code == 413


@pytest.mark.parametrize("body", [b"label=\xff\xfe&margin=close", b"label=%FF%FE&margin=close", b"\xff\xfe\x00" * 50])
def test_a_body_that_is_not_text_never_breaks_the_page(desk: Client, case: Case, body: bytes) -> None:
    sent = f"version={case.version}&".encode() + body
    response = desk.post(questions(case), sent, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (302, 400, 422)
    assert stored().items() >= {"site": "breast", "technique": "electron"}.items()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--y\r\nnothing"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b'{"version": 1}'),
        ("application/x-www-form-urlencoded; charset=utf-16", b"version=1"),
    ],
)
def test_a_body_of_another_kind_is_a_bad_request(desk: Client, case: Case, kind: str, body: bytes) -> None:
    assert desk.post(questions(case), body, content_type=kind).status_code == 400


def test_more_fields_than_any_page_has_are_refused(desk: Client, case: Case) -> None:
    body = "&".join(f"a{n}=1" for n in range(5100))
    assert send_text(desk, case, f"&{body}").status_code == 400


def test_an_uploaded_file_in_place_of_an_answer_changes_nothing(desk: Client, case: Case) -> None:
    with open(__file__, "rb") as file:
        response = desk.post(questions(case), {"version": case.version, "margin": file})
    assert response.status_code < 500
    assert "margin" not in stored()


@pytest.mark.parametrize("field", ["margin", "version", "document"])
def test_a_field_sent_twice_never_breaks_the_page(desk: Client, case: Case, field: str) -> None:
    assert send_text(desk, case, f"&{field}=close&{field}=positive").status_code < 500


# An address that is none


@pytest.mark.parametrize(
    "path",
    [
        "/cases/2026-9999/",
        "/cases/2026-9999/questions/",
        "/cases/2026-9999/assessments/1/",
        "/cases/{}/assessments/7/",
        "/cases/{}/assessments/99999999999999999999/",
        "/cases/{}/nothing/",
        "/cases/ /",
        "/nothing/",
        "/cases/%00/",
        "/cases/" + "x" * 3000 + "/",
    ],
)
def test_a_wrong_or_stale_address_is_not_found(desk: Client, case: Case, path: str) -> None:
    response = desk.get(path.format(case.reference))
    assert response.status_code == 404
    assert "There is no such page" in shown(response)


def test_a_case_that_is_not_there_cannot_be_saved_or_completed(desk: Client, case: Case) -> None:
    for name in ("questionnaire", "complete_case"):
        assert desk.post(reverse(name, args=["2026-9999"]), {"version": 1}).status_code == 404


@pytest.mark.parametrize(
    ("name", "method"),
    [("new_case", "get"), ("complete_case", "get"), ("case", "post"), ("worklist", "put"), ("questionnaire", "delete")],
)
def test_a_page_asked_for_in_the_wrong_way_says_so(desk: Client, case: Case, name: str, method: str) -> None:
    args = [case.reference] if name in ("complete_case", "case", "questionnaire") else None
    response = getattr(desk, method)(reverse(name, args=args))
    assert response.status_code == 405
    assert "Allow" in response.headers
    assert Case.objects.count() == 1


# A new case with tampered answers


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"payer": "fpe"}, "No payer 'fpe' is on file."),
        ({"payer": "nccn", "site": "rectum"}, "No payer 'nccn' is on file."),
        ({"payer": "fep", "site": "rectm"}, "did you mean rectum?"),
        ({"payer": "fep", "age": "-1"}, "out of range"),
        ({"payer": "fep", "dos": "2026-02-30"}, "valid date"),
        ({"payer": "fep", "site": "rectum\x00"}, "Null characters"),
        ({"site": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_a_case_is_not_begun_with_a_tampered_answer_and_the_page_says_which(
    desk: Client, data: dict[str, str], said: str
) -> None:
    response = desk.post(reverse("new_case"), data)
    assert response.status_code == 400
    assert said in html.unescape(response.content.decode()) or said in response.content.decode()
    assert b"<script>" not in response.content
    assert not Case.objects.exists()


def test_a_case_begins_with_the_answers_of_a_supposed_one(desk: Client) -> None:
    data = {"csrfmiddlewaretoken": "x", "payer": "fep", "dos": "2026-12-04", **MET}
    response = desk.post(reverse("new_case"), data)
    case = Case.objects.get()
    assert response.url == questions(case)  # type: ignore[attr-defined]
    assert (case.document, case.verdict, stored()) == (payer("fep"), "criteria_met", answers(MET))
    assert case.date_of_service.isoformat() == "2026-12-04"  # type: ignore[union-attr]


# The worklist


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=99999999999999999999", "q=%00", "q=%ff", "q=%0a", "q=" + "x" * 500,
        "sort=nothing", "sort=created_by__password", "payer=nobody", "site=x", "verdict=%27", "who=1%20OR%201", "status=open",
        "q=%25", "q=_", "q=%5C",
    ],
)  # fmt: skip
def test_a_strange_query_never_breaks_the_worklist(desk: Client, case: Case, query: str) -> None:
    response = desk.get(f"/?{query}")
    assert response.status_code == 200
    assert "Traceback" not in shown(response)


def test_an_answer_outside_the_vocabulary_of_an_edition_is_no_fault(desk: Client) -> None:
    assert edition_of("fep").vocabulary
    case = make_case("fep", MET)
    Case.objects.update(verdict="of_another_time")
    assert desk.get(reverse("worklist")).status_code == 200
    assert desk.get(reverse("case", args=[case.reference])).status_code == 200
