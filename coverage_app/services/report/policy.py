"""The payer's side of a report: verdict, provisions, excerpts, what it turns on, remarks and dates."""

import re
from itertools import pairwise
from typing import Any

from django.utils import timezone

from coverage_app.models import Fact, Provision, Remark
from coverage_app.rules.criteria import evaluate
from coverage_app.rules.truth import Truth
from coverage_app.rules.turning import Change, TurningPoint, depends_on, turning_points
from coverage_app.rules.verdict import Verdict, assess, reasons
from coverage_app.services.criterion_sources import is_reading
from coverage_app.services.library import Reading
from coverage_app.services.standing import Standing

from .history import history_says
from .tags import NO_PAYER, STATES, VERDICT_SENTENCES, VERDICTS
from .trees import node
from .words import count, day, listed

ASKED_BY_POLICY = "The policy asks for it."
NOT_SETTLED = "The policy's text does not settle this case."
LEFT_OUT = " [...] "
# A policy's own verbs, to be repeated as they stand.
VERB = re.compile(
    r"(?:may be|is|are) considered medically necessary|is indicated|can (?:also )?be used"
    r"|may be (?:considered|reasonable)",
    re.IGNORECASE,  # 278 writes MEDICALLY NECESSARY
)
SHOWN_VALUES = 4  # a longer list of values is cut: what a site could be instead is no news


def deciding(reading: Reading, verdict: Verdict) -> list[Provision]:
    """The provisions that decide in at least one way of filling in what is absent, in order."""
    return [provision for provision in reading.provisions if provision.code in verdict.provisions]


def verdict_block(standing: Standing) -> dict[str, Any]:
    """The verdict's tag, its sentence, and what is still possible."""
    code = standing.code
    tag = VERDICTS.get(code, NO_PAYER)
    block: dict[str, Any] = {**tag, "headline": VERDICT_SENTENCES.get(code, tag["label"])}
    verdict = standing.verdict
    block["possible"] = [VERDICTS[effect] for effect in verdict.possible] if verdict and code == "undetermined" else []
    block["certain"] = bool(verdict) and code != "undetermined"
    block["holds_whichever"] = bool(verdict and block["certain"] and len(verdict.provisions) > 1)
    block["why"], block["reasons"] = "", []
    if standing.reading and verdict and code == "physician_review":
        provisions = deciding(standing.reading, verdict)
        block["why"] = ASKED_BY_POLICY if all(p.asked_by_policy for p in provisions) else NOT_SETTLED
        block["reasons"] = _review_reasons(standing, provisions)
    block["sentence"] = _sentence(standing) + _of_later(standing)
    return block


def _sentence(standing: Standing) -> str:
    document, verdict, reading = standing.facts.document, standing.verdict, standing.reading
    if document is None:
        return "A verdict is a payer's: choose the payer to see it. The answers are kept."
    if verdict is None or reading is None:
        return f"No edition of {document.short_name} ({document.publisher}) is on file for {day(standing.day)}."
    provisions = deciding(reading, verdict)
    sections = listed(list(dict.fromkeys(p.locator for p in provisions)))
    start = f"in force since {day(reading.edition.in_force)}"
    policy = f"Under {document.short_name} ({document.publisher})"
    place = f"{policy}, {sections}, {start}"
    if verdict.effect == "criteria_met":
        verb = _verb(reading, provisions)
        said = f"its words are “{verb}”" if verb else "its criteria are met"
        return f"{place}: {said}. This is not a promise of payment."
    if verdict.effect == "undetermined":
        missing = count(len(verdict.missing), "answer")
        return f"{policy}, {start}: {missing} not documented yet can still change the verdict."
    own = {
        "investigational": "this use is considered investigational.",
        "physician_review": "its text asks for review by a physician."
        if all(provision.asked_by_policy for provision in provisions)
        else "its text does not settle this case, so a physician's review is needed.",
        "governed_elsewhere": provisions[0].note or "it points to another policy.",
        "not_addressed": "it does not speak of this case.",
    }[verdict.effect]
    return f"{place}: {own}"


def _review_reasons(standing: Standing, provisions: list[Provision]) -> list[dict[str, Any]]:
    """Return the reasons of the provisions that send a case to review, each once, certain ones first."""
    found: dict[str, bool] = {}
    for provision in provisions:
        for reason in _reasons(standing, provision):
            found[reason["text"]] = found.get(reason["text"], False) or reason["applies"]
    reasons = sorted(found.items(), key=lambda item: not item[1])
    return [{"text": text, "applies": applies} for text, applies in reasons]


def _reasons(standing: Standing, provision: Provision) -> list[dict[str, Any]]:
    """The reasons of a provision that apply to the case, and those that still can (``applies`` is False)."""
    assert standing.reading  # for the type checker
    found = []
    for reason in standing.reading.reasons[provision.code]:
        truth = evaluate(reason.criteria, standing.facts.answers).truth  # all: what is answered is documented
        if truth is not Truth.NOT_MET:
            found.append({"text": reason.text, "applies": truth is Truth.MET})
    return found


def _of_later(standing: Standing) -> str:
    """That the edition was published before an answer could be given: it says what its text says without it."""
    rules = standing.reading.rules if standing.reading else None
    foreign = rules.diagram.foreign(standing.counted) if rules else {}
    return "".join(
        f" “{standing.wording.answer(fact, answer)}” came to {standing.wording.label(fact)} after this edition was"
        " published, so the edition takes it for none of its own answers: read its text before relying on this."
        for fact, answer in foreign.items()
    )


def _verb(reading: Reading, provisions: list[Provision]) -> str:
    """The policy's own verb for the deciding provision: in its quote, or in the passage just before it."""
    for provision in provisions:
        if found := VERB.search(provision.quote):
            return found.group()
        for excerpt in _excerpts_around(reading, provision):
            before = excerpt.quote[: excerpt.quote.find(provision.quote)]
            if said := VERB.findall(before):
                return str(said[-1])
    return ""


def _excerpts_around(reading: Reading, provision: Provision) -> list[Remark]:
    """The passages on file in which a provision's quote stands whole."""
    parts = provision.quote.split(LEFT_OUT)
    return [
        remark
        for remark, _ in reading.remarks
        if remark.kind == Remark.Kind.EXCERPT and all(part in remark.quote for part in parts)
    ]


def excerpts(reading: Reading, provisions: list[Provision]) -> list[dict[str, Any]]:
    """The policy's words around what decides, the deciding sentences marked; each passage once."""
    found: dict[str, dict[str, Any]] = {}
    for provision in provisions:
        around = _excerpts_around(reading, provision)
        text = min((remark.quote for remark in around), key=len, default=provision.quote)
        entry = found.setdefault(text, {"locator": provision.locator, "provisions": [], "quotes": []})
        entry["provisions"].append(provision.code)
        entry["quotes"] += provision.quote.split(LEFT_OUT)
    return [
        {"locator": e["locator"], "provisions": e["provisions"], "segments": segments(text, e["quotes"])}
        for text, e in found.items()
    ]


def segments(text: str, quotes: list[str]) -> list[dict[str, Any]]:
    """``text`` cut where the quotes stand in it: ``{"text": …, "marked": bool}``, in order."""
    marked = [False] * len(text)
    for quote in quotes:
        start = text.find(quote)
        if start >= 0:
            marked[start : start + len(quote)] = [True] * len(quote)
    cuts = [i for i in range(1, len(text)) if marked[i] != marked[i - 1]]
    edges = [0, *cuts, len(text)]
    return [{"text": text[a:b], "marked": marked[a]} for a, b in pairwise(edges) if a < b]


def provision_list(standing: Standing) -> list[dict[str, Any]]:
    """Every provision of the edition with its state and its criteria taken apart."""
    reading, verdict = standing.reading, standing.verdict
    if not reading or not reading.rules or not verdict:
        return []
    # All answers: one that does not count changes no effect, and is never shown as not documented.
    trees = reasons(reading.rules, standing.facts.answers)
    return [
        {
            "id": provision.code,
            "locator": provision.locator,
            "quote": provision.quote,
            "effect": VERDICTS[provision.effect],
            "note": provision.note,
            "decides": provision.code in verdict.provisions,
            "state": STATES[trees[provision.code].truth.value],
            "reading": is_reading(provision),
            "reasons": _reasons(standing, provision),
            "tree": node(trees[provision.code], standing.wording, reading.sources[provision.code]),
        }
        for provision in reading.provisions
    ]


def hint(standing: Standing) -> str:
    """What to do where an anticipated margin alone keeps the criteria from being met (section 3 of the reading)."""
    reading, verdict = standing.reading, standing.verdict
    if not (reading and reading.rules and verdict and standing.counted.get("margin_basis") == "anticipated"):
        return ""
    past = standing.facts.date_of_service is not None and standing.facts.date_of_service < timezone.localdate()
    if "criteria_met" in verdict.possible:
        return ""
    confirmed = assess(reading.rules, {**standing.facts.answers, "margin_basis": "frozen"})
    if "criteria_met" not in confirmed.possible:
        return ""
    return "The margin is only anticipated, and the policy does not say whether an expected margin suffices. " + (
        "The date of service is past: use the final pathology."
        if past
        else "Send imaging and the surgeon's note, and confirm by frozen section."
    )


def turning(standing: Standing) -> dict[str, list[dict[str, Any]]]:
    """Return what the verdict turns on: what documentation can establish, what the plan can change, what is fixed.

    A fixed fact is no turning point: it is only named with its answer, so that a wrong entry can be noticed.
    """
    found: dict[str, list[dict[str, Any]]] = {"documentation": [], "plan": [], "fixed": []}
    if not (standing.reading and standing.reading.rules and standing.verdict):
        return found
    rules, wording = standing.reading.rules, standing.wording
    answers = standing.facts.answers  # all: one that a change makes relevant again counts again
    fixed = wording.fixed(answers)
    for point in turning_points(rules, answers, fixed):
        planned = any(wording.facts[change.fact]["nature"] == Fact.Nature.PLAN for change in point.changes)
        found["plan" if planned else "documentation"].append(_point(point, standing))
    found["fixed"] = [
        {"fact": fact, "label": wording.label(fact), "answer": wording.answer(fact, answers[fact])}
        for fact in depends_on(rules, standing.counted, fixed)
    ]
    return found


def _point(point: TurningPoint, standing: Standing) -> dict[str, Any]:
    assert standing.reading  # for the type checker
    provisions = [p for p in standing.reading.provisions if p.code in point.provisions]
    return {
        "changes": [_change(change, standing) for change in point.changes],
        "effects": [VERDICTS[effect] for effect in point.effects],
        "provisions": [{"id": p.code, "locator": p.locator, "quote": p.quote} for p in provisions],
    }


def _change(change: Change, standing: Standing) -> dict[str, str]:
    wording = standing.wording
    if len(change.values) > SHOWN_VALUES:
        words = [wording.answer(change.fact, value) for value in change.values[: SHOWN_VALUES - 1]]
        to = f"{', '.join(words)} or one of {len(change.values) - len(words)} others"
    elif change.values:
        to = listed([wording.answer(change.fact, value) for value in change.values])
    else:
        low, high = wording.answer(change.fact, change.low), wording.answer(change.fact, change.high)
        to = low if low == high else f"{change.low} to {high}"
    now = wording.answer(change.fact, standing.facts.answers.get(change.fact))
    return {"fact": change.fact, "label": wording.label(change.fact), "now": now, "to": to}


def shown_remarks(standing: Standing, kinds: frozenset[str]) -> list[dict[str, str]]:
    """The edition's remarks of ``kinds`` that hold for this case's site, verdict and answers."""
    if not standing.reading:
        return []
    site = standing.counted.get("site")
    effects = set(standing.verdict.possible) if standing.verdict else set()
    return [
        remark_data(remark)
        for remark, criteria in standing.reading.remarks
        if remark.kind in kinds
        and (not remark.sites or site in standing.reading.wording.covered("site", remark.sites))
        and (not remark.effects or effects & set(remark.effects))
        and (criteria is None or evaluate(criteria, standing.facts.answers).truth is Truth.MET)
    ]


def remark_data(remark: Remark) -> dict[str, str]:
    names = ("kind", "title", "quote", "text", "locator", "dated")
    return {name: getattr(remark, name) for name in names} | {"kind_label": remark.get_kind_display()}


def editions_on_file(standing: Standing) -> list[dict[str, Any]]:
    """For a day without an edition: what is on file, and since when."""
    document = standing.facts.document
    if document is None or standing.reading:
        return []
    editions = document.editions.on_file().order_by("in_force")
    return [
        {
            "in_force": e.in_force.isoformat(),
            "in_force_note": e.in_force_note,
            "status": e.status,
            "history": [remark_data(r) for r in e.remarks.all() if r.kind == Remark.Kind.HISTORY],
            "history_says": history_says(e, standing.day) if standing.day < e.in_force else "",
        }
        for e in editions.prefetch_related("remarks")
    ]
