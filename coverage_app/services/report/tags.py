"""The words, tone and icon of each verdict, stance and state: one table for every page."""

from typing import TypedDict


class Tag(TypedDict):
    """A word that is shown as a chip: its code, label, tone (color) and icon."""

    code: str
    label: str
    tone: str
    icon: str


def _tags(*lines: tuple[str, str, str, str]) -> dict[str, Tag]:
    return {code: Tag(code=code, label=label, tone=tone, icon=icon) for code, label, tone, icon in lines}


VERDICTS = _tags(
    ("criteria_met", "Criteria met under this policy", "met", "met"),
    ("investigational", "Investigational", "invest", "not_met"),
    ("physician_review", "Physician review needed", "review", "review"),
    ("governed_elsewhere", "Check another policy first", "quiet", "elsewhere"),
    ("not_addressed", "Not addressed by this policy", "quiet", "not_addressed"),
    ("undetermined", "More documentation needed", "open", "open"),
    ("no_edition", "No policy on file for this date", "quiet", "no_edition"),
)
NO_PAYER = Tag(code="", label="Choose the payer", tone="open", icon="open")
VERDICT_SENTENCES = {
    "criteria_met": "Criteria met under this policy",
    "investigational": "Investigational: not covered under this policy",
}
STANCES = _tags(
    ("supports", "Option: may be considered", "met", "met"),
    ("conditional", "Option under conditions", "review", "review"),
    ("advises_against", "Advises against", "invest", "not_met"),
    ("not_addressed", "Not addressed", "quiet", "not_addressed"),
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
