"""Further editions of the documents on file, a line each."""

import datetime as dt
from typing import Any

from coverage_app.models import Document, Edition, GuidelineStatement, Provision
from coverage_app.services.editions import put_in_force, take_out_of_force

PARTS = ("provisions", "authorizationrules", "listedcodes", "remarks", "goldencases")


def copy_of(code: str, in_force: dt.date, **columns: Any) -> Edition:
    """A draft with all that the newest edition of a document says."""
    old = Edition.objects.filter(document__code=code).latest("in_force", "pk")
    new = Edition.objects.create(document=old.document, in_force=in_force, started_from=old, **columns)
    for name in PARTS:
        for part in getattr(old, name).all():
            part.pk, part.edition = None, new
            part.save()
    for row in old.guidelinerows.all():
        statements = list(row.statements.all())
        row.pk, row.edition = None, new
        row.save()
        for statement in statements:
            statement.pk, statement.row = None, row
            statement.save()
    return new


def change(edition: Edition, provision: str, **columns: Any) -> None:
    """Change a provision of a draft."""
    Provision.objects.filter(edition=edition, code=provision).update(**columns)


def change_statement(edition: Edition, row: str, **columns: Any) -> None:
    """Change the first statement of a row of a draft."""
    first = GuidelineStatement.objects.filter(row__edition=edition, row__code=row).first()
    assert first
    GuidelineStatement.objects.filter(pk=first.pk).update(**columns)


def add(edition: Edition, provision: str, position: int, criteria: str, effect: str) -> None:
    """Add a provision to a draft, before the one that has its place."""
    for later in edition.provisions.filter(position__gte=position).order_by("-position"):
        Provision.objects.filter(pk=later.pk).update(position=later.position + 1)
    edition.provisions.create(
        code=provision, position=position, criteria=criteria, effect=effect, quote="A new sentence.", locator="Policy"
    )


def published(edition: Edition) -> Edition:
    """The draft, put in force."""
    return put_in_force(edition=edition, by=None)


def withdrawn(edition: Edition) -> Edition:
    """The draft, put in force and withdrawn again."""
    return take_out_of_force(edition=published(edition), by=None, reason="For a test.")


def document(code: str) -> Document:
    """A document on file."""
    return Document.objects.get(code=code)
