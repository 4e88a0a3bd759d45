"""Two editors on one golden case, and on one finding: the second is told, sees both, and loses nothing."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from coverage_app.models import Edition, GoldenCase
from coverage_app.services.acceptances import accept
from coverage_app.services.golden import golden_cases, remove_golden, retire_golden, set_golden
from coverage_app.services.life import submit_for_review
from tests.services.making import person

from .test_evidence import answers, fep, shown, url

pytestmark = pytest.mark.django_db
NAME = "Colon is investigational"
__all__ = ["fep"]


def kept(edition: Edition, **changed: Any) -> GoldenCase:
    """A case of the edition's own, by the editor."""
    said: dict[str, Any] = {"answers": {"site": "colon"}, "verdict": "investigational", "why": "All other."} | changed
    return set_golden(edition=edition, by=person("editor"), name=NAME, **said)


def form_of(page: HttpResponse, **changes: str) -> dict[str, str]:
    """What a browser would send for the form of a golden case."""
    typed = page.context["typed"]
    data = {"_seen": typed.seen, "name": typed.name, "row": typed.row, "verdict": typed.verdict, "why": typed.why}
    return data | {field["name"]: field["given"] for field in page.context["fields"]} | changes


def differing(page: HttpResponse) -> dict[str, list[str]]:
    """The table of both versions: what is saved and what is typed, by field."""
    words = {one.field: [one.saved, one.typed] for one in page.context["versions"].fields}
    return {field: ["".join(piece.text for piece in pieces) for pieces in both] for field, both in words.items()}


# Golden cases


def test_the_second_on_a_case_of_the_draft_is_told_and_saves_knowingly(
    editor: Client, second: Client, draft: Edition
) -> None:
    address = url("golden_case", draft.pk, kept(draft).pk)
    mine, hers = editor.get(address), second.get(address)
    assert editor.post(address, form_of(mine, verdict="physician_review", why="Mine.")).status_code == 302
    told = second.post(address, form_of(hers, why="Hers.", **answers(margin="close")))
    assert told.status_code == 409
    assert "editor changed this case on" in shown(told)
    assert "Nothing of yours is lost" in shown(told)
    assert differing(told) == {
        "Expected verdict": ["Physician review needed", "Investigational"],
        "Why": ["Mine.", "Hers."],
        "Margin": ["", "Close"],
    }
    assert draft.goldencases.get().why == "Mine."
    assert second.post(address, form_of(told)).status_code == 302
    case = draft.goldencases.get()
    assert (case.why, case.verdict, case.answers) == ("Hers.", "investigational", {"site": "colon", "margin": "close"})


def test_the_second_on_an_inherited_case_is_told_too(editor: Client, second: Client, fep: Edition) -> None:
    held = golden_cases(fep)[0]
    address = url("golden_case", fep.pk, held.pk)
    mine, hers = editor.get(address), second.get(address)
    editor.post(address, form_of(mine, why="Mine."))
    told = second.post(address, form_of(hers, why="Hers."))
    assert (told.status_code, differing(told)) == (409, {"Why": ["Mine.", "Hers."]})
    assert ">Hers.</textarea>" in told.content.decode()
    second.post(address, form_of(told))
    assert GoldenCase.objects.get(edition=fep).why == "Hers."


def test_a_case_that_was_taken_back_meanwhile_is_added_anew_knowingly(second: Client, draft: Edition) -> None:
    address = url("golden_case", draft.pk, kept(draft).pk)
    hers = second.get(address)
    remove_golden(edition=draft, by=person("editor"), name=NAME)
    told = second.post(address, form_of(hers, why="Hers."))
    assert (told.status_code, "editor took back this case on" in shown(told)) == (409, True)
    assert ">Hers.</textarea>" in told.content.decode()
    second.post(address, form_of(told))
    assert draft.goldencases.get().why == "Hers."


def test_a_case_that_was_retired_meanwhile_is_shown_as_that(second: Client, draft: Edition) -> None:
    address = url("golden_case", draft.pk, kept(draft).pk)
    hers = second.get(address)
    retire_golden(edition=draft, by=person("editor"), name=NAME, why="Gone.")
    told = second.post(address, form_of(hers))
    assert differing(told) == {"Why": ["Gone.", "All other."], "Holds": ["no, it is retired", "yes"]}


def test_the_same_said_by_both_is_no_conflict(editor: Client, second: Client, draft: Edition) -> None:
    address = url("golden_case", draft.pk, kept(draft).pk)
    mine, hers = editor.get(address), second.get(address)
    editor.post(address, form_of(mine))
    assert second.post(address, form_of(hers, why="Hers.")).status_code == 302


def test_a_name_that_holds_is_refused_at_its_field_with_the_way_to_that_case(editor: Client, fep: Edition) -> None:
    held = golden_cases(fep)[0]
    data = {"name": held.name, "verdict": "investigational", "why": "Mine.", **answers(site="colon")}
    refused = editor.post(url("golden_new", fep.pk), data)
    assert (refused.status_code, list(refused.context["faults"])) == (422, ["name"])
    assert "A golden case of this name holds already." in shown(refused)
    assert f'href="{url("golden_case", fep.pk, held.pk)}">To that case' in refused.content.decode()
    assert ">Mine.</textarea>" in refused.content.decode()
    assert not fep.goldencases.exists()


def test_one_that_an_earlier_edition_retired_is_added_anew(editor: Client, published: Edition, fep: Edition) -> None:
    GoldenCase.objects.create(edition=published, name=NAME, verdict="investigational", why="So.", retired=True)
    data = {"name": NAME, "verdict": "investigational", "why": "Again.", **answers(site="colon")}
    assert editor.post(url("golden_new", fep.pk), data).status_code == 302
    assert fep.goldencases.get().why == "Again."


def step_form(page: HttpResponse, case: GoldenCase, action: str) -> dict[str, str]:
    """What a button of the list would send."""
    forms = re.findall(r"<form.*?</form>", page.content.decode(), re.DOTALL)
    (form,) = [one for one in forms if f'value="{action}"' in one and f"/golden/{case.pk}/step/" in one]
    return dict(re.findall(r'name="(action|_seen|name)" value="([^"]*)"', form))


def test_retiring_what_somebody_changed_meanwhile_is_asked_again(second: Client, fep: Edition) -> None:
    held = golden_cases(fep)[0]
    data = step_form(second.get(url("golden", fep.pk)), held, "retire")
    set_golden(
        edition=fep, by=person("editor"), name=held.name, answers=held.answers, verdict=held.verdict, why="Mine."
    )
    told = second.post(url("golden_step", fep.pk, held.pk), data | {"why": "No longer spoken of."})
    assert told.status_code == 409
    assert "editor changed this case on" in shown(told)
    assert ">No longer spoken of.</textarea>" in told.content.decode()
    own = fep.goldencases.get()
    again = step_form(told, own, "retire") | {"why": "No longer spoken of."}
    assert second.post(url("golden_step", fep.pk, own.pk), again).status_code == 302
    assert fep.goldencases.get().retired


def test_retiring_what_is_gone_keeps_the_reason_on_the_page(second: Client, draft: Edition) -> None:
    case = kept(draft)
    data = step_form(second.get(url("golden", draft.pk)), case, "retire")
    remove_golden(edition=draft, by=person("editor"), name=NAME)
    told = second.post(url("golden_step", draft.pk, case.pk), data | {"why": "No longer spoken of."})
    assert told.status_code == 409
    assert "What you wrote: No longer spoken of." in shown(told)


# Findings


def finding(client: Client, edition: Edition) -> dict[str, str]:
    """The form that accepts the draft's one conflict."""
    edition.provisions.filter(code="B").update(criteria="t_stage is t4")
    found = client.get(url("findings", edition.pk)).context["findings"]
    conflict = next(one for one in found if one.kind == "conflict")
    return {"action": "accept", "kind": conflict.kind, "key": conflict.key, "_seen": ""}


def hidden(page: HttpResponse, key: str) -> str:
    """What the form of a finding says that its editor saw."""
    forms = re.findall(r"<form.*?</form>", page.content.decode(), re.DOTALL)
    (form,) = [one for one in forms if f'value="{key}"' in one and 'value="accept"' in one]
    return re.findall(r'name="_seen" value="(.*?)"', form)[0]


def test_the_second_who_accepts_a_finding_is_told_and_saves_knowingly(
    editor: Client, second: Client, draft: Edition
) -> None:
    data = finding(second, draft)
    editor.post(url("findings", draft.pk), data | {"reason": "Mine, meant so."})
    told = second.post(url("findings", draft.pk), data | {"reason": "Hers, for another reason."})
    assert told.status_code == 422
    assert "Edda Novak accepted it on" in shown(told)
    assert "(“Mine, meant so.”), after you opened this page." in shown(told)
    assert ">Hers, for another reason.</textarea>" in told.content.decode()
    assert draft.acceptances.get().reason == "Mine, meant so."
    again = data | {"reason": "Hers, for another reason.", "_seen": hidden(told, data["key"])}
    assert second.post(url("findings", draft.pk), again).status_code == 302
    assert (draft.acceptances.get().reason, draft.acceptances.get().by.username) == (
        "Hers, for another reason.",
        "olga",
    )


def test_in_review_the_second_is_refused_with_the_reason_of_the_first(
    editor: Client, second: Client, draft: Edition
) -> None:
    data = finding(second, draft)
    submit_for_review(edition=draft, by=person("editor"))
    editor.post(url("findings", draft.pk), data | {"reason": "Mine, meant so."})
    told = second.post(url("findings", draft.pk), data | {"reason": "Hers."})
    assert told.status_code == 422
    assert "(“Mine, meant so.”); it is accepted already, and only a draft can change that." in shown(told)
    assert ">Hers.</textarea>" in told.content.decode()
    assert draft.acceptances.get().reason == "Mine, meant so."


def test_a_reason_that_was_changed_meanwhile_is_not_taken_back_unseen(second: Client, draft: Edition) -> None:
    data = finding(second, draft)
    first = accept(edition=draft, kind="conflict", key=data["key"], reason="First.", by=person("editor"))
    accept(edition=draft, kind="conflict", key=data["key"], reason="Second.", by=person("editor2"))
    told = second.post(url("findings", draft.pk), {"action": "take_back", "key": data["key"], "_seen": first.pk})
    assert (told.status_code, "(“Second.”), after you opened this page." in shown(told)) == (422, True)
    now = draft.acceptances.get().pk
    second.post(url("findings", draft.pk), {"action": "take_back", "key": data["key"], "_seen": now})
    assert not draft.acceptances.exists()
