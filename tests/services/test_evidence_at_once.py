"""Two editors at once on the proof of one draft: nothing is kept twice, and nobody sees an error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coverage_app.models import Acceptance, GoldenCase, SourceText
from coverage_app.services.acceptances import accept
from coverage_app.services.golden import set_golden
from coverage_app.services.sources import store_source
from tests.services.making import import_small, person
from tests.services.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WHO = ("editor", "editor2")


def test_the_same_file_uploaded_twice_is_kept_once() -> None:
    edition, people = import_small(draft="published"), [person(name) for name in WHO]
    files = [SimpleUploadedFile("policy.txt", b"All else is investigational.") for _ in WHO]
    found = at_once(
        *[
            lambda f=f, by=by: store_source(edition=edition, upload=f, by=by)
            for f, by in zip(files, people, strict=True)
        ]
    )
    assert [type(result) for result in found] == [SourceText, SourceText]
    assert edition.sources.count() == 1


def test_the_same_finding_accepted_twice_is_accepted_once() -> None:
    edition, people = import_small(draft="published"), [person(name) for name in WHO]
    found = at_once(
        *[lambda by=by: accept(edition=edition, kind="conflict", key="k", reason="Meant so.", by=by) for by in people]
    )
    assert [type(result) for result in found] == [Acceptance, Acceptance]
    assert edition.acceptances.count() == 1


def test_the_same_golden_case_set_twice_is_one() -> None:
    edition, people = import_small(draft="published"), [person(name) for name in WHO]
    found = at_once(*[
        lambda by=by: set_golden(edition=edition, by=by, name="x", answers={}, verdict="undetermined", why="So.")
        for by in people
    ])  # fmt: skip
    assert [type(result) for result in found] == [GoldenCase, GoldenCase]
    assert edition.goldencases.count() == 1
