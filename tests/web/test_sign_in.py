"""Who may see what: nothing without a login, and each group its own."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from coverage_app.models import Case
from coverage_app.services.cases import answers_of
from coverage_app.web.urls import urlpatterns
from tests.services.making import MET, answers, make_case, person
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import HTMX, questions, send, shown

pytestmark = pytest.mark.django_db
SAMPLES: dict[str, object] = {"SlugConverter": "2026-0001", "IntConverter": 1, "StringConverter": "2023-10-01"}


def address(pattern: URLPattern) -> str:
    """The page with an argument of the right kind for each that it takes: nothing is looked up without a login."""
    taken = pattern.pattern.converters.values()
    return reverse(pattern.name or "", args=[SAMPLES[type(converter).__name__] for converter in taken])


@pytest.mark.parametrize("pattern", [p for p in urlpatterns if p.name != "login"], ids=lambda p: p.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_needs_a_login(pattern: URLPattern, method: str) -> None:
    response = getattr(Client(), method)(address(pattern))
    if pattern.name == "logout":
        assert response.status_code in (302, 405)
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("path", ["/admin/", "/admin/coverage_app/case/", "/admin/coverage_app/edition/", "/admin/x/"])
def test_the_admin_needs_a_login_of_a_policy_editor(path: str) -> None:
    for client in (Client(), signed_in("coordinator"), signed_in("reviewer")):
        response = client.get(path)
        assert response.status_code in (302, 403)
        assert "next=/admin/" in response.headers.get("Location", "next=/admin/")


@pytest.mark.parametrize("path", ["/nothing/", "/cases/2026-0001/", "/../etc/passwd"])
def test_without_a_login_no_address_says_whether_it_exists(path: str) -> None:
    assert Client().get(path).status_code in (302, 404)
    assert "Traceback" not in Client().get(path).content.decode()


def test_signing_in_leads_to_the_page_that_was_asked_for() -> None:
    user = person("coordinator")
    user.set_password("a-good-password")
    user.save()
    client = Client()
    asked = client.get("/policies/fep/")
    data = {"username": "coordinator", "password": "a-good-password", "next": "/policies/fep/"}
    assert "next=/policies/fep/" in asked.url  # type: ignore[attr-defined]
    assert client.post(reverse("login"), data).url == "/policies/fep/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_host(target: str) -> None:
    user = person("coordinator")
    user.set_password("a-good-password")
    user.save()
    data = {"username": "coordinator", "password": "a-good-password", "next": target}
    assert Client().post(reverse("login"), data).url == "/"  # type: ignore[attr-defined]


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong() -> None:
    for username in ("coordinator", "nobody"):
        response = Client().post(reverse("login"), {"username": username, "password": "wrong"})
        assert "The username and password do not match." in shown(response)


def test_a_post_without_the_forms_token_is_refused_in_plain_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("coordinator"))
    response = client.post(reverse("new_case"))
    assert response.status_code == 403
    assert "Every answer saved before is still there" in shown(response)


# Groups


def test_a_reviewer_reads_cases_and_changes_none() -> None:
    case = make_case("fep", MET)
    client = signed_in("reviewer")
    assert client.get(reverse("worklist")).status_code == 200
    page = client.get(reverse("case", args=[case.reference]))
    assert page.status_code == 200
    assert not any(words in shown(page) for words in ("Complete case", "Edit answers"))
    assert client.get(questions(case)).status_code == 403
    assert send(client, case, margin="close").status_code == 403
    assert client.post(reverse("complete_case", args=[case.reference]), {"version": case.version}).status_code == 403
    assert client.post(reverse("new_case")).status_code == 403
    assert answers_of(Case.objects.get()) == answers(MET)


def test_a_policy_editor_sees_no_case() -> None:
    case = make_case("fep", MET)
    complete(case)
    client = signed_in("editor")
    assert client.get(reverse("worklist")).url == reverse("policies")  # type: ignore[attr-defined]
    for name in ("case", "questionnaire"):
        response = client.get(reverse(name, args=[case.reference]))
        assert response.status_code == 403
        assert case.reference not in shown(response)
    assert client.get(reverse("case_assessment", args=[case.reference, 1])).status_code == 403
    assert client.get(reverse("policy", args=["fep"])).status_code == 200


def test_an_account_without_a_group_sees_the_policies_alone() -> None:
    user = person("reviewer")
    user.groups.clear()
    client = signed_in("reviewer")
    assert client.get(reverse("case", args=[make_case("fep", MET).reference])).status_code == 403
    assert client.get(reverse("policies")).status_code == 200


def test_an_account_that_was_closed_is_out_at_once() -> None:
    client = signed_in("coordinator")
    user = person("coordinator")
    user.is_active = False
    user.save()
    assert client.get(reverse("worklist")).status_code == 302


# A session that has ended


def test_answers_sent_after_the_session_ended_come_back_after_signing_in() -> None:
    case, client, user = make_case("fep", {"site": "rectum"}), Client(), person("coordinator")
    response = send(client, case, margin="close", label="Bed 4", by=user.pk)
    assert response.status_code == 302
    client.force_login(user)
    page = client.get(questions(case))
    text = shown(page)
    assert "Your session had ended before these answers were saved" in text
    assert 'value="Bed 4"' in text
    assert 'value="close" id="id_margin_1" checked' in text
    assert answers_of(Case.objects.get()) == {"site": "rectum"}


def test_answers_that_came_back_are_kept_until_they_are_saved() -> None:
    case, client, user = make_case("fep", {}), Client(), person("coordinator")
    send(client, case, margin="close", by=user.pk)
    client.force_login(user)
    for _ in range(2):
        assert "Your session had ended" in shown(client.get(questions(case)))
    send(client, case, margin="close", by=user.pk)
    assert "Your session had ended" not in shown(client.get(questions(case)))
    assert answers_of(Case.objects.get()) == {"margin": "close"}


def test_answers_of_one_person_are_not_shown_to_the_next_at_the_same_browser() -> None:
    case, client = make_case("fep", {}), Client()
    send(client, case, label="Bed 4", by=person("reviewer").pk)
    client.force_login(person("coordinator"))
    assert "Bed 4" not in shown(client.get(questions(case)))


def test_kept_answers_stay_with_their_own_case() -> None:
    case, other, client, user = make_case("fep", {}), make_case("fep", {}), Client(), person("coordinator")
    send(client, case, label="Bed 4", by=user.pk)
    client.force_login(user)
    assert "Bed 4" not in shown(client.get(questions(other)))
    assert "Bed 4" in shown(client.get(questions(case)))


def test_a_flood_without_a_login_is_not_kept() -> None:
    case, client, user = make_case("fep", {}), Client(), person("coordinator")
    send(client, case, label="x" * 70_000, by=user.pk)
    client.force_login(user)
    assert "Your session had ended" not in shown(client.get(questions(case)))


def test_with_htmx_an_ended_session_changes_nothing_on_the_page() -> None:
    case = make_case("fep", {})
    response = Client().post(questions(case), {"margin": "close"}, headers=HTMX)
    assert response.status_code in (302, 401, 403)
    assert answers_of(Case.objects.get()) == {}


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page() -> None:
    case = make_case("fep", MET)
    page = reverse("case", args=[case.reference])
    for name, args in (("complete_case", [case.reference]), ("new_case", None)):
        response = Client().post(reverse(name, args=args), headers={"referer": f"http://testserver{page}"})
        assert response.url == f"{reverse('login')}?next={page}"  # type: ignore[attr-defined]
    evil = Client().post(reverse("new_case"), headers={"referer": "https://evil.example/x"})
    assert "evil" not in evil.url  # type: ignore[attr-defined]
