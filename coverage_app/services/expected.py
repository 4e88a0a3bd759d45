"""What a golden case can expect: a payer's verdict, or the stance of a guideline's row."""

from coverage_app.models import GuidelineStatement, Provision
from coverage_app.rules.verdict import UNDETERMINED

NOT_MET = "conditions_not_met"
"""A row's stance where no statement of its own is met."""
VERDICTS = (*Provision.Effect.values, UNDETERMINED)
STANCES = (*GuidelineStatement.Stance.values, NOT_MET, UNDETERMINED)
