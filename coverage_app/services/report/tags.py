"""The tone and icon of each verdict, stance and state, with the words that the models name them by."""

from typing import TypedDict

from coverage_app.models import GuidelineStatement, Provision

EFFECT, STANCE = Provision.Effect, GuidelineStatement.Stance


class Tag(TypedDict):
    """A word that is shown as a chip: its code, label, tone (color) and icon."""

    code: str
    label: str
    tone: str
    icon: str


def _tags(*lines: tuple[str, str, str, str]) -> dict[str, Tag]:
    return {str(code): Tag(code=str(code), label=str(label), tone=tone, icon=icon) for code, label, tone, icon in lines}


VERDICTS = _tags(
    (EFFECT.CRITERIA_MET, EFFECT.CRITERIA_MET.label, "met", "met"),
    (EFFECT.INVESTIGATIONAL, EFFECT.INVESTIGATIONAL.label, "invest", "not_met"),
    (EFFECT.PHYSICIAN_REVIEW, EFFECT.PHYSICIAN_REVIEW.label, "review", "review"),
    (EFFECT.GOVERNED_ELSEWHERE, EFFECT.GOVERNED_ELSEWHERE.label, "quiet", "elsewhere"),
    (EFFECT.NOT_ADDRESSED, EFFECT.NOT_ADDRESSED.label, "quiet", "not_addressed"),
    ("undetermined", "More documentation needed", "open", "open"),
    ("no_edition", "No policy on file for this date", "quiet", "no_edition"),
)
NO_PAYER = Tag(code="", label="Choose the payer", tone="open", icon="open")
VERDICT_SENTENCES = {
    "investigational": "Investigational: not covered under this policy",
}
STANCES = _tags(
    (STANCE.SUPPORTS, STANCE.SUPPORTS.label, "met", "met"),
    (STANCE.CONDITIONAL, STANCE.CONDITIONAL.label, "review", "review"),
    (STANCE.ADVISES_AGAINST, STANCE.ADVISES_AGAINST.label, "invest", "not_met"),
    (STANCE.NOT_ADDRESSED, STANCE.NOT_ADDRESSED.label, "quiet", "not_addressed"),
    ("conditions_not_met", "Conditions not met", "quiet", "not_met"),
    ("undetermined", "More documentation needed", "open", "open"),
)
STATES = _tags(
    ("met", "Met", "met", "met"),
    ("not_met", "Not met", "invest", "not_met"),
    ("unknown", "Not documented", "open", "open"),
)
LISTED = _tags(
    ("listed", "Listed", "met", "met"),
    ("not_listed", "Not listed", "review", "review"),
    ("no_list", "No list in this document", "quiet", "not_addressed"),
    ("no_policy", "No policy to compare with", "quiet", "not_addressed"),
)
