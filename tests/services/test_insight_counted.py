"""What was learned at the payers, counted again in plain Python over generated cases."""

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_app.models import Case, CaseReview, PayerStep
from coverage_app.services.insight import Chosen, insight
from coverage_app.services.insight.rows import rows
from coverage_app.services.payer_outcome import note_outcome
from coverage_app.services.payer_steps import NEXT
from tests.services.at_payers import FIRST, NOT_MET, UNSETTLED, completed, shown, twin
from tests.services.making import MET, payer, person

pytestmark = pytest.mark.django_db

COLON = {"site": "colon", "recurrence": "local", "intent": "boost", "technique": "electron", "margin": "positive"}
UNASKED = {"site": "breast", "t_stage": "t3", "technique": "xray"}
"""NIA's N2 and N9 both say no to a T3: the technique, which would single N2 out, is answered and not asked for."""
PATTERNS = [
    ("fep", MET), ("fep", NOT_MET), ("fep", UNSETTLED), ("nia", MET), ("nia", COLON), ("nia", NOT_MET),
    ("bcbsma", {"site": "breast"}), ("bcbsma", MET), ("nia", UNASKED),
]  # fmt: skip
DENIALS = {"denied", "appeal_lost"}
APPROVALS = {"approved", "appeal_won"}
TEXT = {"investigational", "not_necessary", "criteria"}


@dataclass
class Story:
    """A generated case: who pays, where the cancer is, what was read, which provisions decided, what happened."""

    payer: str
    site: str
    verdict: str
    provisions: tuple[str, ...]
    course: list[tuple[str, str, dt.date]]

    @property
    def decision(self) -> tuple[str, str, dt.date] | None:
        return next((one for one in reversed(self.course) if one[0] in APPROVALS | DENIALS), None)

    @property
    def agrees(self) -> bool | None:
        """As the contract of the page says it, written out again."""
        kind, reason, _ = self.decision or ("", "", FIRST)
        if self.verdict == "criteria_met":
            return True if kind in APPROVALS else False if reason in TEXT else None
        if self.verdict == "investigational":
            return False if kind in APPROVALS else True if reason in TEXT else None
        return None

    @property
    def denials(self) -> list[tuple[str, str, dt.date]]:
        """A request is one submission and all before the next; it is denied once, as it was denied last."""
        kinds = "".join({"submitted": "S", "denied": "D"}.get(kind, ".") for kind, _, _ in self.course)
        return [self.course[request.end() - 1] for request in re.finditer("S[^S]*D", kinds)]

    @property
    def times(self) -> list[int]:
        """Whatever was submitted since the decision before, counted from the first time it was."""
        decided = [place for place, (kind, _, _) in enumerate(self.course) if kind in APPROVALS | DENIALS]
        found = []
        for before, place in zip([-1, *decided], decided, strict=False):
            asked = [on for kind, _, on in self.course[before + 1 : place] if kind == "submitted"]
            found += [(self.course[place][2] - min(asked)).days] if asked else []
        return found


def course(chance: random.Random) -> list[tuple[str, str, dt.date]]:
    """A walk along what can follow what."""
    found: list[tuple[str, str, dt.date]] = []
    kind, on = "", FIRST + dt.timedelta(days=chance.randrange(60))
    for _ in range(chance.randrange(1, 8)):
        kind = chance.choice(NEXT[kind])
        reason = chance.choice(PayerStep.Reason.values) if kind in DENIALS else ""
        found.append((kind, reason, on))
        on += dt.timedelta(days=chance.choice([0, 1, 3, 8, 20]))
    return found


@pytest.fixture(scope="module")
def stories(once_for_all: None) -> list[Story]:
    """Seventy cases at the payers; some overridden, some steps struck."""
    chance, found, by = random.Random(11), [], person("coordinator")
    models = [completed(code, given) for code, given in PATTERNS]
    for number in range(70):
        place = chance.randrange(len(models))
        case, frozen = twin(models[place], number)
        told = course(chance)
        made = [
            PayerStep(assessment=frozen, kind=k, reason=r, happened_on=on, at=timezone.now(), by=by)
            for k, r, on in told
        ]
        struck = PayerStep(assessment=frozen, kind="approved", happened_on=told[-1][2], at=timezone.now(), by=by)
        struck.struck_at, struck.struck_by, struck.struck_why = timezone.now(), by, "Another case."
        PayerStep.objects.bulk_create([*made, struck])
        verdict, decides = frozen.verdict, tuple(p["id"] for p in frozen.report["provisions"] if p["decides"])
        if number % 9 == 0:
            verdict, decides = "criteria_met" if verdict != "criteria_met" else "investigational", ()
            CaseReview.objects.create(
                assessment=frozen, decision="overridden", verdict=verdict, reason="reading", comment="So.",
                completed_by=by, at=timezone.now(), by=person("reviewer"),
            )  # fmt: skip
        note_outcome(case=case)
        code, given = PATTERNS[place]
        found.append(Story(code, given["site"], verdict, decides, told))
        assert Case.objects.get(pk=case.pk).differs is (found[-1].agrees is False and found[-1].decision is not None)
    return found


def compared(stories: list[Story], key: Callable[[Story], Any]) -> dict[Any, tuple[int, int, int]]:
    """As read, otherwise, not compared."""
    counted = Counter((key(one), one.agrees) for one in stories if one.decision)
    return {k: (counted[k, True], counted[k, False], counted[k, None]) for k, _ in counted}


def test_agreement_is_what_a_count_by_hand_gives(stories: list[Story]) -> None:
    found = insight(Chosen())
    code = {document.pk: document.code for document in found.payers.values()}
    assert shown(found.by_payer, code.get) == compared(stories, lambda one: one.payer)
    sites = {label: site for site, label in (("rectum", "Rectum"), ("colon", "Colon"), ("breast", "Breast"))}
    by_site = shown(found.by_site, lambda key: sites[found.sites[key]])
    assert by_site == compared(stories, lambda one: one.site)
    clear = [one for one in stories if one.agrees is not None]
    parts = shown(found.by_part, lambda key: (code[found.editions[key[0]].document_id], key[1]) if key else None)
    assert parts == compared(clear, lambda one: (one.payer, one.provisions) if one.provisions else None)
    assert found.decided == sum(1 for one in stories if one.decision)


def test_times_denials_and_appeals_are_what_a_count_by_hand_gives(stories: list[Story]) -> None:
    found = insight(Chosen())
    days: dict[str, list[int]] = {}
    denied: Counter[tuple[str, bool]] = Counter()
    appeals: dict[str, list[int]] = {}
    for one in stories:
        if one.times:
            days.setdefault(one.payer, []).extend(one.times)
        denied.update((reason, (one.decision or ("",))[0] in APPROVALS) for _, reason, _ in one.denials)
        kinds = [kind for kind, _, _ in one.course]
        if "appealed" in kinds:
            counted = [kinds.count("appeal_won"), kinds.count("appeal_lost"), int(kinds[-1] == "appealed")]
            appeals[one.payer] = [sum(pair) for pair in zip(appeals.get(one.payer, [0, 0, 0]), counted, strict=True)]
    code = {document.pk: document.code for document in found.payers.values()}
    times = {code[key]: (one.count, one.median, one.low, one.high) for key, one in found.times.items() if key}
    assert times == {
        key: (len(each), median(each), *(quantiles(each, method="inclusive")[::2])) for key, each in days.items()
    }
    assert {one.reason: (one.count, one.turned) for one in found.denials} == {
        reason: (denied[reason, True] + denied[reason, False], denied[reason, True]) for reason, _ in denied
    }
    assert {code[key]: [one.won, one.lost, one.waiting] for key, one in found.appeals.items() if key} == appeals


def test_a_choice_leaves_out_other_payers_and_days(stories: list[Story]) -> None:
    first, last = FIRST + dt.timedelta(days=20), FIRST + dt.timedelta(days=50)
    found = insight(Chosen(payer("nia").pk, first, last))
    inside = [one for one in stories if one.payer == "nia" and one.decision and first <= one.decision[2] <= last]
    assert 0 < found.decided == len(inside) < len(stories)
    denials = [on for one in stories if one.payer == "nia" for _, _, on in one.denials]
    assert sum(one.count for one in found.denials) == sum(first <= on <= last for on in denials)


def test_the_rows_behind_the_tables_add_up_to_them(stories: list[Story]) -> None:
    found, chosen = insight(Chosen()), Chosen()
    heads = {name: [*rows(name, chosen)] for name in ("decisions", "times", "denials", "appeals")}
    last = Counter(row[-1] for row in heads["decisions"][1:])
    overall = found.overall
    assert last == {"agrees": overall.agree, "differs": overall.differ, "not compared": overall.silent}
    assert len(heads["times"]) - 1 == sum(one.count for one in found.times.values())
    assert Counter(row[3] for row in heads["denials"][1:]).total() == sum(one.count for one in found.denials)
    assert sum(row[2] == "Waiting" for row in heads["appeals"]) == sum(one.waiting for one in found.appeals.values())


def test_more_cases_ask_no_more_of_the_database(stories: list[Story]) -> None:
    insight(Chosen())  # reads the editions
    with CaptureQueriesContext(connection) as many:
        insight(Chosen())
    Case.objects.filter(reference__startswith="twin-9").update(outcome="")
    with CaptureQueriesContext(connection) as fewer:
        insight(Chosen())
    assert len(many) == len(fewer) < 30
