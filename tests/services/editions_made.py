"""Further editions of the documents on file, a line each."""

import datetime as dt
from typing import Any

from coverage_app.models import Document, Edition, GuidelineRow, GuidelineStatement, Provision
from coverage_app.services.editions import note_uses, put_in_force, take_out_of_force

PARTS = ("provisions", "authorizationrules", "listedcodes", "remarks", "goldencases")


def copy_of(code: str, in_force: dt.date, **columns: Any) -> Edition:
    """A draft with all that the newest edition of a document says."""
    old = Edition.objects.filter(document__code=code).latest("in_force", "pk")
    new = Edition.objects.create(document=old.document, in_force=in_force, started_from=old, **columns)
    for name in PARTS:
        parts = list(getattr(old, name).all())
        for part in parts:
            part.pk, part.edition = None, new
        getattr(new, name).bulk_create(parts)
    for row in old.guidelinerows.all():
        statements = list(row.statements.all())
        row.pk, row.edition = None, new
        row.save()
        for statement in statements:
            statement.pk, statement.row = None, row
            statement.save()
    return new


def three_provisions() -> Edition:
    """A draft of FEP with the provisions A, B and C."""
    edition = Edition.objects.create(document=document("fep"), in_force=dt.date(2030, 1, 1))
    lines = [
        ("A", "site is rectum and t_stage is t4", "criteria_met"),
        ("B", "site is breast", "investigational"),
        ("C", "always", "investigational"),
    ]
    for n, (code, criteria, effect) in enumerate(lines, 1):
        Provision.objects.create(
            edition=edition, position=n, code=code, criteria=criteria, effect=effect, quote="Said so.", locator="Policy"
        )
    note_uses(edition=edition)
    return edition


def one_row(*criteria: str) -> GuidelineRow:
    """A row of a draft of the ABS guideline; each of its statements supports."""
    edition = Edition.objects.create(document=document("abs"), in_force=dt.date(2030, 1, 1))
    row = GuidelineRow.objects.create(
        edition=edition, position=1, code="abs-new", title="New", version="2030", category="2A", sites=["colon"],
        quote="May be considered.", locator="Table 1",
    )  # fmt: skip
    for n, one in enumerate(criteria, 1):
        GuidelineStatement.objects.create(row=row, position=n, criteria=one, stance="supports")
    note_uses(edition=edition)
    return row


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
