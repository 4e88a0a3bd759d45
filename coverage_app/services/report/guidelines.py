"""The guideline rows of a report: recommendation, stance for this case, agreement with the payer."""

from typing import Any

from coverage_app.services.standing import Standing

from .tags import STANCES

CATEGORY_3 = "Category 3: major disagreement among the panel. Never the sole support of an appeal."
NOTE = "As the policy on file quotes them, in their versions of that time. Check the current versions."


def _agreement(verdict: str, stance: str, society: str) -> dict[str, str] | None:
    """Where the payer and a row point the same way, or in opposite ones: what an appeal is built on."""
    texts = {
        ("investigational", "supports"): f"The payer considers this use investigational; {society} supports it.",
        ("criteria_met", "advises_against"): f"The payer's criteria are met; {society} advises against this use.",
    }
    if text := texts.get((verdict, stance)):
        return {"tone": "review", "text": f"They disagree. {text}"}
    if (verdict, stance) in {("criteria_met", "supports"), ("investigational", "advises_against")}:
        return {"tone": "met", "text": f"{society} and the payer agree."}
    return None


def rows(standing: Standing) -> list[dict[str, Any]]:
    """The rows of the case's site, by society and title."""
    found = []
    for row in standing.rows:
        stance = standing.stances[row.row.code]
        society = row.row.edition.document.short_name
        statements = [s for code in stance.provisions if (s := row.statement(code))]
        found.append(
            {
                "id": row.row.code,
                "society": society,
                "title": row.row.title,
                "version": row.row.version,
                "category": row.row.category,
                "category_note": CATEGORY_3 if row.row.category.startswith("3") else "",
                "quote": row.row.quote,
                "locator": row.row.locator,
                "note": row.row.note,
                "stance": STANCES[stance.effect],
                "possible": [STANCES[code] for code in stance.possible] if len(stance.possible) > 1 else [],
                "stance_note": " ".join(s.note for s in statements if s.note) if len(stance.possible) == 1 else "",
                "missing": [standing.wording.label(fact) for fact in stance.missing],
                "agreement": _agreement(standing.code, stance.effect, society),
            }
        )
    return found
