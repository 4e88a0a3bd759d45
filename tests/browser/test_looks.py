"""Every page in every state: axe finds nothing, nothing scrolls sideways, at all widths, light and dark."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from coverage_app.models import Case
from coverage_app.services.cases import complete_case

from .people import BASIS, MARGIN, Questionnaire, case_on_file, save_by, sign_in_by_form
from .sound import assert_sound

RECURRENT = {"site": "rectum", "recurrence": "local", "margin": "close", "margin_basis": "final", "technique": "xray"}


def completed(payer: str, **answers: str) -> Case:
    case = case_on_file(payer, **answers)
    case.refresh_from_db()
    complete_case(case=case, version=case.version, by=case.created_by)
    return case


def long_list() -> None:
    """A worklist of two pages with every kind of chip."""
    label = "a label of the user's own, as long as a label may well become"
    sites = [("fep", "rectum"), ("fep", "kidney"), ("bcbsma", "breast"), ("nia", "pancreas"), ("fep", "non_oncologic")]
    for payer, site in sites:
        case_on_file(payer, site=site, recurrence="primary", fields={"label": label})
    case_on_file("fep", dos=dt.date(2020, 1, 1), site="lung")
    case_on_file()
    completed("fep", **RECURRENT)
    user = User.objects.get(username="coordinator")
    Case.objects.bulk_create(
        Case(reference=f"2020-{n:04d}", title="Rectum", created_by=user, updated_by=user) for n in range(30)
    )


# The worklist and the questionnaire, in their states


def empty_worklist(page: Page) -> None:
    page.goto("/")


def full_worklist(page: Page) -> None:
    long_list()
    page.goto("/?sort=service")


def new_questionnaire(page: Page) -> None:
    Questionnaire(page).open(case_on_file())


def answered_questionnaire(page: Page) -> None:
    questions = Questionnaire(page).open(case_on_file("nia", site="breast", technique="electron", margin="negative"))
    for summary in page.locator("summary").all()[:6]:
        summary.click()
    expect(questions.headline).to_be_visible()


def questionnaire_with_warnings_and_errors(page: Page) -> None:
    questions = Questionnaire(page).open(case_on_file("bcbsma", site="rectum", margin="close", recurrence="local"))
    questions.answer(BASIS, "Anticipated")
    questions.fill("Diagnosis code", "C18.9")
    questions.fill("CPT code", "1", status=422)


def questionnaire_in_conflict(page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    questions = Questionnaire(page).open(case)
    save_by("editor", case, margin="positive", recurrence="local")
    questions.save(lambda: questions.option(MARGIN, "Close").click(), status=409)


def questionnaire_in_trouble(page: Page) -> None:
    questions = Questionnaire(page).open(case_on_file("fep", site="rectum"))
    page.context.clear_cookies()
    questions.option(MARGIN, "Close").click()
    expect(page.locator("#trouble")).to_be_visible()


def stale_verdict(page: Page) -> None:
    case = case_on_file("fep", site="rectum")
    page.goto(f"/cases/{case.reference}/")
    save_by("editor", case, margin="positive")
    page.get_by_role("button", name="Complete case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This case has changed")


STATES: list[Callable[[Page], None]] = [
    empty_worklist,
    full_worklist,
    new_questionnaire,
    answered_questionnaire,
    questionnaire_with_warnings_and_errors,
    questionnaire_in_conflict,
    questionnaire_in_trouble,
    stale_verdict,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_work(page: Page, coordinator: User, state: Callable[[Page], None]) -> None:
    state(page)
    assert_sound(page)


# Verdicts of each kind

VERDICTS = {
    "criteria met": ("fep", {**RECURRENT, "intent": "boost"}),
    "investigational": ("nia", {"site": "breast", "technique": "xray", "recurrence": "primary", "intent": "boost"}),
    "physician review": ("fep", {"site": "rectum", "recurrence": "local", "margin": "negative"}),
    "physician review for one of several reasons": (
        "bcbsma",
        {"site": "rectum", "recurrence": "regional", "margin_basis": "anticipated", "technique": "electron"},
    ),
    "governed elsewhere": ("bcbsma", {"site": "breast", "recurrence": "primary"}),
    "undetermined": ("nia", {"site": "cervix", "recurrence": "local"}),
    "contradictory": ("fep", {**RECURRENT, "margin_basis": "anticipated", "t_stage": "not_applicable"}),
    "without a payer": ("", {"site": "rectum"}),
}


@pytest.mark.parametrize("kind", VERDICTS)
def test_verdict(page: Page, coordinator: User, kind: str) -> None:
    payer, answers = VERDICTS[kind]
    page.goto(f"/cases/{case_on_file(payer, **answers).reference}/")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert_sound(page)


def test_verdict_without_an_edition(page: Page, coordinator: User) -> None:
    page.goto(f"/cases/{case_on_file('fep', dos=dt.date(2020, 1, 1), **RECURRENT).reference}/")
    assert_sound(page)


def test_assessment(page: Page, coordinator: User) -> None:
    page.goto(f"/cases/{completed('bcbsma', **RECURRENT).reference}/")
    assert_sound(page)


# Pages that are read


@pytest.mark.parametrize(
    "path",
    [
        "/policies/",
        "/policies/nia/",
        "/policies/nccn/",
        "/policies/cpt-77424/",
        "/policies/mayo-iort/",
        "/suppose/?payer=fep&site=rectum&margin=close",
        "/suppose/?payer=nobody",
        "/about/",
        "/no-such-page/",
    ],
)
def test_reading(page: Page, coordinator: User, path: str) -> None:
    page.goto(path)
    assert_sound(page)


def test_not_open_to_a_reviewer(page: Page, sign_in: Callable[[str], User]) -> None:
    case = case_on_file("fep", site="rectum")
    sign_in("reviewer")
    page.goto(f"/cases/{case.reference}/questions/")
    assert_sound(page)


def test_sign_in(page: Page) -> None:
    page.goto("/sign-in/?next=/policies/")
    sign_in_by_form(page, "nobody")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_sound(page)


# The policy editors' pages


def admin_pages(model: str) -> list[str]:
    """The list of a model's objects, and the page of one: a new one's is the same form, empty."""
    base, rows = f"/admin/coverage_app/{model}/", apps.get_model("coverage_app", model).objects.order_by("pk")
    one = rows.filter(document__code="fep").get() if model == "edition" else rows.last()  # one with all kinds of parts
    return [base, f"{base}{one.pk}/change/"]


ADMIN = ["document", "edition", "fact", "guidelinerow", "remark", "diagnosiscode", "auditevent"]


@pytest.mark.parametrize("model", ADMIN)
def test_admin(page: Page, sign_in: Callable[[str], User], model: str) -> None:
    sign_in("editor")
    for path in admin_pages(model):
        response = page.goto(path)
        assert response
        assert response.ok, path
        assert_sound(page)


def test_admin_front_page(page: Page, sign_in: Callable[[str], User]) -> None:
    sign_in("editor")
    page.goto("/admin/")
    assert_sound(page)
