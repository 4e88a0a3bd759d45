"""The questionnaire as its template shows it: sections, questions, why each is asked, what does not fit."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from coverage_app.models import Fact
from coverage_app.services.contradictions import Contradiction, contradictions
from coverage_app.services.report import policy
from coverage_app.services.report.codes import products
from coverage_app.services.report.guidelines import rows
from coverage_app.services.report.words import listed
from coverage_app.services.standing import Standing
from coverage_app.services.vocabulary import Wording
from coverage_app.web.evidence_form import prefix_of
from coverage_app.web.forms import QuestionForm

from .evidence import Slot

SECTIONS = {
    Fact.Section.DISEASE.value: "Disease",
    Fact.Section.SURGERY.value: "Surgery and radiation",
    Fact.Section.PAYER.value: "What this payer also asks",
}
PLAN = "plan"  # the last section: what is asked although it cannot change the verdict or a recommendation
PURPOSES = {
    "guideline": "Optional: completes a guideline’s recommendation",
    "code": "For the code: does not change the verdict",
}


@dataclass(frozen=True)
class Why:
    """The sentence that a question comes from; without a ``quote`` the ``source`` says why it is asked."""

    source: str
    quote: str = ""


FOR_CODE = Why("The answer decides which CPT code goes with the case.")


@dataclass(frozen=True)
class Question:
    """One question of the page; ``field`` is None while it does not matter, ``evidence`` while it is not answered.

    ``does`` and ``evidence_does`` are what htmx does to it on the page: it comes, goes or stays; inputs that stay are
    left alone. ``place`` is where it is asked: blank for its own section, else ``plan``. ``purpose``: what it is for,
    where it cannot change the payer's verdict. ``moves``: it goes from here to another place of the page;
    ``movable``: it has one.
    """

    code: str
    label: str
    kind: str
    unit: str
    field: BoundField | None
    help: str
    value_help: list[tuple[str, str]]
    why: Why | None
    warnings: list[str]
    narrower: frozenset[str]
    evidence: Slot | None = None
    evidence_does: str = ""
    place: str = ""
    does: str = ""
    purpose: str = ""
    moves: bool = False
    movable: bool = False

    @property
    def slot(self) -> str:
        """The id of the element that holds it."""
        return "-".join(filter(None, ("slot", self.place, self.code)))


@dataclass(frozen=True)
class Section:
    """Questions under one heading; the page hides one in which nothing is asked."""

    code: str
    title: str
    questions: list[Question]


def _why(standing: Standing, fact: str) -> Why | None:
    """The provision that asks for a fact (one that can still decide first), else the guideline row."""
    reading, verdict = standing.reading, standing.verdict
    if fact in standing.for_code:
        return FOR_CODE
    if reading and reading.rules and verdict:
        criteria = {p.id: p.criteria for p in reading.rules.provisions}
        asking = [p for p in reading.provisions if fact in criteria[p.code].facts]
        asking.sort(key=lambda p: p.code not in verdict.provisions)
        if asking:
            return Why(f"{reading.edition.document.short_name}, {asking[0].locator}", asking[0].quote)
    for row in standing.rows:
        if fact in row.rules.facts:
            return Why(f"{row.row.edition.document.short_name}, {row.row.title} ({row.row.locator})", row.row.quote)
    return None


def sections(
    standing: Standing,
    form: QuestionForm,
    evidence: Mapping[str, Slot],
    on_page: Mapping[str, str | None] | None = None,
    places: Mapping[str, str] | None = None,
) -> list[Section]:
    """Return every section with every fact of the vocabulary as a question, those that matter with their field.

    ``evidence`` is what is shown under each; ``on_page`` what the page shows of it already, by key; None: leave it
    alone. ``places`` says where the page asks a question already, by fact. A question that is asked for the code alone
    moves to the last section.
    """
    warnings = _by_place(contradictions(standing.reachable, standing.wording), form)
    for code, text in _told_apart(standing):
        warnings.setdefault(code, []).append(text)
    found = {code: Section(code, title, []) for code, title in SECTIONS.items()}
    last = Section(PLAN, "For the plan and the codes", [])
    for code, data in standing.wording.facts.items():
        for section, place in (
            (found[data["section"]], ""),
            *([(last, PLAN)] if code in standing.wording.billed else []),
        ):
            here = code in form.fields and place == (PLAN if code in standing.for_code else "")
            was = (places or {}).get(code) == place
            slot = evidence.get(code) if here else None
            fresh = here and not was  # comes with all that belongs to it
            section.questions.append(
                Question(
                    code=code,
                    label=data["label"],
                    kind=data["kind"],
                    unit=data["unit"],
                    field=form[code] if here else None,
                    help=data["help"],
                    value_help=[(v["label"], v["help"]) for v in standing.wording.options(code) if v["help"]],
                    why=_why(standing, code) if here else None,
                    warnings=warnings.get(code, []),
                    narrower=_narrower(standing.wording, code),
                    evidence=slot,
                    evidence_does=_does(code, slot, on_page) if on_page is not None and not fresh else "",
                    place=place,
                    does="comes" if fresh else "goes" if was and not here else "stays" if here else "",
                    moves=was and not here and code in form.fields,
                    movable=code in standing.wording.billed,
                    purpose=PURPOSES.get(standing.purpose_of(code), ""),
                )
            )
    return [*found.values(), last]


def _told_apart(standing: Standing) -> Iterator[tuple[str, str]]:
    """Ask for the narrower answer where one is given that leaves open which of them the policy means."""
    for code in standing.verdict.missing if standing.verdict else ():
        answer = standing.counted.get(code)
        if answer is not None:
            fact, wording = standing.wording.vocabulary[code], standing.wording
            below = [wording.answer(code, value) for value in fact.domain if value in fact.covered(str(answer))]
            yield code, f"This policy does not treat {listed(below, 'and')} alike: answer which one the chart says."


def _narrower(wording: Wording, code: str) -> frozenset[str]:
    """The answers below another answer, which the page sets back a little; a group is none."""
    answers = {value["code"] for value in wording.options(code)}
    return frozenset(value["code"] for value in wording.options(code) if value["parent"] in answers)


def _by_place(found: list[Contradiction], form: QuestionForm) -> dict[str, list[str]]:
    """Warnings by the question that they stand at; one whose question is not shown stands at the site."""
    places: dict[str, list[str]] = {}
    for contradiction in found:
        place = contradiction.fact
        if place in form.fields or place in ("diagnosis_code", "cpt_code", "date_of_service"):
            places.setdefault(place, []).append(contradiction.text)
        else:
            places.setdefault("site", []).append(contradiction.text)
    return places


def _does(code: str, slot: Slot | None, on_page: Mapping[str, str | None]) -> str:
    key = on_page.get(code, "")
    if key is None or (slot and slot.key == key):
        return "stays"
    return "comes" if slot else "goes" if key else ""


def evidence_on_page(sent: Mapping[str, str], wording: Wording, anew: Collection[str]) -> dict[str, str | None]:
    """What a page shows of the chart under each question, by the key of its slot; those ``anew`` are shown again."""
    keys = {fact: sent.get(f"{prefix_of(fact)}-shown") for fact in wording.facts if fact not in anew}
    return {fact: key for fact, key in keys.items() if key}


def coverage_warnings(standing: Standing) -> list[str]:
    """Warnings that stand at the codes and the date."""
    return [
        c.text
        for c in contradictions(standing.reachable, standing.wording)
        if c.fact in ("diagnosis_code", "cpt_code", "date_of_service")
    ]


def rail(standing: Standing) -> dict[str, Any]:
    """The live verdict beside the questions: its state, criteria, what is missing, the rows so far."""
    verdict = standing.verdict
    provisions = policy.provision_list(standing)
    shown = [p for p in provisions if p["decides"]]
    told = _most_telling(shown)
    return {
        "verdict": policy.verdict_block(standing),
        "hint": policy.hint(standing),
        "missing": [
            {"fact": fact, "label": standing.wording.label(fact)} for fact in (verdict.missing if verdict else ())
        ],
        "provisions": told,
        "near": _nearest(provisions) if shown and all(_closes(p) for p in shown) else None,
        "more": len(shown) - len(told),
        "rows": rows(standing),
        "answered": len(standing.counted),
        "asked": len(standing.relevant),
        "products": products(standing),
        "products_of": standing.facts.document.code if standing.facts.document else "",
        "editions_on_file": policy.editions_on_file(standing),
        "date_note": "" if standing.facts.date_of_service else "No date of service yet: the edition of today is used.",
    }


def _most_telling(provisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most two provisions that can still decide, in the edition's order; the closing one only if alone."""
    telling = [p for p in provisions if not _closes(p)] or provisions
    return telling[:2]


def _closes(provision: dict[str, Any]) -> bool:
    """Whether it decides every case that no provision before it does."""
    return bool(provision["tree"]["kind"] == "always")


def _nearest(provisions: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The provision for this site that would have been met with the fewest other answers; None without one."""
    near: dict[int, dict[str, Any]] = {}
    for provision in provisions:
        failed = [leaf["fact"] for leaf in _leaves(provision["tree"]) if leaf["state"]["code"] == "not_met"]
        if provision["effect"]["code"] == "criteria_met" and "site" not in failed:
            near.setdefault(len(failed), provision)
    return near[min(near)] if near else None


def _leaves(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if tree["kind"] == "leaf":
        yield tree
    for child in tree["children"]:
        yield from _leaves(child)
