"""Facts and values: new ones are usable at once; what is in use stays."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from coverage_app.models import AuditEvent, Edition, Fact, FactValue
from coverage_app.services.cases import Change, create_case
from coverage_app.services.vocabulary import current_wording

from .forms import added, typed

pytestmark = pytest.mark.django_db
ADD = "admin:coverage_app_fact_add"
NUMBER = {"code": "tumor_size", "kind": "number", "label": "Tumor size", "question": "How large is it?"}


def page_of(code: str, step: str = "change") -> str:
    return reverse(f"admin:coverage_app_fact_{step}", args=[Fact.objects.get(code=code).pk])


def add(editor: Client, *values: dict[str, object], **fields: object) -> dict[str, list[str]]:
    """Add a fact; the faults of its form, those of the values under ``values``."""
    data = typed(editor.get(reverse(ADD)), **fields)
    for value in values:
        data = added(data, "values", **value)
    response = editor.post(reverse(ADD), data)
    if response.status_code == 302:
        return {}
    formset = response.context["inline_admin_formsets"][0].formset
    faults = [*formset.non_form_errors(), *(e for form in formset for es in form.errors.values() for e in es)]
    return dict(response.context["adminform"].form.errors) | ({"values": faults} if faults else {})


def test_a_new_number_can_be_used_in_criteria_at_once(editor: Client, draft: Edition) -> None:
    assert add(editor, **NUMBER, unit="cm", least="0", greatest="20", step="0.1") == {}
    assert list(current_wording().vocabulary["tumor_size"].limits) == [0, 20, Decimal("0.1")]
    page = reverse("admin:coverage_app_edition_change", args=[draft.pk])
    editor.post(page, typed(editor.get(page), provisions__1__criteria="tumor_size > 2.5"))
    assert draft.provisions.get(code="B").criteria == "tumor_size > 2.5"
    assert AuditEvent.objects.filter(action="add", subject="fact", by_name="editor").exists()


def test_a_new_fact_stands_last_in_the_questions(editor: Client) -> None:
    add(editor, **NUMBER, least="0", greatest="20", step="1")
    assert list(current_wording().facts)[-1] == "tumor_size"


def test_a_new_yes_no_has_its_two_answers(editor: Client) -> None:
    assert add(editor, code="implant", kind="yes_no", label="Implant", question="Is there an implant?") == {}
    assert list(Fact.objects.get(code="implant").values.values_list("code", flat=True)) == ["yes", "no"]


def test_a_new_choice_brings_its_values_in_order(editor: Client) -> None:
    values = [{"code": "low", "label": "Low"}, {"code": "high", "label": "High", "position": 1}]
    assert add(editor, *values, code="grade", kind="choice", label="Grade", question="Which grade?") == {}
    assert current_wording().vocabulary["grade"].domain == ("high", "low")


@pytest.mark.parametrize(
    ("fields", "values", "faulty"),
    [
        (NUMBER, [], "least"),
        (NUMBER | {"least": "5", "greatest": "1", "step": "1"}, [], "greatest"),
        (NUMBER | {"least": "0", "greatest": "9", "step": "0"}, [], "step"),
        (NUMBER | {"least": "0", "greatest": "9", "step": "1"}, [{"code": "a", "label": "A"}], "values"),
        (NUMBER | {"kind": "choice"}, [], "values"),
        (NUMBER | {"kind": "yes_no", "least": "1"}, [], "least"),
        (NUMBER | {"kind": "yes_no"}, [{"code": "perhaps", "label": "Perhaps"}], "values"),
        (NUMBER | {"kind": "yes_no", "code": "always"}, [], "code"),
        (NUMBER | {"kind": "yes_no", "code": "Big Tumor"}, [], "code"),
        (NUMBER | {"kind": "yes_no", "code": "site"}, [], "code"),
        (NUMBER | {"kind": "choice"}, [{"code": "in", "label": "In"}], "values"),
        (NUMBER | {"kind": "choice"}, [{"code": "a", "label": "A"}, {"code": "a", "label": "B"}], "values"),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused_at_its_place(
    editor: Client, fields: dict[str, object], values: list[dict[str, object]], faulty: str
) -> None:
    faults = add(editor, *values, **fields)
    assert faulty in faults
    assert not Fact.objects.filter(code="tumor_size").exists()


def test_a_new_value_can_be_used_at_once_and_under_a_broader_one(editor: Client, draft: Edition) -> None:
    t4 = FactValue.objects.get(fact__code="t_stage", code="t4")
    data = added(typed(editor.get(page_of("t_stage"))), "values", code="t4c", label="T4c", broader=t4.pk)
    assert editor.post(page_of("t_stage"), data).status_code == 302
    assert "t4c" in current_wording().vocabulary["t_stage"].covered("t4")


def test_a_published_edition_keeps_its_vocabulary(editor: Client, published: Edition) -> None:
    before = published.vocabulary
    editor.post(page_of("margin"), added(typed(editor.get(page_of("margin"))), "values", code="wide", label="Wide"))
    published.refresh_from_db()
    assert published.vocabulary == before


def test_codes_and_kind_cannot_be_changed(editor: Client) -> None:
    data = typed(editor.get(page_of("margin")), code="rim", kind="number", values__0__code="other", label="Margins")
    editor.post(page_of("margin"), data)
    margin = Fact.objects.get(code="margin")
    assert (margin.kind, margin.label) == ("choice", "Margins")
    assert not margin.values.filter(code="other").exists()


def test_a_value_in_use_is_not_deleted_and_it_is_said_what_uses_it(editor: Client) -> None:
    data = typed(editor.get(page_of("margin")))
    (n,) = [n for n in range(9) if data.get(f"values-{n}-label") == "Close"]
    response = editor.post(page_of("margin"), data | {f"values-{n}-DELETE": "on"})
    (fault,) = response.context["inline_admin_formsets"][0].formset.non_form_errors()
    assert fault.startswith("Close (close) is in use and stays: ")
    assert FactValue.objects.filter(fact__code="margin", code="close").exists()


def test_a_value_that_nothing_uses_is_deleted(editor: Client) -> None:
    margin = Fact.objects.get(code="margin")
    FactValue.objects.create(fact=margin, code="wide", label="Wide", position=99)
    data = typed(editor.get(page_of("margin")))
    editor.post(page_of("margin"), data | {f"values-{margin.values.count() - 1}-DELETE": "on"})
    assert not margin.values.filter(code="wide").exists()


def test_a_fact_in_use_is_not_deleted_and_it_is_said_what_uses_it(editor: Client) -> None:
    response = editor.post(page_of("margin", "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert "names it" in response.content.decode()
    assert Fact.objects.filter(code="margin").exists()


def test_a_fact_that_a_case_answers_is_not_deleted(editor: Client) -> None:
    add(editor, code="implant", kind="yes_no", label="Implant", question="Is there an implant?")
    by = User.objects.get(username="coordinator")
    create_case(by=by, change=Change(fields={}, answers={"implant": "yes"}))
    response = editor.post(page_of("implant", "delete"), {"post": "yes"})
    assert "1 case answers it" in response.content.decode()


def test_what_a_golden_case_answers_is_not_deleted(editor: Client, draft: Edition) -> None:
    add(editor, code="implant", kind="yes_no", label="Implant", question="Is there an implant?")
    draft.goldencases.create(name="With one", answers={"implant": "yes"}, verdict="investigational", why="So.")
    response = editor.post(page_of("implant", "delete"), {"post": "yes"})
    assert "golden case “With one” answers it" in response.content.decode()
    data = typed(editor.get(page_of("implant")))
    response = editor.post(page_of("implant"), data | {"values-0-DELETE": "on"})
    assert response.context["inline_admin_formsets"][0].formset.non_form_errors() == [
        "Yes (yes) is in use and stays: golden case “With one” answers it."
    ]
    assert Fact.objects.get(code="implant").values.count() == 2


def test_a_fact_that_nothing_uses_is_deleted_with_its_values(editor: Client) -> None:
    add(editor, code="implant", kind="yes_no", label="Implant", question="Is there an implant?")
    assert editor.post(page_of("implant", "delete"), {"post": "yes"}).status_code == 302
    assert not Fact.objects.filter(code="implant").exists()


def test_a_range_cannot_leave_stored_answers_outside(editor: Client) -> None:
    by = User.objects.get(username="coordinator")
    create_case(by=by, change=Change(fields={}, answers=current_wording().vocabulary.check({"age": "62"})))
    response = editor.post(page_of("age"), typed(editor.get(page_of("age")), greatest="50"))
    assert "1 stored answer" in response.content.decode()
    assert Fact.objects.get(code="age").greatest == 120


@pytest.mark.parametrize(
    ("end", "number", "words"),
    [
        (
            "greatest",
            "40",
            "NIA_CG_226 · 1 Jan 2023 (published) compares it with 50, which would be no answer any more",
        ),
        ("least", "18", "ABS 2019 · 1 Jan 2019 (published) has “age &lt; 18”, and no answer would meet it any more"),
        ("step", "7", "NIA_CG_226 · 1 Jan 2023 (published) compares it with 50"),
    ],
)
def test_a_range_cannot_pass_by_what_an_edition_compares_with(
    editor: Client, end: str, number: str, words: str
) -> None:
    before = Fact.objects.filter(code="age").values("least", "greatest", "step").get()
    response = editor.post(page_of("age"), typed(editor.get(page_of("age")), **{end: number}))
    assert words in response.content.decode()
    assert set(response.context["adminform"].form.errors) == {end}
    assert Fact.objects.filter(code="age").values("least", "greatest", "step").get() == before


def test_a_range_can_be_widened_and_narrowed_short_of_what_editions_compare_with(editor: Client) -> None:
    for greatest in ("130", "60"):
        assert editor.post(page_of("age"), typed(editor.get(page_of("age")), greatest=greatest)).status_code == 302
        assert Fact.objects.get(code="age").greatest == int(greatest)


def test_a_draft_that_compares_a_number_holds_its_range_until_it_no_longer_does(editor: Client, draft: Edition) -> None:
    add(editor, **NUMBER, unit="cm", least="0", greatest="20", step="0.1")
    page = reverse("admin:coverage_app_edition_change", args=[draft.pk])
    editor.post(page, typed(editor.get(page), provisions__1__criteria="tumor_size > 12.5"))
    narrower = typed(editor.get(page_of("tumor_size")), greatest="12")
    response = editor.post(page_of("tumor_size"), narrower)
    assert "FEP 8.01.08 · 1 Jan 2030 (draft) compares it with 12.5" in response.content.decode()
    editor.post(page, typed(editor.get(page), provisions__1__criteria="tumor_size > 2.5"))
    assert editor.post(page_of("tumor_size"), narrower).status_code == 302


def test_facts_are_listed_in_the_order_of_questions_core_first(editor: Client) -> None:
    Fact.objects.filter(code="site").update(position=50)
    listed = editor.get(reverse("admin:coverage_app_fact_changelist")).context["cl"].result_list
    assert [fact.code for fact in listed] == list(current_wording().facts)
    assert "the core facts first" in editor.get(page_of("site")).content.decode()


def test_diagnosis_codes_are_written_with_commas(editor: Client) -> None:
    page = editor.get(page_of("site"))
    editor.post(page_of("site"), typed(page, values__0__diagnosis_codes="c20, D01.2,C00-C14"))
    assert FactValue.objects.get(fact__code="site", position=1).diagnosis_codes == ["C20", "D01.2", "C00-C14"]
    response = editor.post(page_of("site"), typed(editor.get(page_of("site")), values__0__diagnosis_codes="rectum"))
    assert "is no ICD-10-CM category" in response.content.decode()


def test_a_draft_whose_criteria_no_longer_read_can_still_be_opened_and_mended(editor: Client, draft: Edition) -> None:
    draft.provisions.filter(code="B").update(criteria="age >= 119")
    Fact.objects.filter(code="age").update(greatest=100)
    page = reverse("admin:coverage_app_edition_change", args=[draft.pk])
    response = editor.post(page, typed(editor.get(page)))
    assert "criteria" in response.context["inline_admin_formsets"][0].formset.forms[1].errors
    assert editor.post(page, typed(response, provisions__1__criteria="age >= 99")).status_code == 302


def test_a_form_that_was_tampered_with_and_a_lookup_beyond_all_numbers_are_no_errors_of_ours(editor: Client) -> None:
    data = typed(editor.get(page_of("site"))) | {"values-INITIAL_FORMS": "-1"}
    assert editor.post(page_of("site"), data).status_code in (200, 302, 400)
    for model in ("fact", "document", "auditevent"):
        answer = editor.get(f"/admin/coverage_app/{model}/", {"id__in": "9" * 30}, follow=True)
        assert answer.status_code == 200  # PostgreSQL finds nothing; SQLite cannot be asked, and the list says so
