"""Whose criterion each condition of a provision is, and why a case goes to review: written and checked by editors."""

import pytest
from django.test import Client
from django.urls import reverse

from coverage_app.models import Edition, Fact, FactValue, Provision
from tests.admin.forms import added, typed
from tests.services.making import make_case

pytestmark = pytest.mark.django_db
A, B = "provisions__0__", "provisions__1__"


def page_of(edition: Edition) -> str:
    return reverse("admin:coverage_app_edition_change", args=[edition.pk])


def faults(editor: Client, draft: Edition, number: int = 0, **changes: str) -> dict[str, list[str]]:
    """The faults of a provision's form after these changes; nothing was saved."""
    response = editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes))
    assert response.status_code == 200
    return dict(response.context["inline_admin_formsets"][0].formset.forms[number].errors)


def test_an_editor_writes_whose_each_condition_is(editor: Client, draft: Edition) -> None:
    changes = {
        f"{A}criteria": "site is rectum and t_stage is t4 and age >= 18",
        f"{A}ours": "age >= 18",
        f"{A}narrowed": "site is rectum => Said",
        f"{A}stated": "t_stage is t4 => so",
    }
    assert editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes)).status_code == 302
    provision = draft.provisions.get(code="A")
    assert provision.ours == ["age >= 18"]
    assert provision.narrowed == [{"leaf": "site is rectum", "policy_words": "Said"}]
    assert provision.stated == [{"leaf": "t_stage is t4", "policy_words": "so"}]


def test_saving_the_page_again_leaves_the_sources_as_they_are(editor: Client, draft: Edition) -> None:
    narrowed = [{"leaf": "site is rectum", "policy_words": "Said"}]
    draft.provisions.filter(code="A").update(ours=["t_stage is t4"], narrowed=narrowed)
    assert editor.post(page_of(draft), typed(editor.get(page_of(draft)), in_force_note="New.")).status_code == 302
    provision = draft.provisions.get(code="A")
    assert (provision.ours, provision.narrowed) == (["t_stage is t4"], narrowed)


@pytest.mark.parametrize(
    ("field", "line", "told"),
    [
        ("ours", "t_stage is t3", "is not a condition of the criteria; did you mean t_stage is t4?"),
        ("ours", "t_stage is t4\nt_stage is t4", "is named twice: a condition has one source."),
        (
            "narrowed",
            "site is rectum => Rectal cancer",
            "is not in the quote of the provision, nor in its section heading.",
        ),
        ("narrowed", "site is rectum", "write both sides, with => between them."),
        ("stated", "site is rectum =>", "write both sides, with => between them."),
        ("reasons", "site is rectum => It is open.", "Only a provision that gives physician review has reasons"),
    ],
)
def test_a_source_that_does_not_fit_its_provision_is_told_at_its_field(
    editor: Client, draft: Edition, field: str, line: str, told: str
) -> None:
    found = faults(editor, draft, **{f"{A}{field}": line})
    assert list(found) == [field]
    assert told in " ".join(found[field])
    assert getattr(draft.provisions.get(code="A"), field) == []


def test_reasons_for_review_are_conditions_with_a_sentence_each(editor: Client, draft: Edition) -> None:
    changes = {f"{B}effect": "physician_review", f"{B}reasons": "margin is close => Close is not defined."}
    assert editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes)).status_code == 302
    provision = draft.provisions.get(code="B")
    assert provision.reasons == [{"criteria": "margin is close", "text": "Close is not defined."}]
    told = faults(editor, draft, 1, **{f"{B}reasons": "margin is clse => Close is not defined."})
    assert "did you mean close?" in " ".join(told["reasons"])


def test_that_the_policy_asks_for_the_review_itself_is_ticked(editor: Client, draft: Edition) -> None:
    changes = {f"{B}effect": "physician_review", f"{B}asked_by_policy": "on"}
    editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes))
    assert draft.provisions.get(code="B").asked_by_policy


def test_of_a_published_edition_the_sources_are_shown_line_by_line(editor: Client, published: Edition) -> None:
    page = editor.get(page_of(published)).content.decode()
    assert "recurrence in (local, regional): “recurrent disease”" in page
    assert "t_stage is t4: “T4 lesions”" in page
    assert "recurrence is distant: The text does not say whether recurrent disease includes distant disease." in page
    assert "{&#x27;" not in page


# Facts


def fact_page(code: str) -> str:
    return reverse("admin:coverage_app_fact_change", args=[Fact.objects.get(code=code).pk])


def test_a_value_can_be_a_group_that_is_written_in_criteria_alone(editor: Client, draft: Edition) -> None:
    data = added(typed(editor.get(fact_page("margin"))), "values", code="at_risk", label="At risk", group="on")
    assert editor.post(fact_page("margin"), data).status_code == 302
    group = FactValue.objects.get(fact__code="margin", code="at_risk")
    assert group.group
    FactValue.objects.filter(fact__code="margin", code__in=["close", "positive"]).update(broader=group)
    changes = {f"{A}criteria": "margin is at_risk"}
    assert editor.post(page_of(draft), typed(editor.get(page_of(draft)), **changes)).status_code == 302
    assert Provision.objects.get(edition=draft, code="A").criteria == "margin is at_risk"


def test_a_value_that_cases_answer_with_cannot_become_a_group(editor: Client) -> None:
    make_case("fep", {"site": "rectum", "margin": "close"})
    data = typed(editor.get(fact_page("margin")))
    place = next(key.split("-")[1] for key, value in data.items() if key.endswith("-label") and value == "Close")
    response = editor.post(fact_page("margin"), data | {f"values-{place}-group": "on"})
    assert "Close (close) cannot become a group: 1 case answers it" in response.content.decode()
    assert not FactValue.objects.get(fact__code="margin", code="close").group


def test_when_a_fact_is_fixed_is_checked_as_criteria_are(editor: Client) -> None:
    response = editor.post(
        fact_page("margin"), typed(editor.get(fact_page("margin")), fixed_when="margin_basis is fnal")
    )
    assert "did you mean final?" in " ".join(response.context["adminform"].form.errors["fixed_when"])
    assert Fact.objects.get(code="margin").fixed_when == "margin_basis is final"
