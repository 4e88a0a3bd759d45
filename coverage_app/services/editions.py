"""What must hold before an edition is read or put in force, and taking it in and out of force."""

import datetime as dt
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone

from coverage_app.models import Document, Edition, EditionUse, Provision
from coverage_app.rules.criteria import CriteriaError, parse
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError

from . import library
from .audit import By, record
from .criterion_sources import source_errors
from .holding import change_editions
from .notices import tell_cases
from .report.words import day
from .vocabulary import Wording, current_wording


class EditionFault(Exception):
    """What keeps an edition from being read or published, a sentence each."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


def faults(edition: Edition, wording: Wording | None = None) -> list[str]:
    """What is wrong with an edition's parts, each at its place; empty when it can be published."""
    wording = wording or current_wording()
    found = [f"{place}: {error}" for place, error in _criteria_faults(edition, wording)]
    found += _site_faults(edition, wording)
    provisions = list(edition.provisions.all())
    if not found:
        found += _source_faults(provisions, wording)
    if edition.document.kind == Document.Kind.PAYER_POLICY and not found:
        lines = [(p.code, p.criteria, p.effect) for p in provisions]
        try:
            _ = Rules.read(edition.document.code, wording.vocabulary, lines).diagram  # compiles: not too complex
        except EditionError as error:
            found.append(str(error))
    return found


def criteria_of(edition: Edition) -> Iterator[tuple[str, str]]:
    """All criteria of an edition, each with its place in words."""
    for provision in edition.provisions.all():
        yield f"Provision {provision.code}", provision.criteria
        for n, reason in enumerate(provision.reasons, 1):
            yield f"Provision {provision.code}, reason {n}", reason["criteria"]
    for row in edition.guidelinerows.prefetch_related("statements"):
        for n, statement in enumerate(row.statements.all(), 1):
            yield f"Row {row.code}, statement {n}", statement.criteria
    for remark in edition.remarks.exclude(criteria=""):
        yield f"Remark {remark}", remark.criteria


def _criteria_faults(edition: Edition, wording: Wording) -> Iterator[tuple[str, CriteriaError]]:
    for place, criteria in criteria_of(edition):
        try:
            parse(criteria, wording.vocabulary)
        except CriteriaError as error:
            yield place, error


def _source_faults(provisions: list[Provision], wording: Wording) -> list[str]:
    """What is wrong with whose criteria the conditions of each provision are."""
    return [
        f"Provision {provision.code}: {error}"
        for provision in provisions
        for _, error in source_errors(provision, parse(provision.criteria, wording.vocabulary), wording.vocabulary)
    ]


def _site_faults(edition: Edition, wording: Wording) -> list[str]:
    known = {value["code"] for value in wording.facts.get("site", {"values": []})["values"]}
    places = [(f"Row {row.code}", row.sites) for row in edition.guidelinerows.all()]
    places += [(f"Remark {remark}", remark.sites) for remark in edition.remarks.all()]
    places += [(f"Code {code}", code.sites) for code in edition.listedcodes.all()]
    found = [f"{place}: unknown site {site}." for place, sites in places for site in sites if site not in known]
    effects = [(remark, effect) for remark in edition.remarks.all() for effect in remark.effects]
    return found + [f"Remark {remark}: unknown verdict {e}." for remark, e in effects if e not in Provision.Effect]


def note_uses(*, edition: Edition) -> None:
    """Write down which facts and values an edition's criteria name, so that they cannot be removed.

    Criteria of a draft that no longer read (a number's range was narrowed) keep what they named before.
    """
    wording = current_wording()
    mentioned: set[tuple[str, str]] = set()
    facts: set[str] = set()
    unread = False
    for _, criteria in criteria_of(edition):
        try:
            expression = parse(criteria, wording.vocabulary)
        except CriteriaError:
            unread = True
            continue
        facts |= expression.facts
        mentioned |= {(fact, str(value)) for fact, value in expression.mentioned}
    sites = [row.sites for row in edition.guidelinerows.all()] + [remark.sites for remark in edition.remarks.all()]
    sites += [code.sites for code in edition.listedcodes.all()]
    mentioned |= {("site", site) for listed in sites for site in listed}
    rows = wording.rows
    uses = [EditionUse(edition=edition, fact_id=rows[code, ""]) for code in sorted(facts)]
    uses += [
        EditionUse(edition=edition, fact_id=rows[pair[0], ""], value_id=rows[pair])
        for pair in sorted(mentioned)
        if pair in rows
    ]
    if not unread:
        edition.uses.all().delete()
    kept = set(edition.uses.values_list("fact_id", "value_id"))
    EditionUse.objects.bulk_create(use for use in uses if (use.fact_id, use.value_id) not in kept)


@transaction.atomic
def put_in_force(*, edition: Edition, by: By, why: str = "", in_force: dt.date | None = None) -> Edition:
    """Freeze an edition with the vocabulary of now and put it in force from its day, or from ``in_force``.

    This is the bare step, as the loading of files takes it; people take it by ``life.publish_edition``, which asks
    for a second person. Raises ``EditionFault`` when the edition is on file already, does not read, or another
    published edition of the document starts on the same day. Two at once: the second waits for the row and is told.
    """
    change_editions(edition.document_id)
    edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=edition.pk)
    if edition.is_on_file:
        raise EditionFault(f"{edition} is {edition.get_status_display().lower()}, not a draft.")
    if by and by.pk == edition.edited_by_id:
        raise EditionFault(f"{by.get_username()} edited {edition} last: another person has to publish it.")
    wording = current_wording()
    if found := faults(edition, wording):
        raise EditionFault(*found)
    if edition.status == Edition.Status.DRAFT:
        note_uses(edition=edition)  # of one in review they stand since it was submitted
    was = edition.in_force
    if in_force is not None:
        restate(edition, in_force)
    edition.vocabulary = wording.to_data()
    edition.status = Edition.Status.PUBLISHED
    edition.published_at = timezone.now()
    edition.published_by_id = by.pk if by else None
    try:
        with transaction.atomic():
            edition.save()
    except IntegrityError as error:
        raise EditionFault(same_start(edition)) from error
    tell_cases(edition=edition)
    detail = {"in_force": edition.in_force.isoformat()} | ({"why": why.strip()} if why.strip() else {})
    if edition.in_force != was:
        detail["draft_said"] = was.isoformat()
    record(by=by, action="publish", subject=edition, detail=detail)
    return edition


def restate(edition: Edition, in_force: dt.date) -> None:
    """Let an edition begin on ``in_force``, not stored yet. How another day was known is not said of this one."""
    if edition.in_force != in_force:
        edition.in_force, edition.in_force_basis, edition.in_force_note = in_force, Edition.Basis.STATED, ""


def same_start(edition: Edition) -> str:
    """What is said when another published edition of the document starts on the same day."""
    return f"{edition.document} already has a published edition in force from {day(edition.in_force)}."


@transaction.atomic
def take_out_of_force(*, edition: Edition, by: By, reason: str) -> Edition:
    """Withdraw a published edition, for ``reason``. Its days then have no edition.

    The bare step; people take it by ``life.withdraw_edition``. Raises ``EditionFault``.
    """
    change_editions(edition.document_id)
    edition = Edition.objects.select_for_update(of=("self",)).select_related("document").get(pk=edition.pk)
    if edition.status != Edition.Status.PUBLISHED:
        raise EditionFault(f"{edition} is {edition.get_status_display().lower()}, not published.")
    if not reason.strip():
        raise EditionFault("Say why the edition is withdrawn.")
    edition.status = Edition.Status.WITHDRAWN
    edition.save(update_fields=["status"])
    library.forget()
    tell_cases(edition=edition)
    record(by=by, action="withdraw", subject=edition, detail={"reason": reason.strip()})
    return edition
