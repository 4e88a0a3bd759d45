"""The guideline rows of a report: recommendation, stance for this case, and what the payer says beside it."""

from typing import Any

from coverage_app.models import GuidelineRow
from coverage_app.rules.criteria import Always
from coverage_app.rules.verdict import Verdict
from coverage_app.services.library import Row
from coverage_app.services.standing import Standing

from .sentences import sentences
from .tags import STANCES

CATEGORY_3 = "Category 3: major disagreement among the panel. Never the sole support of an appeal."
INVESTIGATIONAL = "The policy calls this use investigational."
NOTE = (
    "Each recommendation is quoted from the source named under it, which may be a summary and not the society's own"
    " text. Check the current version of each guideline."
)


def _contrast(standing: Standing, stance: str, row: GuidelineRow, society: str, note: str) -> dict[str, Any] | None:
    """Return the payer's sentence beside the row's where they point in opposite ways; None elsewhere.

    An appeal is built on an option that the payer calls investigational. A row that advises against what a payer's
    criteria allow is a caution, never an argument. What both say alike is not called agreement: each says its own.
    """
    if standing.code == "investigational" and stance in ("supports", "conditional"):
        label = STANCES[stance]["label"]
        text = f"{INVESTIGATIONAL} {society}: {label[0].lower()}{label[1:]}."
        text, tone = f"{text} {note}".strip(), "review"
    elif standing.code == "criteria_met" and stance == "advises_against":
        text, tone = f"Caution: the policy's criteria are met; {society} advises against this use.", "review"
    else:
        return None
    payer = standing.facts.document.short_name if standing.facts.document else ""
    said = [{"who": payer, "quote": one["quote"], "locator": one["locator"]} for one in sentences(standing)]
    category = " ".join(filter(None, [f"Category {row.category}." if row.category[:1].isdigit() else "", _label(row)]))
    cited = [
        {
            "who": society,
            "quote": row.quote,
            "locator": row.locator,
            "category": category,
            "stance": STANCES[stance]["label"],
        }
    ]
    heading = INVESTIGATIONAL if standing.code == "investigational" else text
    return {"tone": tone, "heading": heading, "text": text, "sentences": said + cited}


def _label(row: GuidelineRow) -> str:
    """The label that a row of category 3 always carries."""
    return CATEGORY_3 if row.category.startswith("3") else ""


def side_by_side(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the payer's sentences, once, and those of the rows that point the opposite way; None where none does."""
    contrasts = [row["contrast"] for row in found if row["contrast"]]
    if not contrasts:
        return None
    said = {(s["who"], s["quote"]): s for contrast in contrasts for s in contrast["sentences"][:-1]}
    cited = {(s["who"], s["quote"]): s for contrast in contrasts for s in contrast["sentences"][-1:]}
    texts = list(dict.fromkeys(contrast["heading"] for contrast in contrasts))
    return {"tone": contrasts[0]["tone"], "texts": texts, "policy": [*said.values()], "guidelines": [*cited.values()]}


def _is_about_others(row: Row, stance: Verdict) -> bool:
    """Whether a row does not address the case because it is about other patients, as the pediatric row is."""
    always = [p.id for p in row.rules.provisions if isinstance(p.criteria, Always)]
    return stance.effect == "not_addressed" and not set(stance.provisions) & set(always)


def rows(standing: Standing) -> list[dict[str, Any]]:
    """The rows of the case's site, by society and title."""
    found = []
    for row in standing.rows:
        stance = standing.stances[row.row.code]
        if _is_about_others(row, stance):
            continue
        society = row.row.edition.document.short_name
        statements = [s for code in stance.provisions if (s := row.statement(code))]
        note = " ".join(s.note for s in statements if s.note) if len(stance.possible) == 1 else ""
        found.append(
            {
                "id": row.row.code,
                "society": society,
                "title": row.row.title,
                "version": row.row.version,
                "category": row.row.category,
                "category_note": _label(row.row),
                "quote": row.row.quote,
                "locator": row.row.locator,
                "citation": row.row.citation,
                "note": row.row.note,
                "stance": STANCES[stance.effect],
                "possible": [STANCES[code] for code in stance.possible] if len(stance.possible) > 1 else [],
                "stance_note": note,
                "missing": [standing.wording.label(fact) for fact in stance.missing],
                "contrast": _contrast(standing, stance.effect, row.row, society, note),
            }
        )
    return found
