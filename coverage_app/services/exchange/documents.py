"""Documents with their editions, to YAML and back."""

import datetime as dt
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from coverage_app.models import (
    AuthorizationRule,
    Document,
    Edition,
    GuidelineRow,
    GuidelineStatement,
    ListedCode,
    Provision,
    Remark,
)
from coverage_app.rules.criteria import CriteriaError, parse
from coverage_app.services.audit import By, record
from coverage_app.services.editions import EditionFault, note_uses, publish_edition, withdraw_edition
from coverage_app.services.vocabulary import Wording, current_wording

from .levels import ImportFault, Level, instance_of, items_of, same

STATEMENT = Level(GuidelineStatement, same("criteria", "stance", "note"))
EDITION = Level(
    Edition,
    same("in_force", "in_force_basis", "in_force_note", "last_reviewed", "original", "status"),
    (
        (
            "provisions",
            "provisions",
            Level(Provision, (("id", "code"), *same("criteria", "effect", "quote", "locator", "note"))),
        ),
        (
            "rows",
            "guidelinerows",
            Level(
                GuidelineRow,
                (("id", "code"), *same("title", "version", "category", "sites", "quote", "locator", "note")),
                (("statements", "statements", STATEMENT),),
            ),
        ),
        (
            "authorization",
            "authorizationrules",
            Level(AuthorizationRule, same("product", "setting", "rule", "quote", "locator")),
        ),
        ("codes", "listedcodes", Level(ListedCode, same("system", "code", "description"))),
        (
            "remarks",
            "remarks",
            Level(Remark, same("kind", "title", "sites", "effects", "criteria", "quote", "text", "locator")),
        ),
    ),
    order=("in_force", "pk"),
)
DOCUMENT = Level(
    Document,
    same("code", "kind", "short_name", "number", "title", "publisher", "note"),
    (("editions", "editions", EDITION),),
)


def _check_criteria(instance: models.Model, wording: Wording, where: str) -> None:
    if text := getattr(instance, "criteria", ""):
        try:
            parse(text, wording.vocabulary)
        except CriteriaError as error:
            raise ImportFault(f"{where}.criteria: {error}") from error


def _import_parts(level: Level, data: dict[str, Any], owner: models.Model, wording: Wording, where: str) -> None:
    owned_by = "row" if isinstance(owner, GuidelineRow) else "edition"
    for key, _, below in level.lists:
        for n, item in enumerate(items_of(data, key, where)):
            here = f"{where}.{key}[{n}]"
            part = instance_of(below, item, here, **{owned_by: owner}, position=n + 1)
            _check_criteria(part, wording, here)
            try:
                part.validate_constraints()
            except ValidationError as error:
                raise ImportFault(f"{here}: {' '.join(error.messages)}") from error
            part.save()
            _import_parts(below, item, part, wording, here)


def _import_edition(
    document: Document, data: Any, by: By, wording: Wording, where: str, on_file: Counter[dt.date]
) -> str:
    edition = instance_of(EDITION, data, where, document=document)
    assert isinstance(edition, Edition)  # for the type checker
    name = f"{document.code} {edition.in_force:%Y-%m-%d}"
    if on_file[edition.in_force]:
        on_file[edition.in_force] -= 1  # a withdrawn edition and its replacement begin on the same day
        return f"{name} is on file already: skipped"
    wanted, edition.status = edition.status, Edition.Status.DRAFT
    edition.save()
    _import_parts(EDITION, data, edition, wording, where)
    try:
        if wanted == Edition.Status.DRAFT:
            note_uses(edition=edition)
        else:
            edition = publish_edition(edition=edition, by=by)
        if wanted == Edition.Status.WITHDRAWN:
            withdraw_edition(edition=edition, by=by, reason="Withdrawn in the imported file.")
    except EditionFault as error:
        raise ImportFault(f"{where}: {error}") from error
    return f"{name} imported, {wanted}"


def import_document(data: dict[str, Any], by: By) -> list[str]:
    document = instance_of(DOCUMENT, data, "document")
    assert isinstance(document, Document)  # for the type checker
    on_file = Document.objects.filter(code=document.code).first()
    if on_file is None:
        document.save()
        record(by=by, action="import", subject=document)
    owner, wording = on_file or document, current_wording()
    days = Counter(owner.editions.values_list("in_force", flat=True))
    editions = items_of(data, "editions", "document")
    return [_import_edition(owner, item, by, wording, f"editions[{n}]", days) for n, item in enumerate(editions)]
