"""An edition on its way, for the pages of the workbench."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from coverage_app.models import Document, Edition
from coverage_app.services.findings import accept, unexplained_quotes
from coverage_app.services.life import note_edit, start_draft, submit_for_review


@pytest.fixture
def ready(in_review: Edition) -> Edition:
    """The next edition of FEP in review, edited last by the editor, with a word on its quotes."""
    return Edition.objects.get(pk=in_review.pk)


@pytest.fixture(scope="module")
def in_review(once_for_all: None) -> Edition:
    by = User.objects.get(username="editor")
    draft = start_draft(document=Document.objects.get(code="fep"), by=by, in_force=dt.date(2030, 1, 1))
    provision = draft.provisions.first()
    draft.provisions.filter(pk=provision.pk).update(note="Read anew.")
    note_edit(edition=draft, by=by)
    for check in unexplained_quotes(draft):
        accept(edition=draft, kind=check.kind, key=check.key, reason="On paper only.", by=by)
    return submit_for_review(edition=draft, by=by)
