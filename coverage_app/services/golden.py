"""Golden cases: named cases with the verdict that a document has to give them, and why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from coverage_app.models import Edition, GoldenCase
from coverage_app.rules.criteria import CriteriaError
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.edition import EditionError
from coverage_app.rules.verdict import assess
from coverage_app.rules.vocabulary import Answer, AnswerError, UnknownFact, Vocabulary, nearest, plain, shown

from . import states  # the module: by the exchange it knows this one
from .audit import By, record
from .edition_errors import named
from .edition_rules import rules_of, wording_of
from .expected import STANCES, VERDICTS
from .golden_seen import GoldenFault, GoldenTaken, as_seen

__all__ = [
    "NAME_LIMIT",
    "GoldenFault",
    "GoldenResult",
    "GoldenTaken",
    "all_golden",
    "check_answers",
    "found_by_name",
    "golden_cases",
    "golden_until",
    "remove_golden",
    "retire_golden",
    "run_golden",
    "run_of",
    "set_golden",
]

NAME_LIMIT = 200


@dataclass(frozen=True)
class GoldenResult:
    """What came out for one golden case.

    ``got`` is the verdict or stance, blank when there is a ``fault``: why it could not be assessed. ``provisions``
    are those that decide, ``missing`` the facts that could still change it.
    """

    case: GoldenCase
    got: str
    passed: bool
    provisions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    fault: str = ""


# Reading


def all_golden(edition: Edition) -> list[GoldenCase]:
    """The golden cases that hold for an edition, and those retired; a name stands where it first appeared.

    Those of an edition that was withdrawn still hold: what it decided wrongly is the next one's to change. For one
    that is not published yet, those of the edition it was started from hold too, whatever day is stated for it.
    One query, and for an edition that is not published one more.
    """
    origin = _origin(edition)
    found = GoldenCase.objects.filter(edition__document_id=edition.document_id).select_related("edition__document")
    found = found.defer("edition__vocabulary")  # some 100 KB of each edition, which nobody asks for here
    counted = [case for case in found if case.edition_id == edition.pk or _holds(case.edition, edition, origin)]
    counted.sort(key=lambda c: (c.edition_id == edition.pk, c.edition.in_force, c.edition_id, c.position, c.pk))
    return list({case.name: case for case in counted}.values())


def found_by_name(edition: Edition, name: str) -> GoldenCase | None:
    """The case of that name, which holds for the edition or is retired."""
    return next((case for case in all_golden(edition) if case.name == name), None)


def golden_cases(edition: Edition) -> list[GoldenCase]:
    """Those that hold for the edition, in order."""
    return [case for case in all_golden(edition) if not case.retired]


def _origin(edition: Edition) -> Edition | None:
    """The edition on file that one on its way was started from, be it as a copy of another draft."""
    origin: Edition | None = edition
    while origin is not None and not origin.is_on_file:
        number = origin.started_from_id
        origin = Edition.objects.defer("vocabulary").filter(pk=number).first() if number else None
    return origin


def _holds(one: Edition, edition: Edition, origin: Edition | None) -> bool:
    return _is_before(one, edition) or (origin is not None and (one == origin or _is_before(one, origin)))


def golden_until(code: str, day: dt.date) -> list[GoldenCase]:
    """What the editions on file of document ``code`` that start by ``day`` say of cases, oldest first. One query."""
    found = GoldenCase.objects.filter(edition__document__code=code, edition__in_force__lte=day)
    return list(
        found.filter(edition__status__in=Edition.ON_FILE).order_by("edition__in_force", "edition_id", "position", "pk")
    )


def _is_before(one: Edition, edition: Edition) -> bool:
    return one.is_on_file and (one.in_force, one.pk) < (edition.in_force, edition.pk)


# Running


def run_golden(rules: Rules | Mapping[str, Rules], cases: Sequence[GoldenCase]) -> list[GoldenResult]:
    """What the rules give for each case; a guideline's by row, a payer's under the empty text or by themselves."""
    by_row = {"": rules} if isinstance(rules, Rules) else rules
    return [_result(by_row, case) for case in cases]


def run_of(edition: Edition) -> list[GoldenResult]:
    """The golden cases of an edition against its criteria as they are stored. An edition that cannot be read fails all.

    No golden case, no result: nothing is compiled.
    """
    cases = golden_cases(edition)
    if not cases:
        return []
    try:
        by_row = rules_of(edition)
    except EditionError as error:
        return [GoldenResult(case, "", False, fault=f"{named(error, edition)}.") for case in cases]
    except CriteriaError as error:
        return [GoldenResult(case, "", False, fault=f"The edition does not read: {error}.") for case in cases]
    return run_golden(by_row, cases)


def _result(by_row: Mapping[str, Rules], case: GoldenCase) -> GoldenResult:
    rules = by_row.get(case.row)
    if rules is None:
        what = f"It has no row {shown(case.row)}." if case.row else "It has no provisions that could decide."
        return GoldenResult(case, "", False, fault=what)
    try:
        verdict = assess(rules, rules.vocabulary.check(case.answers))
    except (UnknownFact, AnswerError, EditionError) as error:
        return GoldenResult(case, "", False, fault=_sentence(error))
    passed = verdict.effect == case.verdict
    return GoldenResult(case, verdict.effect, passed, verdict.provisions, verdict.missing)


# Writing


@transaction.atomic
def set_golden(
    *,
    edition: Edition,
    by: By,
    name: str,
    answers: Mapping[str, object],
    verdict: str,
    why: str,
    row: str = "",
    seen: str | None = None,
) -> GoldenCase:
    """Bring a golden case in with this edition, or, in a draft, another expectation under a name that holds.

    Answers are codes, or a number's text; None and blank ones are not documented. ``seen``: what its editor saw of
    the case of that name, by ``seen_of``; blank for none; None takes over whatever stands there. Raises GoldenFault,
    and GoldenTaken when it is no longer what was seen.
    """
    edition = states.lock(edition)
    name, why = " ".join(name.split()), why.strip()
    held = found_by_name(edition, name)
    as_seen(edition, name, held, seen)
    checked = _checked(edition, name, answers, verdict, why, row)
    if held is not None and edition.status != Edition.Status.DRAFT:
        raise GoldenFault(name=f"A golden case of this name is there already, and only a draft can change it: “{name}”")
    own = held if held is not None and held.edition_id == edition.pk else None
    case = own or GoldenCase(edition=edition, name=name, position=_next_place(edition))
    case.row, case.answers, case.verdict, case.why, case.retired = row, checked, verdict, why, False
    case.save()
    detail = {"name": name, "verdict": verdict, "was": held.verdict if held else ""}
    record(by=by, action="set golden case", subject=edition, detail=detail)
    states.note_edit(edition=edition, by=by, action="set a golden case", why=f"{name}: {why}")
    return case


@transaction.atomic
def retire_golden(*, edition: Edition, by: By, name: str, why: str, seen: str | None = None) -> GoldenCase:
    """From this draft on the case of that name no longer holds, for a reason. ``seen`` and raises as ``set_golden``."""
    edition = _draft(edition)
    as_seen(edition, name, found_by_name(edition, name), seen)
    held = _held(edition, name)
    if not why.strip():
        raise GoldenFault(why="Say why it no longer holds.")
    own = held if held.edition_id == edition.pk else GoldenCase(
        edition=edition, name=name, position=_next_place(edition), row=held.row, answers=held.answers
    )  # fmt: skip
    own.verdict, own.why, own.retired = held.verdict, why.strip(), True
    own.save()
    record(by=by, action="retire golden case", subject=edition, detail={"name": name, "why": own.why})
    states.note_edit(edition=edition, by=by, action="retire a golden case", why=f"{name}: {own.why}")
    return own


@transaction.atomic
def remove_golden(*, edition: Edition, by: By, name: str, seen: str | None = None) -> None:
    """Take back what a draft itself says of a case; what an earlier edition says of it holds again.

    ``seen`` and raises as ``set_golden``.
    """
    edition = _draft(edition)
    as_seen(edition, name, found_by_name(edition, name), seen)
    own = edition.goldencases.filter(name=name).first()
    if own is None:
        raise GoldenFault(name=f"This draft says nothing of its own on “{name}”.")
    own.delete()
    record(by=by, action="remove golden case", subject=edition, detail={"name": name, "verdict": own.verdict})
    states.note_edit(edition=edition, by=by, action="remove a golden case", why=name)


def _draft(edition: Edition) -> Edition:
    edition = states.lock(edition)
    if edition.status != Edition.Status.DRAFT:
        raise GoldenFault(name=f"{edition} is {edition.get_status_display().lower()}: only a draft can change this.")
    return edition


def _held(edition: Edition, name: str) -> GoldenCase:
    held = next((case for case in golden_cases(edition) if case.name == name), None)
    if held is None:
        raise GoldenFault(name=f"No golden case “{name}” holds for this edition.")
    return held


def _next_place(edition: Edition) -> int:
    last = edition.goldencases.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


def _checked(
    edition: Edition, name: str, answers: Mapping[str, object], verdict: str, why: str, row: str
) -> dict[str, Any]:
    """The answers as they are stored; raises GoldenFault with all that is wrong."""
    faults: dict[str, str] = {}
    if not name or len(name) > NAME_LIMIT:
        faults["name"] = f"Give it a name of at most {NAME_LIMIT} characters." if name else "Give it a name."
    if not why:
        faults["why"] = "Say why this verdict is right: the policy's words, best of all."
    rows = list(edition.guidelinerows.values_list("code", flat=True))
    if row and row not in rows:
        faults["row"] = _unknown("row", row, rows)
    elif not row and rows:
        faults["row"] = "Choose the row whose stance is expected."
    expected = STANCES if rows else VERDICTS
    if verdict not in expected:
        faults["verdict"] = _unknown("verdict", verdict, expected) if verdict else "Choose what is expected."
    vocabulary = wording_of(edition).vocabulary
    checked = check_answers(vocabulary, answers, faults)
    if faults:
        raise GoldenFault(**faults)
    return {fact: plain(answer) if not isinstance(answer, str) else answer for fact, answer in checked.items()}


def check_answers(vocabulary: Vocabulary, answers: Mapping[str, object], faults: dict[str, str]) -> dict[str, Answer]:
    """The answers that their facts admit; what is wrong with the others goes into ``faults``, with a near name."""
    found: dict[str, Answer] = {}
    for code, raw in answers.items():
        if raw is None or raw == "":
            continue
        try:
            found.update(vocabulary.check({code: raw.strip() if isinstance(raw, str) else raw}))
        except (UnknownFact, AnswerError) as error:
            faults[code] = _sentence(error)
    return found


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith("?") else ".")


def _unknown(what: str, given: str, known: Sequence[str]) -> str:
    hint = nearest(given, known)
    return f"Unknown {what} {shown(given)}" + (f"; did you mean {hint}?" if hint else ".")
