"""The forms of the life of a case: a reviewer's decision, who reviews, why a closed case is amended."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import RegexValidator

from coverage_app.models import CaseReview
from coverage_app.services.case_life import COMMENT_LIMIT, OVERRIDES, WHY_LIMIT
from coverage_app.services.report.tags import VERDICTS
from coverage_app.web.forms import PLAIN
from coverage_app.web.presenters.case_reviews import name_of

LINES = RegexValidator(
    r"\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*\Z",
    "Control characters cannot be stored here.",
)
Decision = CaseReview.Decision


class Words(forms.CharField):
    """A few lines of text, bounded, without control characters."""

    def __init__(self, label: str, rows: int = 4) -> None:
        area = forms.Textarea(attrs={"rows": rows, "class": "form-control", "maxlength": COMMENT_LIMIT})
        super().__init__(label=label, required=False, max_length=COMMENT_LIMIT, validators=[LINES], widget=area)


class DecisionForm(forms.Form):
    """One of three decisions, with what belongs to it. What was filled in for another one is left aside."""

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            (Decision.AGREED, "Agree"),
            (Decision.OVERRIDDEN, "Override"),
            (Decision.SENT_BACK, "Send back with a question"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )
    comment = Words("Comment (optional)", 3)
    verdict = forms.ChoiceField(label="Your verdict", required=False)
    reason = forms.ChoiceField(
        label="Reason", choices=[("", "Choose the reason"), *CaseReview.Reason.choices], required=False
    )
    because = Words("Why")
    question = Words("Your question")

    NEEDED = {
        Decision.AGREED: {},
        Decision.OVERRIDDEN: {
            "verdict": "Choose the verdict that you give.",
            "reason": "Choose the reason.",
            "because": "Say why: it is read beside the verdict.",
        },
        Decision.SENT_BACK: {"question": "Ask what you need to know."},
    }

    def __init__(self, *args: Any, own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict = self.fields["verdict"]
        assert isinstance(verdict, forms.ChoiceField)  # for the type checker
        others = [(code, VERDICTS[code]["label"]) for code in OVERRIDES if code != own]
        verdict.choices = [("", "Choose the verdict"), *others]

    def clean(self) -> dict[str, Any]:
        """What the decision needs, and errors for nothing else."""
        needed = self.NEEDED.get(self.cleaned_data.get("decision", ""), {})
        belongs = {"decision", "comment", *needed} if not needed else {"decision", *needed}
        for name in list(self.errors):
            if name not in belongs:
                del self.errors[name]
        for name, words in needed.items():
            if name not in self.errors and not self.cleaned_data.get(name, "").strip():
                self.add_error(name, words)
        return self.cleaned_data


class AssignForm(forms.Form):
    """Who is to review; nobody in particular is a choice too. ``was`` is who it was on the page."""

    reviewer = forms.ChoiceField(label="Reviewer", required=False)
    was = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewer = self.fields["reviewer"]
        assert isinstance(reviewer, forms.ChoiceField)  # for the type checker
        reviewer.choices = [("", "Nobody in particular"), *((str(p.pk), name_of(p)) for p in people)]


class QueueForm(forms.Form):
    """Whose waiting cases are shown."""

    reviewer = forms.ChoiceField(label="With", required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewer = self.fields["reviewer"]
        assert isinstance(reviewer, forms.ChoiceField)  # for the type checker
        reviewer.choices = choices


class AmendForm(forms.Form):
    """Why a closed case is opened again."""

    why = forms.CharField(
        label="Why is this case amended?",
        max_length=WHY_LIMIT,
        validators=[PLAIN],
        help_text="It stands with the next assessment. No names: it is stored.",
        error_messages={"required": "Say why."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class ReplyForm(forms.Form):
    """The coordinator's words on a reviewer's question; they may be left out."""

    reply = forms.CharField(required=False, max_length=WHY_LIMIT, validators=[PLAIN])
