"""`setup_desk` and `demo_accounts`: all that is needed the first time, nothing twice."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from coverage_app.models import DiagnosisCode, Document, Edition
from tests.services.making import person

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    """How many rows each table of the product and of the accounts holds."""
    models = [*apps.get_app_config("coverage_app").get_models(), User, Group]
    return {model.__name__: model._default_manager.count() for model in models}


def test_a_second_setup_changes_nothing_and_shows_no_password() -> None:
    before, password = rows(), person("coordinator").password
    out = run("setup_desk")
    assert rows() == before
    assert person("coordinator").password == password
    assert out == "Policies: 7 documents on file.\n"


def test_all_documents_are_on_file_and_published() -> None:
    codes = Document.objects.values_list("code", flat=True)
    assert list(codes) == ["abs", "bcbsma", "cpt-77424", "fep", "mayo-iort", "nccn", "nia"]
    assert set(Edition.objects.values_list("status", flat=True)) == {"published"}


@pytest.mark.parametrize(("code", "billable"), [("C20", True), ("D48.1", False), ("D48.11", False), ("C18", False)])
def test_the_codes_know_what_can_be_billed(code: str, billable: bool) -> None:
    assert DiagnosisCode.objects.get(code=code).billable is billable


def test_what_an_editor_changed_survives_the_next_setup() -> None:
    Document.objects.filter(code="fep").update(note="Our own note.")
    run("setup_desk")
    assert Document.objects.get(code="fep").note == "Our own note."


@pytest.mark.parametrize(
    ("username", "group", "staff"),
    [("coordinator", "coordinator", False), ("reviewer", "reviewer", False), ("editor", "policy editor", True)],
)
def test_each_demonstration_account_has_its_group(username: str, group: str, staff: bool) -> None:
    user = person(username)
    assert [g.name for g in user.groups.all()] == [group]
    assert (user.is_staff, user.is_superuser) == (staff, False)


def test_new_passwords_are_made_only_when_asked_for_and_work() -> None:
    assert run("demo_accounts") == ""
    lines = run("demo_accounts", "--reset").splitlines()
    found = dict(line.split() for line in lines[1:])
    assert list(found) == ["coordinator", "reviewer", "editor", "editor2"]
    assert all(Client().login(username=name, password=word) for name, word in found.items())
    assert not any(word in str(list(User.objects.values())) for word in found.values())


def test_an_account_that_was_removed_comes_back() -> None:
    person("reviewer").delete()
    assert run("demo_accounts").splitlines()[1].split()[0] == "reviewer"
    assert [group.name for group in person("reviewer").groups.all()] == ["reviewer"]
