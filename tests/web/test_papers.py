"""The page of a case's papers, the files, and the page of the letters' templates."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_app.models import Case, LetterTemplate
from tests.services.editions_made import copy_of, published
from tests.services.making import DAY, MET, make_case, person
from tests.services.papers.cases import completed, of_verdict, sent_back, step
from tests.services.papers.templates import bare_letter_of, letter_of, upload
from tests.services.test_cases import save
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in("coordinator")


def address(case: Case, kind: str = "") -> str:
    return reverse("paper", args=[case.reference, kind]) if kind else reverse("papers", args=[case.reference])


# The papers of a case


def test_the_page_says_what_each_paper_says_from_which_assessment_and_what_is_missing(desk: Client) -> None:
    case = completed("fep", MET)
    text = shown(desk.get(address(case)))
    checksum = case.assessments.get().checksum
    for words in ("assessment 1", "FEP 8.01.08, in force since 1 Oct 2023", checksum[:12], "No document is noted for"):
        assert words in text
    for words in ("Asks for coverage", "No denial is recorded", address(case, "summary"), address(case, "appeal")):
        assert words in text


def test_a_letter_that_makes_no_sense_is_not_offered(desk: Client) -> None:
    case = of_verdict("undetermined")
    text = shown(desk.get(address(case)))
    assert "Facts that decide are not documented" in text
    assert address(case, "necessity") not in text
    response = desk.get(address(case, "necessity"))
    assert response.status_code == 409
    assert "Facts that decide are not documented" in shown(response)


def test_a_case_that_was_never_completed_says_what_to_do(desk: Client) -> None:
    case = make_case("fep", MET)
    assert "No papers yet" in shown(desk.get(address(case)))
    assert desk.get(address(case, "summary")).status_code == 409


def test_a_case_that_is_open_again_says_that_its_papers_are_of_before(desk: Client) -> None:
    case = completed("fep", MET)
    save(case, {"margin": "negative"})
    text = shown(desk.get(address(case)))
    assert "The case is open again." in text
    assert address(case, "summary") in text
    assert address(case, "necessity") not in text
    assert desk.get(address(case, "appeal")).status_code == 409


def test_a_case_that_was_sent_back_says_so_and_that_it_is_open_again(desk: Client) -> None:
    text = shown(desk.get(address(sent_back(completed("fep", MET)))))
    assert "Sent back by the reviewer: Which margin is it?" in text
    assert "The case is open again." in text
    assert "No letter from this assessment" in text


def test_a_text_that_no_longer_decides_is_said_and_its_letters_are_not_offered(desk: Client) -> None:
    case = completed("fep", MET)
    published(copy_of("fep", DAY))
    text = shown(desk.get(address(case)))
    assert "the edition of 11 Mar 2024 decides now.</span>" in text
    assert "Ask the reviewer to send the case back, and complete it again." in text
    assert address(case, "summary") in text
    assert address(case, "necessity") not in text
    assert desk.get(address(case, "necessity")).status_code == 409


@pytest.mark.parametrize(("kind", "opening"), [("summary", b"%PDF-"), ("necessity", b"PK"), ("appeal", b"PK")])
def test_a_download_is_named_by_reference_and_kind_and_kept_by_no_cache(
    desk: Client, kind: str, opening: bytes
) -> None:
    case = completed("fep", MET, label="Somebody")
    response = desk.get(address(case, kind))
    assert response.content.startswith(opening)
    assert response["Content-Disposition"].startswith(f'attachment; filename="{case.reference}-{kind}.')
    assert "no-store" in response["Cache-Control"]


def test_papers_are_for_those_who_see_cases_and_only_by_get(desk: Client) -> None:
    case = completed("fep", MET)
    assert signed_in("editor").get(address(case)).status_code == 403
    assert signed_in("editor").get(address(case, "summary")).status_code == 403
    assert signed_in("reviewer").get(address(case, "summary")).status_code == 200
    assert desk.post(address(case, "summary")).status_code == 405
    assert desk.get(address(case, "poem")).status_code == 404
    assert desk.get(reverse("papers", args=["2000-0001"])).status_code == 404


def test_the_page_takes_the_same_few_queries_whatever_happened_at_the_payer(desk: Client) -> None:
    case = completed("fep", MET)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(address(case))
        return len(found)

    queries()
    before = queries()
    for day in range(1, 6):
        step(case, "denied", day=day, reason="criteria")
    assert queries() == before
    assert before < 12


# The templates


@pytest.fixture
def editor() -> Client:
    return signed_in("editor")


LETTERS = reverse("letters")


def send(editor: Client, data: bytes, kind: str = "appeal") -> "tuple[int, str]":
    response = editor.post(reverse("letter_upload", args=[kind]), {"file": upload(data)}, follow=True)
    return response.status_code, shown(response)


def test_an_editor_puts_a_template_in_use_looks_at_it_and_goes_back(editor: Client) -> None:
    assert "{{ position }}" in shown(editor.get(LETTERS))
    status, text = send(editor, letter_of("Ours for {{ policy }}"))
    assert (status, "In use: <strong>ours.docx</strong>" in text) == (200, True)
    assert editor.get(reverse("letter_template", args=["appeal"])).content == letter(kind="appeal")
    assert editor.get(reverse("letter_preview", args=["appeal"])).content.startswith(b"PK")
    response = editor.post(reverse("letter_restore", args=["appeal"]), follow=True)
    assert "The supplied template is in use: Appeal letter" in shown(response)


def letter(kind: str) -> bytes:
    return bytes(LetterTemplate.objects.filter(kind=kind).latest("pk").content)


def test_a_broken_template_is_refused_with_its_place_and_nothing_is_stored(editor: Client) -> None:
    status, text = send(editor, letter_of("x", "{{ patient }}"))
    assert status == 422
    assert "Nothing was changed" in text
    assert "The letter, paragraph 2: {{ patient }} names “patient”" in text
    assert not LetterTemplate.objects.exists()


def test_a_template_without_edition_date_and_checksum_is_told_what_to_put_in(editor: Client) -> None:
    status, text = send(editor, bare_letter_of("Ours for {{ policy }}"))
    assert status == 422
    assert "Put a line such as “{{ provenance }} Checksum {{ checksum }}” in its footer" in text
    assert not LetterTemplate.objects.exists()
    assert "Every template shows" in shown(editor.get(LETTERS))


def test_nothing_chosen_and_far_too_much_are_told(editor: Client) -> None:
    response = editor.post(reverse("letter_upload", args=["appeal"]))
    assert (response.status_code, "Choose a file first." in shown(response)) == (422, True)
    assert send(editor, b"x" * 3 * 1024**2)[0] == 413


def test_a_template_that_no_longer_holds_is_told_on_the_case_and_on_the_page(desk: Client, editor: Client) -> None:
    LetterTemplate.objects.create(
        kind="appeal", name="old.docx", content=letter_of("{{ gone }}"), checksum="", by=person("editor")
    )
    response = desk.get(address(completed("fep", MET), "appeal"))
    assert (response.status_code, "names “gone”" in shown(response)) == (409, True)
    response = editor.get(reverse("letter_preview", args=["appeal"]))
    assert (response.status_code, "names “gone”" in shown(response)) == (409, True)


def test_templates_are_for_policy_editors(desk: Client, editor: Client) -> None:
    assert desk.get(LETTERS).status_code == 403
    assert send(desk, letter_of("x"))[0] == 403
    assert desk.post(reverse("letter_restore", args=["appeal"])).status_code == 403
    assert editor.get(reverse("letter_template", args=["poem"])).status_code == 404
    assert editor.get(reverse("letter_upload", args=["appeal"]))["Location"] == LETTERS
